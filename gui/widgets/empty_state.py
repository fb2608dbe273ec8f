"""What a page shows while it has nothing to show: one sentence why, and the button that changes it."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.theme import SPACE_M, SPACE_XL
from gui.widgets.parts import button, label


class EmptyState(QWidget):
    """A heading, a sentence and one button, in the middle of the space that is there."""

    def __init__(self, action: Callable[[], object], name: str = "empty_action") -> None:
        super().__init__()
        self.heading = label("heading")
        self.sentence = label("muted")
        self.button = button(action, "primary", name)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_XL, SPACE_XL, SPACE_XL, SPACE_XL)
        layout.setSpacing(SPACE_M)
        layout.addStretch(1)
        for widget in (self.heading, self.sentence):
            widget.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            layout.addWidget(widget)
        layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(2)

    def set_texts(self, heading: str, sentence: str, action: str) -> None:
        """Sets the three texts; an empty `action` hides the button."""
        self.heading.setText(heading)
        self.sentence.setText(sentence)
        self.button.setText(action)
        self.button.setVisible(bool(action))
