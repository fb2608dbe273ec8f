"""A table to read: roomy cells, no grid, a quiet selection."""

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QTableView, QWidget

from gui.theme import colors


class CalmTable(QTableView):
    """Rows are selected one at a time; nothing is edited in place. Follows the theme."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sheet = ""
        self.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        self.setEditTriggers(QTableView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.horizontalHeader().setHighlightSections(False)
        self._colour()

    def changeEvent(self, event: QEvent) -> None:
        """Takes the colours of the new theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._colour()

    def _colour(self) -> None:
        chosen = colors()
        sheet = (f"QTableView::item {{ padding: 6px 8px; border: none; border-bottom: 1px solid {chosen.tint}; }}"
                 f"QTableView::item:selected {{ background: {chosen.accent_soft}; color: {chosen.text}; }}")
        if sheet != self._sheet:
            self._sheet = sheet
            self.setStyleSheet(sheet)
