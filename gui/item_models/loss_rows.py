"""The rows of a run with the loss that each was measured to have: losses in memory, texts when they are looked at."""

import sqlite3
from collections import OrderedDict
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QColor

from backend.data.dataset import Row, up_to_last_answer
from backend.data.dataset_folder import is_dataset
from backend.data.rendered_rows import KeptRows, RenderedRow
from backend.data.row_losses import RowLoss, read_row_losses
from backend.data.store import Store
from backend.protocol.errors import TanrenError
from backend.runs.run import Run
from gui.background import Background
from gui.data_desk.edits import Part, part_of, with_part
from gui.figures import count
from gui.theme import colors
from gui.tooltips import whole_text as tooltip
from gui.words import side_word

COLUMNS = ("loss", "tokens", "side", "row", "question", "answer")
SORTED_BY = COLUMNS[:4]
SPLITS = ("train", "held_out")
CELL_CHARACTERS = 200
PAGE_ROWS = 100
PAGES_KEPT = 20
BUSY_SECONDS = 0.04  # how long the window may wait for a writer before it shows an empty line and asks again
AGAIN_MS = 300
CHANGED = "✎"
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
Index = QModelIndex | QPersistentModelIndex


class Measured(NamedTuple):
    """What was measured of a run, the worst first; `counts`: rows of each split, and of both; `means`: the mean loss of
    a trained token of each split (nats). `kept`: its rows as they were trained; `datasets`: the imported dataset that
    they came from, None where that is a file, or gone."""

    losses: list[RowLoss]
    counts: dict[str, int]
    means: dict[str, float]
    kept: dict[str, KeptRows]
    datasets: dict[str, Path | None]


class Shown(NamedTuple):
    """A measured row as it is now; `changed`: it says something else than what was trained. `gone`: the dataset no
    longer has it; then it is shown as it was trained, like the rows of files. `folder`: where it can be edited."""

    loss: RowLoss
    row: Row
    changed: bool
    gone: bool
    folder: Path | None


def read_measured(run: Run) -> Measured:
    """Everything but the texts. Raises TanrenError artifact_damaged and run_damaged."""
    info = run.info()
    losses = read_row_losses(run.row_losses)
    sources = {"train": Path(info.data), "held_out": Path(info.held_out or info.data)}
    counts, means = {"": len(losses)}, {}
    for split in SPLITS:
        rows = [row for row in losses if row.split == split]
        counts[split] = len(rows)
        if tokens := sum(row.tokens for row in rows):
            means[split] = sum(row.loss * row.tokens for row in rows) / tokens
    return Measured(losses, counts, means, {split: KeptRows(run.dataset / f"{split}.jsonl") for split in SPLITS},
                    {split: source if is_dataset(source) else None for split, source in sources.items()})


def in_order(losses: list[RowLoss], split: str, column: str, descending: bool) -> list[int]:
    """The places of a split's rows (of both, when it is empty), sorted by a column; equal ones stay worst first."""
    places = [place for place, row in enumerate(losses) if split in ("", row.split)]
    if column == "side":
        return sorted(places, key=lambda place: SPLITS.index(losses[place].split), reverse=descending)
    return sorted(places, key=lambda place: float(getattr(losses[place], column)), reverse=descending)


