"""Runs one job from a terminal: starts the worker, hands its events on, turns Ctrl-C into a stop message."""

import contextlib
import os
import queue
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
from backend.protocol.wire import encode_request
from backend.runs.job_state import STDERR_FILE, begin_state, end_state, write_state

STDERR_TAIL_BYTES = 8000
READ_BYTES = 65536
CHECK_SECONDS = 1.0
ABANDONED_SECONDS = 60.0  # for the save of a worker whose events nobody reads any more


class Worker:
    """A running worker: iterate it for events, `send` it requests, read `outcome` at the end.

    Leaving the iteration early closes the pipes, which the worker takes as: stop and save.
    """

    def __init__(self, job_folder: Path, command: list[str] | None = None) -> None:
        """Starts it. Raises TanrenError job_running or worker_not_started."""
        self.folder = job_folder
        self.outcome: Finished | Failed | None = None
        self._requests: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._outbox = b""
        begin_state(job_folder)
        try:
            with open(job_folder / STDERR_FILE, "ab") as stderr:
                self._process = subprocess.Popen(
                    command or worker_command(job_folder), cwd=REPOSITORY, env=worker_environment(),
                    stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=stderr, bufsize=0,
                    start_new_session=True,  # Ctrl-C must not reach it, and kill() takes its children along
                )
        except OSError as error:
            write_state(job_folder, "failed")
            raise TanrenError("worker_not_started", reason=str(error)) from error
        self._watch = WorkerWatch(time.monotonic())
        self._wake_read, self._wake_write = os.pipe()
        os.set_blocking(self._wake_write, False)

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    def send(self, request: Request) -> None:
        """Sends a message, at the latest when the iteration goes on; may be called in a signal handler.

        A worker that is gone shows itself in `outcome`. Raises TanrenError dialogue_too_large.
        """
        self._requests.put(encode_request(request))
        with contextlib.suppress(OSError):
            os.write(self._wake_write, b".")

    def kill(self) -> None:
        """Ends the process and its children at once."""
        if self._process.poll() is None:
            kill_with_children(self._process.pid)

    def __iter__(self) -> Iterator[WorkerEvent]:
        try:
            yield from self._events()
        finally:
            self._end()

    def _events(self) -> Iterator[WorkerEvent]:
        assert self._process.stdout and self._process.stdin
        output, request = self._process.stdout.fileno(), self._process.stdin.fileno()
        os.set_blocking(request, False)
        with selectors.DefaultSelector() as selector:
            selector.register(output, selectors.EVENT_READ)
            selector.register(self._wake_read, selectors.EVENT_READ)
            while not self._watch.must_end:
                self._flush(request)
                with contextlib.suppress(KeyError):
                    selector.unregister(request)
                if self._outbox:
                    selector.register(request, selectors.EVENT_WRITE)
                listening = output in selector.get_map()
                ready = {key.fd for key, _ in selector.select(CHECK_SECONDS if listening else 0.02)}
                if self._wake_read in ready:
                    os.read(self._wake_read, READ_BYTES)
                if output in ready:
                    data = os.read(output, READ_BYTES)
                    if not data:
                        selector.unregister(output)
                    yield from self._watch.feed(data, time.monotonic())
                elif self._process.poll() is not None:  # a child of the worker may hold the pipe open for ever
                    return
                self._watch.check_silence(time.monotonic())

    def _flush(self, descriptor: int) -> None:
        while not self._requests.empty():
            self._outbox += self._requests.get()
        try:
            while self._outbox:
                self._outbox = self._outbox[os.write(descriptor, self._outbox) :]
        except BlockingIOError:
            return  # the worker does not read just now
        except OSError:
            self._outbox = b""  # it is gone, which the exit will show

    def _end(self) -> None:
        if self.outcome is not None:
            return
        if self._watch.must_end:
            self.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        for descriptor in (self._wake_read, self._wake_write):
            os.close(descriptor)
        self._wake_write = -1
        try:
            exit_code = self._process.wait(timeout=ABANDONED_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            exit_code = self._process.wait()
        kill_with_children(self._process.pid)
        self.outcome = self._watch.exited(exit_code, stderr_tail(self.folder))
        end_state(self.folder, self._watch.end_state)


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


def kill_with_children(pid: int) -> None:
    """Ends the worker that leads the session `pid`, and what it started; harmless when all are gone."""
    with contextlib.suppress(OSError):
        if os.name == "nt":  # not tested on Windows
            os.kill(pid, signal.SIGTERM)
        else:
            os.killpg(pid, signal.SIGKILL)


def stderr_tail(job_folder: Path) -> str:
    """The last lines that the worker and its libraries printed."""
    try:
        with open(job_folder / STDERR_FILE, "rb") as file:
            file.seek(0, os.SEEK_END)
            file.seek(max(0, file.tell() - STDERR_TAIL_BYTES))
            return file.read().decode("utf-8", "replace")
    except OSError:
        return ""
