"""The state of a job, true even after a crash: the state file and the lock together tell it."""

import contextlib
import time
from pathlib import Path
from typing import Literal

import msgspec

from backend.protocol.errors import TanrenError
from backend.runs.atomic import write_file
from backend.runs.locks import is_held

State = Literal["queued", "starting", "running", "stopping", "succeeded", "stopped", "failed", "lost"]
ENDED: tuple[State, ...] = ("succeeded", "stopped", "failed", "lost")
STATE_FILE = "state.json"
LOCK_FILE = "job.lock"
EVENTS_FILE = "events.jsonl"
STDERR_FILE = "stderr.log"
START_GRACE_SECONDS = 15.0


class StateRecord(msgspec.Struct, frozen=True):
    """state.json: the last state that was written, and when (seconds since the epoch)."""

    state: State
    time: float


def write_state(job: Path, state: State) -> None:
    """Writes state.json. Workers write every state but `lost`; only a supervisor writes `lost`."""
    write_file(job / STATE_FILE, msgspec.json.encode(StateRecord(state, time.time())))


def begin_state(job: Path) -> None:
    """For a supervisor about to start a worker: writes `starting`. Raises TanrenError job_running."""
    if is_alive(job):
        raise TanrenError("job_running", path=job)
    write_state(job, "starting")


def end_state(job: Path, state: State) -> None:
    """For a supervisor whose worker is gone: writes `state` unless the worker wrote its end itself.

    A job that another worker holds is left alone, and so is one on a full disk: `settle_state` judges it later.
    """
    if read_state(job) not in ENDED and not is_alive(job):
        with contextlib.suppress(OSError):
            write_state(job, state)


def read_state(job: Path) -> State:
    """The state as written; queued when nothing was written yet."""
    record = _record(job)
    return record.state if record else "queued"


def is_alive(job: Path) -> bool:
    """Whether a worker holds the job's lock."""
    return is_held(job / LOCK_FILE)


def settle_state(job: Path) -> State:
    """The true state: a job that has not ended and that nobody works on becomes `lost`, on disk too.

    For supervisors (window, command line). A job that was started within START_GRACE_SECONDS is left
    alone, because its worker may not hold the lock yet. On a full disk `lost` is said and not written.
    """
    record = _record(job)
    if record is None or record.state in ENDED or record.state == "queued":
        return record.state if record else "queued"
    if is_alive(job):
        return record.state
    again = _record(job)
    if again and again.state in ENDED:
        return again.state
    if record.state == "starting" and time.time() - record.time < START_GRACE_SECONDS:
        return "starting"
    with contextlib.suppress(OSError):
        write_state(job, "lost")
    return "lost"


def _record(job: Path) -> StateRecord | None:
    try:
        return msgspec.json.decode((job / STATE_FILE).read_bytes(), type=StateRecord)
    except (OSError, msgspec.MsgspecError):
        return None
