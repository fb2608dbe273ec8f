"""A look at a model or a dataset: one worker at a time, a newer question replaces the older one."""

from PySide6.QtCore import QObject, Signal

from backend.config.jobs import Job
from backend.protocol.errors import TanrenError, from_exception
from backend.protocol.messages import Failed, Finished
from gui.jobs.job import WorkerJob
from gui.session import Session


class Look(QObject):
    """Asks the engine one thing and forgets the answer to anything asked before.

    Signals:
        answered: the result of the job, a dict.
        failed: the Failed event.
    """

    answered = Signal(dict)
    failed = Signal(object)

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._job: WorkerJob | None = None

    @property
    def is_running(self) -> bool:
        """Whether an answer is awaited."""
        return self._job is not None

    def ask(self, job: Job, kind: str) -> None:
        """Starts a worker for `job`; the one before it, if it still runs, is told to stop."""
        self.cancel()
        try:
            worker = self._session.start_look(job, kind)
        except (TanrenError, OSError) as error:  # its folder could not be written
            self.failed.emit(from_exception(error).to_event())
            return
        if worker.outcome is not None:  # it could not even start
            self._take(worker.outcome)
            return
        self._job = worker
        worker.ended.connect(lambda outcome: self._ended(worker, outcome))

    def cancel(self) -> None:
        """No answer is wanted any more."""
        if self._job is not None:
            job, self._job = self._job, None
            job.stop("discard")

    def _ended(self, worker: WorkerJob, outcome: Finished | Failed) -> None:
        if worker is self._job:
            self._job = None
            self._take(outcome)

    def _take(self, outcome: Finished | Failed) -> None:
        if isinstance(outcome, Failed):
            self.failed.emit(outcome)
        elif outcome.state == "succeeded":
            self.answered.emit(outcome.result)
