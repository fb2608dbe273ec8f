"""The dataset that is open in the window: what is in it, and every change to it, one after the other."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from backend.config.jobs import DataApplyJob
from backend.config.steps import StepSpec
from backend.data.dataset_folder import accept, hold_dataset
from backend.data.journal import rows_changed
from backend.data.store import Store
from backend.protocol.errors import TanrenError, from_exception
from backend.protocol.messages import Failed, Finished
from gui.background import Background
from gui.data_desk.edits import Part, edit_row, forget_before, redo_step, remove_rows, undo_step, with_part
from gui.data_desk.overview import Overview, read_overview
from gui.jobs.job import WorkerJob

if TYPE_CHECKING:
    from gui.session import Session

MEASURED_UNASKED = 20_000  # rows: up to here another model's lengths are counted without asking


class OpenDataset(QObject):
    """Changes by hand are done in a thread, steps by a worker; while either is at work the other waits or is refused.

    Signals:
        changed: `overview` is new.
        rows_changed: these rows, a list of numbers, say something else now; of an empty list all may.
        busy_changed: a change began or ended.
        job_started: a WorkerJob began to work on the dataset.
        failed: a TanrenError or Failed: a change was not made.
        steps_done: the result of a job of steps, a dict.
    """

    changed = Signal()
    rows_changed = Signal(list)
    busy_changed = Signal()
    job_started = Signal(object)
    failed = Signal(object)
    steps_done = Signal(dict)

    def __init__(self, session: "Session", folder: Path) -> None:
        super().__init__(session)
        self.folder = folder
        self.overview: Overview | None = None
        self.job: WorkerJob | None = None
        self._session = session
        self._background = Background(self)
        self._changes = 0
        self._measured_unasked: tuple[str, int] | None = None
        self._read()

    @property
    def is_changing(self) -> bool:
        """Whether a change is being made, by hand or by a job."""
        return self.job is not None or self._changes > 0

    @property
    def is_divided(self) -> bool:
        """Whether rows of it are held out."""
        return self.overview is not None and self.overview.sides.get("held_out", 0) > 0

    def edit(self, number: int, part: Part, text: str) -> None:
        """Says a part of row `number` differently."""
        self._change(lambda: edit_row(self.folder, number, lambda row: with_part(row, part, text)), [number])

    def remove(self, numbers: list[int]) -> None:
        """Takes rows out."""
        self._change(lambda: remove_rows(self.folder, numbers), [])

    def undo(self) -> None:
        """Takes the newest step back."""
        self._change(lambda: undo_step(self.folder), [])

    def redo(self) -> None:
        """Does the step again that was taken back last."""
        self._change(lambda: redo_step(self.folder), [])

    def forget(self) -> None:
        """Erases what the rows were before the steps: these can no longer be undone."""
        self._change(lambda: forget_before(self.folder), [])

    def accept(self, check: str, accepted: bool = True) -> None:
        """Records that training may start although `check` was found, or takes that back."""
        self._change(lambda: _accept(self.folder, check, accepted), [])

    def rows_of_step(self, step: int, then: Callable[[list[int]], object]) -> None:
        """Calls `then` with the rows that a step touched."""
        self._background.do(lambda: _rows_of_step(self.folder, step), then, self.failed.emit)

    def apply(self, steps: list[StepSpec]) -> None:
        """Does steps by a worker; without steps only checks all rows again."""
        if self.is_changing:
            self.failed.emit(TanrenError("dataset_busy", path=self.folder))
            return
        try:
            job = self._session.start_look(DataApplyJob(
                dataset=str(self.folder), steps=steps, model=self._model(), max_length=self._session.max_length,
            ), "data_apply")
        except (TanrenError, OSError) as error:
            self.failed.emit(from_exception(error))
            return
        if job.outcome is not None:  # it could not even start
            self._ended(job.outcome)
            return
        self.job = job
        job.ended.connect(self._ended)
        self.job_started.emit(job)
        self.busy_changed.emit()

    def is_measured(self) -> bool:
        """Whether lengths are those of the session's model and maximum length, or there is no model to ask."""
        measured = self.overview.measured if self.overview else None
        return self._session.model is None or (
            measured is not None and measured.get("model") == str(self._session.model)
            and measured.get("max_length") == self._session.max_length)

    def has_nothing_to_train(self) -> bool:
        """Whether no row can be trained on: at all, or, as far as it was looked at, with the session's model."""
        overview = self.overview
        if overview is None:
            return False
        refused = overview.measured is not None and self.is_measured() and not overview.measured["total"]
        return not overview.usable or (self._session.model is not None and refused)

    def measure_unasked(self) -> None:
        """Counts the lengths for the present model unless they are known, the dataset is large, or work is going on."""
        small = self.overview is not None and self.overview.rows <= MEASURED_UNASKED
        wanted = (self._model(), self._session.max_length)
        if small and wanted != self._measured_unasked and not self.is_measured() and not self.is_changing:
            self._measured_unasked = wanted  # once: a model that cannot be read cannot be read a second time
            self.apply([])

    def close(self) -> None:
        """Another dataset is open now: what is still being done to this one ends or goes on by itself."""
        self.blockSignals(True)
        self.deleteLater()

    def _model(self) -> str:
        return str(self._session.model or "")

    def _change(self, work: Callable[[], Any], rows: list[int]) -> None:
        if self.job is not None:
            self.failed.emit(TanrenError("dataset_busy", path=self.folder))
            self.rows_changed.emit(rows)
            return
        self._changes += 1
        self._background.do(work, lambda _done: self._changed(rows), lambda error: self._refused(error, rows))
        self.busy_changed.emit()

    def _changed(self, rows: list[int]) -> None:
        """Over only when the dataset as a whole was read again: until then nothing is said that is no longer true."""
        self.rows_changed.emit(rows)
        self._background.do(lambda: read_overview(self.folder), self._finish, self._finish_failed)

    def _finish(self, overview: Overview) -> None:
        self._changes -= 1
        self._show(overview)
        self.busy_changed.emit()

    def _finish_failed(self, error: TanrenError) -> None:
        self._changes -= 1
        self.failed.emit(error)
        self.busy_changed.emit()

    def _refused(self, error: TanrenError, rows: list[int]) -> None:
        self.failed.emit(error)
        self._changed(rows)

    def _ended(self, outcome: Finished | Failed) -> None:
        self.job = None
        self._changes += 1
        if isinstance(outcome, Failed):
            self.failed.emit(outcome)
        elif outcome.state == "succeeded":
            self.steps_done.emit(outcome.result)
        self._changed([])

    def _read(self) -> None:
        self._background.do(lambda: read_overview(self.folder), self._show, self.failed.emit)

    def _show(self, overview: Overview) -> None:
        self.overview = overview
        self.changed.emit()


def _accept(folder: Path, check: str, accepted: bool) -> None:
    with hold_dataset(folder), Store.open(folder) as store:
        accept(store, check, accepted)


def _rows_of_step(folder: Path, step: int) -> list[int]:
    with Store.open(folder) as store:
        return rows_changed(store, step)
