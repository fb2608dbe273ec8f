"""Any dataset file as a Dataset: kind by name and first character, format by columns."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from backend.data.dataset import Dataset
from backend.data.encoding import read_text
from backend.data.formats import Record, detect_format, to_row
from backend.data.json_file import read_json, read_jsonl
from backend.data.table_file import SEPARATORS, read_table
from backend.protocol.errors import TanrenError

Kind = Literal["json", "jsonl", "table"]


def read_dataset(path: Path) -> Dataset:
    """Every row of `path`. The file itself is never changed.

    Raises TanrenError of kind bad_dataset, naming the line or row that is wrong.
    """
    text, encoding = read_text(path)
    kind = kind_of(path, text)
    records: Sequence[Record]
    if kind == "json":
        records = read_json(path, text)
    elif kind == "jsonl":
        records = read_jsonl(path, text)
    else:
        records = read_table(path, text)
    if not records:
        raise TanrenError("data_empty", path=path)
    columns = list(dict.fromkeys(name for record in records for name in record))
    known = detect_format(path, columns)
    rows = [to_row(number, record, known) for number, record in enumerate(records, start=1)]
    return Dataset(path=path, format="table" if kind == "table" else known.name, encoding=encoding,
                   columns=columns, rows=rows)


def kind_of(path: Path, text: str) -> Kind:
    """What the file is, whatever its name says. Raises TanrenError data_unknown_kind."""
    suffix = path.suffix.lower()
    first = text.lstrip()[:1]
    if suffix in (".csv", ".tsv"):
        return "table"
    if first == "[":
        return "json"
    if suffix in (".jsonl", ".ndjson"):
        return "jsonl"
    if first == "{":
        return "json" if suffix == ".json" and not _second_line_is_object(text) else "jsonl"
    if suffix == ".json":
        return "json"
    if any(separator in text.split("\n", 1)[0] for separator in SEPARATORS):
        return "table"
    raise TanrenError("data_unknown_kind", path=path)


def _second_line_is_object(text: str) -> bool:
    """JSONL under the name .json: a complete object on the first line and another on the next."""
    lines = text.lstrip().split("\n", 2)
    return len(lines) > 1 and lines[0].rstrip().endswith("}") and lines[1].lstrip().startswith("{")
