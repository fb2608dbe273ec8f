"""The strip at the bottom of the window: the running job, what it is doing, how far it is, a stop button."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar

from backend.protocol.messages import Phase, Progress, WorkerEvent
from backend.protocol.phases import PHASES
from gui.jobs.job import WorkerJob
from gui.session import Session
from gui.theme import SPACE_M, SPACE_S, set_role
from gui.widgets.job_progress import amount
from gui.widgets.offline_badge import OfflineBadge
from gui.widgets.parts import button, label
from gui.widgets.progress_bar import show_progress


class JobStrip(QFrame):
    """Follows the newest job that is running; looks and chats that wait for input are shown as their phase."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.job: WorkerJob | None = None
        self._phases: dict[WorkerJob, str] = {}
        self._progress: dict[WorkerJob, Progress] = {}
        set_role(self, "strip")
        self.text = label("small", wrap=False)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(160)
        self.amount = label("small", wrap=False)
        self.stop_button = button(self.stop, "link", "strip_stop")
        self.badge = OfflineBadge(session)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(SPACE_M, SPACE_S, SPACE_M, SPACE_S)
        layout.setSpacing(SPACE_M)
        for widget in (self.text, self.bar, self.amount, self.stop_button):
            layout.addWidget(widget)
        layout.addStretch(1)
        layout.addWidget(self.badge)
        session.job_started.connect(self._started)
        session.language_changed.connect(self.retranslate)
        self.retranslate()

    @Slot()
    def retranslate(self) -> None:
        """Sets the texts in the present language."""
        self.stop_button.setText(self.tr("Stop"))
        self.stop_button.setAccessibleName(self.tr("Stop the running job"))
        self.bar.setAccessibleName(self.tr("Progress of the running job"))
        self._show()

    def stop(self) -> None:
        """Asks the shown job to save and stop."""
        if self.job:
            self.job.stop("save")

    def job_name(self, job: WorkerJob) -> str:
        """What the job is, in a word or two."""
        kind = job.folder.name.partition("-")[2]
        return {
            "train": self.tr("Training"), "evaluate": self.tr("Before and after"), "merge": self.tr("Merging"),
            "export": self.tr("Export"), "chat": self.tr("Chat"), "models_inspect": self.tr("Looking at the model"),
            "data_inspect": self.tr("Reading the dataset"), "data_show": self.tr("Rendering rows"),
            "data_import": self.tr("Importing"), "data_apply": self.tr("Preparing the dataset"),
            "data_find": self.tr("Finding personal data"), "row_losses": self.tr("Loss of each row"),
        }.get(kind, kind)

    @Slot(object)
    def _started(self, job: WorkerJob) -> None:
        job.event.connect(lambda event: self._event(job, event))
        job.stopping.connect(lambda: self.stop_button.setEnabled(self.job is not job))
        job.ended.connect(lambda _outcome: self._ended(job))
        self._phases[job] = "starting"
        self.job = job
        self.stop_button.setEnabled(True)
        self._show()

    def _event(self, job: WorkerJob, event: WorkerEvent) -> None:
        if isinstance(event, Phase):
            self._phases[job] = event.name
            self._progress.pop(job, None)
        elif isinstance(event, Progress):
            self._progress[job] = event
        if job is self.job and isinstance(event, Phase | Progress):
            self._show()

    def _ended(self, job: WorkerJob) -> None:
        self._phases.pop(job, None)
        self._progress.pop(job, None)
        if job is self.job:
            self.job = next(reversed(self._phases), None)
            self.stop_button.setEnabled(True)
        self._show()

    def _show(self) -> None:
        job = self.job
        progress = self._progress.get(job) if job else None
        for widget in (self.bar, self.stop_button):
            widget.setVisible(job is not None)
        self.amount.setVisible(progress is not None and progress.total > 0)
        if job is None:
            self.text.setText(self.tr("Ready"))
            return
        phase = self._phases.get(job, "starting")
        words = PHASES[phase].in_language(self.session.language) if phase in PHASES else phase
        name = self.job_name(job)
        self.text.setText(name if words == name else f"{name} · {words}")
        waiting = phase == "ready"  # a chat that waits for a question is not busy
        self.bar.setVisible(not waiting)
        show_progress(self.bar, progress)
        if progress and progress.total:
            self.amount.setText(amount(progress))
