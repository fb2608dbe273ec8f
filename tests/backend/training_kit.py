"""What several training tests start from: a tiny model, a run, a report whose lines can be read."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import bitsandbytes  # noqa: F401 - on some CPUs its import logs a warning: better here than within a test
import msgspec
from safetensors.torch import load_file

from backend.config.jobs import Job, TrainJob
from backend.protocol.messages import Metric, WorkerEvent
from backend.report import Report
from backend.runs.events import read_events
from backend.runs.run import Run
from backend.supervise import Worker


def job_of(run: Run, resume: bool = False, **settings: Any) -> TrainJob:
    """The job that trains `run`, with some settings changed."""
    info = run.info()
    config = msgspec.structs.replace(info.config, **settings)
    return TrainJob(run=str(run.folder), model=info.model, data=info.data, held_out=info.held_out, config=config,
                    resume=resume, accepted=info.accepted)


def in_process(run: Run, job: Job, stage: Callable[[Any, Report], dict[str, Any]]) -> dict[str, Any]:
    """Runs a stage in this process with a real report, whose wire ends nowhere."""
    folder = run.new_job(job, "here")
    wire = os.open(os.devnull, os.O_WRONLY)
    try:
        return stage(job, Report(folder, wire))
    finally:
        os.close(wire)


def by_worker(run: Run, job: Job, on_event: Callable[[Worker, WorkerEvent], None] | None = None) -> Worker:
    """Runs a job in a real worker process; `on_event` may send to it or kill it."""
    worker = Worker(run.new_job(job, "work"))
    for event in worker:
        if on_event:
            on_event(worker, event)
    return worker


def metrics_of(run: Run, name: str) -> list[tuple[int, float]]:
    """(step, value) of the newest job's metric `name`."""
    events = read_events(run.job_folders()[-1])
    return [(e.step, e.values[name]) for e in events if isinstance(e, Metric) and name in e.values]


def adapter_bytes(folder: Path) -> dict[str, bytes]:
    """The adapter of a checkpoint, bit for bit."""
    return {name: value.numpy().tobytes() for name, value in load_file(folder / "adapter_model.safetensors").items()}
