"""JSON and JSONL files as records; what strict JSON forbids is told, broken places are named."""

import json
from pathlib import Path
from typing import Any

import pytest

from backend.config.reading import Reading
from backend.data.readers.open_file import Opened, open_file
from backend.data.readers.record import SAMPLE_RECORDS, Record
from backend.protocol.errors import TanrenError

PAIR = {"question": "How wide?", "answer": "Two metres."}
TURNS = [{"role": "user", "content": "How wide?"}, {"role": "assistant", "content": "Two metres."}]


def opened(folder: Path, name: str, content: str | bytes) -> Opened:
    """The opened file with this content."""
    file = folder / name
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return open_file(file, Reading())


def records(folder: Path, name: str, content: str | bytes) -> list[Record]:
    """The records of a file with this content, which stays as it is."""
    found = list(opened(folder, name, content).records)
    assert (folder / name).read_bytes() == (content.encode() if isinstance(content, str) else content)
    return found


def refusal(folder: Path, name: str, content: str | bytes) -> TanrenError:
    """The error that reading this content raises."""
    with pytest.raises(TanrenError) as caught:
        records(folder, name, content)
    assert caught.value.kind == "bad_dataset"
    return caught.value


@pytest.mark.parametrize(
    ("name", "content", "kind", "expected"),
    [
        ("a.jsonl", json.dumps(PAIR), "jsonl", [PAIR]),
        ("a.jsonl", "\ufeff" + json.dumps(PAIR) + "\r\n\r\n" + json.dumps(PAIR) + "\r\n", "jsonl", [PAIR, PAIR]),
        ("mac.jsonl", json.dumps(PAIR) + "\r" + json.dumps(PAIR) + "\r", "jsonl", [PAIR, PAIR]),
        ("lines.json", json.dumps(PAIR) + "\n" + json.dumps(PAIR), "jsonl", [PAIR, PAIR]),
        ("lines.txt", json.dumps(PAIR) + "\n" + json.dumps(PAIR), "jsonl", [PAIR, PAIR]),
        ("lines", json.dumps(PAIR), "jsonl", [PAIR]),
        ("named.csv", json.dumps(PAIR) + "\n" + json.dumps(PAIR), "jsonl", [PAIR, PAIR]),
        ("a.json", json.dumps([PAIR] * 3), "json", [PAIR] * 3),
        ("a.json", json.dumps([PAIR] * 3, indent=4), "json", [PAIR] * 3),
        ("list.jsonl", json.dumps([PAIR] * 3, indent=4), "json", [PAIR] * 3),
        ("a.json", json.dumps(PAIR), "json", [PAIR]),
        ("a.json", json.dumps({"version": 1, "data": [PAIR, PAIR], "more": [1, 2]}), "json", [PAIR, PAIR]),
        ("a.json", json.dumps({"version": 1, "data": [PAIR, PAIR], "more": [1, 2]}, indent=1), "json", [PAIR, PAIR]),
        ("a.json", json.dumps({"messages": TURNS, "tools": [{"type": "function"}]}), "json",
         [{"messages": TURNS, "tools": [{"type": "function"}]}]),
        ("spread.jsonl", json.dumps(PAIR, indent=2) + "\n" + json.dumps(PAIR, indent=2), "json", [PAIR, PAIR]),
        ("a.json", json.dumps({"data": {"train": [PAIR]}}), "json", [{"data": {"train": [PAIR]}}]),
        ("a.json", json.dumps([{}]), "json", [{}]),
    ],
)
def test_every_layout_gives_the_rows(tmp_path: Path, name: str, content: str, kind: str,
                                     expected: list[dict[str, Any]]) -> None:
    found = opened(tmp_path, name, content)
    assert found.kind == kind
    assert found.reason.en and found.reason.ja
    assert [record.fields for record in found.records] == expected


def test_rows_come_again_after_the_sample_and_progress_reaches_the_end(tmp_path: Path) -> None:
    rows = [{"question": f"q{number}", "answer": "a" * 10_000} for number in range(1000)]
    for name, content in (("a.jsonl", "\n".join(map(json.dumps, rows))), ("a.json", json.dumps(rows))):
        found = opened(tmp_path, name, content)
        assert len(found.sample) == SAMPLE_RECORDS
        assert 0 < found.done() < found.total == len(content)
        assert [record.fields for record in found.records] == rows
        assert found.done() == found.total


def test_the_place_of_a_record_is_told(tmp_path: Path) -> None:
    line = json.dumps(PAIR)
    assert [record.source for record in records(tmp_path, "a.jsonl", f"{line}\n\n{line}")] == ["line 1", "line 3"]
    assert [record.source for record in records(tmp_path, "a.json", f"[{line},\n\n{line}]")] == ["row 1", "row 2"]


