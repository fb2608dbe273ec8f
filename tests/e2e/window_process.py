"""A real window in a process of its own, offscreen, that starts one job of a run: for the tests to kill.

Usage: window_process.py HOME RUN_FOLDER train|resume|export. Prints the job folder once the worker said hello.
"""

import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication

from backend.config.jobs import ExportJob, TrainJob
from backend.protocol.messages import Hello
from backend.runs.run import Run
from gui.app import build


def main() -> int:
    """Opens the window and starts the job through the session, as the pages do."""
    home, run, what = Path(sys.argv[1]), Run(Path(sys.argv[2])), sys.argv[3]
    app = QApplication(sys.argv[:1])
    window = build(app, home)
    window.show()
    info = run.info()
    if what == "export":
        job = window.session.start_run_job(run, ExportJob(run=str(run.folder), quants=["Q8_0", "Q4_K_M"]), "export")
    else:
        job = window.session.start_run_job(
            run, TrainJob(run=str(run.folder), model=info.model, data=info.data, config=info.config,
                          resume=what == "resume"), "train")
    folder = job.folder

    def heard(event: object) -> None:
        if isinstance(event, Hello):
            print(folder, event.pid, flush=True)

    job.event.connect(heard)
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
