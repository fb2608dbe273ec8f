"""One row of a dataset, whatever file it came from, and what was noticed about the rows."""

import hashlib
from collections.abc import Callable
from typing import Any, Literal

import msgspec

from backend.data.folding import compact

Severity = Literal["info", "warning", "error"]
Side = Literal["", "train", "held_out"]
Message = dict[str, Any]
"""A turn as transformers' chat templates take it: {"role": system | user | assistant | tool, "content": text}.

An assistant's turn may also have "tool_calls": [{"type": "function", "function": {"name": text, "arguments": dict}}]
(its content may then be empty), "reasoning_content": text, and "weight": 0 for an answer that is not to be trained
(OpenAI's field). A tool's turn has the result as content and may have "name". Other roles than these four stand for
themselves and make the row unusable.
"""
TURN_TEXTS = ("content", "reasoning_content")


class Row(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One row. `row` counts from 1 over the whole dataset and stays the same when other rows go.

    A dialogue has `messages`; raw text for continued pretraining has `text` and no messages. `rejected`: the answer
    that was not preferred (preference), following the same question. `tools`: the functions that the model may call,
    as JSON schema. `label`: what the label column says, or up/down of thumbs. `source`: where it lies in its file
    ("line 57", "Sheet1 row 4"). `synthetic`: the augmentation that made it, never held out. `problem` is empty for a
    row that can be trained on, otherwise the check (a key of backend.data.check_texts.CHECKS) that keeps it out;
    `notes` are checks that do not.
    """

    row: int
    messages: list[Message] = []
    text: str = ""
    rejected: list[Message] = []
    tools: list[dict[str, Any]] = []
    label: str = ""
    source: str = ""
    synthetic: str = ""
    side: Side = ""
    problem: str = ""
    notes: tuple[str, ...] = ()


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """Something noticed: `check` is a key of CHECKS, `count` how many rows, `rows` the first of them."""

    check: str
    severity: Severity
    count: int
    rows: list[int]


def up_to_last_answer(messages: list[Message]) -> list[Message]:
    """The dialogue cut after its last assistant message."""
    last = max((place for place, message in enumerate(messages) if message["role"] == "assistant"), default=-1)
    return messages[: last + 1]


def question_of(messages: list[Message]) -> str:
    """Everything before the last answer as one text: what makes two rows ask the same."""
    return "\n\n".join(f"{message['role']}: {message['content']}" for message in up_to_last_answer(messages)[:-1])


def answer_of(messages: list[Message]) -> str:
    """The last answer; a call of tools as its JSON."""
    kept = up_to_last_answer(messages)
    if not kept:
        return ""
    calls = kept[-1].get("tool_calls")
    said = str(kept[-1]["content"])
    return said + msgspec.json.encode(calls).decode() if calls else said


def whole_text(row: Row) -> str:
    """Every text of the row, joined by line breaks: what search looks through and checks read."""
    parts = [row.text] if row.text else []
    for message in (*row.messages, *row.rejected):
        parts += [message[name] for name in TURN_TEXTS if message.get(name)]
        if message.get("tool_calls"):
            parts.append(msgspec.json.encode(message["tool_calls"]).decode())
    return "\n".join(parts)


def with_texts(row: Row, change: Callable[[str], str]) -> Row:
    """The row with `change` applied to each of its texts, in arguments of tool calls too; names of functions and
    roles stay."""
    return msgspec.structs.replace(
        row, text=change(row.text) if row.text else "",
        messages=[_turn_with(message, change) for message in row.messages],
        rejected=[_turn_with(message, change) for message in row.rejected])


def question_key(row: Row) -> str:
    """The row's question (or raw text) without differences of width, case and white space."""
    asked = row.text or question_of(row.messages)
    return compact(asked)


def key_hash(text: str) -> int:
    """A text as a signed 64-bit number, the same on every machine (fits an SQLite integer)."""
    raw = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(raw, "big", signed=True)


def _turn_with(message: Message, change: Callable[[str], str]) -> Message:
    turned = dict(message)
    for name in TURN_TEXTS:
        if turned.get(name):
            turned[name] = change(turned[name])
    if turned.get("tool_calls"):
        turned["tool_calls"] = [
            {**call, "function": {**call["function"], "arguments": _value_with(call["function"]["arguments"], change)}}
            for call in turned["tool_calls"]]
    return turned


def _value_with(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [_value_with(part, change) for part in value]
    if isinstance(value, dict):
        return {name: _value_with(part, change) for name, part in value.items()}
    return value
