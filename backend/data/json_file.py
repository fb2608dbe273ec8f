"""JSON and JSONL files as records (one dict a row), strictly: no NaN, no overlong line, bad lines are named."""

import re
from pathlib import Path
from typing import Any

import msgspec

from backend.protocol.errors import TanrenError

MAX_LINE_BYTES = 16 << 20
_BYTE = re.compile(r"\(byte (\d+)\)")
_NOT_FINITE = re.compile(rb"(?:-?Infinity|NaN)\b")
_MALFORMED = (msgspec.MsgspecError, UnicodeError, RecursionError)


def read_jsonl(path: Path, text: str) -> list[dict[str, Any]]:
    """One object a line; empty lines are skipped.

    Raises TanrenError data_bad_line, data_not_finite, data_line_no_object or data_line_too_long, naming the line.
    """
    records = []
    decoder = msgspec.json.Decoder()
    for number, line in enumerate(text.split("\n"), start=1):
        if not line or line.isspace():
            continue
        if len(line) > MAX_LINE_BYTES:
            raise TanrenError("data_line_too_long", path=path, line=number, limit=f"{MAX_LINE_BYTES >> 20} MiB")
        raw = line.encode("utf-8", "surrogatepass")
        try:
            record = decoder.decode(raw)
        except _MALFORMED as error:
            raise _malformed(path, raw, number, error) from error
        if not isinstance(record, dict):
            raise TanrenError("data_line_no_object", path=path, line=number, braces="{ }")
        records.append(record)
    return records


def read_json(path: Path, text: str) -> list[dict[str, Any]]:
    """A list of objects, or an object that holds exactly one such list.

    Raises TanrenError data_bad_line, data_not_finite, data_no_rows or data_row_no_object.
    """
    raw = text.encode("utf-8", "surrogatepass")
    try:
        value = msgspec.json.decode(raw)
    except _MALFORMED as error:
        raise _malformed(path, raw, 1, error) from error
    if isinstance(value, dict):
        lists = [part for part in value.values() if _is_list_of_objects(part)]
        value = lists[0] if len(lists) == 1 else [value]
    if not isinstance(value, list):
        raise TanrenError("data_no_rows", path=path)
    for number, record in enumerate(value, start=1):
        if not isinstance(record, dict):
            raise TanrenError("data_row_no_object", path=path, row=number, braces="{ }")
    return value


def _is_list_of_objects(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(part, dict) for part in value)


def _malformed(path: Path, raw: bytes, first_line: int, error: BaseException) -> TanrenError:
    found = _BYTE.search(str(error))
    position = int(found[1]) if found else len(raw)
    line = first_line + raw.count(b"\n", 0, position)
    if _NOT_FINITE.match(raw, position) or _NOT_FINITE.match(raw, max(0, position - 1)):
        return TanrenError("data_not_finite", path=path, line=line, detail=str(error))
    return TanrenError("data_bad_line", path=path, line=line, detail=str(error))
