"""Small makers for the parts that every page is built of; texts are set later, in retranslate()."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from gui.theme import SPACE_L, SPACE_M, SPACE_S, set_role


def label(role: str = "", wrap: bool = True, selectable: bool = False) -> QLabel:
    """A text without its text yet. Plain text only: file names and model output are never read as markup."""
    made = QLabel()
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wrap)
    if role:
        set_role(made, role)
    if selectable:
        made.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard)
    return made


def button(action: Callable[[], object], role: str = "", name: str = "") -> QPushButton:
    """A button that calls `action`; `name` is its object name, by which tests find it."""
    made = QPushButton()
    if role:
        set_role(made, role)
    made.setObjectName(name)
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    made.clicked.connect(lambda: action())
    return made


def row(*widgets: QWidget, stretch: bool = True, spacing: int = SPACE_S) -> QHBoxLayout:
    """Widgets side by side, from the left; `stretch` keeps them from growing."""
    layout = QHBoxLayout()
    layout.setSpacing(spacing)
    for widget in widgets:
        layout.addWidget(widget)
    if stretch:
        layout.addStretch(1)
    return layout


class Card(QFrame):
    """A raised surface with a heading; `body` is the layout for its content."""

    def __init__(self, heading: bool = True, role: str = "card") -> None:
        super().__init__()
        set_role(self, role)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
        outer.setSpacing(SPACE_M)
        self.heading = label("heading")
        self.heading.setVisible(heading)
        outer.addWidget(self.heading)
        self.body: QBoxLayout = QVBoxLayout()
        self.body.setSpacing(SPACE_M)
        outer.addLayout(self.body)
