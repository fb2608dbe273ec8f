"""Runs one job from a terminal: starts the worker, hands its events on, turns Ctrl-C into a stop message."""

import contextlib
import os
import selectors
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType

from backend.launch import REPOSITORY, worker_command, worker_environment
from backend.protocol.errors import TanrenError
from backend.protocol.messages import Failed, Finished, Request, Stop, WorkerEvent
from backend.protocol.watch import WorkerWatch
from backend.protocol.wire import encode_line
from backend.runs.job_state import ENDED, STDERR_FILE, read_state, settle_state, write_state

STDERR_TAIL_BYTES = 8000


class Worker:
    """A running worker: iterate it for events, `send` it requests, read `outcome` at the end."""

    def __init__(self, job_folder: Path, command: list[str] | None = None) -> None:
        self.folder = job_folder
        self.outcome: Finished | Failed | None = None
        write_state(job_folder, "starting")
        try:
            with open(job_folder / STDERR_FILE, "ab") as stderr:
                self._process = subprocess.Popen(
                    command or worker_command(job_folder), cwd=REPOSITORY, env=worker_environment(),
                    stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=stderr,
                )
        except OSError as error:
            write_state(job_folder, "failed")
            raise TanrenError("worker_not_started", reason=str(error)) from error

    def send(self, request: Request) -> None:
        """Sends a message; a worker that is gone shows itself in `outcome`."""
        assert self._process.stdin
        with contextlib.suppress(OSError):
            self._process.stdin.write(encode_line(request))
            self._process.stdin.flush()

    def kill(self) -> None:
        """Ends the process at once."""
        self._process.kill()

    def __iter__(self) -> Iterator[WorkerEvent]:
        assert self._process.stdout
        watch = WorkerWatch(time.monotonic())
        descriptor = self._process.stdout.fileno()
        with selectors.DefaultSelector() as selector:
            selector.register(descriptor, selectors.EVENT_READ)
            while watch.verdict is None:
                if selector.select(timeout=1.0):
                    data = os.read(descriptor, 65536)
                    if not data:
                        break
                    yield from watch.feed(data, time.monotonic())
                else:
                    watch.check_silence(time.monotonic())
        if watch.verdict is not None:
            self._process.kill()
        exit_code = self._process.wait()
        self._process.stdout.close()
        if self._process.stdin:
            with contextlib.suppress(OSError):
                self._process.stdin.close()
        self.outcome = watch.exited(exit_code, stderr_tail(self.folder))
        if read_state(self.folder) not in ENDED:
            with contextlib.suppress(OSError):
                settle_state(self.folder) if watch.hello else write_state(self.folder, "failed")


def run_job(job_folder: Path, on_event: Callable[[WorkerEvent], None]) -> Finished | Failed:
    """Runs the job to its end. First Ctrl-C: stop and save. Second: stop and discard. Third: kill."""
    worker = Worker(job_folder)
    presses = 0

    def interrupted(_signal: int, _frame: FrameType | None) -> None:
        nonlocal presses
        presses += 1
        if presses >= 3:
            worker.kill()
        else:
            worker.send(Stop("save" if presses == 1 else "discard"))

    before = {name: signal.signal(name, interrupted) for name in (signal.SIGINT, signal.SIGTERM)}
    try:
        for event in worker:
            on_event(event)
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)
    assert worker.outcome is not None
    return worker.outcome


def stderr_tail(job_folder: Path) -> str:
    """The last lines that the worker and its libraries printed."""
    try:
        with open(job_folder / STDERR_FILE, "rb") as file:
            file.seek(0, os.SEEK_END)
            file.seek(max(0, file.tell() - STDERR_TAIL_BYTES))
            return file.read().decode("utf-8", "replace")
    except OSError:
        return ""
