"""The bar that says what was just taken away, and takes it back."""

from collections.abc import Callable

from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from gui.theme import SPACE_M, SPACE_S, set_role
from gui.widgets.parts import button, label


class UndoBar(QFrame):
    """Hidden until `offer`; stays until it is used, closed, or the next offer."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._undo: Callable[[], None] | None = None
        set_role(self, "panel")
        self.text = label(wrap=False)
        self.undo_button = button(self._use, name="undoButton")
        self.close_button = button(self.hide, "quiet", "undoCloseButton")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(SPACE_M, SPACE_S, SPACE_S, SPACE_S)
        layout.addWidget(self.text, 1)
        layout.addWidget(self.undo_button)
        layout.addWidget(self.close_button)
        self.hide()
        self.retranslate()

    def offer(self, text: str, undo: Callable[[], None]) -> None:
        """Says `text` and calls `undo` when the user asks for it."""
        self._undo = undo
        self.text.setText(text)
        self.show()

    def retranslate(self) -> None:
        """Shows the buttons in the present language."""
        self.undo_button.setText(self.tr("Undo"))
        self.close_button.setText(self.tr("Close"))

    def _use(self) -> None:
        self.hide()
        if self._undo is not None:
            undo, self._undo = self._undo, None
            undo()
