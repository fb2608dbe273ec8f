"""What was dropped on the window: the page that it belongs to, judged by what lies on disk."""

from pathlib import Path

from PySide6.QtCore import QMimeData

from backend.protocol.errors import TanrenError
from backend.runs.run import Run
from gui.session import Session


def local_path(data: QMimeData) -> str:
    """The first file or folder of this computer in what is dragged; empty when there is none."""
    return next((url.toLocalFile() for url in data.urls() if url.isLocalFile()), "")


def take_path(session: Session, text: str) -> None:
    """Chooses the run folder, GGUF file, model folder or dataset at `text` and shows the page for it.

    A run of another home is refused through the session's `trouble`: everything here goes by the name of a run.
    """
    path = Path(text)
    if (path / "run.json").is_file():
        runs = session.home / "runs"
        if path.resolve().parent != runs.resolve():
            session.trouble.emit(TanrenError("run_elsewhere", path=path, home=runs))
            return
        session.choose_run(Run(runs / path.resolve().name))
        session.page_requested.emit("results")
    elif path.is_dir():
        session.choose_model(path)
        session.page_requested.emit("models")
    elif path.suffix.lower() == ".gguf":
        session.choose_gguf(path)
        session.page_requested.emit("chat")
    else:
        session.choose_data(path)
        session.page_requested.emit("data")
