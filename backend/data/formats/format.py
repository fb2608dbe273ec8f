"""What a file's records mean: the format's name, why it is that, and how one record becomes a Row."""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from backend.data.dataset import Row
from backend.protocol.languages import Text

Fields = dict[str, Any]
ToRow = Callable[[int, Fields], Row]

COLUMNS_NAMED = 6
COLUMNS_IN_ERRORS = 20


class Format(NamedTuple):
    """A recognised format.

    `name` is one of backend.config.reading.FORMATS. `mapping`: the PARTS of a row and the column or template that each
    is taken from; given back as Reading.mapping it reads the same. `to_row` never raises for odd content: the row then
    has a problem or a note. `notes` hold for every row.
    """

    name: str
    reason: Text
    mapping: dict[str, str]
    to_row: ToRow
    notes: tuple[str, ...] = ()


def because_of(used: Iterable[str], columns: Iterable[str]) -> Text:
    """Why a format was chosen: the columns that make it, and those of `columns` that are not looked at."""
    taken = list(dict.fromkeys(used))
    unused = [column for column in columns if column not in taken]
    en = ("columns " if len(taken) > 1 else "column ") + _listed(taken, ", ")
    ja = f"列 {_listed(taken, '、')}"
    if unused:
        return Text(f"{en} (not used: {_listed(unused, ', ')})", f"{ja}（使わない列: {_listed(unused, '、')}）")
    return Text(en, ja)


def named(names: list[str]) -> str:
    """The columns of a file as an error lists them."""
    return _listed(names, ", ", COLUMNS_IN_ERRORS)


def joined_reasons(first: Text, second: Text) -> Text:
    """Two reasons in one line."""
    return Text(f"{first.en}: {second.en}", f"{first.ja}: {second.ja}")


def _listed(names: list[str], joint: str, limit: int = COLUMNS_NAMED) -> str:
    shown = [name if len(name) <= 60 else name[:60] + "…" for name in names[:limit]]
    return joint.join(shown) + (joint + "…" if len(names) > limit else "")
