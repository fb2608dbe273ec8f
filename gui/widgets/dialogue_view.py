"""A row as people read it: who says what, and which parts the model is trained to say."""

import json
from typing import Any

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from gui.theme import SPACE_M, SPACE_S, SPACE_XL, SPACE_XS, set_role
from gui.widgets.parts import clear_layout, label
from gui.words import speaker_word

LONGEST = 20_000  # characters of one part: a label of a whole book would freeze the window


class DialogueView(QWidget):
    """The messages of one row, or its raw text. Answers that are trained are marked: colour, a bar, and the word."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: list[dict[str, Any]] = []
        self.trained = True
        self.answers: list[str] = []
        self._text = ""
        self._rejected: list[dict[str, Any]] = []
        self._tools: list[dict[str, Any]] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(SPACE_S)

    def show_messages(self, messages: list[dict[str, Any]], trained: bool = True, answers: list[str] | None = None, *,
                      text: str = "", rejected: list[dict[str, Any]] | None = None,
                      tools: list[dict[str, Any]] | None = None) -> None:
        """Replaces the row; each message has `role` and `content`, and may have reasoning_content, tool_calls, weight.

        `trained`: its answers are learned. `answers` tells for each answer whether training takes it whole, cut, or not
        at all (lost); all are whole while that is not known. `text` is a document instead of messages; `rejected` the
        answer that was not preferred; `tools` what the model may call.
        """
        self.messages, self.trained, self.answers = messages, trained, answers or []
        self._text, self._rejected, self._tools = text, rejected or [], tools or []
        clear_layout(self._layout)
        if self._tools:
            self._add("tool", self.tr("Tools that may be called"), ", ".join(_tool_name(tool) for tool in self._tools))
        if text:
            self._add("assistant", self.tr("Text · trained") if trained else self.tr("Text"), text, is_trained=trained)
        kept = iter(self.answers)
        for message in messages:
            self._add_message(message, kept)
        for message in self._rejected:
            if message.get("role") == "assistant":
                self._add("assistant", self.tr("Answer that was not preferred"), _said(message))

    def retranslate(self) -> None:
        """Says the speakers in the present language."""
        self.show_messages(self.messages, self.trained, self.answers, text=self._text, rejected=self._rejected,
                           tools=self._tools)

    def _add_message(self, message: dict[str, Any], kept: Any) -> None:
        role = str(message.get("role", ""))
        part = ""
        if self.trained and role == "assistant":
            part = "left_out" if message.get("weight") == 0 else next(kept, "whole")
        captions = {"whole": self.tr("{0} · trained"), "cut": self.tr("{0} · trained, the end is cut off"),
                    "lost": self.tr("{0} · beyond the maximum length, not trained"),
                    "left_out": self.tr("{0} · marked as not to be trained")}
        caption = captions.get(part, "{0}").format(speaker_word(role))
        if message.get("name"):
            caption = f"{caption} · {message['name']}"
        self._add(role, caption, _said(message), reasoning=str(message.get("reasoning_content") or ""),
                  is_trained=part in ("whole", "cut"))

    def _add(self, role: str, caption: str, content: str, reasoning: str = "", is_trained: bool = False) -> None:
        frame = QFrame()
        frame.setObjectName("bubble")
        set_role(frame, "trained" if is_trained else "read")
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(SPACE_M, SPACE_S, SPACE_M, SPACE_S)
        inside.setSpacing(SPACE_XS)
        above = label("small", wrap=False)
        above.setText(caption)
        inside.addWidget(above)
        if reasoning:
            thought = label("muted", selectable=True)
            thought.setText(self.tr("Reasoning: {0}").format(_short(reasoning)))
            inside.addWidget(thought)
        text = label(selectable=True)
        text.setText(_short(content))
        text.setAccessibleName(f"{caption}: {_short(content)}")
        inside.addWidget(text)
        line = QHBoxLayout()
        if role == "user":
            line.addSpacing(SPACE_XL * 2)
        line.addWidget(frame, 1)
        if role != "user":
            line.addSpacing(SPACE_XL * 2)
        self._layout.addLayout(line)


def _said(message: dict[str, Any]) -> str:
    """What a message says; calls of tools as NAME(arguments)."""
    calls = [f"{call['function']['name']}({json.dumps(call['function']['arguments'], ensure_ascii=False)})"
             for call in message.get("tool_calls") or []]
    content = message.get("content")
    return "\n".join([str(content), *calls] if content else calls)


def _tool_name(tool: dict[str, Any]) -> str:
    return str((tool.get("function") or tool).get("name", "?"))


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"
