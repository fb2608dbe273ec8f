"""Records as a reader gives them, recognised and made into rows."""

from typing import Any

from backend.config.reading import Reading
from backend.data.dataset import Message, Row
from backend.data.formats.detect import detect_format
from backend.data.formats.format import Format

Fields = dict[str, Any]


def recognised(records: list[Fields], kind: str = "jsonl", **reading: Any) -> Format:
    """The format of these records."""
    columns = list(dict.fromkeys(name for fields in records for name in fields))
    return detect_format(columns, records, Reading(**reading), kind)


def rows_of(*records: Fields, kind: str = "jsonl", **reading: Any) -> list[Row]:
    """The records as rows, numbered from 1."""
    form = recognised(list(records), kind, **reading)
    return [form.to_row(number, fields) for number, fields in enumerate(records, start=1)]


def asked(content: str) -> Message:
    """What the user says."""
    return {"role": "user", "content": content}


def answered(content: str, **more: Any) -> Message:
    """What the assistant says."""
    return {"role": "assistant", "content": content, **more}


def call(name: str, **arguments: Any) -> dict[str, Any]:
    """A call in transformers' form."""
    return {"type": "function", "function": {"name": name, "arguments": arguments}}
