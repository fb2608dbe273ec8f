"""kill -9 of the worker, of the window and of both, in training and in export: nothing finished is lost."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from safetensors.numpy import load_file

from backend.config.jobs import ExportJob, TrainJob
from backend.protocol.messages import Metric
from backend.runs.atomic import TEMPORARY_PREFIX
from backend.runs.events import read_events
from backend.runs.job_state import settle_state
from backend.runs.manifests import check_manifest
from backend.runs.run import Run
from backend.supervise import run_job
from tests.tiny_models import make_model
from tests.tiny_runs import make_tiny_run

REPOSITORY = Path(__file__).parents[2]
STEPS = 40


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny base model for all tests of this file."""
    folder = tmp_path_factory.mktemp("models") / "tiny"
    make_model(folder, "llama")
    return folder


@pytest.fixture(scope="module")
def reference(model: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The adapter of the same run, never killed."""
    run = _new_run(tmp_path_factory.mktemp("reference"), model)
    run_job(run.new_job(_train_job(run), "train"), lambda _event: None)
    return _adapter(run)


def test_worker_killed_in_training(home: Path, model: Path, reference: dict[str, bytes]) -> None:
    run = _new_run(home, model)
    window, job, worker = _window(home, run, "train")
    try:
        _wait(lambda: _steps_done(job) >= 12)
        os.kill(worker, signal.SIGKILL)
        _wait(lambda: settle_state(job) == "lost")
        assert window.poll() is None, "the window must survive its worker"
    finally:
        _end(window)
    _resume_and_compare(home, run, reference)


def test_window_killed_in_training(home: Path, model: Path, reference: dict[str, bytes]) -> None:
    run = _new_run(home, model)
    window, job, worker = _window(home, run, "train")
    _wait(lambda: _steps_done(job) >= 7)
    window.kill()
    window.wait()
    _wait(lambda: not _is_there(worker))
    assert settle_state(job) == "stopped", "the worker saves and ends when its window dies"
    assert len(run.finished_checkpoints()) >= 1
    _resume_and_compare(home, run, reference)


def test_both_killed_in_training(home: Path, model: Path, reference: dict[str, bytes]) -> None:
    run = _new_run(home, model)
    window, job, worker = _window(home, run, "train")
    _wait(lambda: _steps_done(job) >= 12)
    os.kill(worker, signal.SIGKILL)
    window.kill()
    window.wait()
    shown = _command("runs", "show", run.id, "--json", "--home", str(home))
    assert shown["state"] == "lost"
    assert settle_state(job) == "lost"
    _resume_and_compare(home, run, reference)


@pytest.mark.parametrize("victims", ["worker", "window", "both"])
def test_killed_in_export(victims: str, home: Path, model: Path) -> None:
    run = _new_run(home, model, max_steps=2)
    run_job(run.new_job(_train_job(run), "train"), lambda _event: None)
    run_job(run.new_job(ExportJob(run=str(run.folder), quants=["F16"]), "export"), lambda _event: None)
    before = {path: path.stat().st_mtime_ns for path in run.gguf_files().values()}
    assert before, "one file must be finished before the kill"
    window, job, worker = _window(home, run, "export")
    _wait(lambda: any(entry.name.startswith(TEMPORARY_PREFIX) for entry in run.gguf.iterdir()))
    if victims in ("worker", "both"):
        os.kill(worker, signal.SIGKILL)
    if victims in ("window", "both"):
        window.kill()
        window.wait()
    _wait(lambda: not _is_there(worker))
    _end(window)
    # the system frees the lock with the last thread of the killed worker, a moment after the process looks dead
    _wait(lambda: settle_state(job) in ("lost", "stopped"))
    for quant in run.gguf_files():
        check_manifest(run.gguf / quant)
    exported = _command("export", run.id, "--quant", "Q8_0", "--quant", "Q4_K_M", "--json", "--home", str(home))
    assert {file["quant"] for file in exported["files"]} == {"Q8_0", "Q4_K_M"}
    assert {path: path.stat().st_mtime_ns for path in before} == before, "what was finished must not be touched"
    assert not [entry for entry in run.gguf.iterdir() if entry.name.startswith(TEMPORARY_PREFIX)]


def _new_run(home: Path, model: Path, **settings: int) -> Run:
    return make_tiny_run(home, model, rows=16, **{"max_steps": STEPS, "epochs": 100, "save_every": 5, **settings})


def _train_job(run: Run, resume: bool = True) -> TrainJob:
    info = run.info()
    return TrainJob(run=str(run.folder), model=info.model, data=info.data, config=info.config, resume=resume)


def _window(home: Path, run: Run, what: str) -> tuple[subprocess.Popen[bytes], Path, int]:
    """A running window, its job folder, and the process id of its worker."""
    window = subprocess.Popen(
        [sys.executable, "-m", "tests.e2e.window_process", str(home), str(run.folder),
         "resume" if what == "train" else what],
        cwd=REPOSITORY, stdout=subprocess.PIPE,
    )
    assert window.stdout
    folder, _, pid = window.stdout.readline().decode().strip().rpartition(" ")
    window.stdout.close()
    return window, Path(folder), int(pid)


def _resume_and_compare(home: Path, run: Run, reference: dict[str, bytes]) -> None:
    """Resumes by the command line and expects the very weights of a run that was never killed."""
    for checkpoint in run.finished_checkpoints():
        check_manifest(checkpoint)
    result = _command("runs", "resume", run.id, "--json", "--home", str(home))
    assert result["state"] == "succeeded"
    assert result["steps"] == STEPS
    assert _adapter(run) == reference


def _adapter(run: Run) -> dict[str, bytes]:
    tensors = load_file(run.newest_checkpoint() / "adapter_model.safetensors")
    return {name: tensor.tobytes() for name, tensor in sorted(tensors.items())}


def _steps_done(job: Path) -> int:
    return max((event.step for event in read_events(job) if isinstance(event, Metric)), default=0)


def _command(*arguments: str) -> dict[str, object]:
    """Runs the command line; its result, the last line of stdout."""
    done = subprocess.run([sys.executable, "main.py", *arguments], cwd=REPOSITORY, capture_output=True, text=True,
                          timeout=240, check=False)
    assert done.returncode == 0, done.stderr
    result: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return result


def _is_there(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def _wait(condition: Callable[[], bool], seconds: float = 120.0) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "waited too long"
        time.sleep(0.05)


def _end(window: subprocess.Popen[bytes]) -> None:
    if window.poll() is None:
        window.kill()
        window.wait()
