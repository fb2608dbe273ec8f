"""Excel workbooks (.xlsx) as records: one sheet, its first full row as the header, read as a stream."""

import re
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree

from backend.data.readers.archive import Growth, opened_archive
from backend.data.readers.cell_format import shown_value
from backend.data.readers.record import Record, Stream
from backend.data.readers.table_file import columns_of, titles_over
from backend.protocol.errors import TanrenError
from backend.protocol.languages import Text

MAX_ROWS = 1_048_576
MAX_MERGED = 100_000
SHARED_BYTES = 256 << 20
CHUNK_BYTES = 1 << 20
HEADER_WITHIN = 20
SHEETS_NAMED = 8
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell [^<>]*?ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
_FORMULA = re.compile(rb"<(?:\w+:)?f[ />]")
_ROW = re.compile(rb"<(?:\w+:)?row[ />]")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_RELATION_STRICT = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"


class _Facts(NamedTuple):
    """Of one sheet: how many rows, whether there are formulas, and merged cells as (first row, last row, column)."""

    rows: int
    formulas: bool
    merged: list[tuple[int, int, int]]


def sheets_of(path: Path) -> list[str]:
    """The names of a workbook's sheets that hold cells, in their order. Raises TanrenError as read_xlsx."""
    with opened_archive(path) as archive:
        return [name for name, _ in _sheet_parts(path, archive)]


def read_xlsx(path: Path, sheet: str) -> Stream:
    """The rows of `sheet` (the first with rows when it is empty); `done` and `total` in rows.

    Cells merged over several rows count for each of them. Formulas give the result that was saved with them; links
    to other files are not followed. Cells that show an error are blank.
    Raises TanrenError data_damaged, data_no_such_sheet, data_too_large and data_bomb and those of opened_archive.
    """
    with opened_archive(path) as archive:
        parts = _sheet_parts(path, archive)
        shared = sum(member.file_size for member in archive.infolist() if member.filename.endswith("sharedStrings.xml"))
        if shared > SHARED_BYTES:
            raise TanrenError("data_too_large", path=path, limit=f"{SHARED_BYTES >> 20} MiB")
        wanted = [part for part in parts if part[0] == sheet] if sheet else parts
        if not wanted:
            raise TanrenError("data_no_such_sheet", path=path, sheet=sheet,
                              sheets=", ".join(name for name, _ in parts))
        measured = ((name, _facts(path, archive, part)) for name, part in wanted)
        name, facts = next((found for found in measured if found[1].rows), (wanted[0][0], _Facts(0, False, [])))
        others = [other for other, part in parts if other != name and _facts(path, archive, part).rows > 1]
    progress = [0]
    records = _records(path, name, facts, progress)
    return Stream(_noted(records) if others and not sheet else records, lambda: progress[0], facts.rows,
                  _which(name, others))


def _noted(records: Iterator[Record]) -> Iterator[Record]:
    """The first record says that other sheets are not read."""
    for place, record in enumerate(records):
        yield record if place else record._replace(notes=(*record.notes, "other_sheets"))


def _which(sheet: str, others: list[str]) -> Text:
    """Which sheet is read, and which are not."""
    if not others:
        return Text(f'sheet "{sheet}"', f"シート「{sheet}」")
    return Text(f'sheet "{sheet}"; not read: {", ".join(others[:SHEETS_NAMED])}',
                f"シート「{sheet}」。読まないシート: {'、'.join(others[:SHEETS_NAMED])}")


def _sheet_parts(path: Path, archive: zipfile.ZipFile) -> list[tuple[str, str]]:
    """(name, member of the archive) of each worksheet; charts and macros are none."""
    try:
        targets = {relation.get("Id"): relation.get("Target", "")
                   for relation in ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
                   if relation.get("Type", "").endswith("/worksheet")}
        found = []
        for element in ElementTree.fromstring(archive.read("xl/workbook.xml")).iter():
            if element.tag.rsplit("}", 1)[-1] == "sheet":
                target = targets.get(element.get(_RELATION) or element.get(_RELATION_STRICT))
                if target:
                    found.append((element.get("name", ""),
                                  target.lstrip("/") if target.startswith("/") else f"xl/{target}"))
    except (KeyError, ElementTree.ParseError, zipfile.BadZipFile, NotImplementedError) as error:
        raise TanrenError("data_damaged", path=path, detail=str(error)) from error
    if not found:
        raise TanrenError("data_empty", path=path)
    return found


def _facts(path: Path, archive: zipfile.ZipFile, part: str) -> _Facts:
    """Read from the sheet's text before its rows, since the merged cells stand behind them."""
    rows, formulas, carry = 0, False, b""
    merged: list[tuple[int, int, int]] = []
    try:
        with archive.open(part) as file:
            while chunk := file.read(CHUNK_BYTES):
                text = carry + chunk
                cut = text.rfind(b"<")
                carry = text[cut:] if cut >= 0 and len(text) - cut < CHUNK_BYTES else b""
                text = text[: len(text) - len(carry)]
                rows += len(_ROW.findall(text))
                formulas = formulas or bool(_FORMULA.search(text))
                for found in _MERGED.finditer(text):
                    if found[2] != found[4] and len(merged) < MAX_MERGED:
                        merged.append((int(found[2]), int(found[4]), _column(found[1])))
    except (KeyError, zipfile.BadZipFile, EOFError, OSError, NotImplementedError) as error:
        raise TanrenError("data_damaged", path=path, detail=str(error)) from error
    return _Facts(rows, formulas, sorted(merged))


