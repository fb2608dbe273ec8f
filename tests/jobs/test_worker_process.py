"""The real worker process: its wire, its states, its lock, and how it ends."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import psutil
import pytest

from backend.config.jobs import ModelsInspectJob
from backend.launch import REPOSITORY, worker_environment
from backend.protocol.messages import Alive, Failed, Finished, Hello, Log, Phase, Progress, Stop, WorkerEvent
from backend.protocol.wire import decode_event, encode_line
from backend.runs.events import outcome, read_events
from backend.runs.job_state import STATE_FILE, StateRecord, is_alive, read_state, settle_state, write_state
from backend.runs.run import create_job
from backend.supervise import Worker

REAL_WORKER = Path(__file__).parent.parent / "workers" / "real_worker.py"
PATIENCE = 60.0


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return create_job(tmp_path / "jobs", ModelsInspectJob(model=str(tmp_path / "no model")), "look")


def command(folder: Path, stage: str) -> list[str]:
    return [sys.executable, str(REAL_WORKER), str(folder), stage]


def by_hand(folder: Path, stage: str) -> subprocess.Popen[bytes]:
    """The worker without a supervisor, its pipes in our hands."""
    return subprocess.Popen(
        command(folder, stage), cwd=REPOSITORY, env=worker_environment(), stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )


def supervised(folder: Path, stage: str) -> tuple[list[WorkerEvent], Finished | Failed]:
    worker = Worker(folder, command(folder, stage))
    events = list(worker)
    assert worker.outcome is not None
    return events, worker.outcome


def wait_for(process: subprocess.Popen[bytes], kind: type) -> WorkerEvent:
    """Reads the wire until an event of `kind` comes."""
    assert process.stdout
    for line in process.stdout:
        event = decode_event(line)
        if isinstance(event, kind):
            return event
    raise AssertionError(f"the worker ended without {kind.__name__}")


@pytest.fixture
def at_work(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A worker in the middle of its steps."""
    process = by_hand(folder, "steps")
    wait_for(process, Progress)
    yield process
    process.kill()
    process.communicate()


def test_hello_is_the_first_word_and_nothing_heavy_is_imported_before_the_stage(folder: Path) -> None:
    events, last = supervised(folder, "look")
    assert isinstance(events[0], Hello)
    assert events[0].lock in ("seccomp", "audit_hook")
    assert isinstance(last, Finished)
    assert last.result["imported"] == []


def test_no_print_of_any_kind_reaches_the_wire(folder: Path) -> None:
    events, last = supervised(folder, "prints")
    assert isinstance(last, Finished) and last.state == "succeeded"
    assert any(isinstance(event, Progress) for event in events)
    printed = (folder / "stderr.log").read_text()
    for words in ("by print", "by descriptor 1", "by the first sys.stdout", "by C", "by a child"):
        assert words in printed


def test_events_jsonl_is_the_wire_byte_for_byte(folder: Path) -> None:
    process = by_hand(folder, "prints")
    assert process.stdout and process.stderr
    with process:
        wire = process.stdout.read()
    assert process.returncode == 0
    assert wire.count(b"\n") >= 4
    assert (folder / "events.jsonl").read_bytes() == wire


def test_the_last_line_is_the_last_word(folder: Path) -> None:
    supervised(folder, "look")
    events = list(read_events(folder))
    assert isinstance(events[-1], Finished)
    assert sum(isinstance(event, Finished | Failed) for event in events) == 1
    assert {"seconds", "peak_mib"} <= events[-1].result.keys()


def test_states_of_a_job_that_is_stopped(folder: Path) -> None:
    assert read_state(folder) == "queued"
    worker = Worker(folder, command(folder, "steps"))
    assert read_state(folder) in ("starting", "running")
    for event in worker:
        if isinstance(event, Progress):
            assert is_alive(folder)
            worker.send(Stop("save"))
    assert isinstance(worker.outcome, Finished) and worker.outcome.state == "stopped"
    assert worker.outcome.result["state_inside"] == "stopping"
    assert read_state(folder) == "stopped"
    assert not is_alive(folder)
    assert (folder / "saved").exists()


