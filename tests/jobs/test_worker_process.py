"""The real worker process: its wire, its states, its lock, and how it ends."""

import json
import os
import platform
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import psutil
import pytest

from backend.config.jobs import ChatJob, EvaluateJob, ExportJob, MergeJob, ModelsInspectJob, TrainJob
from backend.config.train import TrainConfig
from backend.launch import REPOSITORY, worker_environment
from backend.network_lock import _MACHINES
from backend.protocol.messages import Alive, Failed, Finished, Generate, Hello, Log, Phase, Progress, Stop, WorkerEvent
from backend.protocol.wire import decode_event, encode_line
from backend.runs.events import outcome, read_events
from backend.runs.job_state import STATE_FILE, StateRecord, is_alive, read_state, settle_state, write_state
from backend.runs.run import create_job, create_run
from backend.supervise import Worker

REAL_WORKER = Path(__file__).parent.parent / "workers" / "real_worker.py"
PATIENCE = 60.0
HAS_FILTER = sys.platform == "linux" and platform.machine() in _MACHINES


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


@pytest.mark.parametrize("request_bytes", [
    b"\xff\xfe\n", b'{"type":"confetti"}\n', encode_line(Generate(1, [{"role": "user", "content": "x" * 1_200_000}])),
])
def test_a_request_that_cannot_be_read_saves_and_fails_the_job(
    folder: Path, at_work: subprocess.Popen[bytes], request_bytes: bytes
) -> None:
    """Passed over, it would leave the window waiting for an answer for ever."""
    wire, _ = at_work.communicate(request_bytes, timeout=PATIENCE)
    last = decode_event(wire.splitlines()[-1])
    assert isinstance(last, Failed) and last.code == "request_unreadable"
    assert at_work.returncode == 1
    assert read_state(folder) == "failed"
    assert (folder / "saved").exists()


def test_an_error_that_quotes_megabytes_still_reaches_the_window(folder: Path) -> None:
    _, last = supervised(folder, "raises_at_length")
    assert isinstance(last, Failed) and last.code == "internal"
    assert "a long bug" in last.message and "Traceback" not in last.message


def test_more_than_a_line_can_hold_is_told_and_not_sent(folder: Path) -> None:
    events, last = supervised(folder, "says_too_much")
    assert isinstance(last, Failed) and last.code == "event_too_long", last
    assert last.values["event"] == "artifact"
    assert any(isinstance(event, Log) and event.text == "x" * 4000 for event in events)


@pytest.mark.skipif(not HAS_FILTER, reason="the filter is for Linux on x86-64 and aarch64")
def test_the_kernel_refuses_a_worker_and_its_child_that_ask_it_directly(folder: Path) -> None:
    """socket() by ctypes, where no audit hook of Python sees it, and in a child that is no Python."""
    _, last = supervised(folder, "asks_the_kernel")
    assert isinstance(last, Finished), last
    assert last.result["here"] == ["refused", "refused", "open"]
    assert last.result.get("child", last.result["here"]) == ["refused", "refused", "open"]


# stops at the moment when the lock is set (it adds an audit hook) and tells what was imported until then
AT_THE_LOCK = """
import os, runpy, sys
before = set(sys.modules)
def at_lock(event, arguments):
    if event == "sys.addaudithook" and ready:
        found = {name.partition(".")[0] for name in set(sys.modules) - before} - set(sys.stdlib_module_names)
        os.write(2, ("imported: " + " ".join(sorted(found))).encode())
        os._exit(0)
ready = False
sys.addaudithook(at_lock)
ready = True
sys.path.insert(0, os.getcwd())
if sys.argv[1] == "main.py":
    sys.argv = sys.argv[1:]
    runpy.run_path("main.py", run_name="__main__")
else:
    runpy.run_module(sys.argv[1], run_name="__main__", alter_sys=True)
"""


@pytest.mark.parametrize("arguments", [["backend", "worker", "JOB"], ["backend", "doctor"], ["main.py", "doctor"]])
def test_the_network_is_locked_before_any_library_is_imported(folder: Path, arguments: list[str]) -> None:
    said = subprocess.run(
        [sys.executable, "-c", AT_THE_LOCK, *(str(folder) if text == "JOB" else text for text in arguments)],
        cwd=REPOSITORY, capture_output=True, text=True, timeout=PATIENCE, check=True,
    ).stderr
    assert said.strip() == "imported: backend"


def test_the_command_line_itself_cannot_reach_the_network() -> None:
    """It reads models and datasets too; here it is asked for the socket in the middle of a command."""
    script = (
        "import ctypes, sys; sys.path.insert(0, '.')\n"
        "import main\n"
        "main.main(['--version'])\n"
        "print('open' if ctypes.CDLL(None).socket(2, 1, 0) >= 0 else 'refused')\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert done.stdout.split()[-1] == ("refused" if HAS_FILTER else "open")


def test_a_worker_is_not_told_where_the_desktop_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR", "SSH_AUTH_SOCK", "WAYLAND_DISPLAY", "QT_STYLE"):
        monkeypatch.setenv(name, "/run/user/1000/bus")
    assert "/run/user/1000/bus" not in worker_environment().values()
    assert worker_environment()["PATH"] == os.environ["PATH"]


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


# --- one job at a time on a run ---


def jobs_of_one_run(home: Path) -> dict[str, Path]:
    """A job of each kind on one run."""
    run = create_run(home, Path("/m"), Path("/d"), TrainConfig())
    name = str(run.folder)
    asked = {"train": TrainJob(run=name, model="/m", data="/d"), "evaluate": EvaluateJob(run=name, targets=["base"]),
             "merge": MergeJob(run=name), "export": ExportJob(run=name, quants=["F16"]), "chat": ChatJob(gguf="/g")}
    return {kind: run.new_job(job, kind) for kind, job in asked.items()}


@pytest.mark.parametrize("first", ["train", "export"])
def test_a_run_is_worked_on_by_one_job_at_a_time(first: str, home: Path) -> None:
    folders = jobs_of_one_run(home)
    process = by_hand(folders[first], "steps")
    wait_for(process, Progress)
    second = "export" if first == "train" else "train"
    for kind in (second, "evaluate", "merge"):
        _, refused = supervised(folders[kind], "raises")
        assert isinstance(refused, Failed) and refused.code == "job_running", kind
        assert settle_state(folders[kind]) == "failed"
    _, chatted = supervised(folders["chat"], "raises")
    assert isinstance(chatted, Failed) and "a bug of ours" in chatted.detail, "a chat only reads"
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    _, worked = supervised(folders[second], "raises")
    assert isinstance(worked, Failed) and "a bug of ours" in worked.detail, "kill -9 frees the run"


def test_of_two_resumes_at_the_same_moment_one_trains(home: Path) -> None:
    run = create_run(home, Path("/m"), Path("/d"), TrainConfig())
    job = TrainJob(run=str(run.folder), model="/m", data="/d", resume=True)
    processes = [by_hand(run.new_job(job, "train"), "steps") for _ in range(2)]
    told = [wait_for(process, Progress | Failed) for process in processes]
    assert sorted(type(event).__name__ for event in told) == ["Failed", "Progress"]
    for process in processes:
        process.communicate()  # the end of stdin: stop and save
    assert len(run.trainings()) == 1
    assert run.training_state() == "stopped"
