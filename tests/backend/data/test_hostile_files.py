"""Files made to break a reader: each ends in a named error or a finding, in bounded time and memory.

The heavy ones are read in a process of their own with a limit on its address space.
"""

import json
import os
import random
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow
import pyarrow.parquet
import pypdf
import pypdf.generic
import pytest

from backend.config.reading import Reading
from backend.data.check_texts import CHECKS
from backend.data.readers.files import files_of
from backend.data.readers.open_file import open_file
from backend.data.readers.record import Record
from backend.protocol.errors import TanrenError
from tests.backend.data.document_kit import write_docx, write_pdf

GIB = 1 << 30
GOOD = '{"question": "q", "answer": "a"}'
READ = """
import json, resource, sys
from pathlib import Path
limit = int(sys.argv[2]) << 20
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
from backend.config.reading import Reading
from backend.data.readers.open_file import open_file
from backend.hardware.usage import own_peak_mib
from backend.protocol.errors import TanrenError
rows, notes, code, values = 0, set(), "", {}
try:
    for record in open_file(Path(sys.argv[1]), Reading()).records:
        rows += 1
        notes.update(record.notes)
except TanrenError as error:
    code, values = error.code, error.values
print(json.dumps({"rows": rows, "notes": sorted(notes), "code": code, "values": values, "peak": own_peak_mib()}))
"""


def read_apart(file: Path, address_space_mib: int = 600) -> dict[str, Any]:
    """Rows, notes and error of reading the file in a process with so much address space; its peak in MiB."""
    done = subprocess.run([sys.executable, "-c", READ, str(file), str(address_space_mib)], capture_output=True,
                          text=True, timeout=120, cwd=Path(__file__).parents[3], check=False)
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def records(file: Path) -> list[Record]:
    """The records of a file."""
    return list(open_file(file, Reading()).records)


def refusal(file: Path) -> TanrenError:
    """The error that reading the file raises."""
    with pytest.raises(TanrenError) as caught:
        records(file)
    assert caught.value.kind == "bad_dataset"
    return caught.value


