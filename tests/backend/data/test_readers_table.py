"""CSV and TSV files as records: separators, quotes, headers, blank lines and damage."""

from pathlib import Path

import pytest

from backend.config.reading import Reading
from backend.data.readers.open_file import open_file
from backend.data.readers.record import Record
from backend.protocol.errors import TanrenError


def records(folder: Path, name: str, content: str | bytes, **reading: dict[str, str]) -> list[Record]:
    """The records of a file with this content."""
    file = folder / name
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return list(open_file(file, Reading(**reading)).records)


def refusal(folder: Path, name: str, content: str | bytes) -> TanrenError:
    """The error that reading this content raises."""
    with pytest.raises(TanrenError) as caught:
        records(folder, name, content)
    return caught.value


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.csv", "question,answer\r\nHow wide?,Two metres.\r\n", "csv"),
        ("a.csv", "question;answer\nHow wide?;Two metres.\n", "csv"),
        ("a.csv", "question\tanswer\nHow wide?\tTwo metres.\n", "tsv"),
        ("a.tsv", "question\tanswer\nHow wide?\tTwo metres.\n", "tsv"),
        ("a.txt", "question,answer\nHow wide?,Two metres.\n", "csv"),
        ("a", "question\tanswer\nHow wide?\tTwo metres.", "tsv"),
        ("mac.csv", "question,answer\rHow wide?,Two metres.\r", "csv"),
        ("excel.csv", "sep=|\r\nquestion|answer\r\nHow wide?|Two metres.\r\n", "csv"),
        ("named.jsonl", "question,answer\nHow wide?,Two metres.\n", "csv"),
        ("bom.csv", "\ufeffquestion,answer\nHow wide?,Two metres.\n", "csv"),
    ],
)
def test_the_separator_is_found(tmp_path: Path, name: str, content: str, kind: str) -> None:
    assert [record.fields for record in records(tmp_path, name, content)] == [
        {"question": "How wide?", "answer": "Two metres."}]
    assert open_file(tmp_path / name, Reading()).kind == kind


def test_cells_with_newlines_and_quotes(tmp_path: Path) -> None:
    found = records(tmp_path, "a.csv", 'question,answer\n"a, ""b""\r\nc",d\n\n,\nx,y\n')
    assert [record.fields["question"] for record in found] == ['a, "b"\r\nc', "x"]
    assert [record.source for record in found] == ["row 1", "row 2"]


def test_semicolons_win_over_commas_inside_the_text(tmp_path: Path) -> None:
    found = records(tmp_path, "a.csv", "question;answer\nWell, how wide?;Two, three metres.\nA, b?;C, d.\n")
    assert found[1].fields["answer"] == "C, d."


def test_commas_win_over_semicolons_inside_the_text(tmp_path: Path) -> None:
    found = records(tmp_path, "a.csv", "question,answer\nHow; wide?,Two; three\nHow tall?,Four; five; six\n")
    assert found[1].fields == {"question": "How tall?", "answer": "Four; five; six"}


def test_columns_without_a_name_of_their_own_are_numbered(tmp_path: Path) -> None:
    found = records(tmp_path, "a.csv", ",question,answer,answer\n0,a,b,c\n1,d,e,f\n")
    assert found[0] == Record({"column 1": "0", "question": "a", "answer": "b", "answer (2)": "c"}, "row 1",
                              ("renamed_columns",))
    assert found[1].notes == ()


def test_short_rows_lack_columns_and_blank_cells_at_the_end_do_no_harm(tmp_path: Path) -> None:
    found = records(tmp_path, "a.csv", "question,answer\na\nb,c,,\n")
    assert [record.fields for record in found] == [{"question": "a"}, {"question": "b", "answer": "c"}]


@pytest.mark.parametrize("cell", ["=1+1", "=cmd|' /C calc'!A0", "@SUM(A1:A9)", "+cmd|' /C calc'!A0",
                                  "-2+3+cmd|' /C calc'!A0", '"\t=1+1"', '=HYPERLINK("http://x")'])
