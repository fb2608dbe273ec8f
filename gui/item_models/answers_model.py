"""The held-out rows with the expected answer and what the model said before and after training."""

from pathlib import Path
from typing import Any

import msgspec
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from backend.runs.manifests import read_manifest
from backend.runs.run import Run
from gui.theme import colors
from gui.tooltips import whole_text

Index = QModelIndex | QPersistentModelIndex
BASE, TUNED = "base", "tuned"
LONGEST_CELL = 2_000


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """A line of scores/<target>/answers.jsonl."""

    row: int
    question: str
    expected: str
    answer: str
    match: bool


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """One held-out row; an answer that was not asked for is None."""

    row: int
    question: str
    expected: str
    before: Answer | None
    after: Answer | None


class Score(msgspec.Struct, frozen=True, kw_only=True):
    """How many of the held-out rows were right; low and high bound the 95 % interval (0-1) where it was computed."""

    right: int
    total: int
    low: float | None = None
    high: float | None = None


def read_answers(run: Run, target: str) -> list[Answer]:
    """The finished answers of `target`, empty when there are none; a damaged line is left out."""
    folder = run.scores / target
    if read_manifest(folder) is None:
        return []
    answers = []
    try:
        lines = (folder / "answers.jsonl").read_bytes().splitlines()
    except OSError:
        return []
    for line in lines:
        try:
            answers.append(msgspec.json.decode(line, type=Answer))
        except msgspec.MsgspecError:
            continue
    return answers


def read_score(run: Run, target: str) -> Score | None:
    """The exact-match score of `target`, or None when it was not measured."""
    answers = read_answers(run, target)
    if not answers:
        return None
    bounds = _bounds(run.scores / target / "scores.json")
    return Score(right=sum(answer.match for answer in answers), total=len(answers), low=bounds.get("low"),
                 high=bounds.get("high"))


def compare(run: Run) -> list[Compared]:
    """Every held-out row that was asked, in the order of the file."""
    before = {answer.row: answer for answer in read_answers(run, BASE)}
    after = {answer.row: answer for answer in read_answers(run, TUNED)}
    rows = []
    for number in sorted({*before, *after}):
        known = after.get(number) or before[number]
        rows.append(Compared(row=number, question=known.question, expected=known.expected,
                             before=before.get(number), after=after.get(number)))
    return rows


class AnswersModel(QAbstractTableModel):
    """Question, expected, before, after; ✓ and ✗ carry the verdict besides the colour."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all: list[Compared] = []
        self._rows: list[Compared] = []
        self._kept = "all"

    def show(self, rows: list[Compared]) -> None:
        """Shows these rows; the same rows again leave the view where it is."""
        if rows != self._all:
            self._all = rows
            self.keep(self._kept)

    def keep(self, which: str) -> None:
        """all, learned (wrong before, right after), lost (right before, wrong after) or wrong (wrong after)."""
        self._kept = which
        self.beginResetModel()
        self._rows = [row for row in self._all if _is_kept(row, which)]
        self.endResetModel()

    def count(self, which: str) -> int:
        """How many rows `keep(which)` would show."""
        return sum(_is_kept(row, which) for row in self._all)

    def retranslate(self) -> None:
        """Tells the view that all texts changed."""
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, 3)
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, 3))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """The number of rows shown."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Question, expected, before, after."""
        return 0 if parent.isValid() else 4

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The column's name."""
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        if orientation != Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return (self.tr("Question"), self.tr("Expected"), self.tr("Before"), self.tr("After"))[section]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Texts, the whole text as a tooltip, and the colour of the verdict."""
        row = self._rows[index.row()]
        answer = (None, None, row.before, row.after)[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            if index.column() < 2:
                return _shortened((row.question, row.expected)[index.column()])
            return self._verdict(answer)
        if role == Qt.ItemDataRole.ToolTipRole:
            return whole_text((row.question, row.expected)[index.column()] if index.column() < 2
                              else answer.answer if answer is not None else "")
        if role == Qt.ItemDataRole.ForegroundRole and answer is not None:
            return QColor(colors().good if answer.match else colors().bad)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
        return None

    def _verdict(self, answer: Answer | None) -> str:
        if answer is None:
            return "–"
        mark = self.tr("✓ right") if answer.match else self.tr("✗ wrong")
        nothing = self.tr("(empty)")  # lupdate does not look into f-strings
        return f"{mark}\n{_shortened(answer.answer.strip()) or nothing}"


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_CELL else f"{text[:LONGEST_CELL]}…"


def _is_kept(row: Compared, which: str) -> bool:
    before, after = bool(row.before and row.before.match), bool(row.after and row.after.match)
    return {"learned": after and not before, "lost": before and not after, "wrong": not after}.get(which, True)


def _bounds(file: Path) -> dict[str, Any]:
    try:
        scores = msgspec.json.decode(file.read_bytes(), type=dict[str, Any])
    except (OSError, msgspec.MsgspecError):
        return {}
    found = scores.get("exact_match")
    return found if isinstance(found, dict) else {}
