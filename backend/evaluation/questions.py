"""The held-out rows as questions with their expected answers."""

from pathlib import Path
from typing import Any

import msgspec

from backend.data.rendered_rows import read_rows
from backend.protocol.errors import TanrenError

Message = dict[str, Any]


class Question(msgspec.Struct, frozen=True):
    """What is asked (all messages before the last answer in words) and what should come; `tools` that may be called."""

    row: int
    messages: list[Message]
    expected: str
    tools: list[dict[str, Any]] = []

    @property
    def text(self) -> str:
        """The last thing said before the answer."""
        return str(self.messages[-1]["content"]) if self.messages else ""


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """One line of answers.jsonl."""

    row: int
    question: str
    expected: str
    answer: str
    match: bool


def read_questions(dataset: Path) -> list[Question]:
    """The held-out rows of a run's dataset folder. Raises TanrenError held_out_empty, and held_out_no_question when
    there are such rows, but none is a question that is answered in words."""
    questions = []
    rows = read_rows(dataset / "held_out.jsonl")
    for row in rows:
        last = max((at for at, message in enumerate(row.messages)
                    if message["role"] == "assistant" and not message.get("tool_calls")), default=0)
        if last:
            questions.append(Question(row.row, row.messages[:last], row.messages[last]["content"], row.tools))
    if not questions:
        raise TanrenError("held_out_no_question" if rows else "held_out_empty", path=dataset)
    return questions
