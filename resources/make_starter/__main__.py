"""Make the starter model from nothing: python -m resources.make_starter [--out DIR] [--tokens N] [--seed N]."""

import argparse
import os
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path

os.environ["OMP_NUM_THREADS"] = "1"  # before torch: train.py says why
os.environ["HF_HUB_OFFLINE"] = "1"

import torch.multiprocessing

from resources.make_starter import corpus
from resources.make_starter.batches import BATCHES_A_STEP, PROCESSES, batches
from resources.make_starter.process import run
from resources.make_starter.tokenizer import make_tokenizer

STARTER_MODEL = Path(__file__).resolve().parent.parent / "starter_model"
TOKENIZER_DIALOGUES = 20_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=STARTER_MODEL, help="model folder to write, replaced at the end")
    parser.add_argument("--tokens", type=int, default=7_000_000, help="tokens of text to train on")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    started = time.time()
    dialogues = islice(corpus.dialogues(arguments.seed), TOKENIZER_DIALOGUES)
    texts = [message["content"] for dialogue in dialogues for message in dialogue]
    tokenizer = make_tokenizer([*texts, *corpus.words_of_the_world() * 3])
    plan = batches(corpus.dialogues(arguments.seed + 1), tokenizer, arguments.tokens, arguments.seed)
    print(f"text ready after {time.time() - started:.0f} s, {len(plan) // BATCHES_A_STEP} steps", file=sys.stderr)
    with tempfile.TemporaryDirectory() as folder:
        torch.multiprocessing.spawn(run, (arguments, plan, tokenizer.to_str(), f"{folder}/meet", started), PROCESSES)


if __name__ == "__main__":
    main()
