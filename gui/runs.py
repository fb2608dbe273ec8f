"""What lists say about runs and models: whether a run was chatted with, and the name of a model folder."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication

from backend.home import starter_model
from backend.runs.run import Run


def was_chatted_with(run: Run) -> bool:
    """Whether a chat with the run was kept."""
    return run.chats.is_dir() and any(run.chats.glob("*.json"))


def model_name(folder: Path) -> str:
    """The folder's name; the starter model is called by its name."""
    if folder == starter_model():
        return QCoreApplication.translate("Runs", "Tanren starter model")
    return folder.name
