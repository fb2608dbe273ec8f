"""Workers that crash, lie, hang, flood and do not go: what the window and the command line make of each."""

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import psutil
import pytest

from backend.config.jobs import ModelsInspectJob
from backend.protocol import watch
from backend.protocol.messages import Failed, Finished, Log, Metric, Progress, Stop, Token, WorkerEvent
from backend.runs.job_state import read_state
from backend.runs.run import create_job
from backend.supervise import Worker

WORKERS = Path(__file__).parent.parent / "workers"


class Ending(NamedTuple):
    """How a job ended, as a supervisor tells it."""

    outcome: Finished | Failed
    events: list[WorkerEvent]
    pid: int


Supervisor = Callable[..., Ending]


def in_terminal(folder: Path, command: list[str], stop_after: int = 0, kill_after: int = 0) -> Ending:
    """Through backend.supervise.Worker."""
    worker = Worker(folder, command)
    events = []
    for event in worker:
        events.append(event)
        if len(events) == stop_after:
            worker.send(Stop("save"))
        if len(events) == kill_after:
            worker.kill()
    assert worker.outcome is not None
    return Ending(worker.outcome, events, worker.pid)


def in_window(folder: Path, command: list[str], stop_after: int = 0, kill_after: int = 0) -> Ending:
    """Through gui.jobs.job.WorkerJob, in a Qt event loop."""
    pytest.importorskip("PySide6")
    from PySide6.QtCore import QCoreApplication, QEventLoop
    from PySide6.QtWidgets import QApplication

    from gui.jobs.job import WorkerJob

    application = QCoreApplication.instance() or QApplication([])
    assert application is not None
    job = WorkerJob(folder, command=command)
    events: list[WorkerEvent] = []
    loop = QEventLoop()

    def heard(event: WorkerEvent) -> None:
        events.append(event)
        if len(events) == stop_after:
            job.stop()
        if len(events) == kill_after:
            job.kill()

    job.event.connect(heard)
    job.ended.connect(loop.quit)
    job.start()
    pid = job._process.processId()
    if job.outcome is None:
        loop.exec()
    assert job.outcome is not None and not job.is_running
    return Ending(job.outcome, events, pid)


@pytest.fixture(params=[in_terminal, in_window], ids=["terminal", "window"])
def supervise(request: pytest.FixtureRequest) -> Supervisor:
    return request.param


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return create_job(tmp_path / "jobs", ModelsInspectJob(model="/nowhere"), "look")


