"""CSV and TSV files as records: the separator is found among comma, tab and semicolon."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from typing import Any

from backend.data.readers.record import MAX_ROW_BYTES, Record, Stream
from backend.data.readers.text_source import TextSource
from backend.protocol.errors import TanrenError

SEPARATORS = ",\t;"
MAX_COLUMNS = 16_384  # as in a spreadsheet
SNIFFED_ROWS = 50
HEADER_CHARACTERS = 60
HEADER_WITHIN = 20
_DECLARED = re.compile(r'\s*"?sep=(.)"?\s*')
_FORMULA = re.compile(r"=|[+\-@][\w.+\-]*[(|]|[\t\r]=")
"""What a spreadsheet runs as a formula; "-5" and "@name" are ordinary text."""
SINGLE_COLUMNS = frozenset(("text", "content", "body", "document", "本文", "テキスト", "文章", "内容"))


def read_table(source: TextSource, separator: str, one_column: bool = False) -> Stream:
    """The rows below the header line, blank lines left out; `one_column` allows a table of any single column.

    Raises TanrenError data_one_column, data_table_row (more cells than the header has), data_table_damaged,
    data_too_many_columns, data_empty.
    """
    return Stream(_records(source, separator, one_column), source.done, source.total)


def separator_of(text: str) -> str:
    """The separator that cuts the first rows of `text` into the same number of cells, at least two; "" if none."""
    declared = _DECLARED.fullmatch(text.split("\n", 1)[0])
    if declared:
        return declared[1]
    best = ""
    score = (0.0, 0)
    for separator in SEPARATORS:
        counts = [len(row) for row in _first_rows(text, separator)]
        if not counts or counts[0] < 2:
            continue
        found = (sum(count == counts[0] for count in counts) / len(counts), counts[0])
        if found > score:
            best, score = separator, found
    return best


def looks_like_table(text: str, separator: str) -> bool:
    """Whether prose is unlikely: a header of short names, and every row has as many cells as it."""
    rows = _first_rows(text, separator)
    if len(rows) < 2:
        return False
    header = rows[0]
    return (all(cell.strip() and len(cell) <= HEADER_CHARACTERS and not re.search("[。．.!?！？]\\s*$", cell)
                for cell in header) and all(len(row) == len(header) for row in rows))


def columns_of(header: Sequence[str]) -> list[str]:
    """Names for all columns: blank ones are numbered, repeated ones too, so that none hides another."""
    names: dict[str, int] = {}
    for place, cell in enumerate(header, start=1):
        name = cell.strip() or f"column {place}"
        unique = name
        while unique in names:
            names[name] = names.get(name, 1) + 1
            unique = f"{name} ({names[name]})"
        names[unique] = 1
    return list(names)


def _first_rows(text: str, separator: str) -> list[list[str]]:
    """Up to SNIFFED_ROWS rows that are not blank; the last one may be cut and is left out when there are others."""
    rows: list[list[str]] = []
    cut = len(text) > 1 and not text.endswith(("\n", "\r"))
    lines = list(io.StringIO(text, newline=""))
    try:
        for row in csv.reader(lines[:-1] if cut and len(lines) > 2 else lines, delimiter=separator):
            if any(cell.strip() for cell in row):
                rows.append(row)
            if len(rows) == SNIFFED_ROWS:
                break
    except csv.Error:
        pass
    return rows


def _records(source: TextSource, separator: str, one_column: bool) -> Iterator[Record]:
    csv.field_size_limit(MAX_ROW_BYTES)
    noticed: set[str] = set()

    def texts() -> Iterator[str]:
        for line in source.lines():
            if line.number == 1 and _DECLARED.fullmatch(line.text):
                yield "\n"
                continue
            noticed.update(line.notes)
            yield line.text

    reader = csv.reader(texts(), delimiter=separator, strict=True)
    header: list[str] = []
    row = 0
    for first_line, cells in _below_titles(_rows(reader, source)):
        if not header:
            if len(cells) > MAX_COLUMNS:
                raise TanrenError("data_too_many_columns", path=source.path, columns=len(cells), limit=MAX_COLUMNS)
            header = columns_of(cells)
            if len(header) < 2 and not one_column and header[0].lower() not in SINGLE_COLUMNS:
                raise TanrenError("data_one_column", path=source.path, column=header[0][:60])
            if header != [cell.strip() for cell in cells]:
                noticed.add("renamed_columns")
            continue
        if len(cells) > len(header) and any(cell.strip() for cell in cells[len(header):]):
            raise TanrenError("data_table_row", path=source.path, line=first_line, cells=len(cells),
                              columns=len(header))
        if any(cell and _FORMULA.match(cell) for cell in cells):
            noticed.add("formula_cells")
        row += 1
        yield Record(dict(zip(header, cells, strict=False)), f"row {row}", tuple(sorted(noticed)) if noticed else ())
        noticed.clear()
    if not row:
        raise TanrenError("data_empty", path=source.path)


def _rows(reader: Any, source: TextSource) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not blank, each with its first line. Raises TanrenError data_table_damaged."""
    while True:
        first_line = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise TanrenError("data_table_damaged", path=source.path, line=first_line, detail=str(error)) from error
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            yield first_line, cells


def _below_titles(rows: Iterator[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    """The rows from the header on: rows over it with a single cell filled are titles of a spreadsheet.

    Where no row with two filled cells comes within HEADER_WITHIN, there are no titles.
    """
    titles: list[tuple[int, list[str]]] = []
    for line, cells in rows:
        alone = len(cells) > 1 and sum(bool(cell.strip()) for cell in cells) == 1
        if alone and len(titles) < HEADER_WITHIN:
            titles.append((line, cells))
            continue
        yield from titles if alone else titles[titles_over([title for _, title in titles], cells):]
        titles = []
        yield line, cells
        break
    yield from titles
    yield from rows


def titles_over(alone: list[list[Any]], row: list[Any]) -> int:
    """How many of the rows `alone`, which have a single cell filled and stand over `row`, are titles: all of them, or
    those over a blank cell and a name, which is the header of one column beside the numbers of its rows."""
    if _filled_places(row) == [0, 1] and str(row[0]).strip().isdigit():
        return next((place for place, cells in enumerate(alone) if _filled_places(cells) == [1]), len(alone))
    return len(alone)


def _filled_places(cells: list[Any]) -> list[int]:
    return [place for place, cell in enumerate(cells) if cell is not None and str(cell).strip()]
