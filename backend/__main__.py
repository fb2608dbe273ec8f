"""`python -m backend worker JOB_DIR` is a worker; anything else is the command line. Both lock the network first."""

import sys
from pathlib import Path

if __name__ == "__main__":
    if len(sys.argv) == 3 and sys.argv[1] == "worker":
        from backend.first_moments import begin_worker

        begun = begin_worker()
        from backend.worker import main as worker_main

        sys.exit(worker_main(Path(sys.argv[2]), begun))
    from backend.network_lock import lock_network

    lock_network()
    from backend.cli import main

    sys.exit(main(sys.argv[1:]))
