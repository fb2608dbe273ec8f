"""What was dropped on the window: the page that it belongs to, judged by what lies on disk."""

from pathlib import Path

from backend.runs.run import Run
from gui.session import Session


def take_path(session: Session, text: str) -> None:
    """Chooses the run folder, GGUF file, model folder or dataset at `text` and shows the page for it."""
    path = Path(text)
    if (path / "run.json").is_file():
        session.choose_run(Run(path))
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
