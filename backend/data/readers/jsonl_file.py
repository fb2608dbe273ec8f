"""JSON Lines: one object on each line."""

from collections.abc import Iterator

from backend.data.readers.json_values import JsonValues, Malformed
from backend.data.readers.record import Record, Stream
from backend.data.readers.text_source import TextSource
from backend.protocol.errors import TanrenError


def read_jsonl(source: TextSource) -> Stream:
    """The objects of the lines; blank lines are skipped.

    Raises TanrenError data_bad_line, data_line_no_object, data_line_too_long and those of TextSource.
    """
    return Stream(_records(source), source.done, source.total)


def _records(source: TextSource) -> Iterator[Record]:
    values = JsonValues()
    for number, line, noticed in source.lines():
        text = line.strip()
        if not text:
            continue
        try:
            value, end = values.value_at(text)
            if end != len(text):
                raise Malformed("more text behind the object", end)
        except Malformed as error:
            raise TanrenError("data_bad_line", path=source.path, line=number,
                              detail=f"{error} (character {error.position + 1})") from error
        if not isinstance(value, dict):
            raise TanrenError("data_line_no_object", path=source.path, line=number, braces="{ }")
        notes = noticed
        if values.notes:
            notes = tuple(sorted({*noticed, *values.notes}))
        yield Record(value, f"line {number}", notes)
