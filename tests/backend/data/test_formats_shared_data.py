"""The public datasets beside the repository, recognised and read whole."""

import json
import os
from collections import Counter
from pathlib import Path

import pytest

from tests.backend.data.formats_kit import Fields, answered, recognised

FOLDERS = [Path(os.environ["TANREN_SHARED_DATA"])] if os.environ.get("TANREN_SHARED_DATA") else []
FOLDERS.append(Path(__file__).parents[4] / "shared" / "data")
DATA = next((folder for folder in FOLDERS if folder.is_dir()), None)

pytestmark = pytest.mark.skipif(DATA is None, reason="no ../shared/data beside the repository, nor TANREN_SHARED_DATA")


def records(name: str) -> list[Fields]:
    """The records of a file, as they are in it."""
    assert DATA is not None
    text = (DATA / name).read_text(encoding="utf-8")
    return json.loads(text) if name.endswith(".json") else [json.loads(line) for line in text.splitlines()]


@pytest.mark.parametrize(("name", "form", "count", "problems", "notes"), [
    ("alpaca_en_demo.json", "alpaca", 999, {"": 999}, ()),
    ("dpo_en_demo.json", "preference", 300, {"preference": 300}, ()),
    ("glaive_toolcall_en_demo.json", "sharegpt", 300, {"": 300}, ()),
    ("jcommonsenseqa_train2000.jsonl", "table", 2000, {"": 2000}, ("mapping_guessed",)),
    ("jcommonsenseqa_valid.jsonl", "table", 1119, {"": 1119}, ("mapping_guessed",)),
    ("jsts_train1000.jsonl", "table", 1000, {"": 1000}, ("mapping_guessed",)),
])
def test_every_file_gives_its_rows(name: str, form: str, count: int, problems: dict[str, int],
                                   notes: tuple[str, ...]) -> None:
    given = records(name)
    known = recognised(given[:200])
    rows = [known.to_row(number, fields) for number, fields in enumerate(given, start=1)]
    assert (known.name, known.notes, len(rows)) == (form, notes, count)
    assert Counter(row.problem for row in rows) == problems
    assert not any(row.notes for row in rows)
    by_hand = recognised(given[:200], mapping=known.mapping)
    assert [by_hand.to_row(number, fields) for number, fields in enumerate(given, start=1)] == rows


def test_the_right_choice_is_the_answer() -> None:
    given = records("jcommonsenseqa_train2000.jsonl")
    known = recognised(given[:200])
    for fields in given:
        row = known.to_row(1, fields)
        assert row.messages[1] == answered(fields[f"choice{fields['label']}"])
        assert row.label == str(fields["label"])
        assert all(f"{place + 1}. {fields[f'choice{place}']}" in row.messages[0]["content"] for place in range(5))


def test_the_score_is_the_answer_as_it_is_written() -> None:
    given = records("jsts_train1000.jsonl")
    known = recognised(given[:200])
    for fields in given:
        row = known.to_row(1, fields)
        assert row.messages[1] == answered(str(fields["label"]))
        assert fields["sentence1"] in row.messages[0]["content"] and fields["sentence2"] in row.messages[0]["content"]


def test_every_tool_call_is_a_call_and_every_result_follows_one() -> None:
    given = records("glaive_toolcall_en_demo.json")
    known = recognised(given[:200])
    calls = results = 0
    for fields in given:
        row = known.to_row(1, fields)
        assert len(row.tools) == len(json.loads(fields["tools"]))
        for turn in row.messages:
            calls += len(turn.get("tool_calls", []))
            results += turn["role"] == "tool"
            assert turn["role"] != "tool" or turn["name"]
    assert (calls, results) == (211, 211)
