"""The dialog for one group of steps: what each does, its settings, and which of them are to be done."""

from typing import Any

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QDialog, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from backend.config.steps import StepSpec
from backend.data.privacy.kinds import KINDS
from backend.data.privacy.settings import MODE_TITLES
from backend.data.steps import STEPS, StepKind, named
from backend.protocol.errors import TanrenError
from backend.protocol.languages import Text
from gui.data_desk.privacy_preview import PrivacyPreview
from gui.session import Session
from gui.theme import SPACE_L, SPACE_M, SPACE_S
from gui.widgets.config_form import ConfigForm
from gui.widgets.error_panel import ErrorPanel
from gui.widgets.parts import button, label

WIDTH, HEIGHT = 760, 620
CHARACTERS = 90  # wide at a larger text size
KEEP = Text("Leave as it is (keep)", "そのまま残す（keep）")
WORDS = {
    "kinds": {name: kind.title for name, kind in KINDS.items()}, "mode": MODE_TITLES,
    "kana": {"full": Text("Full-width (full)", "全角カナ（full）"), "keep": KEEP},
    "punctuation": {"keep": KEEP, "ascii": Text("Half-width (ascii)", "半角（ascii）")},
    "wave_dash": {"keep": KEEP, "wave_dash": Text("All 〜 (U+301C)", "すべて 〜（U+301C）"),
                  "fullwidth_tilde": Text("All ～ (U+FF5E)", "すべて ～（U+FF5E）"),
                  "tilde": Text("All ~ (ASCII)", "すべて ~（ASCII）")},
}


class StepDialog(QDialog):
    """One group of STEPS. A group of one step needs no choice, of several each is chosen by a check box.

    Signals:
        chosen: the steps to do, a list of StepSpec.
    """

    chosen = Signal(list)

    def __init__(self, parent: QWidget, session: Session, group: str) -> None:
        super().__init__(parent)
        self.session = session
        self.setObjectName(f"steps_{group}")
        kinds = {name: kind for name, kind in STEPS.items() if kind.group == group}
        self.setWindowTitle(self._title(group))
        self.heading, self.warning = label("heading"), label("warning" if group == "privacy" else "muted")
        self.heading.setText(self._title(group))
        self.warning.setText(self._warning(group))
        self.errors = ErrorPanel(session)
        self.boxes = {name: StepBox(session, kind, len(kinds) > 1) for name, kind in kinds.items()}
        self.do_button = button(self._do, "primary", "do_steps")
        self.do_button.setText(self.tr("Do it"))
        self.do_button.setDefault(True)
        self.cancel_button = button(self.reject, "", "cancel_steps")
        self.cancel_button.setText(self.tr("Cancel"))
        self.cancel_button.setAutoDefault(False)
        content = QWidget()
        inner = QVBoxLayout(content)
        inner.setContentsMargins(0, 0, SPACE_M, 0)
        inner.setSpacing(SPACE_L)
        for box in self.boxes.values():
            inner.addWidget(box)
            box.changed.connect(self._show_state)
        if group == "privacy":
            self.preview = PrivacyPreview(session)
            inner.addWidget(self.preview)
            for box in self.boxes.values():
                box.form.changed.connect(self._look)
            self.finished.connect(self.preview.stop)
            self._look()
        inner.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(content)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE_S)
        buttons.addStretch(1)
        buttons.addWidget(self.cancel_button)
        buttons.addWidget(self.do_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
        layout.setSpacing(SPACE_M)
        for widget in (self.heading, self.warning, self.errors):
            layout.addWidget(widget)
        self.warning.setHidden(not self.warning.text())
        layout.addWidget(area, 1)
        layout.addLayout(buttons)
        wide = content.minimumSizeHint().width() + SPACE_M + 2 * SPACE_L + area.verticalScrollBar().sizeHint().width()
        wide = max(wide, min(CHARACTERS * self.fontMetrics().averageCharWidth(), parent.window().width()))
        self.resize(max(WIDTH, wide), min(HEIGHT, 260 + sum(box.sizeHint().height() for box in self.boxes.values())))
        self._show_state()

    def steps(self) -> list[StepSpec]:
        """The chosen steps with the settings that differ from their defaults. Raises TanrenError setting_invalid."""
        return [StepSpec(name=name, settings=box.settings()) for name, box in self.boxes.items() if box.is_chosen]

    def _title(self, group: str) -> str:
        return {"clean": self.tr("Clean the rows"), "privacy": self.tr("Hide personal data"),
                "augment": self.tr("Enlarge the dataset"), "split": self.tr("Set rows apart for measuring")}[group]

    def _warning(self, group: str) -> str:
        return {
            "privacy": self.tr("This finds most personal data, not all of it. Look at the rows yourself before you "
                               "give the dataset or the model to others."),
            "augment": self.tr("Rows that are made here are marked, and never used for measuring."),
            "clean": self.tr("Every step can be undone. Your file stays as it is."),
        }.get(group, "")

    def _show_state(self) -> None:
        self.do_button.setEnabled(any(box.is_chosen for box in self.boxes.values()))

    def _look(self) -> None:
        try:
            self.preview.look(self.steps()[0].settings)
        except TanrenError:  # told when it is to be done
            self.preview.stop()

    def _do(self) -> None:
        try:
            steps = self.steps()
        except TanrenError as error:
            self.errors.show_error(error)
            return
        self.accept()
        self.chosen.emit(steps)


class StepBox(QWidget):
    """One step: title, what it does, and its settings once it is chosen.

    Signals:
        changed: it was chosen or not.
    """

    changed = Signal()

    def __init__(self, session: Session, kind: StepKind, is_choice: bool) -> None:
        super().__init__()
        language = session.language
        self._defaults: msgspec.Struct = named(kind.settings)()
        self.form: ConfigForm[Any] = ConfigForm(kind.options, self._defaults, language, words=WORDS)
        self.choice = QCheckBox(kind.title.in_language(language))
        self.choice.setChecked(not is_choice)
        self.title, self.what = label("heading"), label("muted")
        self.title.setText(kind.title.in_language(language))
        self.what.setText(kind.what.in_language(language))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_S)
        for widget in (self.choice, self.title, self.what, self.form):
            layout.addWidget(widget)
        self.choice.setVisible(is_choice)
        self.title.setVisible(False)
        self.choice.toggled.connect(self._toggle)
        self._toggle()

    @property
    def is_chosen(self) -> bool:
        """Whether the step is to be done."""
        return self.choice.isChecked()

    def settings(self) -> dict[str, Any]:
        """The settings that differ from the defaults. Raises TanrenError setting_invalid."""
        chosen, defaults = msgspec.to_builtins(self.form.values()), msgspec.to_builtins(self._defaults)
        return {name: value for name, value in chosen.items() if value != defaults.get(name)}

    def _toggle(self) -> None:
        self.form.setVisible(self.choice.isChecked() and self.form.has_controls)
        self.changed.emit()
