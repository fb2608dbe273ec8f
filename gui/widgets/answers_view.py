"""Before and after: the sentence that counts, and the table of held-out rows behind it."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QHeaderView, QVBoxLayout, QWidget

from backend.runs.run import Run
from gui.figures import listed, percent
from gui.item_models.answers_model import BASE, TUNED, AnswersModel, Score, compare, read_score
from gui.theme import SPACE_M, SPACE_S
from gui.widgets.calm_table import CalmTable
from gui.widgets.parts import label
from gui.widgets.wrapped_cell import WrappedCell

KEPT = ("all", "learned", "lost", "wrong")


class AnswersView(QWidget):
    """The answers of one run."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._run: Run | None = None
        self.model = AnswersModel(self)
        self.headline = label("title")
        self.headline.setObjectName("scoreHeadline")
        self.interval = label("muted")
        self.filter_box = QComboBox()
        self.filter_box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.filter_box.setObjectName("answersFilter")
        for name in KEPT:
            self.filter_box.addItem(name, name)
        self.filter_box.activated.connect(self._filter)
        self.table = CalmTable()
        self.table.setObjectName("answersTable")
        self.table.setModel(self.model)
        self.table.setItemDelegate(WrappedCell(self.table))
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.table.setMinimumHeight(380)
        self._fit_timer = QTimer(self)
        self._fit_timer.setSingleShot(True)
        self._fit_timer.setInterval(50)
        self._fit_timer.timeout.connect(self.table.resizeRowsToContents)
        top = QHBoxLayout()
        top.setSpacing(SPACE_M)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.headline)
        words.addWidget(self.interval)
        top.addLayout(words, 1)
        top.addWidget(self.filter_box, 0, Qt.AlignmentFlag.AlignBottom)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_S)
        layout.addLayout(top)
        layout.addWidget(self.table, 1)

    def show_run(self, run: Run) -> bool:
        """Shows what was measured of `run`; False when nothing was."""
        self._run = run
        rows = compare(run)
        self.model.show(rows)
        self.retranslate()
        self._fit_timer.start()
        return bool(rows)

    def retranslate(self) -> None:
        """Shows every text in the present language."""
        names = {"all": self.tr("All rows"), "learned": self.tr("Learned"), "lost": self.tr("Forgotten"),
                 "wrong": self.tr("Still wrong")}
        for index in range(self.filter_box.count()):
            name = self.filter_box.itemData(index)
            self.filter_box.setItemText(index, f"{names[name]} ({self.model.count(name)})")
        self.filter_box.setAccessibleName(self.tr("Rows shown"))
        self.table.setAccessibleName(self.tr("Answers before and after"))
        self.model.retranslate()
        if self._run is not None:
            before, after = read_score(self._run, BASE), read_score(self._run, TUNED)
            self.headline.setText(self._headline(before, after))
            self.interval.setText(self._interval(before, after))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Rows get the height that their text needs at the new width."""
        super().resizeEvent(event)
        self._fit_timer.start()

    def showEvent(self, event: QShowEvent) -> None:
        """Rows are measured when they are seen."""
        super().showEvent(event)
        self._fit_timer.start()

    def _headline(self, before: Score | None, after: Score | None) -> str:
        if before is not None and after is not None:
            return self.tr("{before} of {total} → {after} of {total} right").format(
                before=before.right, after=after.right, total=after.total)
        known = after or before
        if known is None:
            return ""
        return self.tr("{right} of {total} right").format(right=known.right, total=known.total)

    def _interval(self, before: Score | None, after: Score | None) -> str:
        parts = []
        for score, name in ((before, self.tr("before")), (after, self.tr("after"))):
            if score is None:
                continue
            text = f"{name} {_percent(score.right / score.total)}"
            if score.low is not None and score.high is not None:
                text += self.tr(" (95 % interval {low} to {high})").format(
                    low=_percent(score.low), high=_percent(score.high))
            parts.append(text)
        return self.tr("Exact match on the held-out rows: {scores}").format(scores=listed(parts)) if parts else ""

    def _filter(self) -> None:
        self.model.keep(self.filter_box.currentData())
        self._fit_timer.start()


def _percent(share: float) -> str:
    """Whole percents: a hundred held-out rows tell no more."""
    return percent(round(share, 2))