@pytest.fixture
def short_limits(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The limits of a worker's silence, made short."""
    monkeypatch.setattr(watch, "HELLO_SECONDS", 2.0)
    monkeypatch.setattr(watch, "SILENCE_SECONDS", 1.0)
    monkeypatch.setattr(watch, "EXIT_SECONDS", 1.0)
    yield


def hostile(name: str, folder: Path, *arguments: str) -> list[str]:
    """The command line of a script in tests/workers."""
    return [sys.executable, str(WORKERS / f"{name}.py"), str(folder), *arguments]


def is_gone(pid: int) -> bool:
    """Neither running nor a zombie of ours."""
    return not psutil.pid_exists(pid)


@pytest.mark.parametrize(
    ("name", "code", "state"),
    [
        ("crash", "worker_crashed", "lost"),
        ("garbage", "worker_garbled", "lost"),
        ("unknown_type", "worker_garbled", "lost"),
        ("no_hello", "worker_garbled", "failed"),
        ("silent", "worker_silent", "failed"),
        ("dribble", "worker_silent", "failed"),
        ("hang", "worker_silent", "lost"),
        ("deaf", "worker_silent", "lost"),
        ("wrong_version", "worker_version", "lost"),
        ("long_line", "worker_garbled", "lost"),
        ("endless_line", "worker_garbled", "lost"),
        ("deep_json", "worker_garbled", "lost"),
        ("dies_at_start", "worker_crashed", "failed"),
        ("prints_to_stdout", "worker_garbled", "lost"),
    ],
)
def test_a_broken_worker_fails_the_job_with_its_own_words(
    name: str, code: str, state: str, folder: Path, supervise: Supervisor, short_limits: None
) -> None:
    ending = supervise(folder, hostile(name, folder))
    assert isinstance(ending.outcome, Failed)
    assert ending.outcome.code == code, ending.outcome
    assert ending.outcome.message and ending.outcome.hint
    assert read_state(folder) == state
    assert is_gone(ending.pid)


def test_a_crash_tells_the_signal_and_the_last_words_of_the_libraries(folder: Path, supervise: Supervisor) -> None:
    outcome = supervise(folder, hostile("crash", folder)).outcome
    assert isinstance(outcome, Failed)
    assert outcome.values["exit_code"] == "-11"
    assert "a library's last words" in outcome.detail


def test_a_missing_library_is_named_in_the_details(folder: Path, supervise: Supervisor) -> None:
    outcome = supervise(folder, hostile("dies_at_start", folder)).outcome
    assert isinstance(outcome, Failed)
    assert "No module named 'torch'" in outcome.detail


def test_a_program_that_is_not_there_is_said_so(folder: Path) -> None:
    outcome = in_window(folder, ["/nowhere/python"]).outcome
    assert isinstance(outcome, Failed) and outcome.code == "worker_not_started"
    assert read_state(folder) == "failed"


def test_a_save_may_take_longer_than_the_usual_silence(
    folder: Path, supervise: Supervisor, short_limits: None
) -> None:
    outcome = supervise(folder, hostile("hang_in_save", folder)).outcome
    assert isinstance(outcome, Finished) and outcome.result == {"answer": 42}
    assert read_state(folder) == "succeeded"


def test_a_finished_worker_that_does_not_go_is_ended_and_its_result_kept(
    folder: Path, supervise: Supervisor, short_limits: None
) -> None:
    ending = supervise(folder, hostile("lingers", folder))
    assert isinstance(ending.outcome, Finished) and ending.outcome.result == {"answer": 42}
    assert ending.events[-1] == ending.outcome
    assert read_state(folder) == "succeeded"
    assert is_gone(ending.pid)


def test_the_first_last_word_counts(folder: Path, supervise: Supervisor) -> None:
    ending = supervise(folder, hostile("two_endings", folder))
    assert isinstance(ending.outcome, Finished)
    assert sum(isinstance(event, Finished | Failed) for event in ending.events) == 1
    assert read_state(folder) == "succeeded"


def test_a_worker_deaf_to_stop_is_ended_by_kill(folder: Path, supervise: Supervisor) -> None:
    ending = supervise(folder, hostile("stubborn", folder), stop_after=3, kill_after=10)
    assert isinstance(ending.outcome, Failed) and ending.outcome.code == "worker_killed"
    assert read_state(folder) == "lost"
    assert is_gone(ending.pid)


def test_a_child_that_holds_the_pipe_neither_delays_the_end_nor_survives_it(
    folder: Path, supervise: Supervisor
) -> None:
    ending = supervise(folder, hostile("leaves_a_child", folder))
    assert isinstance(ending.outcome, Failed) and ending.outcome.values["exit_code"] == "3"
    child = next(int(event.text) for event in ending.events if isinstance(event, Log))
    deadline = time.monotonic() + 20
    while psutil.pid_exists(child) and psutil.Process(child).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline, "the worker's child is still running"
        time.sleep(0.05)


def test_a_flood_is_thinned_and_its_memory_bounded(folder: Path, supervise: Supervisor) -> None:
    before = psutil.Process().memory_info().rss
    ending = supervise(folder, hostile("flood", folder, "600"))  # about 50 MB, 660,000 messages
    assert isinstance(ending.outcome, Finished)
    assert any(isinstance(event, Progress) for event in ending.events)
    assert len(ending.events) < 200_000
    del ending
    assert psutil.Process().memory_info().rss - before < 120 * 2**20


def test_a_job_that_another_worker_holds_is_not_touched(folder: Path, supervise: Supervisor) -> None:
    from backend.protocol.errors import TanrenError
    from backend.runs.job_state import LOCK_FILE, write_state
    from backend.runs.locks import FileLock

    lock = FileLock(folder / LOCK_FILE)
    assert lock.acquire()
    write_state(folder, "running")
    try:
        outcome = supervise(folder, hostile("crash", folder)).outcome
    except TanrenError as error:
        outcome = error.to_event()
    lock.release()
    assert isinstance(outcome, Failed) and outcome.code == "job_running"
    assert read_state(folder) == "running"


def test_leaving_the_iteration_early_leaves_no_process(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from backend import supervise as supervise_module

    monkeypatch.setattr(supervise_module, "ABANDONED_SECONDS", 1.0)
    worker = Worker(folder, hostile("stubborn", folder))
    events = iter(worker)
    next(events)
    events.close()  # type: ignore[attr-defined]
    assert is_gone(worker.pid)
    assert read_state(folder) == "lost"


def test_a_supervisor_that_slept_does_not_blame_the_worker() -> None:
    judge = watch.WorkerWatch(0.0)
    judge.feed(b'{"type":"hello","build":"b","pid":1,"lock":"none","protocol":1}\n', 1.0)
    judge.check_silence(2.0)
    judge.check_silence(2.0 + 10 * watch.SILENCE_SECONDS)  # the laptop's lid was shut
    assert judge.verdict is None
    for second in range(int(watch.SILENCE_SECONDS) + 2):
        judge.check_silence(2.0 + 10 * watch.SILENCE_SECONDS + second)
    assert judge.verdict is not None and judge.verdict.code == "worker_silent"


def test_thinning_leaves_the_usual_alone_and_loses_no_figure_and_no_text_of_a_flood() -> None:
    tokens: list[WorkerEvent] = [Token(id=1, text=letter, time=1.0) for letter in "鍛錬あいう"]
    assert watch.thinned(tokens) == tokens
    flood: list[WorkerEvent] = []
    for step in range(1000):
        flood += [Progress(done=step, total=0, unit="steps"), Progress(done=step + 1, total=0, unit="steps"),
                  Metric(step=step, values={"loss": 1.0}), Token(id=1, text="a"), Token(id=1, text="b"),
                  Token(id=2, text="c"), Log(level="info", text=str(step))]
    kept = watch.thinned(flood)
    assert [event.step for event in kept if isinstance(event, Metric)] == list(range(1000))
    assert "".join(event.text for event in kept if isinstance(event, Token) and event.id == 1) == "ab" * 1000
    assert [event.done for event in kept if isinstance(event, Progress)] == list(range(1, 1001))
    assert [event.text for event in kept if isinstance(event, Log)] == [str(step) for step in range(800, 1000)]


def test_stop_reaches_a_worker_that_was_not_reading_yet(folder: Path) -> None:
    """Requests larger than a pipe's buffer neither block the command line nor get lost."""
    script = (
        "import os, sys, time; sys.path.insert(0, sys.argv[1]); from speech import hello, say, finished\n"
        "hello(); time.sleep(1); got = b''\n"
        "while got.count(b'\\n') < 3: got += os.read(0, 65536)\n"
        "say(type='log', level='info', text=str(len(got))); finished()\n"
    )
    worker = Worker(folder, [sys.executable, "-c", script, str(WORKERS)])
    from backend.protocol.messages import Generate

    big = Generate(1, [{"role": "user", "content": "x" * 200_000}])
    for _ in range(2):
        worker.send(big)
    worker.send(Stop())
    events = list(worker)
    assert isinstance(worker.outcome, Finished)
    assert int(next(event.text for event in events if isinstance(event, Log))) > 400_000


@pytest.fixture
def application() -> Iterator[object]:
    pytest.importorskip("PySide6")
    from PySide6.QtWidgets import QApplication

    yield QApplication.instance() or QApplication([])


def test_the_window_stays_awake_in_a_flood(application: object, folder: Path) -> None:
    """Between the messages of an endless flood the event loop gets its turns, and the job can be ended."""
    from PySide6.QtCore import QEventLoop, QTimer

    from gui.jobs.job import WorkerJob

    job = WorkerJob(folder, command=hostile("flood", folder))
    loop = QEventLoop()
    ticks = 0

    def tick() -> None:
        nonlocal ticks
        ticks += 1
        if ticks == 20:
            job.kill()

    timer = QTimer()
    timer.timeout.connect(tick)
    timer.start(50)
    job.ended.connect(loop.quit)
    job.start()
    loop.exec()
    timer.stop()
    assert ticks >= 20
    assert isinstance(job.outcome, Failed) and job.outcome.code == "worker_killed"


def test_quitting_ends_a_stubborn_worker(
    application: object, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gui.jobs import job as job_module

    monkeypatch.setattr(job_module, "QUIT_SECONDS", 0.5)
    job = job_module.WorkerJob(folder, command=hostile("stubborn", folder))
    job.start()
    pid = job._process.processId()
    job.end_before_quit()
    assert is_gone(pid)
    assert job.outcome is not None
    assert read_state(folder) in ("lost", "failed")  # failed when it was killed before it said hello


def test_a_destroyed_job_leaves_no_process(application: object, folder: Path) -> None:
    import shiboken6
    from PySide6.QtCore import QObject

    from gui.jobs.job import WorkerJob

    parent = QObject()
    job = WorkerJob(folder, parent, command=hostile("stubborn", folder))
    job.start()
    assert job._process.waitForStarted()
    pid = job._process.processId()
    shiboken6.delete(parent)
    assert is_gone(pid)
    assert not shiboken6.isValid(job)
    assert read_state(folder) == "lost"
