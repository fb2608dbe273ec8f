"""What every reader gives: one record a row, and where it stopped reading."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from backend.protocol.languages import Text

MAX_ROW_BYTES = 16 << 20
MAX_DEPTH = 100
SAMPLE_RECORDS = 100


class Record(NamedTuple):
    """One row of a file.

    `fields`: column to value (str, number, bool, None, list or dict), as in the file. `source`: where it lies in the
    file ("line 57", "row 12", "Sheet1 row 4", "page 3"). `notes`: keys of backend.data.check_texts.CHECKS that the
    reader noticed.
    """

    fields: dict[str, Any]
    source: str
    notes: tuple[str, ...] = ()


class Stream(NamedTuple):
    """Records as they are read; `done` and `total` in bytes, or rows where the library counts rows."""

    records: Iterator[Record]
    done: Callable[[], int]
    total: int
    which: Text | None = None  # the part of the file that is read, where it has several
