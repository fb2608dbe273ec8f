"""A note over the window: a heading, a text, and at most one thing to do besides closing it."""

from collections.abc import Callable

from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from gui.theme import SPACE_L, SPACE_M, SPACE_S
from gui.widgets.parts import button, label

WIDTH = 480


class Note(QDialog):
    """Enter and Escape only close it; `action` is never what a key press does by accident."""

    def __init__(self, parent: QWidget, heading: str, text: str, action: tuple[str, Callable[[], object]] | None = None
                 ) -> None:
        super().__init__(parent)
        self.setObjectName("note")
        self.setWindowTitle(heading)
        self.setMinimumWidth(WIDTH)
        self.heading, self.text = label("heading"), label(selectable=True)
        self.heading.setText(heading)
        self.text.setText(text)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE_S)
        buttons.addStretch(1)
        if action is not None:
            self.action_button = button(action[1], "danger", "note_action")
            self.action_button.setText(action[0])
            self.action_button.setAutoDefault(False)
            buttons.addWidget(self.action_button)
        self.close_button = button(self.reject, "", "note_close")
        self.close_button.setText(self.tr("Close"))
        self.close_button.setDefault(True)
        buttons.addWidget(self.close_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
        layout.setSpacing(SPACE_M)
        layout.addWidget(self.heading)
        layout.addWidget(self.text)
        layout.addSpacing(SPACE_S)
        layout.addLayout(buttons)
        self.close_button.setFocus()
        self.finished.connect(self.deleteLater)
