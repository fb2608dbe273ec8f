"""A training as it happens: phase, figures, loss chart, log, and what can be done next."""

import time
from collections import deque

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from backend.data.blocked import blockers_of
from backend.protocol.errors import TanrenError
from backend.protocol.messages import Artifact, Failed, Finished, Log, Metric, Phase, Progress, WorkerEvent
from backend.protocol.phases import PHASES
from backend.runs.events import metrics
from backend.runs.run import Run
from gui.figures import count, duration
from gui.fonts import mono_font
from gui.item_models.run_rows import kind_of, loss_text, read_row
from gui.jobs.job import WorkerJob
from gui.session import Session
from gui.theme import SPACE_L, SPACE_M, SPACE_XS, set_role
from gui.widgets.error_panel import ErrorPanel
from gui.widgets.job_progress import JobProgress
from gui.widgets.loss_chart import LossChart
from gui.widgets.parts import Card, button, label

LOG_LINES = 2000
ACCEPTABLE_HERE = ["leakage"]  # found by the training itself; everything else is decided on the Data page
NOTES_SHOWN = 5
FIGURES = ("step", "loss", "held_out", "speed", "elapsed")


class RunMonitor(QWidget):
    """Shows one run and, while it lasts, its training job.

    Signals:
        resume_wanted: go on with this run.
        results_wanted: compare the answers of this run.
        new_wanted: set up another run.
        anyway_wanted: train in spite of these findings, a list of checks.
    """

    resume_wanted = Signal()
    results_wanted = Signal()
    new_wanted = Signal()
    anyway_wanted = Signal(list)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.run: Run | None = None
        self._told: deque[WorkerEvent] = deque(maxlen=LOG_LINES)  # what the log shows, to say it again in a language
        self._notes: list[Log] = []
        self._started = 0.0
        self._values: dict[str, str] = {}
        self._speed: float | None = None
        self._elapsed: float | None = None
        self.errors = ErrorPanel(session)
        self.progress = JobProgress(session.language)
        self.progress.spoke.connect(self._on_event)
        self.progress.ended.connect(self._on_ended)
        self.name_label = label("heading")
        self.state_label = label("heading")
        self.state_label.setObjectName("runState")
        self.story_label = label("muted")
        self.resume_button = button(self.resume_wanted.emit, "primary", "resumeButton")
        self.results_button = button(self.results_wanted.emit, "primary", "seeResultsButton")
        self.new_button = button(self.new_wanted.emit, "", "newRunButton")
        self.ended_part = QWidget()
        ended = QVBoxLayout(self.ended_part)
        ended.setContentsMargins(0, 0, 0, 0)
        ended.setSpacing(SPACE_M)
        ended.addWidget(self.state_label)
        ended.addWidget(self.story_label)
        buttons = QHBoxLayout()
        for widget in (self.resume_button, self.results_button, self.new_button):
            buttons.addWidget(widget)
        buttons.addStretch(1)
        ended.addLayout(buttons)
        self.notes_label = label("warning", selectable=True)
        self.notes_label.setObjectName("trainNotes")
        self.chart = LossChart()
        self.chart.setMinimumHeight(280)
        self.log = QPlainTextEdit()
        self.log.setObjectName("trainLog")
        self.log.setReadOnly(True)
        self.log.setMaximumBlockCount(LOG_LINES)
        self.log.setFont(mono_font(0.88))
        self.log.setFixedHeight(150)
        self.log_fold = button(self._fold_log, "link", "logFoldButton")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_L)
        layout.addWidget(self.errors)
        self.card = Card()
        self.card.body.addWidget(self.progress)
        self.card.body.addWidget(self.ended_part)
        self.card.body.addWidget(self.notes_label)
        self.card.body.addLayout(self._figures_row())
        layout.addWidget(self.card)
        self.chart_card = Card()
        self.chart_card.body.addWidget(self.chart)
        layout.addWidget(self.chart_card)
        layout.addWidget(self.log_fold, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self.log)
        layout.addStretch(1)
        self.log.hide()
        self.retranslate()

    @property
    def is_live(self) -> bool:
        """Whether a job is being followed."""
        return self.progress.job is not None

    def show_run(self, run: Run, job: WorkerJob) -> None:
        """Shows `run` as it lies on disk and follows its new training `job`."""
        self.run = run
        self.errors.clear()
        self.log.clear()
        self._told.clear()
        self._notes = []
        self._values, self._speed, self._elapsed = {}, None, None
        measured = metrics([folder for folder in run.job_folders() if kind_of(folder) == "train"])
        self.chart.set_metrics(measured)
        for metric in measured:
            self._take_metric(metric)
        self.card.heading.setText(run.info().name)
        self._started = time.time()
        self._speed = None
        self._values.pop("speed", None)
        self.progress.follow(job)
        self._show()

    def retranslate(self) -> None:
        """Shows every text in the session's language."""
        self.progress.retranslate(self.session.language)
        self.chart.retranslate()
        self.chart_card.heading.setText(self.tr("Loss"))
        self.resume_button.setText(self.tr("Resume"))
        self.results_button.setText(self.tr("Compare before and after"))
        self.new_button.setText(self.tr("Set up another run"))
        self.log.setAccessibleName(self.tr("Log"))
        self._offer_anyway()
        names = {"step": self.tr("Step"), "loss": self.tr("Training loss"), "held_out": self.tr("Held-out loss"),
                 "speed": self.tr("Speed"), "elapsed": self.tr("Time")}
        for name, title in self._titles.items():
            title.setText(names[name])
        self.log.setPlainText("\n".join(line for event in self._told if (line := self._line(event))))
        self._show()

    def _figures_row(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE_L)
        grid.setVerticalSpacing(SPACE_XS)
        self._titles = {name: label("small", wrap=False) for name in FIGURES}
        self._figures = {name: label("heading", wrap=False) for name in FIGURES}
        for column, name in enumerate(FIGURES):
            self._figures[name].setObjectName(f"figure_{name}")
            grid.addWidget(self._titles[name], 0, column)
            grid.addWidget(self._figures[name], 1, column)
            grid.setColumnStretch(column, 1)
        return grid

    def _on_event(self, event: WorkerEvent) -> None:
        if isinstance(event, Metric):
            self.chart.add(event.step, event.values)
            self._take_metric(event)
        elif isinstance(event, Progress) and event.unit == "steps":
            total = f" / {count(event.total)}" if event.total else ""
            self._values["step"] = count(event.done) + total
        self._elapsed = event.time - self._started
        if line := self._line(event):
            self._told.append(event)
            self.log.appendPlainText(line)
        if isinstance(event, Log) and event.level != "info":
            self._notes.append(event)
            self._show_notes()
        self._show_figures()

    def _take_metric(self, metric: Metric) -> None:
        if "loss" in metric.values:
            self._values["loss"] = loss_text(metric.values["loss"])
            if not self.is_live:
                self._values["step"] = count(metric.step)
        if "held_out_loss" in metric.values:
            self._values["held_out"] = loss_text(metric.values["held_out_loss"])
        if "tokens_per_second" in metric.values:
            self._speed = metric.values["tokens_per_second"]

    def _line(self, event: WorkerEvent) -> str:
        """What the log says of `event`, empty for most."""
        text = ""
        if isinstance(event, Log):
            text = event.in_language(self.session.language)
        elif isinstance(event, Phase):
            text = PHASES[event.name].in_language(self.session.language) if event.name in PHASES else event.name
        elif isinstance(event, Artifact):
            text = self.tr("Saved: {path}").format(path=event.path)
        elif isinstance(event, Metric) and "held_out_loss" in event.values:
            text = self.tr("Step {step}: held-out loss {loss}").format(
                step=event.step, loss=loss_text(event.values["held_out_loss"]))
        return f"{time.strftime('%H:%M:%S', time.localtime(event.time))}  {text}" if text else ""

    def _show_notes(self) -> None:
        """Warnings are not left in a log that is folded away."""
        lines = [note.in_language(self.session.language) for note in self._notes[:NOTES_SHOWN]]
        if len(self._notes) > NOTES_SHOWN:
            lines.append(self.tr("… and {count} more in the log").format(count=count(len(self._notes) - NOTES_SHOWN)))
        self.notes_label.setText("\n".join(f"! {line}" for line in lines))
        self.notes_label.setVisible(bool(lines))

    def _on_ended(self, outcome: Finished | Failed) -> None:
        if isinstance(outcome, Failed):
            self.errors.show_error(outcome)
        self._offer_anyway()
        self._show()

    def _offer_anyway(self) -> None:
        """Held-out rows of a file of their own may be meant to ask what is trained on: that is for people to say."""
        failed = self.errors.failed
        if failed is not None and failed.code == "data_blocked" and blockers_of(failed.values) == ACCEPTABLE_HERE:
            self.errors.offer(self.tr("Train anyway"), lambda: self.anyway_wanted.emit(ACCEPTABLE_HERE))

    def _show(self) -> None:
        self.progress.setVisible(self.is_live)
        self.ended_part.setVisible(not self.is_live and self.run is not None)
        self.log_fold.setText(self.tr("Show the log") if self.log.isHidden() else self.tr("Hide the log"))
        self._show_notes()
        if self.run is not None and not self.is_live:
            self._show_ended(self.run)
        self._show_figures()

    def _show_ended(self, run: Run) -> None:
        try:
            row = read_row(run)
        except TanrenError as error:
            self.errors.show_error(error)
            return
        words = {
            "succeeded": self.tr("Training is finished"), "stopped": self.tr("Stopped"),
            "failed": self.tr("Training failed"), "lost": self.tr("Training was interrupted"),
        }
        self.state_label.setText(words.get(row.state, self.tr("Another window or terminal is working on this run")))
        set_role(self.state_label, "heading")
        story = {
            "succeeded": self.tr("See on the held-out rows what the model learned."),
            "stopped": self.tr("Saved at step {step}. Resume goes on exactly from there."),
            "failed": self.tr("What was saved before is safe."),
            "lost": self.tr("The worker was ended from outside. What was saved before is safe."),
        }.get(row.state, "")
        if row.state in ("stopped", "failed", "lost") and not run.finished_checkpoints():
            story = (self.tr("No checkpoint had been saved yet. Resume starts again from the first step.")
                     if row.resumable else self.tr("Nothing had been trained yet."))
        self.story_label.setText(story.format(step=count(saved_step(run))))
        self.resume_button.setVisible(row.resumable)
        self.results_button.setVisible(row.state == "succeeded")
        if row.steps:
            total = f" / {count(row.total)}" if row.total else ""
            self._values["step"] = count(row.steps) + total

    def _show_figures(self) -> None:
        if self._speed is not None:
            self._values["speed"] = self.tr("{rate} tokens/s").format(rate=count(round(self._speed)))
        if self._elapsed is not None:
            self._values["elapsed"] = duration(self._elapsed)
        for name, figure in self._figures.items():
            figure.setText(self._values.get(name, "–"))

    def _fold_log(self) -> None:
        self.log.setVisible(self.log.isHidden())
        self._show()


def saved_step(run: Run) -> int:
    """The step of the newest checkpoint (step-000180), 0 when there is none yet."""
    finished = run.finished_checkpoints()
    return int(finished[-1].name.rpartition("-")[2]) if finished else 0
