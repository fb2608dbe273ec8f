"""The field in which a message is written: sends by key, grows no wider than its place, lets an input method finish."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QPlainTextEdit, QWidget


class MessageInput(QPlainTextEdit):
    """Where the user writes. Enter sends and Shift+Enter breaks the line, or Ctrl+Enter sends.

    Signals:
        submitted: the user asked to send.
    """

    submitted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.enter_sends = True
        self._composing = False
        self.setTabChangesFocus(True)
        self.setFixedHeight(78)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Notes whether a Japanese word is being composed: its Enter must not send."""
        self._composing = bool(event.preeditString())
        super().inputMethodEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Sends on the chosen key."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not self._composing:
            control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            if control or (self.enter_sends and not shift):
                self.submitted.emit()
                event.accept()
                return
        super().keyPressEvent(event)

