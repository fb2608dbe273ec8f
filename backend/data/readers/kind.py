"""What a dataset file is, by its content; its name only decides where the content leaves it open."""

import json
import re
import zipfile
from pathlib import Path
from typing import NamedTuple

from backend.data.readers.archive import opened_archive
from backend.data.readers.encoding import Encoding, Look, decide, decoder_of, look_at
from backend.data.readers.table_file import looks_like_table, separator_of
from backend.protocol.errors import TanrenError
from backend.protocol.languages import Text


class FileKind(NamedTuple):
    """`kind`: jsonl, json, csv, tsv …; `encoding` None for binary files; `separator` of tables."""

    kind: str
    reason: Text
    encoding: Encoding | None = None
    separator: str = ""


JSONL = Text("JSON Lines: one object on each line", "JSON Lines: 1 行に 1 つのオブジェクト")
JSON_LIST = Text("JSON: begins with a list", "JSON: リストで始まります")
JSON_OBJECT = Text("JSON: begins with an object", "JSON: オブジェクトで始まります")
_NAMED = {
    ",": Text("Table: cells separated by commas", "表: カンマ区切り"),
    "\t": Text("Table: cells separated by tabs", "表: タブ区切り"),
    ";": Text("Table: cells separated by semicolons", "表: セミコロン区切り"),
}
_OTHER_SEPARATOR = Text("Table: its first line names the separator", "表: 1 行目に区切り文字の指定があります")
_PROSE = {
    "text": Text("Plain text: cut into pieces at paragraphs", "テキスト: 段落で区切ります"),
    "markdown": Text("Markdown: cut into pieces at headings", "Markdown: 見出しで区切ります"),
}
_BINARY = {
    "xlsx": Text("Excel workbook", "Excel ブック"),
    "docx": Text("Word document: its text, cut into pieces at headings", "Word 文書: 見出しで区切った本文"),
    "pdf": Text("PDF: its text, cut into pieces at paragraphs", "PDF: 段落で区切った本文"),
    "parquet": Text("Parquet: a table with typed columns", "Parquet: 型のある列をもつ表"),
}
_FOREIGN = (
    (b"\x1f\x8b", Text("a gzip archive", "gzip で圧縮されている")),
    (b"BZh", Text("a bzip2 archive", "bzip2 で圧縮されている")),
    (b"\xfd7zXZ\x00", Text("an xz archive", "xz で圧縮されている")),
    (b"\x28\xb5\x2f\xfd", Text("a zstd archive", "zstd で圧縮されている")),
    (b"7z\xbc\xaf\x27\x1c", Text("a 7-Zip archive", "7-Zip で圧縮されている")),
    (b"Rar!", Text("a RAR archive", "RAR で圧縮されている")),
    (b"ARROW1", Text("an Arrow file", "Arrow ファイル")),
    (b"SQLite format 3", Text("an SQLite database", "SQLite データベース")),
    (b"{\\rtf", Text("a rich text (RTF) document", "リッチテキスト（RTF）")),
)
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_TEXT_SUFFIXES = ("", ".txt", ".text", ".log")
_MARKDOWN_SUFFIXES = (".md", ".markdown", ".mdown", ".mkd")
_TABLE_SUFFIXES = (".csv", ".tsv", ".tab")
_JSONL_SUFFIXES = (".jsonl", ".ndjson")
_LIST_OF_OBJECTS = re.compile(r"\[\s*\{")
_OBJECT = re.compile(r'\{\s*"')


def kind_of(path: Path, encoding: str = "") -> FileKind:
    """Looks at the beginning of `path`; `encoding` is the one that the user chose.

    Raises TanrenError data_missing, data_unreadable, data_empty, data_binary, data_bad_encoding, data_unknown_kind.
    """
    look = look_at(path)
    binary = _binary_kind(path, look.head)
    if binary:
        return FileKind(binary, _BINARY[binary])
    decided = decide(path, look, encoding)
    text = _head_text(path, look, decided)
    found = _text_kind(path, text)
    return found._replace(encoding=decided)


def _binary_kind(path: Path, head: bytes) -> str:
    """xlsx, docx, pdf or parquet by the first bytes; "" for what may be text."""
    if head.startswith(b"PK\x03\x04"):
        return _zip_kind(path)
    if head.startswith(b"PAR1"):
        return "parquet"
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith(_OLD_OFFICE):
        raise TanrenError("data_old_office", path=path)
    for magic, what in _FOREIGN:
        if head.startswith(magic):
            raise TanrenError("data_unsupported", path=path, what=what)
    return ""


