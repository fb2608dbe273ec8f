"""How long the rows are: a small histogram, with the maximum length as a line where it lies in sight."""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from gui.figures import count
from gui.theme import SPACE_S, colors

HEIGHT = 120
LEAST = 1.5  # pixels: a bar that stands for few rows is still seen


class LengthChart(QWidget):
    """Bars from left (short) to right (long). Painted by hand: it has no axes to scroll or zoom."""

    def __init__(self) -> None:
        super().__init__()
        self.bars: list[tuple[int, int]] = []
        self.limit = 0
        self.unit = ""
        self.limit_words = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_lengths(self, bars: list[tuple[int, int]], unit: str, limit: int, limit_words: str) -> None:
        """`bars`: (shortest, rows) in even steps; `unit`: tokens or characters, in words; `limit`: 0 for none."""
        last = max((place for place, (_, rows) in enumerate(bars) if rows), default=-1)
        self.bars, self.unit, self.limit, self.limit_words = bars[: last + 1], unit, limit, limit_words
        self.setAccessibleName(self.tr("Lengths of the rows in {0}").format(unit))
        most = max(self.bars, key=lambda bar: bar[1], default=(0, 0))
        self.setAccessibleDescription(self.tr("Most rows have {0} to {1}, the longest up to {2}.").format(
            count(most[0]), count(most[0] + self._step), count(self._end)))
        self.update()

    def sizeHint(self) -> QSize:
        """Small: it is an overview."""
        return QSize(260, HEIGHT)

    def changeEvent(self, event: QEvent) -> None:
        """Font and colours may have changed."""
        super().changeEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Bars, the line of the maximum length, and the two ends in figures."""
        if not self.bars:
            return
        chosen = colors()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        space = self._space()
        highest = max(rows for _, rows in self.bars)
        painter.setPen(Qt.PenStyle.NoPen)
        for place, (_, rows) in enumerate(self.bars):
            if rows:
                painter.setBrush(QColor(chosen.series[0]))
                painter.drawRect(self._bar(place, max(LEAST, space.height() * rows / highest)))
        painter.setPen(QPen(QColor(chosen.strong_border), 1))
        painter.drawLine(space.bottomLeft(), space.bottomRight())
        below = QRectF(space.left(), space.bottom() + 2, space.width(), self.height() - space.bottom() - 2)
        painter.setPen(QColor(chosen.muted))
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft, "0" if not self.bars[0][0] else count(self.bars[0][0]))
        painter.drawText(below, Qt.AlignmentFlag.AlignRight, f"{count(self._end)} {self.unit}")
        if 0 < self.limit <= self._end:
            x = space.left() + space.width() * self.limit / self._end
            painter.setPen(QPen(QColor(chosen.bad), 1.5, Qt.PenStyle.DashLine))
            painter.drawLine(round(x), 0, round(x), round(space.bottom()))
            painter.setPen(QColor(chosen.bad))
            words = QRectF(0, 0, x - SPACE_S, self.fontMetrics().height())
            if self.fontMetrics().horizontalAdvance(self.limit_words) > words.width():
                words = QRectF(x + SPACE_S, 0, self.width() - x - SPACE_S, self.fontMetrics().height())
                painter.drawText(words, Qt.AlignmentFlag.AlignLeft, self.limit_words)
            else:
                painter.drawText(words, Qt.AlignmentFlag.AlignRight, self.limit_words)

    def event(self, event: QEvent) -> bool:
        """A tooltip tells the bar under the mouse."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip and self.bars:
            space = self._space()
            place = int((event.pos().x() - space.left()) / space.width() * len(self.bars))
            if 0 <= place < len(self.bars):
                low, rows = self.bars[place]
                QToolTip.showText(event.globalPos(), self.tr("{0} to {1} {2}: {3} rows").format(
                    count(low), count(low + self._step - 1), self.unit, count(rows)), self)
            return True
        return super().event(event)

    @property
    def _step(self) -> int:
        return self.bars[1][0] - self.bars[0][0] if len(self.bars) > 1 else max(1, self.limit)

    @property
    def _end(self) -> int:
        return self.bars[-1][0] + self._step if self.bars else 0

    def _space(self) -> QRectF:
        above, below = (self.fontMetrics().height() + 2 if self.limit else 2), self.fontMetrics().height() + 4
        return QRectF(0, above, self.width(), max(20, self.height() - above - below))

    def _bar(self, place: int, height: float) -> QRectF:
        space = self._space()
        wide = space.width() / len(self.bars)
        return QRectF(space.left() + place * wide + 0.5, space.bottom() - height, max(1.0, wide - 1), height)
