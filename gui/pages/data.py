"""Data: import files, see what is in them and what is wrong with it, mend it, and look at what the model will see."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog

from backend.protocol.errors import TanrenError
from backend.protocol.messages import Failed
from gui.data_desk.about_card import AboutCard
from gui.data_desk.changed_banner import ChangedBanner
from gui.data_desk.findings_card import FindingsCard
from gui.data_desk.prepare_card import PrepareCard
from gui.data_desk.reading_dialog import ReadingDialog
from gui.data_desk.rows_card import RowsCard
from gui.data_desk.step_dialog import StepDialog
from gui.drop import take_paths
from gui.pages.page import Page
from gui.session import Session
from gui.widgets.error_panel import ErrorPanel

TYPING_PAUSE = 500  # ms


class DataPage(Page):
    """The dataset from the file to the trained token."""

    name = "data"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._dialog: StepDialog | ReadingDialog | None = None
        self.errors = ErrorPanel(session)
        self.about = AboutCard(session)
        self.banner = ChangedBanner(session)
        self.findings = FindingsCard(session)
        self.prepare = PrepareCard(session)
        self.rows_card = RowsCard(session)
        for card in (self.errors, self.banner, self.about, self.findings, self.prepare, self.rows_card):
            self.body.addWidget(card)
        self.body.addStretch(1)
        self.about.files_wanted.connect(self.choose)
        self.about.folder_wanted.connect(self.choose_folder)
        self.about.reading_wanted.connect(self._read_differently)
        self.about.taken.connect(self.take)
        self.about.dropped.connect(lambda texts: take_paths(session, texts))
        self.findings.reading_wanted.connect(self._read_differently)
        self.findings.rows_wanted.connect(self._show_check)
        self.rows_card.failed.connect(self._show_failure)
        self.prepare.group_wanted.connect(self.open_steps)
        self.prepare.step_wanted.connect(self._show_step)
        session.data_changed.connect(self._open)
        session.imports.changed.connect(self._imports_changed)
        session.imports.job_started.connect(self._follow_import)
        session.dataset_changed.connect(self._refresh)
        session.model_changed.connect(self._measure)
        self._length_timer = QTimer(self)  # a number is typed digit by digit
        self._length_timer.setSingleShot(True)
        self._length_timer.setInterval(TYPING_PAUSE)
        self._length_timer.timeout.connect(self._measure)
        session.max_length_changed.connect(self._length_timer.start)
        for keys, action in (("Ctrl+Z", self.prepare.undo), ("Ctrl+Shift+Z", self.prepare.redo),
                             ("Ctrl+Y", self.prepare.redo), ("Ctrl+F", self._find)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.activated.connect(action)
        self.retranslate()
        if session.imports.job is not None:
            self._follow_import(session.imports.job)
        self._open()
        if session.imports.failed is not None:  # before this page was opened
            self.errors.show_error(session.imports.failed)

    def retranslate(self) -> None:
        """Sets every text."""
        self.set_title(self.tr("Dataset"),
                       self.tr("What the model is to learn: questions with the answers you want, or texts. Your files "
                               "are only read, never changed."))
        for card in (self.about, self.banner, self.findings, self.prepare, self.rows_card):
            card.retranslate()

    def on_shown(self) -> None:
        """A file may have been changed by another program meanwhile."""
        self.banner.look()

    def choose(self) -> None:
        """Asks for dataset files."""
        datasets, everything = self.tr("Datasets"), self.tr("All files")  # lupdate does not look into f-strings
        kinds = (f"{datasets} (*.json *.jsonl *.ndjson *.csv *.tsv *.xlsx *.parquet *.txt *.md *.docx *.pdf *.zip)"
                 f";;{everything} (*)")
        files, _ = QFileDialog.getOpenFileNames(self, self.tr("Choose files"), self._start_folder(), kinds)
        if files:
            self.take([Path(file) for file in files])

    def choose_folder(self) -> None:
        """Asks for a folder with files."""
        folder = QFileDialog.getExistingDirectory(self, self.tr("Choose a folder"), self._start_folder())
        if folder:
            self.take([Path(folder)])

    @Slot(list)
    def take(self, paths: list[Path]) -> None:
        """Imports these files, or opens what was made of them."""
        self.errors.clear()
        self.session.imports.take(paths)

    def open_steps(self, group: str) -> None:
        """Opens the dialog of a group of steps: clean, privacy, augment or split."""
        dialog = StepDialog(self, self.session, group)
        dialog.chosen.connect(self._apply)
        self._show_dialog(dialog)

    @Slot(list)
    def _apply(self, steps: list[Any]) -> None:
        self.errors.clear()
        if self.session.dataset is not None:
            self.session.dataset.apply(steps)

    def _read_differently(self) -> None:
        dataset = self.session.dataset
        if dataset is not None and dataset.overview is not None:
            self._show_dialog(ReadingDialog(self, self.session, dataset.overview.about))

    def _show_dialog(self, dialog: StepDialog | ReadingDialog) -> None:
        self._dialog = dialog
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot()
    def _open(self) -> None:
        """Another dataset is open."""
        dataset = self.session.dataset
        self.errors.clear()
        if dataset is not None:
            dataset.failed.connect(self._show_failure)
            dataset.rows_changed.connect(self.rows_card.take_changes)
            dataset.job_started.connect(self.prepare.follow)
            if dataset.job is not None:
                self.prepare.follow(dataset.job)
        self.rows_card.open(dataset)
        self.banner.open()
        self._refresh()

    @Slot()
    def _refresh(self) -> None:
        for card in (self.about, self.banner, self.findings, self.prepare, self.rows_card):
            card.refresh()
        self._measure()

    @Slot()
    def _measure(self) -> None:
        """Lengths and tokens are another model's now, or rows are cut elsewhere."""
        if self.session.dataset is not None and not self.session.imports.is_running:
            self.session.dataset.measure_unasked()

    @Slot()
    def _imports_changed(self) -> None:
        if self.session.imports.failed is not None:
            self.errors.show_error(self.session.imports.failed)
        else:
            self.errors.clear()
        self._refresh()

    def _follow_import(self, job: Any) -> None:
        self.about.follow(job)
        self.about.refresh()

    @Slot(object)
    def _show_failure(self, failed: Failed | TanrenError) -> None:
        self.errors.show_error(failed)

    @Slot(str)
    def _show_check(self, check: str) -> None:
        self.rows_card.show_check(check)
        self._scroll_to_rows()

    @Slot(int)
    def _show_step(self, step: int) -> None:
        if self.session.dataset is not None:
            self.session.dataset.rows_of_step(step, self._show_numbers)

    def _show_numbers(self, numbers: list[int]) -> None:
        self.rows_card.show_numbers(numbers)
        self._scroll_to_rows()

    def _scroll_to_rows(self) -> None:
        self.scroll_to(self.rows_card)

    @Slot()
    def _find(self) -> None:
        self.scroll_to(self.rows_card)
        self.rows_card.filters.text.setFocus()

    def _start_folder(self) -> str:
        dataset = self.session.dataset
        asked = dataset.overview.about.asked if dataset and dataset.overview else []
        return str(Path(asked[0]).parent) if asked else ""
