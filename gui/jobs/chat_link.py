"""A line to one chat worker: started when it is needed, one question at a time, gone when memory is needed."""

from collections.abc import Callable
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from backend.config.jobs import ChatJob
from backend.protocol.errors import TanrenError, from_exception
from backend.protocol.messages import Cancel, Failed, Finished, Generate, Phase, Reply, Sampling, Token, WorkerEvent
from backend.protocol.wire import encode_request
from backend.runs.run import Run
from gui.jobs.job import WorkerJob

LinkState = Literal["off", "loading", "ready", "replying"]
StartJob = Callable[[ChatJob, Run | None], WorkerJob]
LEAVE_MS = 5_000


class ChatLink(QObject):
    """Owns the chat worker of one window.

    Signals:
        state_changed: off, loading, ready or replying.
        piece: the next piece of the reply (str).
        replied: the Reply is complete.
        failed: the worker ended by itself (Failed), or could not be started; an open question stays unanswered.
        unanswered: the worker was stopped from elsewhere while a question was open.
    """

    state_changed = Signal(str)
    piece = Signal(str)
    replied = Signal(object)
    failed = Signal(object)
    unanswered = Signal()

    def __init__(self, start_job: StartJob, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.state: LinkState = "off"
        self.file: Path | None = None
        self._run: Run | None = None
        self._start_job = start_job
        self._job: WorkerJob | None = None
        self._leaving = False
        self._load_again = False
        self._waiting: Generate | None = None
        self._asked = 0
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(LEAVE_MS)
        self._patience.timeout.connect(self._kill)

    @property
    def job(self) -> WorkerJob | None:
        """The worker that is there, or None."""
        return self._job

    @property
    def run(self) -> Run | None:
        """The run that the chosen file belongs to."""
        return self._run

    def choose(self, file: Path | None, run: Run | None) -> None:
        """Makes `file` the model to talk to; one that is loaded is let go, the new one loads when it is needed."""
        if file != self.file:
            self._waiting = None
            self.file, self._run = file, run
            self._let_go()

    def load(self) -> None:
        """Loads the chosen file, once the one before is gone."""
        if self._job is None:
            self._start()
        elif self._leaving:
            self._load_again = True
            self._set("loading")

    def ask(self, messages: list[dict[str, str]], sampling: Sampling) -> None:
        """Sends the dialogue, after loading the model when it is not there."""
        self._asked += 1
        request = Generate(id=self._asked, messages=messages, sampling=sampling)
        try:
            encode_request(request)  # told now, not after the model was loaded
        except TanrenError as error:
            self.failed.emit(error.to_event())
            return
        self._waiting = request
        if self.state == "ready":
            self._send_waiting()
        else:
            self.load()

    def cancel(self) -> bool:
        """Ends the reply that is being written; True when the question was taken back before it was sent."""
        if self._waiting is not None:
            self._waiting = None
            return True
        if self._job is not None and self.state == "replying":
            self._job.send(Cancel(self._asked))
        return False

    def release(self) -> None:
        """Frees the memory while nothing is asked; the next question loads the file again."""
        if self.state in ("loading", "ready") and self._waiting is None:
            self._let_go()

    def _let_go(self) -> None:
        self._load_again = False
        if self._job is None or self._leaving:
            return
        self._leaving = True
        self._job.stop("discard")
        self._patience.start()
        self._set("off")

    def _start(self) -> None:
        if self.file is None:
            return
        self._load_again = False
        self._set("loading")
        try:
            job = self._start_job(ChatJob(gguf=str(self.file)), self._run)
        except (OSError, TanrenError) as error:  # its folder could not be written
            self._on_ended(from_exception(error).to_event())
            return
        self._job = job
        job.event.connect(self._on_event)
        job.ended.connect(self._on_ended)
        if job.outcome is not None:  # it could not even be started
            self._on_ended(job.outcome)

    @Slot(object)
    def _on_event(self, event: WorkerEvent) -> None:
        if self._job is None or self._leaving:
            return
        if isinstance(event, Phase) and event.name == "ready":
            self._set("ready")
            self._send_waiting()
        elif isinstance(event, Token) and event.id == self._asked:
            self.piece.emit(event.text)
        elif isinstance(event, Reply):  # to whichever question: the worker is free again
            self._set("ready")
            if event.id == self._asked:
                self.replied.emit(event)
            self._send_waiting()

    def _send_waiting(self) -> None:
        if self._waiting is not None and self._job is not None and self.state == "ready":
            request, self._waiting = self._waiting, None
            self._job.send(request)
            self._set("replying")

    @Slot(object)
    def _on_ended(self, outcome: Finished | Failed) -> None:
        self._patience.stop()
        left, self._leaving, self._job = self._leaving, False, None
        was_asked = self._waiting is not None or self.state == "replying"
        self._set("off")
        if left:
            if self._load_again or self._waiting is not None:
                self._start()
            return
        self._waiting = None
        if isinstance(outcome, Failed):
            self.failed.emit(outcome)
        elif was_asked:
            self.unanswered.emit()

    @Slot()
    def _kill(self) -> None:
        if self._job is not None and self._leaving:
            self._job.kill()  # a chat has nothing to save

    def _set(self, state: LinkState) -> None:
        if state != self.state:
            self.state = state
            self.state_changed.emit(state)
