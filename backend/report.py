"""How a job speaks: events to the wire and to events.jsonl, and the stop check that comes with progress."""

import contextlib
import os
import queue
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from backend.protocol.errors import TanrenError
from backend.protocol.languages import Text
from backend.protocol.messages import (
    Alive,
    Artifact,
    Cancel,
    Event,
    Failed,
    Finished,
    Generate,
    Log,
    Metric,
    Phase,
    Progress,
    Reply,
    Request,
    Stop,
    StopMode,
    Token,
)
from backend.protocol.wire import MAX_LINE_BYTES, encode_line, is_too_long
from backend.runs.job_state import ENDED, EVENTS_FILE, State, write_state

LOG_CHARACTERS = 4000


class Stopped(Exception):
    """Raised inside a job at its next progress report after a stop was asked for."""

    def __init__(self, mode: StopMode) -> None:
        super().__init__(mode)
        self.mode = mode


class Report:
    """The voice of one job. Every event is appended to events.jsonl before it is sent."""

    def __init__(self, job_folder: Path, wire: int) -> None:
        self.folder = job_folder
        self._wire = wire
        self._wire_open = True
        self._events = os.open(job_folder / EVENTS_FILE, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        self._sending = threading.Lock()
        self._said_last = False
        self._state: State = "starting"
        self._writing_state = threading.Lock()
        self._stop: StopMode | None = None
        self.refusal: TanrenError | None = None  # what the window sent could not be read: how the job is to end
        self._requests: queue.SimpleQueue[Generate | None] = queue.SimpleQueue()
        self._cancelled: set[int] = set()

    # --- speaking ---

    def send(self, event: Event) -> None:
        """Appends the event to events.jsonl and sends it. A window that is gone means: stop and save.

        After finished or failed nothing is sent any more (the sign of life comes from another thread).
        Raises TanrenError event_too_long instead of sending a line that the window would take for garbage.
        """
        line = encode_line(event)
        if is_too_long(line):
            raise TanrenError("event_too_long", event=type(event).__name__.lower(), kib=len(line) // 1024,
                              limit=MAX_LINE_BYTES // 1024)
        with self._sending:
            if self._said_last:
                return
            _append_whole(self._events, line)
            self._said_last = isinstance(event, Finished | Failed)
            if self._wire_open:
                try:
                    _write_all(self._wire, line)
                except OSError:
                    self._wire_open = False
                    self.ask_to_stop("save")

    def send_only(self, event: Event) -> None:
        """Sends without events.jsonl: for the first and the last word when the disk is full."""
        with self._sending:
            self._said_last = isinstance(event, Finished | Failed)
            with contextlib.suppress(OSError):
                _write_all(self._wire, encode_line(event))

    def set_state(self, state: State) -> None:
        """Writes state.json; an end state is final, whatever another thread says later. Raises OSError."""
        with self._writing_state:
            if self._state not in ENDED:
                write_state(self.folder, state)
                self._state = state

    def phase(self, name: str) -> None:
        """Names the part of the work that begins (a key of backend.protocol.phases); checks for stop."""
        self.send(Phase(name=name))
        self.check_stop()

    def progress(self, done: int, total: int, unit: str) -> None:
        """Shows progress and raises Stopped when a stop was asked for."""
        self.send(Progress(done=done, total=total, unit=unit))
        self.check_stop()

    def metric(self, step: int, values: dict[str, float]) -> None:
        """Figures of one training step."""
        self.send(Metric(step=step, values=values))

    def log(self, text: str | Text, level: Any = "info") -> None:
        """A line for the log view, in both languages where it is a sentence; cut after LOG_CHARACTERS."""
        words = text if isinstance(text, Text) else Text(text, "")
        self.send(Log(level=level, text=words.en[:LOG_CHARACTERS], text_ja=words.ja[:LOG_CHARACTERS]))

    def artifact(self, kind: str, path: Path) -> None:
        """Something finished lies at `path`."""
        self.send(Artifact(kind=kind, path=str(path)))

    def token(self, reply_id: int, text: str) -> None:
        """A piece of a reply."""
        self.send(Token(id=reply_id, text=text))

    def reply(self, reply: Reply) -> None:
        """A complete reply."""
        self.send(reply)

    def alive(self, ram: float, vram: float | None, gpu: float | None) -> None:
        """The sign of life: memory in MiB, GPU load in percent."""
        self.send(Alive(ram=ram, vram=vram, gpu=gpu))

    # --- listening ---

    def receive(self, request: Request) -> None:
        """Takes a message of the window (called from the reading thread)."""
        match request:
            case Stop(mode):
                self.ask_to_stop(mode)
            case Cancel(reply_id):
                self._cancelled.add(reply_id)
            case Generate():
                self._requests.put(request)

    def refuse(self, error: TanrenError) -> None:
        """Takes a request that cannot be read: the job saves, ends, and `error` is its last word."""
        if self.refusal is None:
            self.refusal = error
            self.ask_to_stop("save")

    def ask_to_stop(self, mode: StopMode) -> None:
        """The next progress report raises Stopped(mode); waiting for requests ends."""
        if self._stop is None or mode == "discard":
            with contextlib.suppress(OSError):  # the disk may be full; the stop itself must still happen
                self.set_state("stopping")  # first: the job may end at once when it sees the stop
            self._stop = mode
        self._requests.put(None)

    @property
    def stop_requested(self) -> StopMode | None:
        """How to stop, or None."""
        return self._stop

    def check_stop(self) -> None:
        """Raises Stopped when a stop was asked for."""
        if self._stop is not None:
            raise Stopped(self._stop)

    def requests(self) -> Iterator[Generate]:
        """The window's generate requests as they come; ends at stop."""
        while self._stop is None:
            request = self._requests.get()
            if request is not None:
                yield request

    def is_cancelled(self, reply_id: int) -> bool:
        """Whether this reply, or the whole job, should end now."""
        return reply_id in self._cancelled or self._stop is not None


def _write_all(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]


def _append_whole(descriptor: int, line: bytes) -> None:
    """Appends `line` or nothing: the beginning of a line, left by a full disk, would spoil the next one too."""
    before = os.fstat(descriptor).st_size
    try:
        _write_all(descriptor, line)
    except OSError:
        with contextlib.suppress(OSError):
            os.ftruncate(descriptor, before)
        raise
