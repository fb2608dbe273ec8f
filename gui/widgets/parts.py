"""Small makers for the parts that every page is built of; texts are set later, in retranslate()."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

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
        outer.addWidget(self.heading)
        self.heading.setVisible(heading)  # only now: shown before it has a place, it is a window for a moment
        self.body: QBoxLayout = QVBoxLayout()
        self.body.setSpacing(SPACE_M)
        outer.addLayout(self.body)


class Facts(QWidget):
    """Pairs of a word and its value, one a line; a value can be selected and copied."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(SPACE_L)
        self._grid.setVerticalSpacing(SPACE_S)
        self._grid.setColumnStretch(1, 1)
        self.pairs: list[tuple[str, str]] = []

    def show_pairs(self, pairs: list[tuple[str, str]]) -> None:
        """Replaces what is shown."""
        self.pairs = pairs
        clear_layout(self._grid)
        for line, (word, value) in enumerate(pairs):
            name, text = label("muted", wrap=False), label(selectable=True)
            name.setText(word)
            text.setText(value)
            text.setAccessibleName(f"{word}: {value}")
            self._grid.addWidget(name, line, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(text, line, 1)


def clear_layout(layout: QLayout) -> None:
    """Takes every widget out of `layout` and lets it go."""
    while item := layout.takeAt(0):
        if widget := item.widget():
            widget.hide()
            widget.deleteLater()
        elif inner := item.layout():
            clear_layout(inner)