def test_a_state_inside_a_stage_is_running(folder: Path) -> None:
    _, last = supervised(folder, "look")
    assert isinstance(last, Finished) and last.result["state_inside"] == "running"
    assert read_state(folder) == "succeeded"


def test_the_end_of_stdin_means_stop_and_save(folder: Path, at_work: subprocess.Popen[bytes]) -> None:
    assert at_work.stdin
    at_work.stdin.close()
    at_work.stdin = None
    at_work.communicate(timeout=PATIENCE)
    assert at_work.returncode == 0
    assert read_state(folder) == "stopped"
    assert (folder / "saved").exists()


def test_a_wire_that_nobody_reads_any_more_means_stop_and_save(
    folder: Path, at_work: subprocess.Popen[bytes]
) -> None:
    assert at_work.stdout
    at_work.stdout.close()
    assert at_work.wait(timeout=PATIENCE) == 0
    at_work.stdout = None
    assert read_state(folder) == "stopped"
    assert (folder / "saved").exists()


def test_sigterm_means_stop_and_save(folder: Path, at_work: subprocess.Popen[bytes]) -> None:
    at_work.send_signal(signal.SIGTERM)
    at_work.communicate(timeout=PATIENCE)
    assert read_state(folder) == "stopped"
    assert (folder / "saved").exists()


def test_ctrl_c_is_left_to_the_supervisor(folder: Path, at_work: subprocess.Popen[bytes]) -> None:
    at_work.send_signal(signal.SIGINT)
    wait_for(at_work, Progress)
    assert read_state(folder) == "running"


def test_discard_after_save_discards(folder: Path) -> None:
    process = by_hand(folder, "waits_for_discard")
    wait_for(process, Phase)
    assert process.stdin
    process.stdin.write(encode_line(Stop("save")) + encode_line(Stop("discard")))
    process.stdin.flush()
    wire, _ = process.communicate(timeout=PATIENCE)
    last = decode_event(wire.splitlines()[-1])
    assert isinstance(last, Finished) and last.result["mode"] == "discard"


def test_unreadable_requests_are_passed_over(folder: Path, at_work: subprocess.Popen[bytes]) -> None:
    assert at_work.stdin
    at_work.stdin.write(b'\xff\xfe\n{"type":"confetti"}\n' + encode_line(Stop("save")))
    at_work.stdin.flush()
    _, stderr = at_work.communicate(timeout=PATIENCE)
    assert stderr.count(b"unreadable request") == 2
    assert read_state(folder) == "stopped"


def test_a_second_worker_on_the_same_job_is_refused(folder: Path, at_work: subprocess.Popen[bytes]) -> None:
    second = by_hand(folder, "steps")
    wire, _ = second.communicate(timeout=PATIENCE)
    assert second.returncode == 1
    first, last = (decode_event(line) for line in wire.splitlines())
    assert isinstance(first, Hello) and isinstance(last, Failed) and last.code == "job_running"
    assert outcome(folder) is None  # the record is the first worker's
    assert read_state(folder) == "running"
    wait_for(at_work, Progress)


def test_kill_9_gives_lost(folder: Path, at_work: subprocess.Popen[bytes]) -> None:
    assert settle_state(folder) == "running"
    at_work.kill()
    at_work.communicate(timeout=PATIENCE)
    assert read_state(folder) == "running"
    assert settle_state(folder) == "lost"
    assert read_state(folder) == "lost"


def test_a_job_killed_before_it_ran_is_lost_after_its_grace(folder: Path) -> None:
    write_state(folder, "starting")
    assert settle_state(folder) == "starting"
    old = StateRecord("starting", time.time() - 3600)
    (folder / STATE_FILE).write_bytes(msgspec.json.encode(old))
    assert settle_state(folder) == "lost"


