"""Parquet files as records, a hundred rows at a time."""

import datetime
import math
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from backend.data.readers.archive import Growth
from backend.data.readers.record import Record, Stream
from backend.protocol.errors import TanrenError

if TYPE_CHECKING:
    from pyarrow.parquet import ParquetFile

BATCH_BYTES = 8 << 20
BATCH_ROWS = 100  # a text of a megabyte that a dictionary repeats in each row must fit so many times
BUFFER_BYTES = 1 << 20


def read_parquet(path: Path) -> Stream:
    """The rows, with nested lists and structs as lists and dicts; `done` and `total` in rows.

    Dates become ISO text, decimals text, NaN None; binary values become text where they are UTF-8.
    Raises TanrenError data_damaged, data_damaged_row, data_bomb.
    """
    import pyarrow
    from pyarrow import parquet

    try:
        file = parquet.ParquetFile(path, buffer_size=BUFFER_BYTES, pre_buffer=False)
    except (pyarrow.ArrowException, OSError, ValueError) as error:
        raise TanrenError("data_damaged", path=path, detail=str(error)) from error
    progress = [0]
    return Stream(_records(path, file, progress), lambda: progress[0], file.metadata.num_rows)


def _records(path: Path, file: "ParquetFile", progress: list[int]) -> Iterator[Record]:
    import pyarrow

    groups = [file.metadata.row_group(place) for place in range(file.metadata.num_row_groups)]
    widest = max((group.total_byte_size // max(1, group.num_rows) for group in groups), default=0)
    rows = max(1, min(BATCH_ROWS, BATCH_BYTES // max(1, widest)))
    number = 0
    growth = Growth(path)
    with file:
        batches = file.iter_batches(batch_size=rows, use_threads=False)
        while True:
            try:
                batch = next(batches, None)
                if batch is None:
                    return
                values = batch.to_pylist()
            except (pyarrow.ArrowException, OSError, ValueError, OverflowError) as error:
                raise TanrenError("data_damaged_row", path=path, row=number + 1, detail=str(error)) from error
            for row in values:
                number += 1
                notes: set[str] = set()
                fields = {name: _plain(value, notes) for name, value in row.items()}
                growth.add(_characters(fields), number)
                progress[0] = number
                yield Record(fields, f"row {number}", tuple(sorted(notes)) if notes else ())


def _plain(value: Any, notes: set[str]) -> Any:
    """A value as JSON could hold it."""
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, float):
        if math.isfinite(value):
            return value
        notes.add("not_finite")
        return None
    if isinstance(value, dict):
        return {str(name): _plain(part, notes) for name, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(part, notes) for part in value]
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError:
            notes.add("raw_bytes")
            return value[:64].hex()
    if isinstance(value, (datetime.datetime, datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return str(value)


def _characters(value: Any) -> int:
    """How much text a value holds."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, dict):
        return sum(map(_characters, value.values()))
    return sum(map(_characters, value)) if isinstance(value, list) else 0
