"""The first rows of a dataset as a table: number, question, answer, turns."""

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from gui.tooltips import whole_text

CELL_CHARACTERS = 200
Index = QModelIndex | QPersistentModelIndex


class DatasetRows(QAbstractTableModel):
    """The `preview` of data_inspect: a list of {"row", "messages"}; rows count from 1."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[dict[str, Any]] = []

    def show_rows(self, rows: list[dict[str, Any]]) -> None:
        """Replaces the rows."""
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def row_at(self, line: int) -> dict[str, Any]:
        """The row shown in table line `line`."""
        return self._rows[line]

    def retranslate(self) -> None:
        """Tells the view that the headings are said anew."""
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, self.columnCount() - 1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Lines of the table."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Number, question, answer."""
        return 0 if parent.isValid() else 3

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """One cell: text, or the whole text as its tooltip."""
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() == 0:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        if index.column() == 0:
            return str(row["row"]) if role == Qt.ItemDataRole.DisplayRole else None
        text = _said(row["messages"], "user" if index.column() == 1 else "assistant")
        if role == Qt.ItemDataRole.ToolTipRole:
            return whole_text(text)
        return " ".join(text.split())[:CELL_CHARACTERS]

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The words over the columns."""
        if role != Qt.ItemDataRole.DisplayRole or orientation != Qt.Orientation.Horizontal:
            return None
        return (self.tr("Row"), self.tr("Question"), self.tr("Answer"))[section]


def _said(messages: list[dict[str, Any]], role: str) -> str:
    """The first message of the user, the last of the assistant."""
    said = [str(message.get("content") or "") for message in messages if message.get("role") == role]
    if not said:
        return ""
    return said[0] if role == "user" else said[-1]
