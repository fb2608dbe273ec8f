"""The rules by which a window or a command line judges a worker, apart from how its pipe is read."""

import signal
from typing import Literal

from backend.protocol.errors import TanrenError
from backend.protocol.messages import Alive, Failed, Finished, Hello, Log, Phase, Progress, Token, WorkerEvent
from backend.protocol.version import PROTOCOL_VERSION
from backend.protocol.wire import BadLine, LineSplitter, decode_event

HELLO_SECONDS = 60.0
SILENCE_SECONDS = 60.0
SAVING_SILENCE_SECONDS = 600.0
EXIT_SECONDS = 20.0  # a worker that has said its last word is gone by then, or is ended
ASLEEP_SECONDS = 10.0  # checks come every second: a longer gap means that the supervisor itself stood still
FLOOD_EVENTS = 100  # in one read: an honest worker sends a few
LOGS_AT_ONCE = 200

EndState = Literal["succeeded", "stopped", "failed", "lost"]


class WorkerWatch:
    """Judges one worker. Feed it bytes, ask it for the time, tell it the exit; it never touches a process.

    `verdict` is None while all is well; a TanrenError means: this worker is to be killed.
    """

    def __init__(self, now: float) -> None:
        self._splitter = LineSplitter()
        self._started = now
        self._last_heard = now
        self._last_checked = now
        self._phase = ""
        self._lingers = False
        self.hello: Hello | None = None
        self.last: Finished | Failed | None = None
        self.verdict: TanrenError | None = None

    def feed(self, data: bytes, now: float) -> list[WorkerEvent]:
        """The events in `data`; on garbage, a wrong version or an overlong line sets `verdict`.

        A flood is thinned (see `thinned`). Whatever comes after the last word is left out.
        """
        if self._is_decided():
            return []
        events: list[WorkerEvent] = []
        try:
            for line in self._splitter.feed(data):
                event = decode_event(line)
                self._last_heard = now
                self._judge(event)
                if self.verdict is None:
                    events.append(event)
                if self._is_decided():
                    break
        except BadLine as error:
            self.verdict = TanrenError("worker_garbled", detail=str(error))
        return thinned(events)

    def check_silence(self, now: float) -> None:
        """Sets `verdict` when the worker has been silent too long; saving is given more time."""
        if now - self._last_checked > ASLEEP_SECONDS:  # what it said meanwhile is still in the pipe
            self._last_heard = self._started = now
        self._last_checked = now
        if self.verdict is not None:
            return
        if self.last is not None:
            self._lingers = now - self._last_heard > EXIT_SECONDS
        elif self.hello is None:
            if now - self._started > HELLO_SECONDS:
                self.verdict = TanrenError("worker_silent", seconds=round(now - self._started))
        elif now - self._last_heard > (SAVING_SILENCE_SECONDS if self.is_saving else SILENCE_SECONDS):
            self.verdict = TanrenError("worker_silent", seconds=round(now - self._last_heard))

    @property
    def must_end(self) -> bool:
        """Whether the supervisor is to kill the worker now: it was judged, or it finished and does not go."""
        return self.verdict is not None or self._lingers

    def _is_decided(self) -> bool:
        return self.verdict is not None or self.last is not None

    @property
    def is_saving(self) -> bool:
        """Whether the worker is in the middle of a save and must not be killed unasked."""
        return self._phase == "saving"

    @property
    def end_state(self) -> EndState:
        """The job's state once the process is gone, where the worker could not write it itself."""
        if isinstance(self.last, Finished):
            return self.last.state
        return "failed" if self.last is not None or self.hello is None else "lost"

    def exited(self, exit_code: int, stderr_tail: str) -> Finished | Failed:
        """How the job ended, once the process is gone. `exit_code` is minus the signal where one ended it."""
        if self.verdict is not None:
            event = self.verdict.to_event()
            return Failed(kind=event.kind, message=event.message, hint=event.hint, code=event.code,
                          values=event.values, detail=(event.detail + "\n" + stderr_tail).strip())
        if self.last is not None:
            return self.last
        if exit_code == -signal.SIGKILL:
            return TanrenError("worker_killed", detail=stderr_tail).to_event()
        return TanrenError("worker_crashed", exit_code=exit_code, detail=stderr_tail).to_event()

    def _judge(self, event: WorkerEvent) -> None:
        if self.hello is None and not isinstance(event, Hello):
            self.verdict = TanrenError("worker_garbled", detail=f"first line was no hello: {event}")
        elif isinstance(event, Hello):
            self.hello = event
            if event.protocol != PROTOCOL_VERSION:
                self.verdict = TanrenError("worker_version", theirs=event.protocol, ours=PROTOCOL_VERSION)
        elif isinstance(event, Phase):
            self._phase = event.name
        elif isinstance(event, Finished | Failed):
            self.last = event


def thinned(events: list[WorkerEvent]) -> list[WorkerEvent]:
    """What of one read is worth showing, in order, so that a flood cannot drown a window.

    Up to FLOOD_EVENTS stay as they are. Of more, the last one of a row of progress (or alive) events stays, tokens
    of a reply are joined, and of log lines the last LOGS_AT_ONCE stay. events.jsonl has them all.
    """
    if len(events) <= FLOOD_EVENTS:
        return events
    logs = sum(isinstance(event, Log) for event in events)
    kept: list[WorkerEvent] = []
    for event in events:
        if isinstance(event, Log):
            logs -= 1
            if logs >= LOGS_AT_ONCE:
                continue
        before = kept[-1] if kept else None
        if isinstance(event, Progress | Alive) and type(before) is type(event):
            kept[-1] = event
        elif isinstance(event, Token) and isinstance(before, Token) and before.id == event.id:
            kept[-1] = Token(id=event.id, text=before.text + event.text, time=event.time)
        else:
            kept.append(event)
    return kept
