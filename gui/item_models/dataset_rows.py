"""The rows of a dataset as a table of any length: numbers of rows in memory, their texts a page at a time."""

import sqlite3
from array import array
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QColor

from backend.data.check_texts import CHECKS
from backend.data.dataset import Row, whole_text
from backend.data.row_filter import RowFilter, Sort
from backend.data.store import Store
from backend.protocol.errors import TanrenError
from backend.protocol.languages import Language
from gui.data_desk.edits import Part, part_of, with_part
from gui.figures import count, listed
from gui.item_models.row_numbers import RowNumbers
from gui.theme import colors
from gui.tooltips import whole_text as tooltip
from gui.words import side_word

CELL_CHARACTERS = 200
PAGE_ROWS = 200
PAGES_KEPT = 20
BUSY_SECONDS = 0.04  # how long the window may wait for a writer before it shows an empty line and asks again
AGAIN_MS = 300
COLUMNS = ("row", "question", "answer", "length", "checks", "label", "side", "synthetic")
SORTS: dict[str, Sort] = {"row": "row", "length": "length", "checks": "checks", "label": "label"}
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
READ_ONLY = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemNeverHasChildren
EDITABLE = READ_ONLY | Qt.ItemFlag.ItemIsEditable
Index = QModelIndex | QPersistentModelIndex


class Shown(NamedTuple):
    """A row with what the table says beside it."""

    row: Row
    checks: list[str]
    tokens: int | None


