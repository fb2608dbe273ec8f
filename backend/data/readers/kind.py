"""What a dataset file is, by its content; its name only decides where the content leaves it open."""

import json
import re
from pathlib import Path
from typing import NamedTuple

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
_LIST_OF_ROWS = re.compile(r'\[\s*[\[{"\d\]]|\[\s*$')


def kind_of(path: Path, encoding: str = "") -> FileKind:
    """Looks at the beginning of `path`; `encoding` is the one that the user chose.

    Raises TanrenError data_missing, data_unreadable, data_empty, data_binary, data_bad_encoding, data_unknown_kind.
    """
    look = look_at(path)
    decided = decide(path, look, encoding)
    text = _head_text(path, look, decided)
    found = _text_kind(path, text)
    return found._replace(encoding=decided)


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
    start = text.lstrip()
    if start.startswith("[") and (suffix in (".json", ".jsonl", ".ndjson") or _LIST_OF_ROWS.match(start)):
        return FileKind("json", JSON_LIST)
    if start.startswith("{") and (suffix not in (".csv", ".tsv") or _first_line_is_object(start)):
        one_a_line = _first_line_is_object(start) and (suffix != ".json" or _second_line_is_object(start))
        if one_a_line or suffix in (".jsonl", ".ndjson"):
            return FileKind("jsonl", JSONL) if one_a_line or not _is_spread(start) else FileKind("json", JSON_OBJECT)
        return FileKind("json", JSON_OBJECT) if suffix == ".json" or _is_spread(start) else FileKind("jsonl", JSONL)
    separator = separator_of(start)
    if suffix in (".csv", ".tsv", ".tab"):
        separator = separator or ("," if suffix == ".csv" else "\t")
        return _table(separator)
    if separator and looks_like_table(start, separator):
        return _table(separator)
    if suffix in (".jsonl", ".ndjson"):
        return FileKind("jsonl", JSONL)
    if suffix == ".json":
        return FileKind("json", JSON_LIST)
    raise TanrenError("data_unknown_kind", path=path)


def _table(separator: str) -> FileKind:
    return FileKind("tsv" if separator == "\t" else "csv", _NAMED.get(separator, _OTHER_SEPARATOR),
                    separator=separator)


def _first_line_is_object(text: str) -> bool:
    return _is_object(text.split("\n", 1)[0])


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
