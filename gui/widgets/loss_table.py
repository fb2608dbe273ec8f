"""The table of rows with their losses: columns that fit, cells of a dataset that are edited in place."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView

from gui.data_desk.rows_table import CellEditor
from gui.item_models.loss_rows import COLUMNS, SORTED_BY, LossRows
from gui.widgets.fitted_table import FittedTable

Index = QModelIndex | QPersistentModelIndex
LINES_SEEN = 9
WIDTHS = {"loss": 11, "tokens": 9, "side": 10, "row": 9}  # characters


class LossTable(FittedTable):
    """Shows LossRows.

    Signals:
        line_chosen: the line of the row in front, -1 for none.
    """

    line_chosen = Signal(int)

    def __init__(self, rows: LossRows) -> None:
        super().__init__(COLUMNS, WIDTHS, ("question", "answer"), LINES_SEEN)
        self.rows = rows
        self.setObjectName("lossTable")
        self.setModel(rows)
        self.setItemDelegate(CellEditor(self))  # type: ignore[arg-type]  # any table will do
        self.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked | QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setWordWrap(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)  # a million rows are never measured
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setSectionsClickable(True)
        header.sectionClicked.connect(self.sort_by)
        self.selectionModel().currentRowChanged.connect(self._tell_chosen)
        self.fit()

    def sort_by(self, column: int) -> None:
        """The same heading again turns the order round; losses and tokens begin with the highest."""
        name = COLUMNS[column]
        if name not in SORTED_BY:
            return
        descending = not self.rows.is_descending if name == self.rows.sorted_by else name in ("loss", "tokens")
        self.rows.sort(column, Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder)

    def _tell_chosen(self, current: Index, _before: Index) -> None:
        self.line_chosen.emit(current.row() if current.isValid() else -1)
