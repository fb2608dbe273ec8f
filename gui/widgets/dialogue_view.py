"""A row as a chat: who says what, and which parts the model is trained to say."""

from typing import Any

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from gui.theme import SPACE_M, SPACE_S, SPACE_XL, SPACE_XS, set_role
from gui.widgets.parts import clear_layout, label
from gui.words import speaker_word


class DialogueView(QWidget):
    """The messages of one row. Answers that are trained are marked: colour, a bar, and the word."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: list[dict[str, Any]] = []
        self.trained = True
        self.answers: list[str] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(SPACE_S)

    def show_messages(self, messages: list[dict[str, Any]], trained: bool = True, answers: list[str] | None = None
                      ) -> None:
        """Replaces the row; each message has `role` and `content`. `trained`: its answers are learned.

        `answers` tells for each answer whether training takes it whole, cut, or not at all (lost); all are whole
        while that is not known.
        """
        self.messages, self.trained, self.answers = messages, trained, answers or []
        clear_layout(self._layout)
        kept = iter(self.answers)
        for message in messages:
            role = str(message.get("role", ""))
            part = next(kept, "whole") if trained and role == "assistant" else ""
            self._layout.addLayout(self._bubble(role, str(message.get("content") or ""), part))

    def retranslate(self) -> None:
        """Says the speakers in the present language."""
        self.show_messages(self.messages, self.trained, self.answers)

    def _bubble(self, role: str, content: str, part: str) -> QHBoxLayout:
        frame = QFrame()
        frame.setObjectName("bubble")
        set_role(frame, "trained" if part in ("whole", "cut") else "read")
        caption, text = label("small", wrap=False), label(selectable=True)
        word = speaker_word(role)
        captions = {"whole": self.tr("{0} · trained"), "cut": self.tr("{0} · trained, the end is cut off"),
                    "lost": self.tr("{0} · beyond the maximum length, not trained")}
        caption.setText(captions.get(part, "{0}").format(word))
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
