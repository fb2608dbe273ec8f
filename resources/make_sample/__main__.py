"""Write the sample dataset: python -m resources.make_sample [--out DIR]."""

import argparse
from pathlib import Path

from resources.make_sample.support_desk import SAMPLE_DATA, write


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=SAMPLE_DATA, help="folder to write into")
    write(parser.parse_args().out)


if __name__ == "__main__":
    main()