def test_formula_cells_are_noted_and_kept(tmp_path: Path, cell: str) -> None:
    quoted = cell if cell.startswith('"') else '"' + cell.replace('"', '""') + '"'
    found = records(tmp_path, "a.csv", f"question,answer\na,{quoted}\nb,-5 degrees\nc,@taro - well\nd,+81 3 1234\n")
    assert found[0].fields["answer"] == (cell.strip('"') if cell.startswith('"') else cell)
    assert [record.notes for record in found] == [("formula_cells",), (), (), ()]


def test_a_table_of_one_column_of_text(tmp_path: Path) -> None:
    for header in ("text", "本文"):
        assert records(tmp_path, "a.csv", f"{header}\nOnce upon a time\n")[0].fields == {header: "Once upon a time"}
    chosen = records(tmp_path, "a.csv", "story\nOnce upon a time\n", mapping={"text": "story"})
    assert chosen[0].fields == {"story": "Once upon a time"}


@pytest.mark.parametrize(
    ("content", "code", "line"),
    [
        ("question,answer\n", "data_empty", ""),
        ("question\nHow wide?\n", "data_one_column", ""),
        ("question,answer\nHow wide?,Two,three,four\n", "data_table_row", "2"),
        ('question,answer\n"a\nb",c\nHow wide?,Two,three\n', "data_table_row", "4"),
        ('question,answer\na,b\n"How wide?,Two\nc,d\n', "data_table_damaged", "3"),
        ('question,answer\na,"b"c\n', "data_table_damaged", "2"),
        (bytes(range(1, 256)) * 4, "data_binary", ""),
    ],
)
def test_what_cannot_be_read_has_its_own_error(tmp_path: Path, content: str | bytes, code: str, line: str) -> None:
    error = refusal(tmp_path, "a.csv", content)
    assert (error.code, error.values.get("line", "")) == (code, line)


def test_a_zero_byte_is_kept_and_noted(tmp_path: Path) -> None:
    rows = b"question,answer\n" + b"How wide?,Two metres.\n" * 20 + b"How t\x00all?,Three metres.\n"
    found = records(tmp_path, "a.csv", rows)
    assert (found[-1].fields["question"], found[-1].notes) == ("How t\x00all?", ("raw_bytes",))


def test_titles_over_the_header_of_a_spreadsheet_are_passed_over(tmp_path: Path) -> None:
    content = ("問い合わせ一覧（4月）,,,\r\n,,,\r\n社外秘,,,\r\n"
               "受付日,質問,回答,\r\n4/1,在庫は？,あります。,\r\n4/2,,,\r\n")
    found = records(tmp_path, "a.csv", content.encode("cp932"))
    assert [record.fields["質問"] for record in found] == ["在庫は？", ""]
    assert found[0].fields == {"受付日": "4/1", "質問": "在庫は？", "回答": "あります。", "column 4": ""}


def test_a_table_with_one_filled_column_has_no_titles(tmp_path: Path) -> None:
    found = records(tmp_path, "a.csv", "question,\nHow wide?,\nHow long?,\n")
    assert [record.fields["question"] for record in found] == ["How wide?", "How long?"]


def test_a_header_with_a_name_behind_the_blank_one_of_an_index_is_no_title(tmp_path: Path) -> None:
    for title, text in (("", ",text\n0,How wide?\n1,How long?\n"), ("", ",text\n0,\n1,How wide?\n2,How long?\n"),
                        ("All,\n", ",text\n0,How wide?\n1,How long?\n")):
        found = records(tmp_path, "a.csv", title + text)
        assert [record.fields["text"] for record in found if record.fields["text"]] == ["How wide?", "How long?"]
    found = records(tmp_path, "a.csv", ",Questions,\n,question,answer\n,How wide?,Two metres.\n")
    assert found[0].fields["question"] == "How wide?"