class DatasetRows(QAbstractTableModel):
    """A dataset's rows, filtered and sorted; texts are read when they are looked at, PAGE_ROWS at a time.

    Signals:
        answered: the rows of the newest question are shown.
        failed: a TanrenError: the question could not be answered.
        edited: number of a row, part, text: a cell was written.
    """

    answered = Signal()
    failed = Signal(object)
    edited = Signal(int, str, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.wanted: RowFilter | Sequence[int] = RowFilter()
        self.rows_decoded = 0  # since the dataset was opened
        self.in_tokens = False
        self.can_edit = True
        self.unsaid: set[str] = set()  # checks that every row met: they tell the rows nothing apart
        self.language: Language = "en"
        self._folder: Path | None = None
        self._store: Store | None = None
        self._numbers: array[int] = array("q")
        self._pages: OrderedDict[int, dict[int, Shown]] = OrderedDict()
        self._written: dict[int, Row] = {}
        self._questions = RowNumbers(self)
        self._questions.found.connect(self._show)
        self._questions.failed.connect(self.failed)
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(AGAIN_MS)
        self._again.timeout.connect(self._show_again)

    # --- what is shown ---

    def open(self, folder: Path | None) -> None:
        """Shows the rows of another dataset; None shows none."""
        self._questions.cancel()
        self._again.stop()
        if self._store is not None:
            self._store.close()
        self._folder, self._store = folder, None
        self.rows_decoded = 0
        self._written = {}
        self.wanted = RowFilter()
        self._show(array("q"))
        if folder is not None:
            self.ask(self.wanted)

    def ask(self, wanted: RowFilter | Sequence[int]) -> None:
        """Shows other rows as soon as they are found: those that a filter lets through, or those of these numbers."""
        self.wanted = wanted
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(COLUMNS) - 1)
        if self._folder is not None:
            self._questions.ask(self._folder, wanted)

    def refresh(self, rows: list[int]) -> None:
        """These rows say something else now; all may, when none is named. Which ones are shown is asked again."""
        for row in rows or list(self._written):
            self._written.pop(row, None)
        self._pages.clear()
        self._say_changed()
        self.ask(self.wanted)

    @property
    def sorted_column(self) -> int:
        """The column by which the rows are sorted; -1 for rows in an order of their own."""
        if not isinstance(self.wanted, RowFilter):
            return -1
        by = "length" if self.wanted.sort == "tokens" else self.wanted.sort
        return COLUMNS.index(by)

    @property
    def is_descending(self) -> bool:
        """Whether the order is turned round."""
        return isinstance(self.wanted, RowFilter) and self.wanted.descending

    @property
    def is_searching(self) -> bool:
        """Whether an answer is awaited."""
        return self._questions.is_searching

    def number_at(self, line: int) -> int:
        """The number of the row in table line `line`."""
        return self._numbers[line]

    def line_of(self, number: int) -> int:
        """The table line of a row, -1 when it is not shown."""
        try:
            return self._numbers.index(number)
        except ValueError:
            return -1

    def row_at(self, line: int) -> Row | None:
        """The row in table line `line`; None while it cannot be read."""
        shown = self._shown(line)
        return shown.row if shown else None

    def checks_at(self, line: int) -> list[str]:
        """What was noticed about the row in table line `line`."""
        shown = self._shown(line)
        return shown.checks if shown else []

    def retranslate(self, language: Language) -> None:
        """Says headings and words in another language."""
        self.language = language
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(COLUMNS) - 1)
        self._say_changed()

    def show_lengths(self, in_tokens: bool) -> None:
        """Lengths are in tokens, or in characters."""
        self.in_tokens = in_tokens
        self._pages.clear()
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(COLUMNS) - 1)
        self._say_changed()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sorts by a column; one that has no order leaves everything as it is."""
        name = COLUMNS[column]
        if name not in SORTS:
            return
        by: Sort = "tokens" if name == "length" and self.in_tokens else SORTS[name]
        descending = order == Qt.SortOrder.DescendingOrder
        wanted = self.wanted if isinstance(self.wanted, RowFilter) else RowFilter()
        self.ask(msgspec.structs.replace(wanted, sort=by, descending=descending))

    # --- Qt's questions ---

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Lines of the table."""
        return 0 if parent.isValid() else len(self._numbers)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """All of COLUMNS; the view hides those that say nothing."""
        return 0 if parent.isValid() else len(COLUMNS)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Question and answer can be written. A selection asks for every line: none is read for that."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        if not self.can_edit or COLUMNS[index.column()] not in ("question", "answer"):
            return READ_ONLY
        return EDITABLE if index.row() // PAGE_ROWS not in self._pages or self._part(index) else READ_ONLY

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """One cell: text, the whole text as its tooltip and to edit, colour for what is serious."""
        if not index.isValid():
            return None
        name = COLUMNS[index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole and name in ("row", "length"):
            return RIGHT
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.EditRole,
                        Qt.ItemDataRole.ForegroundRole):
            return None
        shown = self._shown(index.row())
        if shown is None:
            return "…" if name == "question" and role == Qt.ItemDataRole.DisplayRole else None
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._color(shown, name)
        if role == Qt.ItemDataRole.EditRole:
            part = self._part(index)
            return part_of(shown.row, part) if part else None
        text = self._text(shown, name)
        if role == Qt.ItemDataRole.ToolTipRole:
            return tooltip(text) if name in ("question", "answer", "checks", "label") else None
        if name == "checks":
            return listed(text.split("\n"))
        return " ".join(text[:4 * CELL_CHARACTERS].split())[:CELL_CHARACTERS]

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Shows what was written at once; it is kept in the background."""
        part = self._part(index)
        shown = self._shown(index.row())
        if role != Qt.ItemDataRole.EditRole or part is None or shown is None or part_of(shown.row, part) == value:
            return False
        number = shown.row.row
        self._written[number] = with_part(shown.row, part, str(value))
        self._pages.pop(index.row() // PAGE_ROWS, None)
        self.dataChanged.emit(self.index(index.row(), 0), self.index(index.row(), len(COLUMNS) - 1))
        self.edited.emit(number, part, str(value))
        return True

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The words over the columns."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole and COLUMNS[section] in ("row", "length"):
            return RIGHT
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        arrow = " ↓" if self.is_descending else " ↑"
        title = {
            "row": self.tr("Row"), "question": self.tr("Question"), "answer": self.tr("Answer"),
            "length": self.tr("Tokens") if self.in_tokens else self.tr("Characters"), "checks": self.tr("Noticed"),
            "label": self.tr("Label"), "side": self.tr("Used for"), "synthetic": self.tr("Made by"),
        }[COLUMNS[section]]
        return title + arrow if section == self.sorted_column else title

    # --- inside ---

    def _part(self, index: Index) -> Part | None:
        name = COLUMNS[index.column()]
        shown = self._shown(index.row())
        if shown is None or name not in ("question", "answer"):
            return None
        if shown.row.text:
            return "text" if name == "question" else None
        return "question" if name == "question" else "answer"

    def _text(self, shown: Shown, name: str) -> str:
        row = shown.row
        if name in ("question", "answer"):
            part: Part = "answer" if name == "answer" else "text" if row.text else "question"
            return part_of(row, part)
        if name == "checks":
            known = [CHECKS[check] for check in shown.checks if check in CHECKS and check not in self.unsaid]
            return "\n".join(check.title.in_language(self.language) for check in known)
        if name == "length":
            length = shown.tokens if self.in_tokens else len(whole_text(row))
            return "–" if length is None else count(length)
        if name == "side":
            return side_word(row.side)
        return {"row": count(row.row), "label": row.label, "synthetic": row.synthetic}[name]

    def _color(self, shown: Shown, name: str) -> QColor | None:
        if name in ("row", "length", "side", "synthetic"):
            return QColor(colors().muted)
        if name == "checks":
            said = [check for check in shown.checks if check in CHECKS and check not in self.unsaid]
            severities = {CHECKS[check].severity for check in said}
            chosen = colors()
            return QColor(chosen.bad if "error" in severities else chosen.warning if "warning" in severities
                          else chosen.muted)
        return QColor(colors().muted) if shown.row.problem else None

    def _shown(self, line: int) -> Shown | None:
        if not 0 <= line < len(self._numbers):
            return None
        page = self._page(line // PAGE_ROWS)
        return page.get(self._numbers[line]) if page is not None else None

    def _page(self, place: int) -> dict[int, Shown] | None:
        """The rows of a page of the table, read unless they were lately; None while another process writes them."""
        if place in self._pages:
            self._pages.move_to_end(place)
            return self._pages[place]
        numbers = self._numbers[place * PAGE_ROWS:(place + 1) * PAGE_ROWS]
        try:
            if (store := self._opened()) is None:
                return None
            rows, checks = store.page(numbers), store.checks_of(numbers)
            tokens = store.tokens_of(numbers) if self.in_tokens else {}
        except (sqlite3.OperationalError, TanrenError) as error:  # a step is being written
            if isinstance(error, TanrenError) and error.code != "dataset_busy":
                self._folder = None  # told once, not for each cell
                self.failed.emit(error)
            else:
                self._again.start()
            return None
        self.rows_decoded += len(rows)
        self._pages[place] = {number: Shown(self._written.get(number, row), checks.get(number, []), tokens.get(number))
                              for number, row in rows.items()}
        while len(self._pages) > PAGES_KEPT:
            self._pages.popitem(last=False)
        return self._pages[place]

    def _opened(self) -> Store | None:
        if self._store is None and self._folder is not None:
            self._store = Store.open(self._folder, BUSY_SECONDS)
        return self._store

    def _show(self, numbers: "array[int]") -> None:
        if len(numbers) == len(self._numbers) and numbers.tobytes() == self._numbers.tobytes():
            self._pages.clear()
            self._say_changed()
        else:
            self.beginResetModel()
            self._numbers = numbers
            self._pages.clear()
            self.endResetModel()
        self.answered.emit()

    def _show_again(self) -> None:
        self._say_changed()

    def _say_changed(self) -> None:
        if self._numbers:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._numbers) - 1, len(COLUMNS) - 1))
