"""Home: what Tanren does, where the work stands, the next step, and the runs so far."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout

from backend.home import sample_data, starter_model
from backend.protocol.errors import TanrenError
from backend.runs.job_state import State
from backend.runs.run import Run, list_runs
from gui.figures import when
from gui.pages.page import Page
from gui.runs import model_name, was_chatted_with
from gui.session import Session
from gui.theme import SPACE_L, SPACE_M, SPACE_S, SPACE_XS, set_role
from gui.widgets.parts import Card, button, clear_layout, label, row
from gui.words import state_role, state_word

RUNS_SHOWN = 6
STEPS = ("models", "data", "train", "export", "chat")


class RunRow(QFrame):
    """One run of the list; a click or Enter opens its results."""

    def __init__(self, run: Run, open_run: Callable[[Run], None]) -> None:
        super().__init__()
        self._open = partial(open_run, run)
        self.setObjectName("run_row")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        state = run.training_state()
        name, figures, told = label(wrap=False), label("small", wrap=False), label(state_role(state), wrap=False)
        name.setObjectName("run_name")
        try:
            info = run.info()
            name.setText(info.name)
            figures.setText(f"{model_name(Path(info.model))} · {Path(info.data).name} · {when(info.created)}")
        except TanrenError:
            name.setText(run.id)
        told.setText(state_word(state))
        self.setAccessibleName(f"{name.text()}, {told.text()}")
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(name)
        words.addWidget(figures)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, SPACE_S, 0, SPACE_S)
        layout.addLayout(words, 1)
        layout.addWidget(told)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Opens the run."""
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self._open()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Opens the run with Enter or space."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._open()
        else:
            super().keyPressEvent(event)


class HomePage(Page):
    """The first page: one primary button, which is always the next step."""

    name = "home"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._next = "models"
        self.steps = Card()
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE_L)
        grid.setVerticalSpacing(SPACE_M)
        grid.setColumnStretch(2, 1)
        self.numbers = [label(wrap=False) for _ in STEPS]
        self.step_names = [label(wrap=False) for _ in STEPS]
        self.step_states = [label("muted") for _ in STEPS]
        for line, (number, name, state) in enumerate(zip(self.numbers, self.step_names, self.step_states, strict=True)):
            set_role(number, "step")
            number.setAlignment(Qt.AlignmentFlag.AlignCenter)
            number.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            for column, widget in enumerate((number, name, state)):
                grid.addWidget(widget, line, column)
        self.steps.body.addLayout(grid)
        self.next_button = button(self._go_on, "primary", "next_step")
        self.try_button = button(self._try_sample, "", "try_sample")
        self.steps.body.addSpacing(SPACE_XS)
        self.steps.body.addLayout(row(self.next_button, self.try_button, spacing=SPACE_M))
        self.runs_card = Card()
        self.no_runs = label("muted")
        self.run_list = QVBoxLayout()
        self.run_list.setSpacing(0)
        self.runs_card.body.addWidget(self.no_runs)
        self.runs_card.body.addLayout(self.run_list)
        self.body.addWidget(self.steps)
        self.body.addWidget(self.runs_card)
        self.body.addStretch(1)
        for signal in (session.model_changed, session.data_changed, session.run_changed, session.runs_changed,
                       session.imports.changed):
            signal.connect(self.refresh)
        self.retranslate()

    def retranslate(self) -> None:
        """Sets every text."""
        self.set_title(self.tr("Make a language model your own"),
                       self.tr("Tanren trains a model on your questions and answers and turns it into one file that "
                               "you can chat with. Nothing leaves this computer."))
        self.steps.heading.setText(self.tr("From your data to your model"))
        self.runs_card.heading.setText(self.tr("Recent runs"))
        self.no_runs.setText(self.tr("No run yet. Each fine-tuning is kept here with everything that came of it."))
        self.try_button.setText(self.tr("Try it with the starter model and sample data"))
        names = (self.tr("Base model"), self.tr("Dataset"), self.tr("Training"), self.tr("GGUF file"), self.tr("Chat"))
        for shown, text in zip(self.step_names, names, strict=True):
            shown.setText(text)
        self.refresh()

    def on_shown(self) -> None:
        """Reads the runs again."""
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Shows where the work stands."""
        run = self._run_of_choice()
        model, data = self.session.model, self.session.data
        quants = list(run.gguf_files()) if run else []
        state = run.training_state() if run else "queued"
        trained = state == "succeeded" or bool(quants)
        done = (model is not None, data is not None, trained, bool(quants),
                bool(run and was_chatted_with(run)))
        states = (
            model_name(model) if model else self.tr("not chosen yet"),
            self._data_words(),
            self._training_words(run),
            self.tr("exported: {0}").format(", ".join(quants)) if quants else self.tr("not exported yet"),
            self.tr("you have chatted with it") if done[4] else self.tr("not yet"),
        )
        following = next((i for i, is_done in enumerate(done) if not is_done), len(STEPS) - 1)
        self._next = STEPS[following]
        for i, (number, told) in enumerate(zip(self.numbers, self.step_states, strict=True)):
            number.setText("✓" if done[i] else str(i + 1))
            set_role(number, "step_done" if done[i] else "step_next" if i == following else "step")
            number.setAccessibleName(self.tr("done") if done[i] else self.tr("step {0}").format(i + 1))
            told.setText(states[i])
        self.next_button.setText((
            self.tr("Choose a base model"), self.tr("Choose a dataset"),
            self._training_action(run, state),
            self.tr("Export a GGUF file"), self.tr("Chat with your model"))[following])
        self.try_button.setVisible(not (model and data) and starter_model().is_dir())
        self._show_runs()

    def _data_words(self) -> str:
        imports = self.session.imports
        if imports.is_running:
            return self.tr("{0} is being imported").format(imports.name)
        return self.session.data_name or self.tr("not chosen yet")

    def _training_action(self, run: Run | None, state: State) -> str:
        if state in ("starting", "running", "stopping"):
            return self.tr("Watch the training")
        if run and run.finished_checkpoints():
            return self.tr("Resume the training")
        return self.tr("Train")

    def _training_words(self, run: Run | None) -> str:
        if run is None:
            return self.tr("not started yet")
        try:
            return f"{run.info().name} · {state_word(run.training_state())}"
        except TanrenError:
            return state_word(run.training_state())

    def _run_of_choice(self) -> Run | None:
        """The session's run, unless another model or dataset was chosen since."""
        run = self.session.run
        if run is None:
            return None
        try:
            info = run.info()
        except TanrenError:
            return None
        same_model = self.session.model in (None, Path(info.model))
        return run if same_model and self.session.data in (None, Path(info.data)) else None

    def _show_runs(self) -> None:
        clear_layout(self.run_list)
        runs = list_runs(self.session.home)[:RUNS_SHOWN]
        self.no_runs.setVisible(not runs)
        for run in runs:
            self.run_list.addWidget(RunRow(run, self._open_run))

    def _open_run(self, run: Run) -> None:
        self.session.choose_run(run)
        self.session.page_requested.emit("results")

    def _go_on(self) -> None:
        self.session.page_requested.emit(self._next)

    def _try_sample(self) -> None:
        self.session.choose_model(starter_model())
        self.session.imports.take([sample_data()])
        self.session.page_requested.emit("train")
