"""A part of a row taken from a column, or from a template that joins several.

In a template {column} is a cell, {{ and }} are braces. Of counted columns (choice0, choice1 …) or a column of lists,
{choice[*]} is the numbered list and {choice[label]} the one that the column `label` names.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from backend.data.formats.cells import text_of
from backend.data.formats.choices import Choices, choices_of, finder, listed
from backend.data.formats.columns import Columns
from backend.data.formats.format import Fields, named
from backend.protocol.errors import TanrenError

Read = Callable[[Fields, list[str]], str]

_PIECE = re.compile(r"{{|}}|{([^{}]+)}|[{}]")
_PICKED = re.compile(r"(.*)\[(.+)\]", re.DOTALL)


class Part(NamedTuple):
    """Where a part of a row comes from. `column`: when it is one column as it stands, else empty."""

    read: Read
    columns: tuple[str, ...]
    column: str = ""


def part_of(given: str, look: Columns) -> Part:
    """The part that a column name or template means. Raises TanrenError data_unknown_column or data_bad_template."""
    column = look.named(given)
    if column is not None:
        return Part(cell_reader(column), (column,), column)
    if "{" not in given and "}" not in given:
        raise _unknown(given, look)
    pieces: list[str | Read] = []
    columns: list[str] = []
    place = 0
    for piece in _PIECE.finditer(given):
        pieces.append(given[place:piece.start()])
        place = piece.end()
        if piece[0] in ("{{", "}}"):
            pieces.append(piece[0][0])
        elif piece[1] is None:
            raise TanrenError("data_bad_template", template=given)
        else:
            read, used = _field(piece[1], look)
            pieces.append(read)
            columns += used
    pieces.append(given[place:])
    if not columns:
        raise TanrenError("data_bad_template", template=given)
    return Part(_joined([piece for piece in pieces if piece != ""]), tuple(dict.fromkeys(columns)))


def cell_reader(column: str) -> Read:
    """The text of a cell."""
    def read(fields: Fields, notes: list[str]) -> str:
        value = fields.get(column)
        return value if type(value) is str else text_of(value, notes)

    return read


def braced(column: str) -> str:
    """The column as a field of a template."""
    return "{" + column + "}"


def joined_columns(columns: list[str]) -> str:
    """The mapping that puts these columns one below the other; a single one as it stands.

    Names that hold braces cannot be written in a template: then the first column alone.
    """
    if len(columns) == 1 or any("{" in column or "}" in column for column in columns):
        return columns[0]
    return "\n\n".join(braced(column) for column in columns)


def _field(name: str, look: Columns) -> tuple[Read, tuple[str, ...]]:
    column = look.named(name)
    if column is not None:
        return cell_reader(column), (column,)
    picked = _PICKED.fullmatch(name)
    choices = next((found for found in choices_of(look) if picked and found.name == picked[1]), None)
    if picked is None or choices is None:
        raise _unknown(name, look)
    if picked[2] == "*":
        return lambda fields, notes: listed(choices.read(fields), choices.lettered), choices.columns
    label = look.named(picked[2])
    if label is None:
        raise _unknown(picked[2], look)
    return _picked_choice(choices, label, look), (*choices.columns, label)


def _picked_choice(choices: Choices, label: str, look: Columns) -> Read:
    find, _ = finder(choices, label, look)

    def read(fields: Fields, notes: list[str]) -> str:
        value = fields.get(label)
        text = find(value, choices.read(fields))
        if text is None and text_of(value, []).strip():
            notes.append("choice_missing")
        return text or ""

    return read


def _joined(pieces: list[str | Read]) -> Read:
    """White space that an empty cell leaves at either end goes."""
    starts, ends = callable(pieces[0]), callable(pieces[-1])

    def read(fields: Fields, notes: list[str]) -> str:
        texts = [piece if isinstance(piece, str) else piece(fields, notes) for piece in pieces]
        text = "".join(texts)
        if ends and not texts[-1].strip():
            text = text.rstrip()
        if starts and not texts[0].strip():
            text = text.lstrip()
        return text

    return read


def _unknown(column: str, look: Columns) -> TanrenError:
    return TanrenError("data_unknown_column", column=column, columns=named(look.names))
