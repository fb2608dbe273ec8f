"""Results: every run, its loss, and its answers before and after."""

import contextlib
import time
from pathlib import Path
from typing import ClassVar

from PySide6.QtCore import QItemSelection, Qt, QTimer, Slot
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QTabWidget, QVBoxLayout, QWidget

from backend.config.jobs import EvaluateJob
from backend.protocol.errors import TanrenError, from_exception
from backend.protocol.messages import Failed, Finished
from backend.runs.events import metrics
from backend.runs.job_state import is_alive
from backend.runs.origin import stale
from backend.runs.run import Run
from gui.item_models.answers_model import BASE, TUNED
from gui.item_models.run_rows import RunRow, kind_of
from gui.item_models.runs_model import RunsModel
from gui.pages.page import Page
from gui.session import Session
from gui.theme import SPACE_L, SPACE_M, SPACE_S, set_role
from gui.widgets.answers_view import AnswersView
from gui.widgets.calm_table import CalmTable
from gui.widgets.empty_state import EmptyState
from gui.widgets.error_panel import ErrorPanel
from gui.widgets.job_progress import JobProgress
from gui.widgets.loss_chart import LossChart
from gui.widgets.parts import Card, button, label
from gui.widgets.row_losses import RowLossesView
from gui.widgets.undo_bar import UndoBar
from gui.words import stale_words

REFRESH_MS = 2_000
ROW_PADDING, ROWS_SEEN = 18, 5
TRASH = "trash"


