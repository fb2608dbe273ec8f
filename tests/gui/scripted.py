"""What the page tests share: workers from a script, and runs prepared on disk."""

import math
import sys
from pathlib import Path

import pytest

from backend.config.jobs import TrainJob
from backend.config.train import TrainConfig
from backend.protocol.messages import Event, Failed, Finished, Hello, Metric, Phase, Progress
from backend.protocol.wire import encode_line
from backend.runs.job_state import State, write_state
from backend.runs.manifests import write_manifest
from backend.runs.run import Run, create_run

WORKERS = Path(__file__).parent / "workers"
HOSTILE = Path(__file__).parent.parent / "workers"


def use_worker(monkeypatch: pytest.MonkeyPatch, script: Path = WORKERS / "scripted.py") -> None:
    """Jobs started from now on run `script` with the job folder instead of the real worker."""
    monkeypatch.setattr("gui.jobs.job.worker_command", lambda folder: [sys.executable, str(script), str(folder)])


def prepared_run(home: Path, name: str = "support desk", steps: int = 40, state: State = "succeeded",
                 checkpoint: bool = True) -> Run:
    """A run as a training of `steps` of 40 steps leaves it."""
    run = create_run(home, home / "model", home / "rows.jsonl", TrainConfig(), name)
    job = run.new_job(TrainJob(run=str(run.folder), model="m", data="d"), "train")
    events: list[Event] = [Hello(build="x", pid=1, lock="none"), Phase(name="training")]
    for step in range(1, steps + 1):
        events.append(Metric(step=step, values={"loss": 2.0 * math.exp(-step / 10) + 0.1, "tokens_per_second": 812.0}))
        if step % 10 == 0:
            events.append(Metric(step=step, values={"held_out_loss": 2.0 * math.exp(-step / 10) + 0.2}))
        events.append(Progress(done=step, total=40, unit="steps"))
    if checkpoint:
        folder = run.checkpoints / f"step-{steps:06d}"
        folder.mkdir(parents=True)
        (folder / "adapter").write_text("weights")
        write_manifest(folder, "checkpoint")
    if state in ("succeeded", "stopped"):
        events.append(Finished(state=state, result={"steps": steps, "total_steps": 40}))
    elif state == "failed":
        events.append(Failed(kind="out_of_memory", message="m", hint="h", code="out_of_memory"))
    (job / "events.jsonl").write_bytes(b"".join(encode_line(event) for event in events))
    write_state(job, state)
    return run


def prepared_gguf(run: Run, quant: str = "Q8_0") -> Path:
    """A finished file in the run's gguf folder (no real weights)."""
    folder = run.gguf / quant
    folder.mkdir(parents=True)
    file = folder / f"model-{quant}.gguf"
    file.write_bytes(b"GGUF" * 500)
    write_manifest(folder, "gguf")
    return file