def _column(letters: bytes) -> int:
    """A to 0, AA to 26."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _records(path: Path, sheet: str, facts: _Facts, progress: list[int]) -> Iterator[Record]:
    header: list[str] = []
    skipped: list[tuple[int, list[Any], set[str]]] = []
    for number, cells, notes in _filled(_cells(path, sheet, facts.formulas, progress), facts.merged):
        filled = sum(cell is not None and str(cell).strip() != "" for cell in cells)
        if not filled:
            continue
        if header:
            yield _record(header, sheet, number, cells, notes)
        elif filled > 1:
            below = skipped[titles_over([title for _, title, _ in skipped], cells):]
            header = _header(below[0][1] if below else cells)
            if below:
                yield from (_record(header, sheet, *row) for row in [*below[1:], (number, cells, notes)])
            skipped = []
        else:
            skipped.append((number, cells, notes))  # a title over the table, or a table of one column
            if len(skipped) > HEADER_WITHIN:
                header = _header(skipped[0][1])
                yield from (_record(header, sheet, *row) for row in skipped[1:])
                skipped = []
    if skipped:
        header = _header(skipped[0][1])
        yield from (_record(header, sheet, *row) for row in skipped[1:])


def _header(cells: list[Any]) -> list[str]:
    names = ["" if cell is None else str(cell) for cell in cells]
    while names and not names[-1].strip():
        names.pop()
    return columns_of(names)


def _record(header: list[str], sheet: str, number: int, cells: list[Any], notes: set[str]) -> Record:
    fields = dict.fromkeys(header) | dict(zip(header, cells, strict=False))
    for place in range(len(header), len(cells)):
        if cells[place] is not None:
            fields[f"column {place + 1}"] = cells[place]
    return Record(fields, f"{sheet} row {number}", tuple(sorted(notes)))


def _filled(rows: Iterator[tuple[int, list[Any], set[str]]],
            merged: list[tuple[int, int, int]]) -> Iterator[tuple[int, list[Any], set[str]]]:
    """The rows with the value of merged cells in each row that they cover."""
    place = 0
    held: dict[int, tuple[int, Any]] = {}  # column to (last row, value)
    for number, cells, notes in rows:
        for column, (last, value) in list(held.items()):
            if number > last:
                del held[column]
            elif value is not None:
                cells.extend([None] * (column + 1 - len(cells)))
                if cells[column] is None:
                    cells[column] = value
                    notes.add("merged_cells")
        while place < len(merged) and merged[place][0] <= number:
            first, last, column = merged[place]
            if first == number and column < len(cells):
                held[column] = (last, cells[column])
            place += 1
        yield number, cells, notes


def _cells(path: Path, sheet: str, formulas: bool,
           progress: list[int]) -> Iterator[tuple[int, list[Any], set[str]]]:
    """(row number, values as shown, notes) of each row. Where there are formulas the sheet is read twice side by
    side: once for the saved results, once for where the formulas are."""
    with _sheet(path, sheet, saved_results=True) as shown:
        if not formulas:
            yield from _rows_with_notes(path, shown, None, progress)
            return
        with _sheet(path, sheet, saved_results=False) as written:
            yield from _rows_with_notes(path, shown, written, progress)


def _rows_with_notes(path: Path, shown: Any, written: Any,
                     progress: list[int]) -> Iterator[tuple[int, list[Any], set[str]]]:
    growth = Growth(path)
    beside = written.iter_rows() if written is not None else None
    rows = shown.iter_rows()
    number = 0
    while True:
        try:
            row = next(rows, None)
            also = next(beside, ()) if beside is not None else ()
            if row is None:
                return
            number += 1
            if number > MAX_ROWS:
                raise TanrenError("data_damaged", path=path, detail=f"more than {MAX_ROWS} rows")
            notes = {"formula_cells"} if any(cell.data_type == "f" for cell in also) else set()
            values: list[Any] = []
            growth.add(sum(len(cell.value) for cell in row if isinstance(cell.value, str)), number)
            for cell in row:
                if cell.data_type == "e":
                    notes.add("error_cells")
                    values.append(None)
                else:
                    value = cell.value
                    values.append(value if value is None or isinstance(value, str)
                                  else shown_value(value, cell.number_format))
        except TanrenError:
            raise
        except Exception as error:  # a damaged sheet raises anything, from ParseError to IndexError
            raise TanrenError("data_damaged", path=path, detail=repr(error)) from error
        progress[0] = number
        yield number, values, notes


@contextmanager
def _sheet(path: Path, name: str, saved_results: bool) -> Iterator[Any]:
    import openpyxl

    try:
        # it warns of what it does not keep, such as drop-down lists, and of dates out of range
        warnings.filterwarnings("ignore", category=UserWarning, module=r"openpyxl\.")
        book = openpyxl.load_workbook(path, read_only=True, data_only=saved_results, keep_links=False)
    except Exception as error:  # as above
        raise TanrenError("data_damaged", path=path, detail=repr(error)) from error
    try:
        sheet = book[name]
        sheet.reset_dimensions()  # what the file says of its size may be wrong
        yield sheet
    finally:
        book.close()
