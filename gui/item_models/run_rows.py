"""What the run list says about one run, read from its folder: true state, steps, losses."""

from functools import lru_cache
from pathlib import Path

import msgspec

from backend.protocol.messages import Finished
from backend.runs.events import metrics, outcome
from backend.runs.job_state import EVENTS_FILE, State, settle_state
from backend.runs.manifests import read_manifest
from backend.runs.run import Run, RunInfo

# long, with results to save; looks and chats are not
MEMORY_JOBS = ("train", "evaluate", "row_losses", "merge", "export")
RESUMABLE: tuple[State, ...] = ("queued", "stopped", "failed", "lost")  # queued: its worker never began


class RunRow(msgspec.Struct, frozen=True, kw_only=True):
    """One run. `state` is that of its newest training; `busy` names another kind of job that is being done on it.

    `steps` is how far it came, `total` 0 when not known; losses are nats per token, None before the first step.
    """

    run: Run
    info: RunInfo
    state: State
    busy: str
    steps: int
    total: int
    loss: float | None
    held_out_loss: float | None
    resumable: bool


def kind_of(job_folder: Path) -> str:
    """train, evaluate, merge, export or chat: the end of the job folder's name."""
    return job_folder.name.partition("-")[2]


def read_row(run: Run) -> RunRow:
    """The row of `run`. Raises TanrenError run_missing."""
    info = run.info()
    jobs = run.job_folders()
    training = run.trainings()
    state = run.training_state()
    busy = ""
    if jobs and kind_of(jobs[-1]) != "train" and settle_state(jobs[-1]) in ("starting", "running", "stopping"):
        busy = kind_of(jobs[-1])
    steps, total, loss, held_out = _figures(tuple(_stamp(job) for job in training))
    return RunRow(
        run=run, info=info, state=state, busy=busy, steps=steps, total=total, loss=loss, held_out_loss=held_out,
        # without a checkpoint it starts again with the same rows; without those it failed on its input
        resumable=state in RESUMABLE and (bool(run.finished_checkpoints()) or read_manifest(run.dataset) is not None),
    )


def loss_text(loss: float | None) -> str:
    """A loss with three decimals; a dash when there is none."""
    return "–" if loss is None else f"{loss:.3f}"


def _stamp(job: Path) -> tuple[Path, int]:
    file = job / EVENTS_FILE
    return job, file.stat().st_size if file.exists() else 0


@lru_cache(maxsize=512)
def _figures(jobs: tuple[tuple[Path, int], ...]) -> tuple[int, int, float | None, float | None]:
    """(steps, total steps, loss, held-out loss); cached until an events.jsonl grows."""
    measured = metrics([job for job, _ in jobs])
    losses = [metric for metric in measured if "loss" in metric.values]
    held_out = [metric.values["held_out_loss"] for metric in measured if "held_out_loss" in metric.values]
    steps = losses[-1].step if losses else 0
    loss = losses[-1].values["loss"] if losses else None
    last = outcome(jobs[-1][0]) if jobs else None
    result = last.result if isinstance(last, Finished) else {}
    return (int(result.get("steps") or steps), int(result.get("total_steps") or 0), loss,
            held_out[-1] if held_out else None)
