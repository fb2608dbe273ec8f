"""Which rows the table shows: a text to find, what the rows are for, and what was noticed about them."""

from collections.abc import Sequence

import msgspec
from PySide6.QtCore import QSignalBlocker, QTimer, Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from backend.data.check_texts import CHECKS
from backend.data.row_filter import RowFilter
from gui.data_desk.overview import Overview
from gui.figures import count
from gui.session import Session
from gui.widgets.flow_row import FlowRow
from gui.widgets.parts import button

TYPING_PAUSE = 250  # ms
BOX_CHARACTERS = 18


class RowFilters(QWidget):
    """One line of filters; all of them together let a row through.

    Signals:
        changed: another filter is set.
    """

    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self._overview: Overview | None = None
        self.text = QLineEdit()
        self.text.setObjectName("find_text")
        self.text.setClearButtonEnabled(True)
        self.kind_box, self.check_box = QComboBox(), QComboBox()
        self.kind_box.setObjectName("filter_kind")
        self.check_box.setObjectName("filter_check")
        for box in (self.kind_box, self.check_box):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(BOX_CHARACTERS)
            box.activated.connect(self.changed)
        self.clear_button = button(self.clear, "link", "show_all_rows")
        self.text.setMinimumWidth(self.fontMetrics().averageCharWidth() * BOX_CHARACTERS)
        layout = FlowRow(self.text, self.kind_box, self.check_box, self.clear_button, grows=self.text)
        self.setLayout(layout)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(TYPING_PAUSE)
        self._typing.timeout.connect(self.changed)
        self.text.textChanged.connect(self._typing.start)
        self.changed.connect(self.show_clear)

    def retranslate(self) -> None:
        """Sets every text."""
        self.text.setPlaceholderText(self.tr("Find text"))
        self.text.setAccessibleName(self.tr("Find text in the rows"))
        self.kind_box.setAccessibleName(self.tr("Which rows are shown"))
        self.check_box.setAccessibleName(self.tr("What was noticed about the shown rows"))
        self.clear_button.setText(self.tr("Show all rows"))
        self.show_choices(self._overview)

    def show_choices(self, overview: Overview | None) -> None:
        """Offers what there is in a dataset; what is chosen stays, unless it is no longer there."""
        self._overview = overview
        kinds = [("", self.tr("All rows"))]
        checks = [("", self.tr("Noticed: anything"))]
        if overview is not None:
            kinds += [("usable", self.tr("Can be trained on")), ("unusable", self.tr("Left out of training"))]
            if overview.sides:
                kinds += [("train", self.tr("For training")), ("held_out", self.tr("Held out"))]
            if overview.synthetic:
                kinds.append(("synthetic", self.tr("Made by enlarging")))
            kinds += [(f"label:{value}", self.tr("Label {0} ({1})").format(value, count(rows)))
                      for value, rows in overview.labels[:20]]
            checks += [(finding.check, f"{CHECKS[finding.check].title.in_language(self.session.language)}"
                                       f" ({count(finding.count)})")
                       for finding in overview.findings if finding.check in CHECKS]
        stays = [_fill(self.kind_box, kinds), _fill(self.check_box, checks)]
        self.show_clear()
        if not all(stays):
            self.changed.emit()

    def show_check(self, check: str) -> None:
        """Shows the rows of a finding, and all of them."""
        self.text.clear()
        self.kind_box.setCurrentIndex(0)
        self.check_box.setCurrentIndex(max(0, self.check_box.findData(check)))
        self.changed.emit()

    def clear(self) -> None:
        """Shows all rows."""
        self.reset()
        self.changed.emit()

    def reset(self) -> None:
        """Lets everything through, without saying so."""
        with QSignalBlocker(self.text):
            self.text.clear()
        self._typing.stop()
        self.kind_box.setCurrentIndex(0)
        self.check_box.setCurrentIndex(0)

    def wanted(self, before: RowFilter | Sequence[int]) -> RowFilter:
        """The filter as it is set, in the order of the one before."""
        self._typing.stop()
        order = before if isinstance(before, RowFilter) else RowFilter()
        kind = str(self.kind_box.currentData() or "")
        wanted = RowFilter(text=self.text.text(), check=str(self.check_box.currentData() or ""), sort=order.sort,
                           descending=order.descending)
        if kind in ("usable", "unusable"):
            return msgspec.structs.replace(wanted, state=kind)
        if kind in ("train", "held_out"):
            return msgspec.structs.replace(wanted, side=kind)
        if kind.startswith("label:"):
            return msgspec.structs.replace(wanted, label=kind.removeprefix("label:"))
        return msgspec.structs.replace(wanted, synthetic=kind == "synthetic")

    @property
    def is_set(self) -> bool:
        """Whether some rows are kept from sight."""
        return bool(self.text.text() or self.kind_box.currentData() or self.check_box.currentData())

    def show_clear(self, others: bool = False) -> None:
        """Offers all rows where some are kept from sight, by this or by `others`."""
        self.clear_button.setVisible(self.is_set or others)


def _fill(box: QComboBox, choices: list[tuple[str, str]]) -> bool:
    """Replaces the choices and keeps the chosen one; one that is gone becomes the first. Returns whether it stayed."""
    chosen = box.currentData() or ""
    box.clear()
    for data, text in choices:
        box.addItem(text, data)
    place = box.findData(chosen)
    box.setCurrentIndex(max(0, place))
    return place >= 0
