"""`python -m backend worker JOB_DIR` is a worker; anything else is the command line."""

import sys
from pathlib import Path

if __name__ == "__main__":
    if len(sys.argv) == 3 and sys.argv[1] == "worker":
        from backend.worker import main as worker_main

        sys.exit(worker_main(Path(sys.argv[2])))
    from backend.cli import main

    sys.exit(main(sys.argv[1:]))