def large(path: Path, start: bytes, filler: bytes = b"a") -> Path:
    """A file of 1 GiB: `start`, 40 MiB of `filler`, and a hole."""
    with path.open("wb") as file:
        file.write(start)
        for _ in range(40):
            file.write(filler * ((1 << 20) // len(filler)))
        file.truncate(GIB)
    return path


@pytest.mark.timeout(180)
@pytest.mark.parametrize(
    ("name", "start", "code"),
    [
        ("line.jsonl", (GOOD + '\n{"question": "').encode(), "data_line_too_long"),
        ("string.json", ("[" + GOOD + ',{"question": "').encode(), "data_row_too_long"),
        ("object.json", b'{"question": "', "data_row_too_long"),
        ("line.csv", b"question,answer\na,b\nc,", "data_line_too_long"),
        ("quote.csv", b'question,answer\na,b\nc,"', "data_line_too_long"),
        ("line.txt", b"Once upon a time\n\n", "data_line_too_long"),
        ("line.md", b"# Title\n\n", "data_line_too_long"),
    ],
)
def test_a_line_of_a_gibibyte(tmp_path: Path, name: str, start: bytes, code: str) -> None:
    found = read_apart(large(tmp_path / name, start))
    assert found["code"] == code
    assert found["values"].get("line", found["values"].get("row")) in ("1", "2", "3")
    assert found["peak"] < 250


@pytest.mark.timeout(180)
def test_a_quote_that_is_never_closed_over_many_lines(tmp_path: Path) -> None:
    found = read_apart(large(tmp_path / "a.csv", b'question,answer\na,b\nc,"', b"many words\n"))
    assert (found["code"], found["values"]["line"]) == ("data_table_damaged", "3")
    assert found["peak"] < 250


@pytest.mark.timeout(180)
def test_a_bracket_that_is_never_closed(tmp_path: Path) -> None:
    found = read_apart(large(tmp_path / "a.json", b'[{"question": [', b'"word", '))
    assert (found["code"], found["values"]["row"]) == ("data_row_too_long", "1")
    assert found["peak"] < 500


@pytest.mark.timeout(60)
@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_a_hundred_thousand_levels(tmp_path: Path, opening: str) -> None:
    closing = {"[": "]", '{"a":': "}"}[opening]
    deep = opening * 100_000 + "1" + closing * 100_000
    for name, content, line in (("a.jsonl", f'{GOOD}\n{{"question": "q", "answer": {deep}}}', "2"),
                                ("a.json", f'[{GOOD},\n{{"question": "q", "answer": {deep}}}]', "2"),
                                ("b.json", f'{{"question": "q",\n"answer": {deep}}}', "2"), ("c.json", deep, "1")):
        file = tmp_path / name
        file.write_text(content)
        error = refusal(file)
        assert error.code in ("data_bad_line", "data_row_no_object")
        assert error.values.get("line", line) == line


def test_levels_up_to_a_hundred_are_data(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text('{"a": ' + "[" * 99 + "]" * 99 + "}")
    assert len(records(file)) == 1
    file.write_text('{"a": ' + "[" * 100 + "]" * 100 + "}")
    assert refusal(file).code == "data_bad_line"


@pytest.mark.timeout(60)
def test_numbers_beyond_all_bounds(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    for number, code in (("9" * 1_000_000, "data_bad_line"), ("0." + "3" * 1_000_000, ""), ("1e1000000", "")):
        file.write_text(f'{GOOD}\n{{"question": "q", "answer": {number}}}')
        if code:
            assert (refusal(file).code, refusal(file).values["line"]) == (code, "2")
        else:
            assert len(records(file)) == 2


def test_notes_are_checks_with_texts(tmp_path: Path) -> None:
    rows = ['{"a": NaN}', '{"a": 1, "a": 2}', '{"a": "\\ud800"}', f'{{"a": {2**70}}}', '{"a": "\t"}',
            '{"a": "' + "x" * 300 + '\x00"}']
    file = tmp_path / "a.jsonl"
    file.write_text("\n".join(rows))
    notes = {note for record in records(file) for note in record.notes}
    assert notes == {"not_finite", "duplicate_keys", "lone_surrogates", "big_numbers", "raw_control", "raw_bytes"}
    assert notes <= set(CHECKS)


def test_what_readers_give_can_be_written_as_json_and_utf8(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text('{"\\udc00key": ["\\ud83d", 1e999, 99999999999999999999, -0.0]}')
    json.dumps(records(file)[0].fields, ensure_ascii=False, allow_nan=False).encode()


@pytest.mark.timeout(60)
def test_a_header_of_a_million_columns(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text(",".join(["a"] * 1_000_000) + "\n" + ",".join(["1"] * 1_000_000) + "\n")
    assert refusal(file).code == "data_too_many_columns"
    file.write_text(",".join(["a"] * 16_000) + "\n" + ",".join(["1"] * 16_000) + "\n")
    assert len(set(records(file)[0].fields)) == 16_000


@pytest.mark.timeout(60)
@pytest.mark.parametrize("line", ["# " + " \t" * 200_000 + "x", "=" * 400_000 + "x", "`" * 400_000,
                                  "# " + "#" * 400_000, "." + "\"'" * 200_000 + "x", "第" + "一" * 400_000,
                                  " " * 400_000 + "#"])
def test_lines_that_would_keep_a_pattern_busy(tmp_path: Path, line: str) -> None:
    for name in ("a.md", "a.txt"):
        file = tmp_path / name
        file.write_text(f"Words.\n{line}\n\nMore words.\n")
        assert "More words." in records(file)[-1].fields["text"]


def test_characters_that_hide_or_turn_text_are_kept_for_the_checks(tmp_path: Path) -> None:
    odd = "zero\u200bwidth \u202eoverride\u202c tag\U000e0041 line\u2028end <|im_start|> ｶﾅ"
    for name, content in (("a.jsonl", json.dumps({"question": "q", "answer": odd}, ensure_ascii=False)),
                          ("a.csv", f'question,answer\nq,"{odd}"\n')):
        file = tmp_path / name
        file.write_text(content, encoding="utf-8")
        assert records(file) == [Record({"question": "q", "answer": odd}, records(file)[0].source)]


def test_pipes_devices_and_folders_are_no_files(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jsonl")
    (tmp_path / "folder.jsonl").mkdir()
    for path in (tmp_path / "pipe.jsonl", tmp_path / "folder.jsonl", Path("/dev/zero")):
        assert refusal(path).code == "data_missing"


@pytest.mark.parametrize("content", [random.Random(5).randbytes(5000), b"\0" * 5000, b"\xff" * 5000,
                                     bytes(range(256)) * 20, b"\x1b$" * 2000, b"\xef\xbb\xbf", b"\xff\xfe",
                                     b"\xff\xfea", b"\n\0\n\0\n"])
@pytest.mark.parametrize("name", ["a.jsonl", "a.json", "a.csv", "a.tsv", "a.txt", "a.md", "a.xlsx", "a.parquet",
                                  "a.docx", "a.pdf", "a"])
def test_junk_is_refused_whatever_it_is_called(tmp_path: Path, name: str, content: bytes) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    if content.startswith(b"\x1b$"):  # ASCII with escape characters: prose, where prose is allowed
        try:
            assert records(file)
        except TanrenError as error:
            assert error.kind == "bad_dataset"
    else:
        assert refusal(file).code in ("data_binary", "data_empty", "data_bad_encoding", "data_bad_line",
                                      "data_one_column", "data_unknown_kind")


def workbook_with(tmp_path: Path, change: Callable[[bytes], bytes], member: str = "xl/worksheets/sheet1.xml") -> Path:
    """A workbook with three rows, one member of it changed."""
    plain, file = tmp_path / "plain.xlsx", tmp_path / "a.xlsx"
    book = openpyxl.Workbook()
    for row in (["q", "a"], ["x", "y"], ["z", 1]):
        book.active.append(row)
    book.save(plain)
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            raw = source.read(name)
            target.writestr(name, change(raw) if name == member else raw)
    return file


@pytest.mark.timeout(180)
def test_a_workbook_that_is_a_bomb(tmp_path: Path) -> None:
    for change in (lambda raw: raw + b" " * (256 << 20), lambda raw: raw.replace(b"<row r=\"3\"", b" " * (200 << 20))):
        file = workbook_with(tmp_path, change)
        error = refusal(file)
        assert error.code == "data_bomb" and error.values["member"] == "xl/worksheets/sheet1.xml"
        assert files_of([file], tmp_path / "w") == [file]


@pytest.mark.timeout(180)
@pytest.mark.parametrize(
    ("old", "new", "rows", "code"),
    [
        (b'<row r="3"', b'<row r="99999999999"', 1, "data_damaged"),
        (b'<row r="3"', b'<row r="1048576"', 2, ""),
        (b'ref="A1:B3"', b'ref="A1:XFD1048576"', 2, ""),
        (b"</sheetData>", b'</sheetData><mergeCells>' + b'<mergeCell ref="A2:A1048576"/>' * 50_000 + b"</mergeCells>",
         2, ""),
        (b"</sheetData>", b"</sheetData>" + b"<mergeCell " * 300_000, 0, "data_damaged"),
        (b"<sheetData>", b"<sheetData>" + b"<a>" * 100_000, 0, "data_damaged"),
        (b'<c r="B3"', b'<c r="XFD3"', 2, ""),
        (b'<c r="B3"', b'<c r="ZZZZZZ3"', 1, "data_damaged"),
    ],
)
def test_a_workbook_that_lies_about_itself(tmp_path: Path, old: bytes, new: bytes, rows: int, code: str) -> None:
    file = workbook_with(tmp_path, lambda raw: raw.replace(old, new))
    with zipfile.ZipFile(file) as archive:
        assert new[:200] in archive.read("xl/worksheets/sheet1.xml")
    found = read_apart(file, 1500)
    assert (found["code"], found["rows"] if not code else rows) == (code, rows)
    assert found["peak"] < 400


LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha">' + b"".join(
    f'<!ENTITY {chr(98 + place)} "{f"&{chr(97 + place)};" * 10}">'.encode() for place in range(12)) + b"]>"
SECRET = b'<!DOCTYPE x [<!ENTITY m SYSTEM "file:///etc/passwd">]>'


@pytest.mark.timeout(60)
@pytest.mark.parametrize("declared", [LAUGHS, SECRET])
def test_entities_of_xml_neither_grow_nor_read_files(tmp_path: Path, declared: bytes) -> None:
    def in_workbook(raw: bytes) -> bytes:
        body = raw.replace(b"<v>1</v>", b"<v>&m;</v>")
        return declared + body

    file = workbook_with(tmp_path, in_workbook)
    assert refusal(file).code == "data_damaged"
    plain, document = tmp_path / "plain.docx", tmp_path / "a.docx"
    write_docx(plain, [("Normal", "PLACE")])
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(document, "w") as target:
        for name in source.namelist():
            raw = source.read(name)
            if name == "word/document.xml":
                raw = declared + raw[raw.index(b"<w:document"):].replace(b"PLACE", b"&m;")
            target.writestr(name, raw)
    assert refusal(document).code == "data_damaged"


@pytest.mark.timeout(120)
def test_a_word_document_that_is_a_bomb_or_bottomless(tmp_path: Path) -> None:
    plain, file = tmp_path / "plain.docx", tmp_path / "a.docx"
    write_docx(plain, [("Normal", "PLACE")])
    for change, code in ((lambda raw: raw.replace(b"PLACE", b"A" * (128 << 20)), "data_bomb"),
                         (lambda raw: raw.replace(b"<w:t>PLACE", b"<w:r>" * 100_000), "data_damaged"),
                         (lambda raw: raw.replace(b"<w:t>PLACE</w:t>", b"<w:r>" * 20_000 + b"</w:r>" * 20_000),
                          "data_damaged")):
        with zipfile.ZipFile(plain) as source, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
            for name in source.namelist():
                raw = source.read(name)
                target.writestr(name, change(raw) if name == "word/document.xml" else raw)
        assert read_apart(file)["code"] == code


@pytest.mark.timeout(120)
def test_a_pdf_whose_page_is_a_bomb_or_whose_pages_go_in_a_circle(tmp_path: Path) -> None:
    file = tmp_path / "a.pdf"
    write_pdf(file, ["Page."])
    raw = file.read_bytes()
    packer = zlib.compressobj()
    packed = b"".join(packer.compress(b" " * (1 << 20)) for _ in range(1024)) + packer.flush()
    start = raw.index(b"6 0 obj")
    end = raw.index(b"endobj", start)
    bomb = (b"6 0 obj\n<< /Length " + str(len(packed)).encode() + b" /Filter /FlateDecode >>\nstream\n" + packed
            + b"\nendstream\n")
    file.write_bytes(raw[:start] + bomb + raw[end:])
    found = read_apart(file, 800)
    assert found["code"] in ("data_damaged_page", "data_scanned", "data_damaged")
    file.write_bytes(raw.replace(b"/Kids [7 0 R]", b"/Kids [2 0 R]"))
    assert read_apart(file)["code"] in ("data_damaged", "data_scanned", "data_damaged_page")


@pytest.mark.timeout(60)
def test_a_pdf_whose_forms_draw_each_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backend.data.readers.pdf_file.PAGE_SECONDS", 0.05)
    file = tmp_path / "a.pdf"
    write_pdf(file, ["Page."])
    forms = {"F0": (b"/F1 Do /F1 Do", "F1")} | {
        f"F{number}": (f"/F{number + 1} Do /F{number + 1} Do".encode(), f"F{number + 1}") for number in range(1, 40)}
    writer = pypdf.PdfWriter(clone_from=file)
    inner: Any = None
    for name in reversed(forms):
        form = pypdf.generic.DecodedStreamObject()
        form.set_data(forms[name][0])
        form.update({
            pypdf.generic.NameObject("/Type"): pypdf.generic.NameObject("/XObject"),
            pypdf.generic.NameObject("/Subtype"): pypdf.generic.NameObject("/Form"),
            pypdf.generic.NameObject("/BBox"): pypdf.generic.ArrayObject(map(pypdf.generic.NumberObject, range(4))),
            pypdf.generic.NameObject("/Resources"): _resources(forms[name][1], inner),
        })
        inner = writer._add_object(form)
    page = writer.pages[0]
    content = pypdf.generic.DecodedStreamObject()
    content.set_data(b"/F0 Do")
    page[pypdf.generic.NameObject("/Contents")] = writer._add_object(content)
    page[pypdf.generic.NameObject("/Resources")] = _resources("F0", inner)
    writer.write(file)
    error = refusal(file)
    assert error.code == "data_damaged_page", (error.code, error.values, error.detail)
    assert error.values["page"] == "1"


def _resources(name: str, form: Any) -> pypdf.generic.DictionaryObject:
    """Resources with one form in them."""
    named = pypdf.generic.DictionaryObject({pypdf.generic.NameObject(f"/{name}"): form} if form is not None else {})
    return pypdf.generic.DictionaryObject({pypdf.generic.NameObject("/XObject"): named})


@pytest.mark.timeout(180)
def test_parquet_whose_rows_grow_by_their_dictionary(tmp_path: Path) -> None:
    file = tmp_path / "a.parquet"
    text = "word " * 200_000
    column = pyarrow.DictionaryArray.from_arrays(pyarrow.array([0] * 20_000, pyarrow.int32()), pyarrow.array([text]))
    pyarrow.parquet.write_table(pyarrow.table({"text": column}), file)
    assert file.stat().st_size < 1 << 20
    found = read_apart(file, 3000)
    assert found["code"] == "data_bomb" and found["rows"] < 2000
    assert found["peak"] < 1000


@pytest.mark.timeout(180)
def test_a_workbook_whose_cells_repeat_one_long_text(tmp_path: Path) -> None:
    plain, file = tmp_path / "plain.xlsx", tmp_path / "a.xlsx"
    book = openpyxl.Workbook()
    book.active.append(["q", "a"])
    book.save(plain)
    row = b"<row>" + b'<c t="s"><v>0</v></c>' * 200 + b"</row>"
    name = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        for member in source.namelist():
            raw = source.read(member).replace(b"</sheetData>", row * 3000 + b"</sheetData>")
            declared = b'<Override PartName="/xl/sharedStrings.xml" ContentType="' + kind + b'"/></Types>'
            target.writestr(member, raw.replace(b"</Types>", declared))
        target.writestr("xl/sharedStrings.xml", b'<sst xmlns="' + name + b'"><si><t>' + b"y" * 32_000
                        + b"</t></si></sst>")
    found = read_apart(file, 1000)
    assert found["code"] == "data_bomb", found
    assert found["values"]["member"] == f"row {found['rows'] + 2}"
    assert found["peak"] < 300


@pytest.mark.timeout(120)
def test_parquet_with_bytes_turned_over_is_an_error_or_data_but_no_crash(tmp_path: Path) -> None:
    file = tmp_path / "a.parquet"
    pyarrow.parquet.write_table(pyarrow.table({"q": [f"q{n}" for n in range(500)], "a": list(range(500))}), file)
    raw = file.read_bytes()
    codes = set()
    for place in range(4, len(raw), max(1, len(raw) // 200)):
        file.write_bytes(raw[:place] + bytes([raw[place] ^ 0xFF]) + raw[place + 1 :])
        try:
            records(file)
            codes.add("")
        except TanrenError as error:
            codes.add(error.code)
    assert codes <= {"", "data_damaged", "data_damaged_row", "data_binary", "data_bad_encoding", "data_unknown_kind",
                     "data_empty"}
    assert len(codes) > 1