class ResultsPage(Page):
    """The list of runs above, the chosen run below."""

    name: ClassVar[str] = "results"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.errors = ErrorPanel(session)
        self.undo = UndoBar()
        self.runs = RunsModel(session)
        self.table = self._make_table()
        self.empty = EmptyState(lambda: session.page_requested.emit("train"), "goToTrain")
        self._measured: Run | None = None
        self.progress = JobProgress(session.language)
        self.progress.ended.connect(self._on_measured)
        self.stale_note = label("warning")
        self.stale_note.setObjectName("staleScores")
        self.answers = AnswersView()
        self.chart = LossChart()
        self.row_losses = RowLossesView(session)
        self.row_losses.failed.connect(self._show_failure)
        self.row_losses.busy_changed.connect(self._show_detail)
        self.detail = self._make_detail()
        self.body.addWidget(self.errors)
        self.body.addWidget(self.undo)
        self.body.addWidget(self.table)
        self.body.addWidget(self.detail, 1)
        self.body.addWidget(self.empty, 1)
        self._ticks = QTimer(self)
        self._ticks.setInterval(REFRESH_MS)
        self._ticks.timeout.connect(self._refresh_list)
        session.runs_changed.connect(self._refresh_if_seen)
        session.run_changed.connect(self._select_chosen)
        deleting = QShortcut(QKeySequence.StandardKey.Delete, self.table, self.delete_run)
        deleting.setContext(Qt.ShortcutContext.WidgetShortcut)  # the key means something else in the other tables
        self.refresh()
        self.retranslate()

    def retranslate(self) -> None:
        """Sets every text of the page."""
        self.set_title(self.tr("Results"),
                       self.tr("Did it become better? Measured on rows that were never trained on."))
        self.empty.set_texts(self.tr("No runs yet"), self.tr("Every training appears here with its figures."),
                             self.tr("Train a model"))
        self.undo.retranslate()
        self.runs.retranslate()
        self.table.setAccessibleName(self.tr("Runs"))
        self.progress.retranslate(self.session.language)
        self.answers.retranslate()
        self.chart.retranslate()
        self.tabs.setTabText(0, self.tr("Before and after"))
        self.tabs.setTabText(1, self.tr("Loss"))
        self.tabs.setTabText(2, self.tr("The rows one by one"))
        self.row_losses.retranslate()
        self.resume_button.setText(self.tr("Resume…"))
        self.export_button.setText(self.tr("Export…"))
        self.delete_button.setText(self.tr("Delete"))
        self.measure_hint.setText(self.tr("The base model and the trained model answer every held-out row; "
                                          "the answers are compared word for word."))
        self._show_detail()

    def on_shown(self) -> None:
        """Reads the runs again and keeps reading while the page is seen."""
        self.refresh()
        self._ticks.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Stops reading the runs."""
        self._ticks.stop()
        super().hideEvent(event)

    @property
    def selected(self) -> RunRow | None:
        """The run that the lower half shows."""
        rows = self.table.selectionModel().selectedRows()
        return self.runs.run_row(rows[0].row()) if rows else None

    def measure(self) -> None:
        """Starts the comparison of base and tuned on the held-out rows."""
        row = self.selected
        if row is None:
            return
        self.errors.clear()
        try:
            job = self.session.start_run_job(
                row.run, EvaluateJob(run=str(row.run.folder), targets=[BASE, TUNED]), "evaluate")
        except (TanrenError, OSError) as error:
            self.errors.show_error(from_exception(error))
            return
        self._measured = row.run
        self.progress.follow(job)
        self._show_detail()

    def delete_run(self) -> None:
        """Moves the chosen run to the trash of the home folder; the bar can bring it back."""
        row = self.selected
        if row is None or any(is_alive(job) for job in row.run.job_folders()):
            return
        trash = self.session.home / TRASH
        kept = trash / f"{row.run.id}-{int(time.time())}"
        try:
            trash.mkdir(exist_ok=True)
            row.run.folder.rename(kept)
        except OSError as error:
            self.errors.show_error(from_exception(error))
            return
        self.undo.offer(self.tr("“{name}” was deleted.").format(name=row.info.name),
                        lambda: self._bring_back(kept, row.run))
        if self.session.run is not None and self.session.run.id == row.run.id:
            self.session.choose_run(None)
        self.session.runs_changed.emit()

    def refresh(self) -> None:
        """Reads the list and the chosen run again."""
        self._refresh_list()
        self._show_detail()

    def _make_table(self) -> CalmTable:
        table = CalmTable()
        table.setObjectName("runsTable")
        table.setModel(self.runs)
        header = table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        table.selectionModel().selectionChanged.connect(self._on_selected)
        return table

    def _make_detail(self) -> Card:
        card = Card()
        self.measure_button = button(self.measure, "primary", "measureButton")
        self.resume_button = button(lambda: self._go("train"), "", "resumeRunButton")
        self.export_button = button(lambda: self._go("export"), "", "exportRunButton")
        self.delete_button = button(self.delete_run, "quiet", "deleteRunButton")
        self.measure_hint = label("muted")
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE_S)
        for widget in (self.measure_button, self.export_button, self.resume_button):
            buttons.addWidget(widget)
        buttons.addStretch(1)
        buttons.addWidget(self.delete_button)
        comparison = QWidget()
        inside = QVBoxLayout(comparison)
        inside.setContentsMargins(0, SPACE_M, 0, 0)
        inside.setSpacing(SPACE_L)
        inside.addWidget(self.measure_hint)
        inside.addWidget(self.progress)
        inside.addWidget(self.stale_note)
        inside.addWidget(self.answers, 1)
        inside.addStretch(0)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(comparison, "")
        self.tabs.addTab(self.chart, "")
        self.tabs.addTab(self.row_losses, "")
        card.body.addLayout(buttons)
        card.body.addWidget(self.tabs, 1)
        return card

    def _refresh_if_seen(self) -> None:
        if self.isVisible():
            self.refresh()

    def _refresh_list(self) -> None:
        self.runs.refresh()
        count = self.runs.rowCount()
        self.table.setVisible(count > 0)
        self.detail.setVisible(count > 0)
        self.empty.setVisible(count == 0)
        header = self.table.horizontalHeader().sizeHint().height()
        height = self.fontMetrics().height() + ROW_PADDING
        self.table.verticalHeader().setDefaultSectionSize(height)
        self.table.setFixedHeight(header + height * min(max(count, 1), ROWS_SEEN) + 4)
        if self.selected is None and count:
            self._select_chosen()

    def _select_chosen(self) -> None:
        row = max(0, self.runs.row_of(self.session.run))
        if self.runs.rowCount() and (self.selected is None or self.runs.row_of(self.selected.run) != row):
            self.table.selectRow(row)

    def _on_selected(self, chosen: QItemSelection, _before: QItemSelection) -> None:
        row = self.selected
        if row is None or chosen.isEmpty():
            return
        if self.session.run is None or self.session.run.id != row.run.id:
            self.session.choose_run(row.run)
        self._show_detail()

    @Slot()
    def _show_detail(self) -> None:
        row = self.selected
        if row is None:
            return
        self.detail.heading.setText(row.info.name)
        comparing = self.progress.job is not None
        measuring = comparing or self.row_losses.is_measuring
        here = comparing and self._measured is not None and self._measured.id == row.run.id
        has_answers = self.answers.show_run(row.run)
        training = any(kind_of(job.folder) == "train" and job.outcome is None for job in self.session.jobs)
        trained = bool(row.run.finished_checkpoints())
        set_role(self.measure_button, "" if has_answers else "primary")  # the next step is the one that stands out
        set_role(self.export_button, "primary" if has_answers else "")
        self.measure_button.setText(self.tr("Compare again") if has_answers else self.tr("Compare before and after"))
        self.measure_button.setEnabled(trained and not measuring and not training)
        self.measure_button.setToolTip(
            "" if trained else self.tr("This run has no checkpoint yet."))
        self.measure_hint.setVisible(not has_answers and not here)
        self.progress.setVisible(here)
        self.answers.setVisible(has_answers)
        old = stale(row.run, row.run.scores / TUNED)
        self.stale_note.setText(f"! {stale_words(old)}" if old else "")
        self.stale_note.setVisible(old is not None)
        self.resume_button.setVisible(row.resumable)
        self.export_button.setEnabled(trained)
        self.delete_button.setEnabled(not row.busy and row.state not in ("starting", "running", "stopping"))
        self.row_losses.show_run(row.run, trained and not measuring and not training)
        self.chart.set_metrics(metrics([job for job in row.run.job_folders() if kind_of(job) == "train"]))

    def _on_measured(self, outcome: Finished | Failed) -> None:
        if isinstance(outcome, Failed):
            self.errors.show_error(outcome)
        self.refresh()

    @Slot(object)
    def _show_failure(self, error: TanrenError | Failed) -> None:
        self.errors.show_error(error)

    def _bring_back(self, kept: Path, run: Run) -> None:
        try:
            kept.rename(run.folder)
        except OSError as error:
            self.errors.show_error(from_exception(error))
            return
        with contextlib.suppress(TanrenError):
            self.session.choose_run(run)
        self.session.runs_changed.emit()

    def _go(self, page: str) -> None:
        row = self.selected
        if row is not None:
            self.session.choose_run(row.run)
            self.session.page_requested.emit(page)