class LossRows(QAbstractTableModel):
    """Sorted and filtered in a thread; texts are read PAGE_ROWS at a time.

    Signals:
        answered: other rows are shown, or the same in another order.
        failed: a TanrenError.
        edited: a Shown, part, text: a cell was written.
    """

    answered = Signal()
    failed = Signal(object)
    edited = Signal(object, str, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.measured: Measured | None = None
        self.split = ""
        self.sorted_by, self.is_descending = "loss", True
        self._order: list[int] = []
        self._pages: OrderedDict[int, list[Shown]] = OrderedDict()
        self._written: dict[tuple[str, int], Row] = {}
        self._background = Background(self)
        self._asked = 0
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(AGAIN_MS)
        self._again.timeout.connect(self._say_changed)

    # --- what is shown ---

    def open(self, run: Run | None) -> None:
        """Reads what was measured of a run, in a thread; None shows nothing."""
        self._asked += 1
        asked = self._asked
        if run is None:
            self._take(asked, None, [])
            return
        split, column, descending = self.split, self.sorted_by, self.is_descending

        def read() -> tuple[Measured, list[int]]:
            measured = read_measured(run)
            return measured, in_order(measured.losses, split, column, descending)

        self._background.do(read, lambda found: self._take(asked, *found), lambda error: self._refuse(asked, error))

    def ask(self, split: str, column: str, descending: bool) -> None:
        """Shows other rows, or in another order, as soon as they are sorted."""
        self.split, self.sorted_by, self.is_descending = split, column, descending
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(COLUMNS) - 1)
        if self.measured is None:
            return
        self._asked += 1
        asked, losses = self._asked, self.measured.losses
        self._background.do(lambda: in_order(losses, split, column, descending),
                            lambda order: self._reorder(asked, order), lambda error: self._refuse(asked, error))

    def refresh(self, rows: list[int]) -> None:
        """These rows say something else now; all may, when none is named."""
        self._written = {place: row for place, row in self._written.items() if rows and place[1] not in rows}
        self._pages.clear()
        self._say_changed()

    @property
    def is_reading(self) -> bool:
        """Whether rows are awaited."""
        return self._background.is_busy

    def shown_at(self, line: int) -> Shown | None:
        """What table line `line` shows; None while it cannot be read."""
        if not 0 <= line < len(self._order):
            return None
        page = self._page(line // PAGE_ROWS)
        return page[line % PAGE_ROWS] if page else None

    def loss_at(self, line: int) -> RowLoss | None:
        """The measurement in table line `line`."""
        return self.measured.losses[self._order[line]] if self.measured and 0 <= line < len(self._order) else None

    def line_of(self, loss: RowLoss | None) -> int:
        """The table line of the row (or piece) that a measurement is of, -1 when it is not shown."""
        if self.measured is None or loss is None:
            return -1
        losses, wanted = self.measured.losses, (loss.row, loss.part, loss.split)
        try:
            place = losses.index(loss)  # fast; of a newer measurement the figures differ
        except ValueError:
            place = next((at for at, row in enumerate(losses) if (row.row, row.part, row.split) == wanted), -1)
        try:
            return self._order.index(place)
        except ValueError:
            return -1

    def retranslate(self) -> None:
        """Says headings and words in another language."""
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(COLUMNS) - 1)
        self._say_changed()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sorts by a column; one of texts leaves everything as it is."""
        if COLUMNS[column] in SORTED_BY:
            self.ask(self.split, COLUMNS[column], order == Qt.SortOrder.DescendingOrder)

    # --- Qt's questions ---

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Lines of the table."""
        return 0 if parent.isValid() else len(self._order)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """COLUMNS."""
        return 0 if parent.isValid() else len(COLUMNS)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Question and answer of a dataset's row can be written."""
        flags = super().flags(index)
        if index.isValid() and self._part(index) is not None:
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """One cell: text, the whole text as its tooltip and to edit, with the reason where it cannot be."""
        if not index.isValid() or (loss := self.loss_at(index.row())) is None:
            return None
        name = COLUMNS[index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return RIGHT if name in ("loss", "tokens", "row") else None
        if role == Qt.ItemDataRole.ForegroundRole:
            return QColor(colors().muted) if name in ("tokens", "side", "row") else None
        if role == Qt.ItemDataRole.EditRole:
            part, shown = self._part(index), self.shown_at(index.row())
            return part_of(shown.row, part) if part and shown else None
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        if name in ("question", "answer"):
            text = self._said(index)
            if role == Qt.ItemDataRole.ToolTipRole:
                return tooltip("\n\n".join(part for part in (text, self.why_fixed(index.row())) if part))
            return " ".join(text[:4 * CELL_CHARACTERS].split())[:CELL_CHARACTERS]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._figure(loss, name, index.row())
        return self._marked(index.row()) if name == "row" else None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Shows what was written at once; it is kept in the background."""
        part, shown = self._part(index), self.shown_at(index.row())
        if role != Qt.ItemDataRole.EditRole or part is None or shown is None or part_of(shown.row, part) == value:
            return False
        self._written[shown.loss.split, shown.row.row] = with_part(shown.row, part, str(value))
        self._pages.clear()
        self._say_changed()
        self.edited.emit(shown, part, str(value))
        return True

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The words over the columns."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        name = COLUMNS[section]
        if role == Qt.ItemDataRole.TextAlignmentRole and name in ("loss", "tokens", "row"):
            return RIGHT
        if role == Qt.ItemDataRole.ToolTipRole and name in ("loss", "tokens"):
            return tooltip(self.tr("Nats per trained token: 0 means that the model says exactly this by heart.")
                           if name == "loss" else self.tr("Tokens of the row that are trained"))
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        title = {"loss": self.tr("Loss (nats)"), "tokens": self.tr("Tokens"), "side": self.tr("Used for"),
                 "row": self.tr("Row"), "question": self.tr("Question"), "answer": self.tr("Answer")}[name]
        arrow = " ↓" if self.is_descending else " ↑"
        return title + arrow if name == self.sorted_by else title

    def why_fixed(self, line: int) -> str:
        """Why the texts of a line cannot be edited; empty where they can."""
        shown = self.shown_at(line)
        if shown is None or (shown.folder is not None and not shown.gone):
            return ""
        if shown.gone:
            return self.tr("This row is no longer in the dataset.")
        return self.tr("The run was trained from a file, which is never changed: import it as a dataset to edit rows.")

    # --- inside ---

    def _part(self, index: Index) -> Part | None:
        name = COLUMNS[index.column()]
        if name not in ("question", "answer"):
            return None
        shown = self.shown_at(index.row())
        if shown is None or shown.folder is None or shown.gone:
            return None
        if shown.row.text:
            return "text" if name == "question" else None
        return "question" if name == "question" else "answer"

    def _said(self, index: Index) -> str:
        name, shown = COLUMNS[index.column()], self.shown_at(index.row())
        if shown is None:
            return "…" if name == "question" else ""
        if shown.row.text:
            return shown.row.text if name == "question" else ""
        return part_of(shown.row, "question" if name == "question" else "answer")

    def _figure(self, loss: RowLoss, name: str, line: int) -> str:
        if name == "row":
            piece = f" · {loss.part + 1}" if loss.part else ""
            shown = self.shown_at(line)
            return (f"{CHANGED} " if shown and (shown.changed or shown.gone) else "") + count(loss.row) + piece
        return {"loss": f"{loss.loss:.3f}", "tokens": count(loss.tokens), "side": side_word(loss.split)}[name]

    def _marked(self, line: int) -> str | None:
        shown = self.shown_at(line)
        if shown is None or not (shown.changed or shown.gone):
            return None
        return tooltip(self.tr("Changed since the training") if shown.changed else self.why_fixed(line))

    def _page(self, place: int) -> list[Shown] | None:
        """The rows of a page of the table, read unless they were lately; None while another process writes them."""
        if place in self._pages:
            self._pages.move_to_end(place)
            return self._pages[place]
        if self.measured is None:
            return None
        losses = [self.measured.losses[at] for at in self._order[place * PAGE_ROWS:(place + 1) * PAGE_ROWS]]
        try:
            page = self._read(self.measured, losses)
        except sqlite3.OperationalError:  # a step is being written
            self._again.start()
            return None
        except TanrenError as error:
            if error.code == "dataset_busy":
                self._again.start()
                return None
            page = []  # told once, not for each cell
            self.failed.emit(error)
        self._pages[place] = page
        while len(self._pages) > PAGES_KEPT:
            self._pages.popitem(last=False)
        return page

    def _read(self, measured: Measured, losses: list[RowLoss]) -> list[Shown]:
        stored: dict[str, dict[int, Row]] = {}
        for split, folder in measured.datasets.items():
            numbers = [loss.row for loss in losses if loss.split == split]
            stored[split] = {}
            if folder is not None and numbers and is_dataset(folder):
                with Store.open(folder, BUSY_SECONDS) as store:
                    stored[split] = store.page(numbers)
        kept = {split: rows.rows(loss.row for loss in losses if loss.split == split)
                for split, rows in measured.kept.items()}
        page = []
        for loss in losses:
            folder = measured.datasets[loss.split]
            trained = kept[loss.split].get(loss.row) or RenderedRow(loss.row, [])
            now = self._written.get((loss.split, loss.row)) or stored[loss.split].get(loss.row)
            row = now or Row(row=loss.row, messages=trained.messages, tools=trained.tools, text=trained.text)
            page.append(Shown(loss, row, now is not None and not _says_the_same(now, trained),
                              folder is not None and now is None, folder))
        return page

    def _take(self, asked: int, measured: Measured | None, order: list[int]) -> None:
        if asked != self._asked:
            return
        self.beginResetModel()
        self._again.stop()
        self._pages.clear()
        self._written.clear()
        self.measured, self._order = measured, order
        self.endResetModel()
        self.answered.emit()

    def _reorder(self, asked: int, order: list[int]) -> None:
        if asked == self._asked:
            self.beginResetModel()
            self._order = order
            self._pages.clear()
            self.endResetModel()
            self.answered.emit()

    def _refuse(self, asked: int, error: TanrenError) -> None:
        if asked == self._asked:
            self._take(asked, None, [])
            self.failed.emit(error)

    def _say_changed(self) -> None:
        if self._order:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._order) - 1, len(COLUMNS) - 1))


def _says_the_same(row: Row, trained: RenderedRow) -> bool:
    """Whether a row is still what was trained of it: a dialogue up to its last answer, and the tools."""
    return (row.text == trained.text and up_to_last_answer(row.messages) == trained.messages
            and msgspec.to_builtins(row.tools) == msgspec.to_builtins(trained.tools))
