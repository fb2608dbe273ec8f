"""CSV and TSV files as records: the separator is found among comma, tab and semicolon."""

import csv
import io
from pathlib import Path

from backend.protocol.errors import TanrenError

SEPARATORS = ",\t;"
MAX_CELL_CHARACTERS = 16 << 20


def read_table(path: Path, text: str) -> list[dict[str, str]]:
    """The rows below the header line, blank lines left out.

    Raises TanrenError data_one_column, data_table_row (more cells than the header has), or data_empty.
    """
    csv.field_size_limit(MAX_CELL_CHARACTERS)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator_of(path, text), strict=True)
    records: list[dict[str, str]] = []
    header: list[str] = []
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if not header:
                header = [cell.strip() for cell in cells]
                if len([name for name in header if name]) < 2:
                    raise TanrenError("data_one_column", path=path, column=header[0][:60])
                continue
            if len(cells) > len(header) and any(cell.strip() for cell in cells[len(header):]):
                raise TanrenError("data_table_row", path=path, line=reader.line_num, cells=len(cells),
                                  columns=len(header))
            records.append(dict(zip(header, cells, strict=False)))
    except csv.Error as error:
        raise TanrenError("data_table_damaged", path=path, line=reader.line_num, detail=str(error)) from error
    if not records:
        raise TanrenError("data_empty", path=path)
    return records


def separator_of(path: Path, text: str) -> str:
    """Tab for .tsv, else what csv.Sniffer finds, else the commonest separator of the header line."""
    if path.suffix.lower() == ".tsv":
        return "\t"
    header = text.lstrip().split("\n", 1)[0]
    counted = max(SEPARATORS, key=header.count)
    if header.count(counted) and all(header.count(other) == 0 for other in SEPARATORS if other != counted):
        return counted
    try:
        return csv.Sniffer().sniff(text[:65536], delimiters=SEPARATORS).delimiter
    except csv.Error:
        return counted
