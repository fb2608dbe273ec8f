"""Opens any dataset file: its kind, its encoding and its rows as a stream."""

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from backend.config.reading import Reading
from backend.data.readers.docx_file import read_docx
from backend.data.readers.json_file import read_json
from backend.data.readers.jsonl_file import read_jsonl
from backend.data.readers.kind import FileKind, kind_of
from backend.data.readers.parquet_file import read_parquet
from backend.data.readers.pdf_file import read_pdf
from backend.data.readers.prose_file import read_prose
from backend.data.readers.record import SAMPLE_RECORDS, Record, Stream
from backend.data.readers.table_file import read_table
from backend.data.readers.text_source import TextSource
from backend.data.readers.xlsx_file import read_xlsx
from backend.protocol.errors import TanrenError
from backend.protocol.languages import Text


class Opened(NamedTuple):
    """A file being read.

    `kind`: jsonl, json, csv, tsv, xlsx, parquet, text, markdown, docx or pdf. `encoding` is "" for binary kinds.
    `columns` are those of `sample`, the first SAMPLE_RECORDS records, which come again from `records`. `done` of
    `total` is read: bytes, or rows where the library counts rows.
    """

    path: Path
    kind: str
    encoding: str
    reason: Text
    columns: list[str]
    sample: list[Record]
    records: Iterator[Record]
    done: Callable[[], int]
    total: int


def open_file(path: Path, reading: Reading) -> Opened:
    """Opens `path`, which is never changed; memory does not grow with it.

    Raises TanrenError of kind bad_dataset, naming the line or row; `records` raises it too.
    """
    kind = kind_of(path, reading.encoding)
    stream = _stream(path, kind, reading)
    sample = list(itertools.islice(stream.records, SAMPLE_RECORDS))
    if not sample:
        raise TanrenError("data_empty", path=path)
    columns = list(dict.fromkeys(name for record in sample for name in record.fields))
    encoding = kind.encoding.name if kind.encoding else ""
    return Opened(path, kind.kind, encoding, _reason(kind, stream.which), columns, sample,
                  itertools.chain(sample, stream.records), stream.done, stream.total)


def _stream(path: Path, kind: FileKind, reading: Reading) -> Stream:
    if kind.kind == "xlsx":
        return read_xlsx(path, reading.sheet)
    if kind.kind == "parquet":
        return read_parquet(path)
    if kind.kind == "docx":
        return read_docx(path, reading.characters)
    if kind.kind == "pdf":
        return read_pdf(path, reading.characters)
    assert kind.encoding is not None
    source = TextSource(path, kind.encoding)
    if kind.kind == "jsonl":
        return read_jsonl(source)
    if kind.kind == "json":
        return read_json(source)
    if kind.kind in ("text", "markdown"):
        return read_prose(source, kind.kind == "markdown", reading.characters)
    return read_table(source, kind.separator, one_column=bool(reading.mapping or reading.format))


def _reason(kind: FileKind, which: Text | None) -> Text:
    if kind.encoding is None:
        return Text(f"{kind.reason.en}, {which.en}", f"{kind.reason.ja}、{which.ja}") if which else kind.reason
    return Text(f"{kind.reason.en}. {kind.encoding.reason.en}.", f"{kind.reason.ja}。{kind.encoding.reason.ja}。")
