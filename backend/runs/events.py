"""events.jsonl of a job: the wire, byte for byte; charts of old runs and bug reports read it."""

from collections.abc import Iterator
from pathlib import Path

from backend.protocol.messages import Failed, Finished, Metric, WorkerEvent
from backend.protocol.wire import MAX_LINE_BYTES, BadLine, decode_event
from backend.runs.job_state import EVENTS_FILE, read_state


def read_events(job: Path) -> Iterator[WorkerEvent]:
    """The events of a job, oldest first; a torn last line and unreadable lines are left out."""
    path = job / EVENTS_FILE
    if not path.exists():
        return
    with open(path, "rb") as file:
        while line := file.readline(MAX_LINE_BYTES + 1):
            if not line.endswith(b"\n"):
                continue
            try:
                yield decode_event(line)
            except BadLine:
                continue


def outcome(job: Path) -> Finished | Failed | None:
    """How the job ended, or None when it has not said so."""
    last: Finished | Failed | None = None
    for event in read_events(job):
        if isinstance(event, Finished | Failed):
            last = event
    return last


def was_refused(job: Path) -> bool:
    """Whether the job did nothing, because another job was being done on its run."""
    end = outcome(job) if read_state(job) == "failed" else None
    return isinstance(end, Failed) and end.code == "job_running"


def metrics(jobs: list[Path]) -> list[Metric]:
    """The metrics of several jobs of one run in order of step; a resumed job's steps win."""
    by_step: dict[int, dict[str, float]] = {}
    times: dict[int, float] = {}
    for job in jobs:
        started = True
        for event in read_events(job):
            if isinstance(event, Metric):
                if started:
                    by_step = {step: values for step, values in by_step.items() if step < event.step}
                    started = False
                by_step[event.step] = {**by_step.get(event.step, {}), **event.values}
                times[event.step] = event.time
    return [Metric(step=step, values=by_step[step], time=times[step]) for step in sorted(by_step)]
