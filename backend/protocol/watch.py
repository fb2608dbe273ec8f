"""The rules by which a window or a command line judges a worker, apart from how its pipe is read."""

from backend.protocol.errors import TanrenError
from backend.protocol.messages import Failed, Finished, Hello, Phase, WorkerEvent
from backend.protocol.version import PROTOCOL_VERSION
from backend.protocol.wire import BadLine, LineSplitter, decode_event

HELLO_SECONDS = 60.0
SILENCE_SECONDS = 60.0
SAVING_SILENCE_SECONDS = 600.0


class WorkerWatch:
    """Judges one worker. Feed it bytes, ask it for the time, tell it the exit; it never touches a process.

    `verdict` is None while all is well; a TanrenError means: this worker is to be killed.
    """

    def __init__(self, now: float) -> None:
        self._splitter = LineSplitter()
        self._last_heard = now
        self._started = now
        self._phase = ""
        self.hello: Hello | None = None
        self.last: Finished | Failed | None = None
        self.verdict: TanrenError | None = None

    def feed(self, data: bytes, now: float) -> list[WorkerEvent]:
        """The events in `data`; on garbage, a wrong version or an overlong line sets `verdict`."""
        if self.verdict is not None:
            return []
        self._last_heard = now
        events: list[WorkerEvent] = []
        try:
            for line in self._splitter.feed(data):
                event = decode_event(line)
                self._judge(event)
                if self.verdict is not None:
                    return events
                events.append(event)
        except BadLine as error:
            self.verdict = TanrenError("worker_garbled", detail=str(error))
        return events

    def check_silence(self, now: float) -> None:
        """Sets `verdict` when the worker has been silent too long; saving is given more time."""
        if self.verdict is not None or self.last is not None:
            return
        allowed = HELLO_SECONDS if self.hello is None else (
            SAVING_SILENCE_SECONDS if self._phase == "saving" else SILENCE_SECONDS
        )
        if now - self._last_heard > allowed:
            self.verdict = TanrenError("worker_silent", seconds=round(now - self._last_heard))

    def exited(self, exit_code: int, stderr_tail: str) -> Finished | Failed:
        """How the job ended, once the process is gone."""
        if self.verdict is not None:
            event = self.verdict.to_event()
            return Failed(kind=event.kind, message=event.message, hint=event.hint, code=event.code,
                          values=event.values, detail=(event.detail + "\n" + stderr_tail).strip())
        if self.last is not None:
            return self.last
        return TanrenError("worker_crashed", exit_code=exit_code, detail=stderr_tail).to_event()

    @property
    def is_saving(self) -> bool:
        """Whether the worker is in the middle of a save and must not be killed unasked."""
        return self._phase == "saving"

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
