"""What a file's records mean: the format's name, why it is that, and how one record becomes a Row."""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from backend.data.dataset import Row
from backend.protocol.languages import Text

Fields = dict[str, Any]
ToRow = Callable[[int, Fields], Row]

COLUMNS_NAMED = 6


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
    named = list(dict.fromkeys(used))
    unused = [column for column in columns if column not in named]
    en = ("columns " if len(named) > 1 else "column ") + _listed(named, ", ")
    ja = f"列 {_listed(named, '、')}"
    if unused:
        return Text(f"{en} (not used: {_listed(unused, ', ')})", f"{ja}（使わない列: {_listed(unused, '、')}）")
    return Text(en, ja)


def _listed(names: list[str], joint: str) -> str:
    shown = [name if len(name) <= 60 else name[:60] + "…" for name in names[:COLUMNS_NAMED]]
    return joint.join(shown) + (joint + "…" if len(names) > COLUMNS_NAMED else "")