@pytest.mark.parametrize("layout", ["jsonl", "json", "indented"])
@pytest.mark.parametrize(
    ("value", "read", "note"),
    [
        ("NaN", None, "not_finite"), ("Infinity", None, "not_finite"), ("-Infinity", None, "not_finite"),
        ("1e999", None, "not_finite"), ("1e3", 1000.0, ""), ("-12", -12, ""),
        ("123456789012345678", 123456789012345678, ""),
        ("9223372036854775807", 9223372036854775807, ""), ("9223372036854775808", "9223372036854775808", "big_numbers"),
        ('"a\\ud83db"', "a\ufffdb", "lone_surrogates"), ('"\\ud83d\\ude00"', "😀", ""), ('"\\\\ud83d"', "\\ud83d", ""),
        ('"tab\there"', "tab\there", "raw_control"), ('{"a": 1, "a": 2}', {"a": 2}, "duplicate_keys"),
        ('"\\"answer\\": x"', '"answer": x', ""),
        ('[{"b": [{"c": 1, "c": 1}]}]', [{"b": [{"c": 1}]}], "duplicate_keys"),
    ],
)
def test_what_json_forbids_or_leaves_open_is_noted(tmp_path: Path, layout: str, value: str, read: Any,
                                                   note: str) -> None:
    row = f'{{"question": "q", "answer": {value}}}'
    good = json.dumps(PAIR)
    content = f"{good}\n{row}\n{good}" if layout == "jsonl" else f"[{good},\n{row},\n{good}]"
    if layout == "indented":
        content = content.replace(",", ",\n  ").replace("{", "{\n")
    found = records(tmp_path, "a.jsonl" if layout == "jsonl" else "a.json", content)
    assert found[1].fields["answer"] == read
    assert found[1].notes == ((note,) if note else ())
    assert found[0].notes == found[2].notes == ()


def test_repeated_names_of_a_row_are_noted_and_the_last_counts(tmp_path: Path) -> None:
    row = '{"question": "q", "answer": "a", "answer": "b"}'
    for name, content in (("a.jsonl", row), ("a.json", f"[{row}]"), ("b.json", row)):
        found = records(tmp_path, name, content)
        assert found[0] == Record({"question": "q", "answer": "b"}, found[0].source, ("duplicate_keys",))


def test_line_separators_inside_a_text_do_not_cut_a_line(tmp_path: Path) -> None:
    content = json.dumps({"question": "a\u2028b\x85c\x0bd", "answer": "d"}, ensure_ascii=False)
    assert len(records(tmp_path, "a.jsonl", content + "\r\n\r\n" + content)) == 2


def test_the_broken_line_is_named(tmp_path: Path) -> None:
    lines = [json.dumps({"question": f"q{number}", "answer": "a"}) for number in range(1, 301)]
    lines[256] = '{"question": "q257", "answer": '
    error = refusal(tmp_path, "a.jsonl", "\n".join(lines))
    assert (error.code, error.values["line"]) == ("data_bad_line", "257")
    assert "257" in error.message("en") and "257" in error.message("ja")
    lines[256] = '{"question": "q257", "answer": "a"} {}'
    assert refusal(tmp_path, "a.jsonl", "\n".join(lines)).values["line"] == "257"


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ('[\n{"question": "q",\n "answer" "a"}\n]', "3"),
        ('[\n{"question": "q",\n "answer": "a"}\n{"question": "q"}]', "4"),
        ('[\n{"question": "q"},\n {"question": "unclosed}\n]', "3"),
        ('[\n{"question": "q"},\n', "3"),
        ('[{"question": "q"}]\n\nmore', "3"),
        ('{"data": [{"question": "q"}],\n "x" 1}', "2"),
        ('{"data": [{"question": "q"}],\n x: 1}', "2"),
        ('{"data": [{"question": "q"}]\n', "2"),
        ("[\n" + '{"q": 1},\n' * 200_000 + "{oops}]", "200002"),
    ],
)
def test_the_broken_line_of_a_json_file_is_named(tmp_path: Path, content: str, line: str) -> None:
    error = refusal(tmp_path, "a.json", content)
    assert (error.code, error.values["line"]) == ("data_bad_line", line)


def test_several_lists_of_rows_are_refused_since_one_may_be_the_test_set(tmp_path: Path) -> None:
    error = refusal(tmp_path, "a.json", json.dumps({"train": [PAIR], "test": [PAIR]}))
    assert (error.code, error.values["lists"]) == ("data_several_lists", "train, test")


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.jsonl", "", "data_empty"),
        ("a.jsonl", " \n\r\n ", "data_empty"),
        ("a.jsonl", "\ufeff", "data_empty"),
        ("a.json", "[]", "data_empty"),
        ("a.jsonl", b"\x7fELF\x02\x01\x01\x00\x00\x00", "data_binary"),
        ("a.jsonl", "[1, 2]\n3", "data_row_no_object"),
        ("a.json", "[1, 2]", "data_row_no_object"),
        ("a.json", '["text"]', "data_row_no_object"),
        ("a.json", "null", "data_no_rows"),
        ("a.jsonl", '"text"\n', "data_line_no_object"),
        ("a.jsonl", '{"question": "q", "answer": ' + "9" * 5000 + "}", "data_bad_line"),
    ],
)
def test_what_cannot_be_read_has_its_own_error(tmp_path: Path, name: str, content: str | bytes, code: str) -> None:
    assert refusal(tmp_path, name, content).code == code


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    for place in (tmp_path / "none.jsonl", tmp_path):
        with pytest.raises(TanrenError) as caught:
            open_file(place, Reading())
        assert caught.value.code == "data_missing"