def _zip_kind(path: Path) -> str:
    with opened_archive(path) as archive:
        names = archive.namelist()
        if "[Content_Types].xml" in names:
            if any(name.startswith("xl/") for name in names):
                return _workbook(path, archive)
            if any(name.startswith("word/") for name in names):
                return "docx"
    raise TanrenError("data_unsupported", path=path,
                      what=Text("an archive or document of another kind", "ほかの種類の書庫または文書"))


def _workbook(path: Path, archive: zipfile.ZipFile) -> str:
    if "xl/workbook.xml" not in archive.namelist():
        raise TanrenError("data_unsupported", path=path,
                          what=Text("a binary workbook (.xlsb)", "バイナリ形式のブック（.xlsb）"))
    return "xlsx"


def _head_text(path: Path, look: Look, encoding: Encoding) -> str:
    try:
        return decoder_of(encoding.codec)(look.head[encoding.skip :], False).lstrip("\ufeff")
    except UnicodeDecodeError as error:
        if encoding.by_line and not encoding.chosen:
            return look.head.decode(encoding.codec.replace("-", "_"), "replace")
        line = error.object[: error.start].decode(encoding.codec, "ignore").count("\n") + 1
        code = "data_wrong_encoding" if encoding.chosen else "data_bad_encoding"
        raise TanrenError(code, path=path, line=line, encoding=encoding.name, detail=str(error)) from error


def _text_kind(path: Path, text: str) -> FileKind:
    suffix = path.suffix.lower()
    if suffix in _MARKDOWN_SUFFIXES:
        return FileKind("markdown", _PROSE["markdown"])
    start = text.lstrip()
    found = _json_kind(suffix, start)
    if found:
        return found
    separator = separator_of(start)
    if suffix in _TABLE_SUFFIXES:
        return _table(separator or ("," if suffix == ".csv" else "\t"))
    if separator and looks_like_table(start, separator):
        return _table(separator)
    if suffix in _JSONL_SUFFIXES:
        return FileKind("jsonl", JSONL)
    if suffix == ".json":
        return FileKind("json", JSON_LIST)
    if suffix in _TEXT_SUFFIXES:
        return FileKind("text", _PROSE["text"])
    raise TanrenError("data_unknown_kind", path=path)


def _json_kind(suffix: str, text: str) -> FileKind | None:
    """JSON or JSONL, or None. Lines of objects under the name .json are JSONL; an object or a list over several
    lines under the name .jsonl is JSON."""
    named = suffix == ".json" or suffix in _JSONL_SUFFIXES
    if text.startswith("[") and (named or _LIST_OF_OBJECTS.match(text)):
        return FileKind("json", JSON_LIST)
    if not text.startswith("{"):
        return None
    whole = _is_object(text.split("\n", 1)[0])
    if suffix == ".json":
        return FileKind("jsonl", JSONL) if whole and _second_line_is_object(text) else FileKind("json", JSON_OBJECT)
    if not whole and _is_spread(text):
        return FileKind("json", JSON_OBJECT)
    if whole or suffix in _JSONL_SUFFIXES or (suffix not in _TABLE_SUFFIXES and _OBJECT.match(text)):
        return FileKind("jsonl", JSONL)
    return None


def _table(separator: str) -> FileKind:
    return FileKind("tsv" if separator == "\t" else "csv", _NAMED.get(separator, _OTHER_SEPARATOR),
                    separator=separator)


def _second_line_is_object(text: str) -> bool:
    """JSONL under the name .json: an object on the first line and the beginning of another on the next."""
    parts = text.split("\n", 1)
    return len(parts) > 1 and parts[1].lstrip().startswith("{")


def _is_spread(text: str) -> bool:
    """An object written over several lines: its first line is only the brace or ends inside it."""
    first = text.split("\n", 1)[0].rstrip()
    return first == "{" or first.endswith(",") or first.endswith(("[", "{"))


def _is_object(line: str) -> bool:
    try:
        return isinstance(json.loads(line, strict=False), dict)
    except (ValueError, RecursionError):
        return False