def test_a_child_that_outlives_the_worker_does_not_hold_its_lock(folder: Path) -> None:
    process = by_hand(folder, "dies_with_a_child")
    child = int(wait_for(process, Log).text)  # type: ignore[union-attr]
    try:
        assert process.wait(timeout=PATIENCE) == -signal.SIGKILL
        assert psutil.Process(child).status() != psutil.STATUS_ZOMBIE
        assert not is_alive(folder)
        assert settle_state(folder) == "lost"
    finally:
        os.kill(child, signal.SIGKILL)
        process.communicate()


def test_a_full_disk_is_told_even_when_events_cannot_be_kept(folder: Path) -> None:
    os.symlink("/dev/full", folder / "events.jsonl")
    events, last = supervised(folder, "look")
    assert isinstance(events[0], Hello)
    assert isinstance(last, Failed) and last.code == "disk_full"
    assert read_state(folder) == "failed"


def test_a_connection_is_refused_and_said_so(folder: Path) -> None:
    _, last = supervised(folder, "connects")
    assert isinstance(last, Failed)
    assert last.kind == "network_refused", last


def test_a_bug_is_told_with_its_traceback(folder: Path) -> None:
    _, last = supervised(folder, "raises")
    assert isinstance(last, Failed) and last.kind == "internal"
    assert "a bug of ours" in last.message and "Traceback" in last.detail
    assert read_state(folder) == "failed"


def test_a_job_file_that_cannot_be_read_fails(folder: Path) -> None:
    (folder / "job.json").write_text('{"type": "confetti"}')
    _, last = supervised(folder, "look")
    assert isinstance(last, Failed) and last.code == "job_unreadable"


def test_the_real_command_runs_a_real_job(folder: Path) -> None:
    """`python -m backend worker JOB_DIR`, as every supervisor starts it; the model folder is not there."""
    worker = Worker(folder)
    list(worker)
    assert isinstance(worker.outcome, Finished) and worker.outcome.result["verdict"] == "refused"
    assert read_state(folder) == "succeeded"


def test_signs_of_life_come_while_the_stage_works(folder: Path, at_work: subprocess.Popen[bytes]) -> None:
    sign = wait_for(at_work, Alive)
    assert isinstance(sign, Alive) and sign.ram > 1


WINDOW = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from PySide6.QtCore import QCoreApplication
from gui.jobs.job import WorkerJob
application = QCoreApplication([])
job = WorkerJob(Path(sys.argv[2]), command=sys.argv[3:])
job.event.connect(lambda event: print(type(event).__name__, flush=True))
job.start()
application.exec()
"""


def window(folder: Path, stage: str) -> subprocess.Popen[str]:
    """A process with a Qt event loop that supervises a worker."""
    pytest.importorskip("PySide6")
    return subprocess.Popen(
        [sys.executable, "-c", WINDOW, str(REPOSITORY), str(folder), *command(folder, stage)],
        stdout=subprocess.PIPE, text=True,
    )


def settled(folder: Path) -> str:
    """The state once no worker is at work on the job any more."""
    deadline = time.monotonic() + PATIENCE
    while is_alive(folder):
        assert time.monotonic() < deadline, "the worker goes on without its window"
        time.sleep(0.05)
    return settle_state(folder)


def test_a_worker_whose_window_is_killed_saves_and_ends(folder: Path) -> None:
    process = window(folder, "steps")
    assert process.stdout
    while process.stdout.readline() != "Progress\n":
        assert process.poll() is None
    process.kill()
    process.communicate()
    assert settled(folder) == "stopped"
    assert (folder / "saved").exists()


def test_window_and_worker_killed_together_leave_a_true_state(folder: Path) -> None:
    process = window(folder, "steps")
    assert process.stdout
    while process.stdout.readline() != "Progress\n":
        assert process.poll() is None
    hello = next(event for event in read_events(folder) if isinstance(event, Hello))
    process.kill()
    os.kill(hello.pid, signal.SIGKILL)
    process.communicate()
    deadline = time.monotonic() + PATIENCE
    while psutil.pid_exists(hello.pid) and psutil.Process(hello.pid).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert settled(folder) in ("lost", "stopped")  # stopped when it saw the end of stdin first
    assert json.loads((folder / STATE_FILE).read_text())["state"] == settle_state(folder)
