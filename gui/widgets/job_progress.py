"""One job as the user follows it: what it does, how far it is, how long it will take, and how to stop it."""

from collections import deque

from PySide6.QtCore import QCoreApplication, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from backend.protocol.languages import Language
from backend.protocol.messages import Alive, Failed, Finished, Phase, Progress, WorkerEvent
from backend.protocol.phases import PHASES
from gui.figures import count, duration, size
from gui.jobs.job import WorkerJob
from gui.theme import SPACE_M, SPACE_S
from gui.widgets.parts import button, label
from gui.widgets.progress_bar import show_progress

STOP_PATIENCE_MS = 15_000
RATE_SAMPLES = 40
MIN_SAMPLES = 4


class JobProgress(QWidget):
    """Phase, bar, amount, time left, memory and the stop button of one job.

    Stopping is a request. When the worker has not ended STOP_PATIENCE_MS after it, and is not in the middle of a
    save, "End now" is offered.

    Signals:
        spoke: each event of the job.
        ended: Finished or Failed, once.
    """

    spoke = Signal(object)
    ended = Signal(object)

    def __init__(self, language: Language, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.job: WorkerJob | None = None
        self._language = language
        self._phase = "starting"
        self._progress: Progress | None = None
        self._samples: deque[tuple[float, int]] = deque(maxlen=RATE_SAMPLES)
        self._alive: Alive | None = None
        self._stopping = False
        self.phase_label = label(wrap=False)
        self.phase_label.setObjectName("phase")
        self.amount_label = label("muted", wrap=False)
        self.memory_label = label("muted", wrap=False)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.stop_button = button(self.stop, name="stopButton")
        self.end_button = button(self._end_now, "danger", "endNowButton")
        first, last = QHBoxLayout(), QHBoxLayout()
        first.setSpacing(SPACE_S)
        first.addWidget(self.phase_label)
        first.addStretch(1)
        first.addWidget(self.end_button)
        first.addWidget(self.stop_button)
        last.setSpacing(SPACE_M)
        last.addWidget(self.amount_label)
        last.addStretch(1)
        last.addWidget(self.memory_label)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_S)
        layout.addLayout(first)
        layout.addWidget(self.bar)
        layout.addLayout(last)
        self._patience = QTimer(self)
        self._patience.setInterval(STOP_PATIENCE_MS)
        self._patience.timeout.connect(self._offer_end)
        self.retranslate(language)

    def follow(self, job: WorkerJob) -> None:
        """Shows `job` from now on."""
        self.job = job
        self._phase, self._progress, self._alive, self._stopping = "starting", None, None, False
        self._samples.clear()
        self.stop_button.setEnabled(True)
        self.end_button.hide()
        self._show()
        job.event.connect(self._on_event)
        job.stopping.connect(self._on_stopping)
        job.ended.connect(self._on_ended)
        if job.outcome is not None:  # it could not even be started
            self._on_ended(job.outcome)

    @property
    def is_stopping(self) -> bool:
        """Whether the user asked the job to stop."""
        return self._stopping

    def stop(self) -> None:
        """Asks the job to save what it has and end."""
        if self.job is not None:
            self.job.stop("save")

    def retranslate(self, language: Language) -> None:
        """Shows every text in `language`."""
        self._language = language
        self.stop_button.setText(self.tr("Stop"))
        self.end_button.setText(self.tr("End now"))
        self.end_button.setToolTip(self.tr("Ends the worker at once. What was saved before is safe."))
        self.bar.setAccessibleName(self.tr("Progress"))
        self._show()

    def seconds_left(self) -> float | None:
        """The time to the end of this phase at the pace of the last reports; None when not known yet."""
        if self._progress is None or not self._progress.total or len(self._samples) < MIN_SAMPLES:
            return None
        (first_time, first_done), (last_time, last_done) = self._samples[0], self._samples[-1]
        if last_done <= first_done or last_time <= first_time:
            return None
        return (self._progress.total - last_done) * (last_time - first_time) / (last_done - first_done)

    def _on_event(self, event: WorkerEvent) -> None:
        if isinstance(event, Phase):
            if event.name != "saving" and event.name != self._phase:
                self._samples.clear()
            self._phase = event.name
            if event.name not in ("saving", "training"):
                self._progress = None
        elif isinstance(event, Progress):
            if self._progress and (event.unit, event.total) != (self._progress.unit, self._progress.total):
                self._samples.clear()
            self._progress = event
            self._samples.append((event.time, event.done))
        elif isinstance(event, Alive):
            self._alive = event
        if isinstance(event, Phase | Progress | Alive):
            self._show()
        self.spoke.emit(event)

    def _on_stopping(self) -> None:
        self._stopping = True
        self.stop_button.setEnabled(False)
        self._patience.start()
        self._show()

    def _on_ended(self, outcome: Finished | Failed) -> None:
        self._patience.stop()
        self.job = None
        self.end_button.hide()
        self.ended.emit(outcome)

    def _show(self) -> None:
        name = PHASES[self._phase].in_language(self._language) if self._phase in PHASES else self._phase
        if self._stopping:
            name = self.tr("Saving before it stops…") if self._phase == "saving" else self.tr("Stopping…")
        self.phase_label.setText(name)
        progress = self._progress
        show_progress(self.bar, progress)
        self.memory_label.setText(self._memory())
        if progress is None:
            self.amount_label.setText("")
            return
        text = amount(progress)
        left = self.seconds_left()
        if left is not None and not self._stopping:
            text += " · " + self.tr("about {time} left").format(time=duration(left))
        self.amount_label.setText(text)

    def _memory(self) -> str:
        if self._alive is None:
            return ""
        text = self.tr("Memory {size}").format(size=size(self._alive.ram * 2**20))
        if self._alive.vram is not None:
            text += self.tr(" · graphics card {size}").format(size=size(self._alive.vram * 2**20))
        return text

    def _offer_end(self) -> None:
        if self.job is not None:
            self.end_button.setVisible(not self.job.is_saving)

    def _end_now(self) -> None:
        if self.job is not None:
            self.job.kill()


def amount(progress: Progress) -> str:
    """How far a job is, with the unit: Step 10 of 40, 12.5 MB of 40 MB."""
    if progress.unit == "bytes":
        done, total = size(progress.done), size(progress.total)
    else:
        done, total = count(progress.done), count(progress.total)
    if not progress.total:
        return done
    form = {
        "steps": QCoreApplication.translate("JobProgress", "Step {done} of {total}"),
        "rows": QCoreApplication.translate("JobProgress", "Row {done} of {total}"),
        "tensors": QCoreApplication.translate("JobProgress", "Tensor {done} of {total}"),
    }.get(progress.unit, QCoreApplication.translate("JobProgress", "{done} of {total}"))
    return form.format(done=done, total=total)
