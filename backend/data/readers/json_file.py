"""A JSON file as a stream of rows: a list of objects, an object that holds one such list, or objects in a row.

Nothing but one row and about a megabyte of text is held.
"""

import re
from collections.abc import Iterator
from typing import Any

from backend.data.readers.japanese import LEGACY, WAVE_DASH
from backend.data.readers.json_values import JsonValues, Malformed
from backend.data.readers.record import MAX_ROW_BYTES, Record, Stream
from backend.data.readers.text_source import TextSource
from backend.protocol.errors import TanrenError

_SPACE = re.compile(r"[ \t\n\r]*")
INSIDE_A_ROW = frozenset((
    "messages", "conversations", "conversation", "dialogue", "dialog", "history", "turns", "tools", "functions",
    "tool_calls", "function_call", "prompt", "completion", "chosen", "rejected", "responses", "choices", "annotations",
    "documents", "context", "contexts", "images"))
"""Columns that hold lists of objects and are no lists of rows."""


def read_json(source: TextSource) -> Stream:
    """The rows. Raises TanrenError data_bad_line, data_no_rows, data_several_lists, data_row_no_object,
    data_row_too_long and those of TextSource."""
    return Stream(_JsonRows(source).records(), source.done, source.total)


class _JsonRows:
    def __init__(self, source: TextSource) -> None:
        self._source = source
        self._pieces = source.pieces()
        self._values = JsonValues()
        self._text = ""
        self._at = 0
        self._line = 1  # of the beginning of _text
        self._ended = False
        self._row = 0
        self._legacy = source.encoding.codec in LEGACY

    def records(self) -> Iterator[Record]:
        while (first := self._next_character()) != "":
            if first == "[":
                yield from self._list()
            elif first == "{":
                yield from self._object()
            elif self._row == 0:
                raise TanrenError("data_no_rows", path=self._source.path)
            else:
                raise self._error(Malformed("more text behind the rows", self._at))

    def _list(self) -> Iterator[Record]:
        """The rows of the list that begins here."""
        self._at += 1
        if self._next_character() == "]":
            self._at += 1
            return
        while True:
            self._next_character()
            value, notes = self._value()
            yield self._record(value, notes)
            mark = self._next_character()
            self._at += 1
            if mark == "]":
                return
            if mark != ",":
                raise self._error(Malformed("Expecting ',' or ']'", self._at - 1))

    def _object(self) -> Iterator[Record]:
        """The rows of the one list in the object that begins here, or the object itself as a row."""
        self._at += 1
        fields: dict[str, Any] = {}
        notes: set[str] = set()
        lists: list[str] = []
        mark = "," if self._next_character() != "}" else "}"
        self._at += mark == "}"
        while mark == ",":
            name = self._name()
            if name in fields or name in lists:
                notes.add("duplicate_keys")
            if self._next_character() == "[" and self._is_list_of_rows(name):
                lists.append(name)
                if len(lists) > 1:
                    raise TanrenError("data_several_lists", path=self._source.path, lists=", ".join(lists))
                yield from self._list()
            else:
                fields[name], noticed = self._value()
                notes.update(noticed)
            mark = self._next_character()
            self._at += 1
            if mark not in (",", "}"):
                raise self._error(Malformed("Expecting ',' or '}'", self._at - 1))
        if not lists:
            yield self._record(fields, tuple(sorted(notes)))

    def _name(self) -> str:
        if self._next_character() != '"':
            raise self._error(Malformed("Expecting a name in double quotes", self._at))
        name, _ = self._value()
        if self._next_character() != ":":
            raise self._error(Malformed("Expecting ':'", self._at))
        self._at += 1
        return str(name)

    def _is_list_of_rows(self, name: str) -> bool:
        """Whether the list that begins here holds objects that are no turns of a dialogue."""
        if name in INSIDE_A_ROW:
            return False
        while True:
            inside = _SPACE.match(self._text, self._at + 1)
            assert inside is not None
            if inside.end() < len(self._text) or not self._more():
                break
        return self._text[inside.end() : inside.end() + 1] == "{"

    def _record(self, value: Any, notes: tuple[str, ...]) -> Record:
        self._row += 1
        if not isinstance(value, dict):
            raise TanrenError("data_row_no_object", path=self._source.path, row=self._row, braces="{ }")
        return Record(value, f"row {self._row}", notes)

    def _value(self) -> tuple[Any, tuple[str, ...]]:
        """The value that begins here, and what was noticed about it."""
        while True:
            try:
                value, end = self._values.value_at(self._text, self._at)
            except Malformed as error:
                if error.unfinished and self._more():
                    continue
                raise self._error(error) from error
            if end == len(self._text) and self._more():
                continue  # a number may go on
            break
        noticed = set(self._values.notes)
        if self._legacy and self._text.find(WAVE_DASH, self._at, end) >= 0:
            noticed.add("wave_dash")
        self._at = end
        return value, tuple(sorted(noticed)) if noticed else ()

    def _next_character(self) -> str:
        """The next character that is no white space (it stays unread); "" at the end of the file."""
        while True:
            found = _SPACE.match(self._text, self._at)
            assert found is not None
            self._at = found.end()
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def _more(self) -> bool:
        """Reads on, as much as there is unread, so that a long row is not decoded over and over; forgets what is
        read. False at the end of the file."""
        if self._ended:
            return False
        if self._at:
            self._line += self._text.count("\n", 0, self._at)
            self._text = self._text[self._at :]
            self._at = 0
        if len(self._text) > MAX_ROW_BYTES:
            raise TanrenError("data_row_too_long", path=self._source.path, row=self._row + 1,
                              limit=f"{MAX_ROW_BYTES >> 20} MiB")
        parts = [self._text]
        wanted = max(1, len(self._text))
        while wanted > 0 and not self._ended:
            piece = next(self._pieces, None)
            if piece is None:
                self._ended = True
            else:
                parts.append(piece)
                wanted -= len(piece)
        self._text = "".join(parts)
        return len(parts) > 1 or not self._ended

    def _error(self, error: Malformed) -> TanrenError:
        line = self._line + self._text.count("\n", 0, error.position)
        return TanrenError("data_bad_line", path=self._source.path, line=line, detail=str(error))
