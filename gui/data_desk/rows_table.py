"""The table of rows: columns that fit, cells that are edited in place, rows that are taken out with a key."""

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from gui.data_desk.overview import Overview
from gui.item_models.dataset_rows import COLUMNS, SORTS, DatasetRows
from gui.widgets.fitted_table import FittedTable
from gui.widgets.message_input import MessageInput

Index = QModelIndex | QPersistentModelIndex
LINES_SEEN = 12
EDITOR_LINES = 7
WIDTHS = {"row": 8, "length": 10, "checks": 22, "label": 12, "side": 10, "synthetic": 12}  # characters


class RowsTable(FittedTable):
    """Shows DatasetRows.

    Signals:
        row_chosen: the number of the row in front, 0 for none.
        delete_wanted: the numbers of the chosen rows.
    """

    row_chosen = Signal(int)
    delete_wanted = Signal(list)

    def __init__(self, rows: DatasetRows) -> None:
        super().__init__(COLUMNS, WIDTHS, ("question", "answer"), LINES_SEEN)
        self.rows = rows
        self.editor = CellEditor(self)
        self.setObjectName("rows_table")
        self.setModel(rows)
        self.setItemDelegate(self.editor)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked | QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setWordWrap(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)  # a million rows are never measured
        header = self.horizontalHeader()
        header.setSelectionModel(QItemSelectionModel(rows, header))  # of the table's it would ask for every row
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setSectionsClickable(True)
        header.sectionClicked.connect(self._sort)
        self.selectionModel().currentRowChanged.connect(self._tell_chosen)
        self.fit()

    def show_columns(self, overview: Overview | None) -> None:
        """Hides the columns that say nothing in this dataset."""
        has_text_only = overview is not None and overview.about.format == "text"
        for name, shown in (
            ("answer", not has_text_only), ("label", bool(overview and overview.labels)),
            ("side", bool(overview and overview.sides)), ("synthetic", bool(overview and overview.synthetic)),
        ):
            self.setColumnHidden(COLUMNS.index(name), not shown)
        self.fit()

    def chosen_numbers(self) -> list[int]:
        """The numbers of the chosen rows, from above."""
        selection = self.selectionModel().selection()
        lines = {line for place in range(selection.count()) for line in range(
            selection.at(place).top(), selection.at(place).bottom() + 1)}
        return [self.rows.number_at(line) for line in sorted(lines)]

    def keyboardSearch(self, _search: str) -> None:
        """A letter finds nothing: Qt would read every row for it, and there is a field for that."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete takes the chosen rows out."""
        if event.key() == Qt.Key.Key_Delete and self.rows.can_edit and self.chosen_numbers():
            self.delete_wanted.emit(self.chosen_numbers())
            return
        super().keyPressEvent(event)

    def _sort(self, column: int) -> None:
        """The same heading again turns the order round; first come the longest and those with most findings."""
        if COLUMNS[column] not in SORTS:
            return
        if column == self.rows.sorted_column:
            descending = not self.rows.is_descending
        else:
            descending = COLUMNS[column] in ("length", "checks")
        self.rows.sort(column, Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder)

    def _tell_chosen(self, current: Index, _before: Index) -> None:
        self.row_chosen.emit(self.rows.number_at(current.row()) if current.isValid() else 0)


class CellEditor(QStyledItemDelegate):
    """A field of several lines over the cell: Enter keeps what was written, Shift+Enter breaks the line, Escape leaves
    everything as it was."""

    def __init__(self, table: RowsTable) -> None:
        super().__init__(table)
        self._table = table

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, _index: Index) -> QWidget:
        """The field."""
        field = MessageInput(parent)
        field.setObjectName("cell_editor")
        field.setAccessibleName(self.tr("Text of the cell"))
        field.setAutoFillBackground(True)
        field.submitted.connect(lambda: self._keep(field))
        return field

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Starts from the whole text."""
        assert isinstance(editor, MessageInput)
        editor.setPlainText(str(index.data(Qt.ItemDataRole.EditRole) or ""))
        editor.selectAll()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        """Hands the text over."""
        assert isinstance(editor, MessageInput)
        model.setData(index, editor.toPlainText(), Qt.ItemDataRole.EditRole)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, _index: Index) -> None:
        """Over the cell and as far below as the text may need; above it where the table ends."""
        rect = option.rect  # type: ignore[attr-defined]
        height = editor.fontMetrics().lineSpacing() * EDITOR_LINES
        editor.setFixedHeight(height)
        space = self._table.viewport().height()
        top = rect.top() if rect.top() + height <= space else max(0, space - height)
        editor.setGeometry(rect.left(), top, rect.width(), height)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter and Tab belong to the field, Escape to the table."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() != Qt.Key.Key_Escape:
            return False
        return super().eventFilter(watched, event)

    def _keep(self, field: MessageInput) -> None:
        self.commitData.emit(field)
        self.closeEditor.emit(field, QAbstractItemDelegate.EndEditHint.NoHint)
