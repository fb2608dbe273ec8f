"""A dialogue with each of its texts replaced by a stand-in that can be found again in what a template writes.

A stand-in has nine characters: some templates accept only ids of that length.
"""

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from backend.data.dataset import Message

STAND_IN = re.compile(r"qZ\d{5}Zq|73105\d{5}(?:\.5)?")
QUESTION = "qZ99999Zq"  # one more question behind a dialogue
SHARED = -1
ARGUMENT = "argument"
_MOST = 99_999


class Slot(NamedTuple):
    """What one stand-in stands for. `turn`: the place of the message that says it, SHARED for names and ids, which
    several parts of a dialogue repeat. `part`: content, reasoning_content, argument or name."""

    value: str | int | float
    turn: int
    part: str


class Shape(NamedTuple):
    """A dialogue of stand-ins. Dialogues with the same `key` differ in nothing but the values of their slots.

    `needed`: the slots that the template must write for the dialogue to be complete.
    """

    messages: list[Message]
    tools: list[dict[str, Any]] | None
    slots: list[Slot]
    needed: frozenset[int]
    key: str


def shape_of(messages: list[Message], tools: list[dict[str, Any]] | None, literals: re.Pattern[str]) -> Shape:
    """The dialogue with stand-ins; texts that match `literals` stay, since templates look for them in contents."""
    making = _Making(literals)
    shaped = [making.message(place, message) for place, message in enumerate(messages)]
    shaped_tools = [making.tool(tool) for tool in tools] if tools is not None else None
    key = json.dumps([shaped, shaped_tools])
    return Shape(shaped, shaped_tools, making.slots, frozenset(making.needed), key)


def number_of(stand_in: str) -> int:
    """Which slot a stand-in stands for."""
    return int(stand_in[2:7] if stand_in.startswith("qZ") else stand_in[5:10])


def ways_to_write(value: str | int | float) -> Iterator[str]:
    """How templates write a value, the most usual first: as it is, trimmed, as in JSON or Python source."""
    if not isinstance(value, str):
        yield json.dumps(value)
        if repr(value) != json.dumps(value):
            yield repr(value)
        return
    yield value
    tried = {value}
    for trimmed in (value.strip(), value.lstrip(), value.rstrip(), value.strip("\n"), value.lstrip("\n"),
                    value.rstrip("\n"), value):
        in_json = json.dumps(trimmed, ensure_ascii=False)[1:-1]
        in_ascii = json.dumps(trimmed)[1:-1]
        for way in (trimmed, in_json, in_ascii, json.dumps(in_json, ensure_ascii=False)[1:-1], repr(trimmed)[1:-1]):
            if way not in tried:
                tried.add(way)
                yield way


class _Making:
    def __init__(self, literals: re.Pattern[str]) -> None:
        self._literals = literals
        self._shared: dict[str, str] = {}
        self.slots: list[Slot] = []
        self.needed: set[int] = set()

    def message(self, turn: int, message: Message) -> Message:
        shaped = dict(message)
        shaped["content"] = self._content(message["content"], turn, "content")
        if "reasoning_content" in message:
            shaped["reasoning_content"] = self._content(
                message["reasoning_content"], turn, "reasoning_content")
        for name in ("name", "tool_call_id"):
            if name in message:
                shaped[name] = self._shared_text(message[name])
        if "tool_calls" in message:
            shaped["tool_calls"] = [self._call(call, turn) for call in message["tool_calls"]]
        return shaped

    def tool(self, tool: dict[str, Any]) -> dict[str, Any]:
        function = tool.get("function")
        if not isinstance(function, dict) or not isinstance(function.get("name"), str):
            return tool
        return {**tool, "function": {**function, "name": self._shared_text(function["name"])}}

    def _call(self, call: dict[str, Any], turn: int) -> dict[str, Any]:
        function = call["function"]
        return {**call, "id": self._shared_text(call["id"]), "function": {
            **function, "name": self._shared_text(function["name"]),
            "arguments": self._argument(function["arguments"], turn)}}

    def _argument(self, value: Any, turn: int) -> Any:
        if isinstance(value, dict):
            return {name: self._argument(part, turn) for name, part in value.items()}
        if isinstance(value, list):
            return [self._argument(part, turn) for part in value]
        if isinstance(value, bool) or value is None or value == "" or len(self.slots) >= _MOST:
            return value
        number = self._add(value, turn, ARGUMENT, needed=True)
        if isinstance(value, str):
            return _text(number)
        return 7310500000 + number + (0.5 if isinstance(value, float) else 0)

    def _content(self, content: str, turn: int, part_of: str) -> str:
        """Each part between literals becomes a stand-in; white space beside literals stays."""
        needed = part_of == "content"
        parts = self._literals.split(content)
        if len(parts) == 1:
            return _text(self._add(content, turn, part_of, needed)) if content else ""
        shaped = ""
        for place, part in enumerate(parts):
            inner = part.strip()
            if place % 2 or not inner:  # literals stand at the odd places
                shaped += part
                continue
            start = part.index(inner)
            # a template may leave out what stands before the last literal, as it does with reasoning
            number = self._add(inner, turn, part_of, needed and place == len(parts) - 1)
            shaped += part[:start] + _text(number) + part[start + len(inner) :]
        return shaped

    def _shared_text(self, value: str) -> str:
        if value and value not in self._shared:
            self._shared[value] = _text(self._add(value, SHARED, "name", needed=False))
        return self._shared.get(value, "")

    def _add(self, value: str | int | float, turn: int, part: str, needed: bool) -> int:
        if needed:
            self.needed.add(len(self.slots))
        self.slots.append(Slot(value, turn, part))
        return len(self.slots) - 1


def _text(number: int) -> str:
    return f"qZ{number:05d}Zq"
