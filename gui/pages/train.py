"""Train: set up a run, watch it, stop it, resume it."""

from pathlib import Path
from typing import ClassVar

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget

from backend.config.jobs import TrainJob
from backend.protocol.errors import TanrenError, from_exception
from backend.runs.run import Run, clean_run, create_run, list_runs
from gui.item_models.run_rows import RunRow, kind_of, read_row
from gui.pages.page import Page
from gui.session import Session
from gui.theme import SPACE_L, SPACE_M
from gui.widgets.error_panel import ErrorPanel
from gui.widgets.parts import Card, button, label
from gui.widgets.run_monitor import RunMonitor, saved_step
from gui.widgets.run_setup import RunSetup


class TrainPage(Page):
    """Two faces: the set-up, and the run that is being watched."""

    name: ClassVar[str] = "train"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.errors = ErrorPanel(session)
        self.setup = RunSetup(session)
        self.monitor = RunMonitor(session)
        self._unfinished: RunRow | None = None
        self.banner = Card(heading=False, role="panel")
        self.banner.setObjectName("resumeBanner")
        self.banner_label = label()
        self.banner_button = button(self._resume_unfinished, "", "bannerResumeButton")
        line = QHBoxLayout()
        line.setSpacing(SPACE_M)
        line.addWidget(self.banner_label, 1)
        line.addWidget(self.banner_button)
        self.banner.body.addLayout(line)
        self.faces = QStackedWidget()
        self.faces.addWidget(self.setup)
        self.faces.addWidget(self.monitor)
        self.body.setSpacing(SPACE_L)
        self.body.addWidget(self.errors)
        self.body.addWidget(self.banner)
        self.body.addWidget(self.faces, 1)
        self.setup.start_wanted.connect(self.start)
        self.monitor.resume_wanted.connect(self._resume_shown)
        self.monitor.results_wanted.connect(self._show_results)
        self.monitor.new_wanted.connect(self.show_setup)
        self.monitor.anyway_wanted.connect(self._start_anyway)
        self.monitor.progress.ended.connect(lambda _outcome: self._refresh())
        session.runs_changed.connect(self._refresh)
        session.run_changed.connect(self._refresh)
        self._refresh()
        self.retranslate()

    def retranslate(self) -> None:
        """Sets every text of the page."""
        self.set_title(self.tr("Train"), self.tr("The base model learns from your dataset, on this computer."))
        self.setup.retranslate()
        self.monitor.retranslate()
        self.banner_button.setText(self.tr("Resume"))
        self._show_banner()

    def on_shown(self) -> None:
        """Reads the runs again: one may have been stopped, deleted or finished elsewhere."""
        self.setup.propose_preset()
        self._refresh()

    def start(self) -> None:
        """Makes the run folder and starts its training."""
        session = self.session
        if session.model is None or session.data is None or not self.setup.can_start:
            return
        self.errors.clear()
        try:
            run = create_run(session.home, session.model, session.data, self.setup.form.values(), self.setup.name,
                             self.setup.held_out)
            self._train(run, resume=False)
        except (TanrenError, OSError) as error:
            self.errors.show_error(from_exception(error))

    def resume(self, run: Run) -> None:
        """Goes on with `run` from its newest checkpoint; while another job works on it, that is told instead."""
        self.errors.clear()
        try:
            clean_run(run)
            self._train(run, resume=True)
        except (TanrenError, OSError) as error:
            self.errors.show_error(from_exception(error))

    def show_setup(self) -> None:
        """Turns to the form for another run; a training that is going on stays where it is."""
        self.faces.setCurrentWidget(self.setup)
        self._refresh()

    def _train(self, run: Run, resume: bool) -> None:
        info = run.info()
        job = self.session.start_run_job(run, TrainJob(
            run=str(run.folder), model=info.model, data=info.data, held_out=info.held_out, config=info.config,
            accepted=info.accepted, resume=resume), "train")
        self.monitor.show_run(run, job)
        self.faces.setCurrentWidget(self.monitor)
        self.session.choose_run(run)
        self.session.runs_changed.emit()

    @Slot(list)
    def _start_anyway(self, accepted: list[str]) -> None:
        """Starts the run that was refused once more, as a run that records what was accepted."""
        if self.monitor.run is None:
            return
        self.errors.clear()
        try:
            info = self.monitor.run.info()
            run = create_run(self.session.home, Path(info.model), Path(info.data), info.config, info.name,
                             Path(info.held_out) if info.held_out else None, [*info.accepted, *accepted])
            self._train(run, resume=False)
        except (TanrenError, OSError) as error:
            self.errors.show_error(from_exception(error))

    def _resume_shown(self) -> None:
        if self.monitor.run is not None:
            self.resume(self.monitor.run)

    def _resume_unfinished(self) -> None:
        if self._unfinished is not None:
            self.resume(self._unfinished.run)

    def _show_results(self) -> None:
        self.session.choose_run(self.monitor.run)
        self.session.page_requested.emit("results")

    def _refresh(self) -> None:
        self.setup.set_busy(any(kind_of(job.folder) == "train" and job.outcome is None for job in self.session.jobs))
        self._unfinished = None if self.monitor.is_live else self._find_unfinished()
        shown, chosen = self.monitor.run, self.session.run
        deleted = shown is not None and not shown.folder.exists()
        elsewhere = shown is not None and chosen is not None and chosen.id != shown.id
        if deleted or (elsewhere and not self.monitor.is_live):
            self.faces.setCurrentWidget(self.setup)
        self._show_banner()

    def _find_unfinished(self) -> RunRow | None:
        """The chosen run if it can be resumed, else the newest run if that can."""
        for run in [*([self.session.run] if self.session.run else []), *list_runs(self.session.home)[:1]]:
            try:
                row = read_row(run)
            except TanrenError:
                continue
            if row.resumable:
                return row
        return None

    def _show_banner(self) -> None:
        row = self._unfinished
        shown = row is not None and self.faces.currentWidget() is self.setup
        self.banner.setVisible(shown)
        if row is not None:
            self.banner_label.setText(self.tr("“{name}” is not finished: it can go on from step {step}.").format(
                name=row.info.name, step=saved_step(row.run)))
