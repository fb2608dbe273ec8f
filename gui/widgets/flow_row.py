"""Widgets side by side that go on in a next line where the width ends: for buttons at a large text size."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget

from gui.theme import SPACE_M


class FlowRow(QLayout):
    """From the left; as narrow as the widest of the widgets. Hidden widgets take no place; `grows` takes the place
    that the others leave in its line."""

    def __init__(self, *widgets: QWidget, spacing: int = SPACE_M, grows: QWidget | None = None) -> None:
        super().__init__()
        self._items: list[QLayoutItem] = []
        self._grows = grows
        self.setSpacing(spacing)
        self.setContentsMargins(0, 0, 0, 0)
        for widget in widgets:
            self.addWidget(widget)

    def addItem(self, item: QLayoutItem) -> None:
        """Puts an item at the end."""
        self._items.append(item)

    def count(self) -> int:
        """How many items there are."""
        return len(self._items)

    def itemAt(self, place: int) -> QLayoutItem | None:  # type: ignore[override]  # Qt asks beyond the end
        """The item at a place."""
        return self._items[place] if 0 <= place < len(self._items) else None

    def takeAt(self, place: int) -> QLayoutItem | None:  # type: ignore[override]
        """Takes an item out."""
        return self._items.pop(place) if 0 <= place < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """None: it is as high as its lines."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """The narrower, the more lines."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Of all lines at this width."""
        return self._place(QRect(0, 0, width, 0), moves=False)

    def minimumSize(self) -> QSize:
        """The widest of the widgets."""
        wide = max((item.minimumSize().width() for item in self._shown()), default=0)
        high = max((item.minimumSize().height() for item in self._shown()), default=0)
        return QSize(wide, high)

    def sizeHint(self) -> QSize:
        """All in one line."""
        hints = [item.sizeHint() for item in self._shown()]
        wide = sum(hint.width() for hint in hints) + self.spacing() * max(0, len(hints) - 1)
        return QSize(wide, max((hint.height() for hint in hints), default=0))

    def setGeometry(self, rect: QRect) -> None:
        """Places the widgets."""
        super().setGeometry(rect)
        self._place(rect, moves=True)

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _place(self, rect: QRect, moves: bool) -> int:
        """Returns the height of all lines."""
        top = rect.top()
        for line in self._lines(rect.width()):
            left, wide = rect.left(), self._widths(line, rect.width())
            high = max(item.sizeHint().height() for item in line)
            for item, width in zip(line, wide, strict=True):
                if moves:
                    height = item.sizeHint().height()
                    item.setGeometry(QRect(QPoint(left, top + (high - height) // 2), QSize(width, height)))
                left += width + self.spacing()
            top += high + self.spacing()
        return max(0, top - self.spacing() - rect.top())

    def _lines(self, width: int) -> list[list[QLayoutItem]]:
        lines: list[list[QLayoutItem]] = []
        left = 0
        for item in self._shown():
            hint = item.sizeHint().width()
            if not lines or left + hint > width:
                lines.append([])
                left = 0
            lines[-1].append(item)
            left += hint + self.spacing()
        return lines

    def _widths(self, line: list[QLayoutItem], width: int) -> list[int]:
        wide = [min(item.sizeHint().width(), width) for item in line]
        left = width - sum(wide) - self.spacing() * (len(line) - 1)
        return [own + left if item.widget() is self._grows else own for item, own in zip(line, wide, strict=True)]
