"""What a dataset file becomes when it is read: rows of dialogues, and what was noticed about them."""

from pathlib import Path
from typing import Literal

import msgspec

from backend.protocol.errors import TanrenError

Severity = Literal["info", "warning", "error"]
Message = dict[str, str]
"""{"role": system | user | assistant, "content": text}"""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the file as a dialogue. `row` counts from 1.

    `problem` is empty for a row that can be trained on, otherwise the name of the check (a key of
    backend.data.check_texts.CHECKS) that keeps it out.
    """

    row: int
    messages: list[Message]
    problem: str = ""
    notes: tuple[str, ...] = ()


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """Something noticed: `check` is a key of CHECKS, `count` how many rows, `rows` the first of them."""

    check: str
    severity: Severity
    count: int
    rows: list[int]


class Dataset(msgspec.Struct, frozen=True, kw_only=True):
    """A whole file. `format`: alpaca, sharegpt, messages, prompt_completion, preference, table."""

    path: Path
    format: str
    encoding: str
    columns: list[str]
    rows: list[Row]


def rows_to_train(dataset: Dataset) -> list[Row]:
    """The usable rows of a file that has some. Raises TanrenError data_preference or data_no_usable_row."""
    rows = usable_rows(dataset)
    if not rows:
        code = "data_preference" if dataset.format == "preference" else "data_no_usable_row"
        raise TanrenError(code, path=dataset.path)
    return rows


def usable_rows(dataset: Dataset) -> list[Row]:
    """The rows that training may use, without what follows their last answer."""
    return [msgspec.structs.replace(row, messages=up_to_last_answer(row.messages))
            for row in dataset.rows if not row.problem]


def up_to_last_answer(messages: list[Message]) -> list[Message]:
    """The dialogue cut after its last assistant message."""
    last = max((place for place, message in enumerate(messages) if message["role"] == "assistant"), default=-1)
    return messages[: last + 1]


def question_of(messages: list[Message]) -> str:
    """Everything before the last answer as one text: what makes two rows ask the same."""
    return "\n\n".join(f"{message['role']}: {message['content']}" for message in up_to_last_answer(messages)[:-1])


def answer_of(messages: list[Message]) -> str:
    """The last answer."""
    kept = up_to_last_answer(messages)
    return kept[-1]["content"] if kept else ""
