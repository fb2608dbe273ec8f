"""The table of runs, newest first."""

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from backend.protocol.errors import TanrenError
from backend.runs.run import Run, list_runs
from gui.figures import count, when
from gui.item_models.run_rows import RunRow, loss_text, read_row
from gui.session import Session
from gui.words import state_word

Index = QModelIndex | QPersistentModelIndex
COLUMNS = ("name", "state", "steps", "loss", "held_out", "created")
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class RunsModel(QAbstractTableModel):
    """One row a run; `refresh` reads the folders again and keeps rows that stay."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._rows: list[RunRow] = []

    def refresh(self) -> None:
        """Reads every run again; tells the view only what changed."""
        fresh = []
        for run in list_runs(self._session.home):
            try:
                fresh.append(read_row(run))
            except TanrenError:
                continue  # a folder that is being made or deleted right now
        if [row.run.id for row in fresh] != [row.run.id for row in self._rows]:
            self.beginResetModel()
            self._rows = fresh
            self.endResetModel()
        elif fresh:
            self._rows = fresh
            self.dataChanged.emit(self.index(0, 0), self.index(len(fresh) - 1, len(COLUMNS) - 1))

    def run_row(self, row: int) -> RunRow:
        """The run in table row `row`."""
        return self._rows[row]

    def row_of(self, run: Run | None) -> int:
        """The table row of `run`, or -1."""
        return next((row for row, known in enumerate(self._rows) if run and known.run.id == run.id), -1)

    def retranslate(self) -> None:
        """Tells the view that all texts changed."""
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(COLUMNS) - 1)
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, len(COLUMNS) - 1))

    def state_text(self, row: RunRow) -> str:
        """The true state of a run in words."""
        busy = {"evaluate": self.tr("measuring"), "row_losses": self.tr("measuring"), "export": self.tr("exporting"),
                "merge": self.tr("merging"), "chat": self.tr("in a chat")}
        if row.busy:
            return busy.get(row.busy, row.busy)
        return state_word(row.state)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """The number of runs."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """The number of columns."""
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The column's name."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return RIGHT if COLUMNS[section] in ("steps", "loss", "held_out") else LEFT
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return (self.tr("Name"), self.tr("State"), self.tr("Steps"), self.tr("Loss"), self.tr("Held-out loss"),
                self.tr("Made"))[section]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Texts, alignment and the tooltip with the paths."""
        row, column = self._rows[index.row()], COLUMNS[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(row, column)
        if role == Qt.ItemDataRole.TextAlignmentRole and column in ("steps", "loss", "held_out"):
            return RIGHT
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{row.info.id}\n{row.info.model}\n{row.info.data}"
        return None

    def _text(self, row: RunRow, column: str) -> str:
        match column:
            case "name":
                return row.info.name
            case "state":
                return self.state_text(row)
            case "steps":
                of_total = f" / {count(row.total)}" if row.total > row.steps else ""
                return count(row.steps) + of_total if row.steps else "–"
            case "loss":
                return loss_text(row.loss)
            case "held_out":
                return loss_text(row.held_out_loss)
            case _:
                return when(row.info.created)
