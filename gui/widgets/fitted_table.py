"""A table of rows whose figures have fixed columns and whose texts share what these leave."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent
from PySide6.QtGui import QResizeEvent

from gui.widgets.calm_table import CalmTable

LEAST_CHARACTERS = 12


class FittedTable(CalmTable):
    """Fits its columns to its width and text size. `names`: the columns in order; `widths`: characters of those that
    hold figures; `texts`: the columns that share the rest; `lines`: how many rows are seen. Call fit() when the model
    is set, and when a column was hidden or shown.
    """

    def __init__(self, names: Sequence[str], widths: Mapping[str, int], texts: Sequence[str], lines: int) -> None:
        super().__init__()
        self._names, self._widths, self._texts, self._lines = names, widths, texts, lines

    def fit(self) -> None:
        """Sets the height and the widths of the columns; before there is a model nothing."""
        if self.model() is None:
            return
        digit = self.fontMetrics().horizontalAdvance("0")
        line = self.fontMetrics().height() + 12
        self.verticalHeader().setDefaultSectionSize(line)
        self.setFixedHeight(self.horizontalHeader().sizeHint().height() + self._lines * line + 2 * self.frameWidth())
        taken = 0
        for name, characters in self._widths.items():
            column = self._names.index(name)
            if not self.isColumnHidden(column):
                wide = max(characters * digit, self.horizontalHeader().sectionSizeHint(column))
                self.setColumnWidth(column, wide)
                taken += wide
        shared = [self._names.index(name) for name in self._texts if not self.isColumnHidden(self._names.index(name))]
        for column in shared:
            self.setColumnWidth(column, max(LEAST_CHARACTERS * digit, (self.viewport().width() - taken) // len(shared)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The texts share what the figures leave."""
        super().resizeEvent(event)
        self.fit()

    def changeEvent(self, event: QEvent) -> None:
        """Fits to another text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "_lines"):
            self.fit()
