"""What was dropped on the window: the page that it belongs to, judged by what lies on disk."""

from itertools import islice
from pathlib import Path

from PySide6.QtCore import QMimeData

from backend.data.dataset_folder import is_dataset
from backend.protocol.errors import TanrenError
from backend.runs.run import Run
from gui.session import Session

READABLE = (".jsonl", ".ndjson", ".json", ".csv", ".tsv", ".xlsx", ".parquet", ".txt", ".md", ".docx", ".pdf", ".zip")
WEIGHTS = (".safetensors", ".bin", ".pt", ".gguf")
LOOKED_AT = 1000  # entries of a folder


def local_paths(data: QMimeData) -> list[str]:
    """The files and folders of this computer in what is dragged."""
    return [url.toLocalFile() for url in data.urls() if url.isLocalFile()]


def take_paths(session: Session, texts: list[str]) -> None:
    """Chooses the run folder, GGUF file or model folder that was dropped, or imports the files; shows the page for it.

    A run of another home is refused through the session's `trouble`: everything here goes by the name of a run.
    """
    path = Path(texts[0])
    if (path / "run.json").is_file():
        runs = session.home / "runs"
        if path.resolve().parent != runs.resolve():
            session.trouble.emit(TanrenError("run_elsewhere", path=path, home=runs))
            return
        session.choose_run(Run(runs / path.resolve().name))
        session.page_requested.emit("results")
    elif path.is_dir() and not _holds_data(path):
        session.choose_model(path)
        session.page_requested.emit("models")
    elif path.suffix.lower() == ".gguf":
        session.choose_gguf(path)
        session.page_requested.emit("chat")
    else:
        session.imports.take([Path(text) for text in texts])
        session.page_requested.emit("data")


def _holds_data(folder: Path) -> bool:
    """A dataset, or a folder with files that can be read as one and no sign of a model."""
    if is_dataset(folder):
        return True
    names = [path.name.lower() for path in folder.iterdir()]
    if "config.json" in names or any(name.endswith(WEIGHTS) for name in names):
        return False
    return any(path.name.lower().endswith(READABLE) for path in islice(folder.rglob("*"), LOOKED_AT))
