"""What lists say about runs: their true state, and the name of a model folder."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication

from backend.home import starter_model
from backend.runs.job_state import State, settle_state
from backend.runs.run import Run


def run_state(run: Run) -> State:
    """The true state of the run's newest training; queued when it never trained."""
    training = [folder for folder in run.job_folders() if folder.name.endswith("-train")]
    return settle_state(training[-1]) if training else "queued"


def was_chatted_with(run: Run) -> bool:
    """Whether a chat with the run was kept."""
    return run.chats.is_dir() and any(run.chats.glob("*.json"))


def model_name(folder: Path) -> str:
    """The folder's name; the starter model is called by its name."""
    if folder == starter_model():
        return QCoreApplication.translate("Runs", "Tanren starter model")
    return folder.name
