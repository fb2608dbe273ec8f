"""A row as a chat: who says what, and which parts the model is trained to say."""

from typing import Any

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from gui.theme import SPACE_M, SPACE_S, SPACE_XL, SPACE_XS, set_role
from gui.widgets.parts import clear_layout, label
from gui.words import speaker_word


class DialogueView(QWidget):
    """The messages of one row. Assistant messages are marked as trained: colour, a bar, and the word."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: list[dict[str, Any]] = []
        self.trained = True
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(SPACE_S)

    def show_messages(self, messages: list[dict[str, Any]], trained: bool = True) -> None:
        """Replaces the row; each message has `role` and `content`. `trained`: its answers are learned."""
        self.messages, self.trained = messages, trained
        clear_layout(self._layout)
        for message in messages:
            self._layout.addLayout(self._bubble(str(message.get("role", "")), str(message.get("content") or "")))

    def retranslate(self) -> None:
        """Says the speakers in the present language."""
        self.show_messages(self.messages, self.trained)

    def _bubble(self, role: str, content: str) -> QHBoxLayout:
        trained = self.trained and role == "assistant"
        frame = QFrame()
        frame.setObjectName("bubble")
        set_role(frame, "trained" if trained else "read")
        caption, text = label("small", wrap=False), label(selectable=True)
        word = speaker_word(role)
        caption.setText(self.tr("{0} · trained").format(word) if trained else word)
        text.setText(content)
        text.setAccessibleName(f"{caption.text()}: {content}")
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(SPACE_M, SPACE_S, SPACE_M, SPACE_S)
        inside.setSpacing(SPACE_XS)
        inside.addWidget(caption)
        inside.addWidget(text)
        line = QHBoxLayout()
        if role == "user":
            line.addSpacing(SPACE_XL * 2)
        line.addWidget(frame, 1)
        if role != "user":
            line.addSpacing(SPACE_XL * 2)
        return line
