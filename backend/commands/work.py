"""What the commands share: running a job in its worker, finding runs and models, and how a job that did not succeed
is told."""

from pathlib import Path
from typing import Any

from backend.commands.terminal import Terminal
from backend.config.jobs import Job
from backend.home import starter_model
from backend.models.inspect import ModelLook, check_model
from backend.protocol.errors import TanrenError
from backend.protocol.messages import Failed
from backend.runs.job_state import settle_state
from backend.runs.run import Run, clean_run, create_look, find_run
from backend.supervise import run_job

STARTER = "starter"
BAD_INPUT_KINDS = ("bad_dataset", "bad_config", "model_missing", "model_unsafe", "disk_full")


class JobFailed(Exception):
    """A worker ended with `failed`; `found` goes beside the error into the JSON object."""

    def __init__(self, failed: Failed, found: dict[str, Any] | None = None) -> None:
        super().__init__(failed.message)
        self.failed = failed
        self.found = found or {}


class JobStopped(Exception):
    """A job was stopped on request and can be resumed; `result` is what it said at the end."""

    def __init__(self, result: dict[str, Any]) -> None:
        super().__init__("stopped")
        self.result = result


def do_job(folder: Path, terminal: Terminal) -> dict[str, Any]:
    """Runs the job in its worker, shows its progress, returns its result. Raises JobFailed or JobStopped."""
    outcome = run_job(folder, terminal.event)
    terminal.clear()
    if isinstance(outcome, Failed):
        raise JobFailed(outcome)
    if outcome.state == "stopped":
        raise JobStopped(outcome.result)
    return outcome.result


def do_look(home: Path, job: Job, kind: str, terminal: Terminal) -> dict[str, Any]:
    """Runs a job that belongs to no run, in HOME/jobs."""
    return do_job(create_look(home, job, kind), terminal)


def open_run(home: Path, name: str) -> Run:
    """The run, for work on it: states settled, leftovers of interrupted jobs removed.

    Raises TanrenError run_missing, or job_running when another job works on it (a chat does not count).
    """
    run = find_run(home, name)
    run.info()
    for job in run.job_folders():
        settle_state(job)
    clean_run(run)
    return run


def job_kind(job: Path) -> str:
    """train, evaluate, merge, export or chat, from the folder's name."""
    return job.name.split("-", 1)[1]


def model_folder(home: Path, text: str) -> Path:
    """A path, "starter" for the model that comes with Tanren, or the name of a folder in HOME/models."""
    given = Path(text).expanduser()
    if given.exists():
        return given.resolve()
    if text == STARTER:
        return starter_model()
    named = home / "models" / text
    return named if text and named.is_dir() else given.absolute()


def checked_model(folder: Path) -> ModelLook:
    """The look at a model that can be trained: safe, complete, with a chat template.

    Raises TanrenError of kinds model_missing and model_unsafe, or template_missing.
    """
    look = check_model(folder)
    if not look.has_template:
        raise TanrenError("template_missing", path=folder)
    return look


def file_path(text: str) -> Path:
    """A file named on the command line as an absolute path."""
    return Path(text).expanduser().absolute()
