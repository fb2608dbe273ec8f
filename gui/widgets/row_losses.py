"""The rows of a run one by one: how well the tuned model knows each, the worst first, to be looked at and corrected."""

from pathlib import Path

import msgspec
from PySide6.QtCore import QItemSelectionModel, Signal, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from backend.config.jobs import RowLossesJob
from backend.config.reading import Reading
from backend.data.dataset import Side
from backend.data.row_losses import LOSSES_FILE, RowLoss
from backend.protocol.errors import TanrenError, from_exception
from backend.protocol.messages import Failed, Finished
from backend.runs.manifests import read_manifest
from backend.runs.origin import stale
from backend.runs.run import Run
from gui.data_desk.open_dataset import OpenDataset
from gui.figures import count, listed
from gui.item_models.loss_rows import SPLITS, LossRows, Shown
from gui.item_models.run_rows import loss_text
from gui.session import Session
from gui.theme import SPACE_M, SPACE_S
from gui.widgets.job_progress import JobProgress
from gui.widgets.loss_table import LossTable
from gui.widgets.parts import button, label, row
from gui.widgets.row_view import RowSource, RowView
from gui.widgets.undo_bar import UndoBar
from gui.words import side_word, stale_words

VIEW_HEIGHT = 300


class RowLossesView(QWidget):
    """Shows one run at a time; measures it when asked.

    Signals:
        failed: a TanrenError or Failed: something could not be measured, read or changed.
        busy_changed: a measurement began or ended.
    """

    failed = Signal(object)
    busy_changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self._run: Run | None = None
        self._measuring: Run | None = None
        self._can_measure = False
        self._seen: tuple[str, float] = ("", 0.0)  # run and time of the measurement that is shown
        self._chosen: RowLoss | None = None
        self._edited = self._is_changed = False
        self._undoing: OpenDataset | None = None
        self._edited_row = 0
        self._step: int | None = None  # what the undo bar takes back; None until it is known
        self._own: OpenDataset | None = None
        self.rows = LossRows(self)
        self.hint = label("muted")
        self.measure_button = button(self.measure, "", "measureRowsButton")
        self.progress = JobProgress(session.language)
        self.stale_note = label("warning")
        self.stale_note.setObjectName("staleRowLosses")
        self.summary = label("heading")
        self.summary.setObjectName("rowLossesSummary")
        self.split_box = QComboBox()
        self.split_box.setObjectName("rowLossesFilter")
        self.split_box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        for split in ("", *SPLITS):
            self.split_box.addItem("", split)
        self.table = LossTable(self.rows)
        self.table_hint = label("small")
        self.undo_bar = UndoBar()
        self.changed_note = label("warning")
        self.changed_note.setObjectName("rowsChangedNote")
        self.view = RowView(session)
        self.view.setMinimumHeight(VIEW_HEIGHT)
        self.shown_part = QWidget()
        inside = QVBoxLayout(self.shown_part)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(SPACE_S)
        above = row(self.summary, self.split_box, stretch=False, spacing=SPACE_M)
        above.setStretch(0, 1)
        inside.addLayout(above)
        for below in (self.table, self.table_hint, self.undo_bar, self.changed_note, self.view):
            inside.addWidget(below)
        self._content = QWidget()  # hidden behind another tab: Qt makes every tab as high as the highest
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._content)
        layout = QVBoxLayout(self._content)
        layout.setContentsMargins(0, SPACE_M, 0, 0)
        layout.setSpacing(SPACE_M)
        layout.addWidget(self.hint)
        layout.addLayout(row(self.measure_button))
        for part in (self.progress, self.stale_note, self.shown_part):
            layout.addWidget(part)
        layout.addStretch(1)
        self.progress.ended.connect(self._on_measured)
        self.split_box.activated.connect(self._filter)
        self.rows.answered.connect(self._show_answer)
        self.rows.failed.connect(self.failed)
        self.rows.edited.connect(self._edit)
        self.table.line_chosen.connect(self._choose)
        session.data_changed.connect(self._follow_session)
        self._follow_session()
        self.retranslate()

    @property
    def is_measuring(self) -> bool:
        """Whether a measurement is going on, of whichever run."""
        return self.progress.job is not None

    def show_run(self, run: Run, can_measure: bool) -> None:
        """Shows `run` as it lies on disk; what is shown already is read again only when it was measured anew."""
        self._can_measure = can_measure
        manifest = read_manifest(run.row_losses)
        seen = (run.id, manifest.created if manifest else 0.0)
        if self._run is None or self._run.id != run.id:
            self.undo_bar.hide()
            self._edited, self._chosen = False, None
            self._close_own()
        self._run = run
        if seen != self._seen:
            self._seen = seen
            self.rows.open(run if manifest and (run.row_losses / LOSSES_FILE).is_file() else None)
        self._show()

    def measure(self) -> None:
        """Starts measuring the run that is shown."""
        run = self._run
        if run is None or self.is_measuring:
            return
        try:
            job = self.session.start_run_job(run, RowLossesJob(run=str(run.folder)), "row_losses")
        except (TanrenError, OSError) as error:
            self.failed.emit(from_exception(error))
            return
        self._measuring = run
        self.progress.follow(job)
        self._show()
        self.busy_changed.emit()

    def showEvent(self, event: QShowEvent) -> None:
        """Takes the room that the rows need."""
        super().showEvent(event)
        self._content.show()

    def hideEvent(self, event: QHideEvent) -> None:
        """Leaves the room to the tab in front."""
        super().hideEvent(event)
        self._content.hide()

    def retranslate(self) -> None:
        """Sets every text."""
        self.hint.setText(self.tr("How well does the trained model know each answer? The rows with the highest loss "
                                  "are those that it still gets wrong: often it is the row that is wrong."))
        self.progress.retranslate(self.session.language)
        self.split_box.setAccessibleName(self.tr("Rows shown"))
        self.table.setAccessibleName(self.tr("Rows with their losses"))
        self.changed_note.setText(self.tr("✎ The model was trained with the old text; train again for it to learn the "
                                          "new one."))
        self.rows.retranslate()
        self.undo_bar.retranslate()
        self.undo_bar.text.setText(self._edited_words())
        self.view.retranslate()
        self._show()
        self._choose(self.table.currentIndex().row())

    def _show(self) -> None:
        """Everything but the rows themselves."""
        run = self._run
        measured = self.rows.measured
        known = measured is not None
        here = self.is_measuring and self._measuring is not None and run is not None and self._measuring.id == run.id
        self.progress.setVisible(here)
        self.measure_button.setVisible(not here)
        self.measure_button.setEnabled(self._can_measure and not self.is_measuring)
        self.measure_button.setText(self.tr("Measure again") if known else self.tr("Measure the loss of each row"))
        self.measure_button.setToolTip(
            "" if run is None or run.finished_checkpoints() else self.tr("This run has no checkpoint yet."))
        old = stale(run, run.row_losses) if run is not None and known else None
        self.stale_note.setText(f"! {stale_words(old)}" if old else "")
        self.stale_note.setVisible(old is not None)
        self.shown_part.setVisible(known)
        names = {"": self.tr("All rows")}
        for place in range(self.split_box.count()):
            split = str(self.split_box.itemData(place))
            name = names.get(split) or self.tr("Used for {0}").format(side_word(split))
            self.split_box.setItemText(place, f"{name} ({count(measured.counts[split] if measured else 0)})")
        self.summary.setText(self.tr("Mean loss: {0}").format(listed(
            f"{side_word(split)} {loss_text(mean)}" for split, mean in measured.means.items())) if measured else "")
        can_edit = measured is not None and any(measured.datasets.values())
        self.table_hint.setText(
            self.tr("Double-click a question or an answer to correct it. A click on a heading sorts.") if can_edit
            else self.tr("These rows come from a file, which is never changed: import it as a dataset to edit rows. A "
                         "click on a heading sorts."))
        self._show_changed()

    def _show_changed(self) -> None:
        self.changed_note.setVisible(self._edited or self._is_changed)

    @Slot(object)
    def _on_measured(self, outcome: Finished | Failed) -> None:
        if isinstance(outcome, Failed):
            self.failed.emit(outcome)
        self.busy_changed.emit()
        self._show()

    @Slot()
    def _filter(self) -> None:
        self.rows.ask(str(self.split_box.currentData()), self.rows.sorted_by, self.rows.is_descending)

    @Slot()
    def _show_answer(self) -> None:
        """Finds the chosen row again among those that are shown now, or takes the first."""
        self._show()
        found = self.rows.rowCount()
        if found:
            line = max(0, self.rows.line_of(self._chosen))
            flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
            self.table.selectionModel().setCurrentIndex(self.rows.index(line, 0), flags)
            self.table.scrollTo(self.rows.index(line, 0))
        self._choose(0 if not found else self.table.currentIndex().row())

    @Slot(int)
    def _choose(self, line: int) -> None:
        """Shows a row as a chat and as tokens: as the dataset has it now, else as the run keeps it."""
        shown = self.rows.shown_at(line)
        measured, run = self.rows.measured, self._run
        if shown is None or measured is None or run is None:
            self._chosen, self._is_changed = None, False
            self.view.show_row(None, [], [])
            return
        self._chosen, self._is_changed = shown.loss, shown.changed
        info = run.info()
        model = Path(info.model) if Path(info.model).is_dir() else None
        side: Side = "held_out" if shown.loss.split == "held_out" else "train"
        following = [self.rows.shown_at(place) for place in range(line, line + RowView.READ_AHEAD)]
        near = [other for other in following if other is not None
                and (other.loss.split, other.folder, other.gone) == (shown.loss.split, shown.folder, shown.gone)]
        if shown.folder is not None and not shown.gone:
            source = RowSource(shown.folder, model, info.config.max_length)
            row, places = msgspec.structs.replace(shown.row, side=side), [other.row.row for other in near]
        else:
            kept = measured.kept[shown.loss.split]
            reading = Reading(format="text", mapping={"text": "text"}) if shown.row.text else Reading(format="messages")
            source = RowSource(kept.path, model, info.config.max_length, reading)
            row = msgspec.structs.replace(shown.row, row=kept.line_of(shown.loss.row), side=side)
            places = [kept.line_of(other.loss.row) for other in near]
        self.view.show_row(row, [], list(dict.fromkeys(places)), source, self._said(shown))
        self._show_changed()

    def _said(self, shown: Shown) -> str:
        loss = shown.loss
        parts = [self.tr("Row {0}").format(count(loss.row)), side_word(loss.split),
                 self.tr("loss {0} over {1} tokens").format(loss_text(loss.loss), count(loss.tokens))]
        if loss.part:
            parts.insert(1, self.tr("piece {0}").format(loss.part + 1))
        if shown.changed:
            parts.append(self.tr("changed since the training"))
        return listed(parts)

    # --- edits ---

    @Slot(object, str, str)
    def _edit(self, shown: Shown, part: str, text: str) -> None:
        assert shown.folder is not None
        dataset = self._dataset(shown.folder)
        self._edited, self._undoing, self._step, self._edited_row = True, dataset, None, shown.row.row
        self.undo_bar.offer(self._edited_words(), dataset.undo)
        dataset.edit(shown.row.row, part, text)  # type: ignore[arg-type]
        self._choose(self.rows.line_of(shown.loss))

    def _edited_words(self) -> str:
        return self.tr("Row {0} was changed in the dataset.").format(count(self._edited_row))

    def _dataset(self, folder: Path) -> OpenDataset:
        """The dataset of these rows: the one that is open in the window, else one of our own."""
        if self.session.dataset is not None and self.session.data == folder:
            return self.session.dataset
        if self._own is None or self._own.folder != folder:
            self._close_own()
            self._own = OpenDataset(self.session, folder)
            self._follow(self._own)
        return self._own

    @Slot()
    def _follow_session(self) -> None:
        """Rows of the dataset that is open in the window may be changed there, too."""
        if self._undoing is not None and self._undoing is not self._own:
            self._undoing = None  # it was put away
            self.undo_bar.hide()
        if self._own is not None and self._own.folder == self.session.data:
            self._close_own()
        if self.session.dataset is not None:
            self._follow(self.session.dataset)

    def _follow(self, dataset: OpenDataset) -> None:
        dataset.rows_changed.connect(self._take_changes)
        dataset.changed.connect(self._keep_undo_bar)
        dataset.failed.connect(self._refuse)

    def _close_own(self) -> None:
        if self._own is not None:
            if self._undoing is self._own:
                self._undoing = None
                self.undo_bar.hide()
            self._own.close()
            self._own = None

    @Slot(list)
    def _take_changes(self, numbers: list[int]) -> None:
        if self.rows.measured is not None:
            self.rows.refresh(numbers)
            self.view.forget(numbers)
            self._choose(self.table.currentIndex().row())

    @Slot(object)
    def _refuse(self, error: TanrenError | Failed) -> None:
        """The change was not made. What fails while another page is in front is told there."""
        if self.isVisible():
            self.undo_bar.hide()
            self.failed.emit(error)

    @Slot()
    def _keep_undo_bar(self) -> None:
        """The bar takes back the newest step: it goes when another was done, or this one was undone elsewhere."""
        dataset = self._undoing
        if dataset is None or dataset.is_changing or dataset.overview is None:
            return
        steps = [step.step for step in dataset.overview.steps if not step.undone]
        newest = steps[-1] if steps else -1
        if self._step is None:
            self._step = newest
        elif self._step != newest:
            self.undo_bar.hide()
