"""Excel workbooks and Parquet files as records: values as they are shown, merged cells, formulas, types."""

import datetime
import decimal
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow
import pyarrow.parquet
import pytest

from backend.config.reading import Reading
from backend.data.readers.cell_format import shown_value
from backend.data.readers.open_file import open_file
from backend.data.readers.record import Record
from backend.data.readers.xlsx_file import sheets_of
from backend.protocol.errors import TanrenError


def workbook(path: Path, **sheets: list[list[Any]]) -> openpyxl.Workbook:
    """A workbook with these rows, saved at `path` and open for more changes."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return book


def records(file: Path, **reading: Any) -> list[Record]:
    """The records of a file."""
    return list(open_file(file, Reading(**reading)).records)


def test_the_rows_of_a_sheet(tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    workbook(file, FAQ=[["質問", "回答"], ["幅は？", "2 m です。"], [None, None], ["改行\nあり", 12]])
    opened = open_file(file, Reading())
    assert (opened.kind, opened.encoding, opened.columns) == ("xlsx", "", ["質問", "回答"])
    assert list(opened.records) == [Record({"質問": "幅は？", "回答": "2 m です。"}, "FAQ row 2"),
                                    Record({"質問": "改行\nあり", "回答": 12}, "FAQ row 4")]
    assert opened.done() == opened.total == 4


def test_the_first_sheet_with_rows_is_read_unless_one_is_chosen(tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    workbook(file, Empty=[], First=[["q", "a"], ["1", "2"]], 第二=[["q", "a"], ["3", "4"]])
    assert sheets_of(file) == ["Empty", "First", "第二"]
    assert records(file)[0].source == "First row 2"
    assert records(file, sheet="第二")[0].fields == {"q": "3", "a": "4"}
    with pytest.raises(TanrenError) as caught:
        records(file, sheet="Third")
    assert (caught.value.code, caught.value.values["sheets"]) == ("data_no_such_sheet", "Empty, First, 第二")


def test_a_title_over_the_table_and_remarks_beside_it(tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    workbook(file, S=[["よくある質問 2026"], [], ["質問", "回答"], ["a", "b", "済"]])
    assert records(file) == [Record({"質問": "a", "回答": "b", "column 3": "済"}, "S row 4")]


def test_a_column_beside_the_numbers_of_its_rows(tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    workbook(file, S=[["All"], [None, "text"], [0, "How wide?"], [1, "How long?"]])
    assert records(file) == [Record({"column 1": 0, "text": "How wide?"}, "S row 3"),
                             Record({"column 1": 1, "text": "How long?"}, "S row 4")]


def test_a_sheet_with_one_column(tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    workbook(file, S=[["text"], *([f"line {number}"] for number in range(50))])
    found = records(file)
    assert [record.fields["text"] for record in found] == [f"line {number}" for number in range(50)]


def test_cells_merged_over_rows_count_for_each_of_them(tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    book = workbook(file, S=[["種類", "質問", "回答"], ["返品", "a", "b"], [None, "c", "d"], [None, "e", "f"],
                             ["配送", "g", "h"]])
    book["S"].merge_cells("A2:A4")
    book["S"].merge_cells("B5:C5")
    book.save(file)
    found = records(file)
    assert [record.fields["種類"] for record in found] == ["返品", "返品", "返品", "配送"]
    assert [record.notes for record in found] == [(), ("merged_cells",), ("merged_cells",), ()]
    assert found[3].fields["回答"] is None


def test_formulas_give_their_saved_result_and_are_noted(tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    workbook(file, S=[["q", "a"], ["x", "=1+1"], ["y", "plain"], ["z", "#N/A"]])
    found = records(file)
    assert found[0] == Record({"q": "x", "a": None}, "S row 2", ("formula_cells",))  # never calculated
    assert found[1].notes == ()
    assert found[2] == Record({"q": "z", "a": None}, "S row 4", ("error_cells",))


@pytest.mark.parametrize(
    ("value", "number_format", "shown"),
    [
        (5, "General", 5), (5.0, "General", 5), (0.1 + 0.2, "General", 0.3), (1e300, "General", 1e300),
        (123, "00000", "00123"), (1500001, "000-0000", "150-0001"), (1500001, "000\\-0000", "150-0001"),
        (312345678, "00-0000-0000", "03-1234-5678"), (0.125, "0.0%", "12.5%"), (0.5, "0%", "50%"),
        (1234.5, "#,##0", "1,235"), (1234567.891, "#,##0.00", "1,234,567.89"), (2.5, "0", "3"), (2, "0", 2),
        (1200, '"¥"#,##0', "¥1,200"), (1200, "[$¥-411]#,##0", "¥1,200"), (-1200, "¥#,##0;[Red]¥-#,##0", "¥-1,200"),
        (-3.14159, "0.00", "-3.14"), (3, '0"個"', "3個"), (0.5, "#.##", ".5"), (1.5, "0.##", 1.5), (7, "0.00", "7.00"),
        (0.5, "# ?/?", 0.5), (12345, "0.00E+00", 12345), (True, "General", True), ("007", "@", "007"),
        (-5, "#,##0_);(#,##0)", "(5)"), (0.005, "0.00", "0.01"),
        (datetime.datetime(2026, 11, 21), "yyyy/m/d", "2026-11-21"),
        (datetime.datetime(2026, 11, 21, 13, 0), "yyyy/m/d h:mm", "2026-11-21 13:00"),
        (datetime.datetime(2026, 11, 21, 13, 0, 5), "yyyy/m/d h:mm", "2026-11-21 13:00:05"),
        (datetime.date(2026, 11, 21), "yyyy", "2026-11-21"), (datetime.time(9, 5), "h:mm", "09:05"),
        (datetime.timedelta(hours=30, minutes=5), "[h]:mm", "30:05"),
    ],
)
def test_numbers_and_dates_are_read_as_they_are_shown(tmp_path: Path, value: Any, number_format: str,
                                                      shown: Any) -> None:
    assert shown_value(value, number_format) == shown
    file = tmp_path / "a.xlsx"
    book = workbook(file, S=[["q", "a"], ["x", value]])
    book["S"]["B2"].number_format = number_format
    book.save(file)
    if not isinstance(value, (datetime.date, datetime.timedelta)) or isinstance(value, datetime.datetime):
        assert records(file)[0].fields["a"] == shown


def test_a_parquet_file_with_nested_columns(tmp_path: Path) -> None:
    file = tmp_path / "a.parquet"
    turns = [{"role": "user", "content": "こんにちは"}, {"role": "assistant", "content": "はい"}]
    table = pyarrow.table({
        "messages": [turns, turns[:1], None],
        "score": [1.5, float("nan"), None],
        "when": [datetime.date(2026, 11, 21)] * 3,
        "price": [decimal.Decimal("1.10")] * 3,
        "raw": [b"text", b"\xff\xfe\x00", None],
        "kind": pyarrow.array(["a", "b", "a"]).dictionary_encode(),
    })
    pyarrow.parquet.write_table(table, file)
    opened = open_file(file, Reading())
    found = list(opened.records)
    assert (opened.kind, opened.total, opened.done()) == ("parquet", 3, 3)
    assert opened.columns == ["messages", "score", "when", "price", "raw", "kind"]
    assert found[0] == Record({"messages": turns, "score": 1.5, "when": "2026-11-21", "price": "1.10", "raw": "text",
                               "kind": "a"}, "row 1")
    assert found[1].fields["score"] is None
    assert found[1].notes == ("not_finite", "raw_bytes")
    assert found[2].notes == ()


def test_parquet_in_many_row_groups_keeps_the_order(tmp_path: Path) -> None:
    file = tmp_path / "named.bin"
    pyarrow.parquet.write_table(pyarrow.table({"n": list(range(5000))}), file, row_group_size=700)
    assert [record.fields["n"] for record in records(file)] == list(range(5000))


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.xlsx", b"PK\x03\x04" + b"\0" * 100, "data_damaged"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "data_old_office"),
        ("a.parquet", b"PAR1" + b"\x01" * 100 + b"PAR1", "data_damaged"),
        ("a.jsonl.gz", b"\x1f\x8b\x08\x00" + b"\x01" * 50, "data_unsupported"),
        ("a.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "data_binary"),
    ],
)
def test_what_cannot_be_read_has_its_own_error(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(TanrenError) as caught:
        records(file)
    assert caught.value.code == code
    assert caught.value.message("ja") != caught.value.message("en")


def test_a_workbook_without_rows_is_empty(tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    for rows in ([], [["q", "a"]], [[None, None]]):
        workbook(file, S=rows)
        with pytest.raises(TanrenError) as caught:
            records(file)
        assert caught.value.code == "data_empty"


@pytest.mark.parametrize("suffix", [".xlsx", ".parquet"])
def test_a_file_cut_in_the_middle_is_damaged(tmp_path: Path, suffix: str) -> None:
    file = tmp_path / f"a{suffix}"
    rows = [[f"q{number}", f"a{number * 7919}"] for number in range(3000)]
    if suffix == ".xlsx":
        workbook(file, S=[["q", "a"], *rows])
    else:
        pyarrow.parquet.write_table(pyarrow.table({"q": [row[0] for row in rows]}), file)
    raw = file.read_bytes()
    file.write_bytes(raw[: len(raw) // 2])
    with pytest.raises(TanrenError) as caught:
        records(file)
    assert caught.value.code == "data_damaged"
    file.write_bytes(raw[:200] + b"\x55" * 300 + raw[500:])
    with pytest.raises(TanrenError) as caught:
        records(file)
    assert caught.value.code in ("data_damaged", "data_damaged_row")


def test_sheets_that_are_not_read_are_named(tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    workbook(file, Prices=[["q", "a"], ["1", "2"], ["3", "4"]], FAQ=[["q", "a"], ["5", "6"]], Cover=[["Title"]])
    opened = open_file(file, Reading())
    assert 'sheet "Prices"; not read: FAQ' in opened.reason.en and "Cover" not in opened.reason.en
    assert [record.notes for record in opened.records] == [("other_sheets",), ()]
    chosen = open_file(file, Reading(sheet="FAQ"))
    assert 'sheet "FAQ"; not read: Prices' in chosen.reason.en
    assert [record.notes for record in chosen.records] == [()]
