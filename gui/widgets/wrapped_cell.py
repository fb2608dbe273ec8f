"""Table cells that show the whole of a long text: wrapped at the width of the column, the row as high as it needs."""

from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QTextLayout, QTextOption
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView, QWidget

from gui.theme import SPACE_S

Index = QModelIndex | QPersistentModelIndex
PAD_X, PAD_Y = SPACE_S, SPACE_S
"""Pixels around the text. The style sheet's padding is no part of Qt's own measure of wrapped text: rows cut it off."""


class WrappedCell(QStyledItemDelegate):
    """Measures and paints by the same layout, so that what was measured is what is seen."""

    def __init__(self, table: QTableView) -> None:
        super().__init__(table)
        self._table = table

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """The width of the column and the height that its text needs there."""
        width = self._table.columnWidth(index.column())
        height = lay_out(_text_of(index), option.font, width - 2 * PAD_X).boundingRect().height()
        return QSize(width, int(height + 0.999) + 2 * PAD_Y)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """The row's background from the style, the text by hand."""
        plain = QStyleOptionViewItem(option)
        self.initStyleOption(plain, index)
        widget: QWidget | None = option.widget  # type: ignore[attr-defined]
        text, plain.text = plain.text, ""  # type: ignore[attr-defined]
        self._table.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, plain, painter, widget)
        rect: QRect = option.rect  # type: ignore[attr-defined]
        layout = lay_out(text, plain.font, rect.width() - 2 * PAD_X)  # type: ignore[attr-defined]
        painter.save()
        painter.setClipRect(rect)
        colour: Any = index.data(Qt.ItemDataRole.ForegroundRole)
        painter.setPen(colour if isinstance(colour, QColor) else self._table.palette().text().color())
        layout.draw(painter, QPointF(rect.left() + PAD_X, rect.top() + PAD_Y))
        painter.restore()


def lay_out(text: str, font: QFont, width: float) -> QTextLayout:
    """`text` in lines of at most `width` pixels; a word that is longer than a line is broken."""
    layout = QTextLayout(text.replace("\n", "\u2028"), font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.beginLayout()
    height = 0.0
    while (line := layout.createLine()).isValid():
        line.setLineWidth(max(width, 1.0))
        line.setPosition(QPointF(0, height))
        height += line.height()
    layout.endLayout()
    return layout


def _text_of(index: Index) -> str:
    return str(index.data(Qt.ItemDataRole.DisplayRole) or "")
