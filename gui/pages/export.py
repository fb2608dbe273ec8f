"""Export: a trained run becomes one GGUF file for each chosen quantization."""

from pathlib import Path
from typing import ClassVar

from PySide6.QtWidgets import QCheckBox, QGridLayout

from backend.config.export import QUANTIZATIONS
from backend.config.jobs import ExportJob
from backend.protocol.errors import TanrenError, from_exception
from backend.protocol.messages import Failed, Finished
from gui.item_models.run_rows import kind_of
from gui.pages.page import Page
from gui.session import Session
from gui.theme import SPACE_L, SPACE_M
from gui.widgets.empty_state import EmptyState
from gui.widgets.error_panel import ErrorPanel
from gui.widgets.gguf_list import GgufList
from gui.widgets.job_progress import JobProgress
from gui.widgets.parts import Card, button, label, row
from gui.widgets.run_chooser import RunChooser

CHECKED_AT_FIRST = ("Q8_0", "Q4_K_M")


class ExportPage(Page):
    """What to export, how far it is, and the files that are there."""

    name: ClassVar[str] = "export"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.errors = ErrorPanel(session)
        self.run_label = label(wrap=False)
        self.run_box = RunChooser(session)
        self.run_label.setBuddy(self.run_box)
        self.boxes = {name: QCheckBox(name) for name in QUANTIZATIONS}
        self.whys = {name: label("muted") for name in QUANTIZATIONS}
        self.export_button = button(self.export, "primary", "exportButton")
        self.reason_label = label("muted", wrap=False)
        self.progress = JobProgress(session.language)
        self.files_label = label("heading")
        self.files = GgufList()
        self.form = Card(heading=False)
        self._build_form()
        self.empty = EmptyState(lambda: session.page_requested.emit("train"), "exportGoToTrain")
        for widget in (self.errors, self.form, self.files_label, self.files, self.empty):
            self.body.addWidget(widget)
        self.body.addStretch(1)
        self.progress.ended.connect(self._on_ended)
        self.progress.setVisible(False)
        self.files.chat_wanted.connect(self._chat)
        self.run_box.chosen.connect(lambda _run: self._show_files())
        session.runs_changed.connect(self.refresh)
        self.refresh()
        self.retranslate()

    def retranslate(self) -> None:
        """Sets every text of the page."""
        self.set_title(self.tr("Export"), self.tr("One GGUF file holds the whole trained model: llama.cpp, "
                                                  "LM Studio, Ollama and the Chat page read it."))
        self.run_label.setText(self.tr("Trained run"))
        self.run_box.setAccessibleName(self.run_label.text())
        for name, why in self.whys.items():
            words = QUANTIZATIONS[name].why.in_language(self.session.language)
            why.setText(words)
            self.boxes[name].setAccessibleDescription(words)
        self.export_button.setText(self.tr("Export"))
        self.files_label.setText(self.tr("Files of this run"))
        self.empty.set_texts(self.tr("Nothing to export yet"), self.tr("Train a model first."),
                             self.tr("Train a model"))
        self.progress.retranslate(self.session.language)
        self.files.retranslate()
        self._show_state()

    def on_shown(self) -> None:
        """Reads the runs and their files again."""
        self.refresh()

    def refresh(self) -> None:
        """Reads the runs and their files again."""
        self.run_box.refresh()
        self._show_files()

    def chosen_quantizations(self) -> list[str]:
        """The names that are checked, in the order of the table."""
        return [name for name, box in self.boxes.items() if box.isChecked()]

    def export(self) -> None:
        """Starts the export of the chosen run."""
        run = self.run_box.run
        if run is None:
            return
        self.errors.clear()
        try:
            job = self.session.start_run_job(
                run, ExportJob(run=str(run.folder), quants=self.chosen_quantizations()), "export")
        except (TanrenError, OSError) as error:
            self.errors.show_error(from_exception(error))
            return
        self.progress.follow(job)
        self._show_state()

    def _build_form(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE_L)
        grid.setVerticalSpacing(SPACE_M)
        grid.setColumnStretch(1, 1)
        for line, (name, box) in enumerate(self.boxes.items()):
            box.setObjectName(f"quant_{name}")
            box.setChecked(name in CHECKED_AT_FIRST)
            box.toggled.connect(self._show_state)
            grid.addWidget(box, line, 0)
            grid.addWidget(self.whys[name], line, 1)
        self.form.body.addLayout(row(self.run_label, self.run_box, spacing=SPACE_M))
        self.form.body.addLayout(grid)
        self.form.body.addLayout(row(self.export_button, self.reason_label, spacing=SPACE_M))
        self.form.body.addWidget(self.progress)

    def _show_files(self) -> None:
        run = self.run_box.run
        self.form.setVisible(run is not None)
        self.empty.setVisible(run is None)
        self.files_label.setVisible(self.files.show_run(run) > 0)
        self._show_state()

    def _show_state(self) -> None:
        training = any(kind_of(job.folder) == "train" and job.outcome is None for job in self.session.jobs)
        live = self.progress.job is not None
        reason = ""
        if training:
            reason = self.tr("A training is running; wait for it or stop it first.")
        elif not self.chosen_quantizations():
            reason = self.tr("Choose at least one kind of file.")
        self.progress.setVisible(live)
        self.export_button.setEnabled(not live and not reason)
        self.reason_label.setText("" if live else reason)

    def _on_ended(self, outcome: Finished | Failed) -> None:
        if isinstance(outcome, Failed):
            self.errors.show_error(outcome)
        self.refresh()

    def _chat(self, file: Path) -> None:
        self.session.choose_gguf(file)
        self.session.page_requested.emit("chat")

