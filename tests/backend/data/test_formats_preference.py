"""Preferred and rejected answers, and thumbs up and down, in every layout that is common."""

import math
from typing import Any

import msgspec
import pytest

from backend.data.roles import problem_of
from backend.protocol.errors import TanrenError
from tests.backend.data.formats_kit import Fields, answered, asked, recognised, rows_of

ASKED, GOOD, BAD = "How wide?", "Two metres.", "Go away."
MESSAGES, REJECTED = [asked(ASKED), answered(GOOD)], [answered(BAD)]


@pytest.mark.parametrize("fields", [
    {"prompt": ASKED, "chosen": GOOD, "rejected": BAD},
    {"question": ASKED, "chosen": GOOD, "rejected": BAD, "id": 4},
    {"質問": ASKED, "良い回答": GOOD, "悪い回答": BAD},
    {"instruction": "How", "input": "wide?", "chosen": GOOD, "rejected": BAD},
    {"conversations": [{"from": "human", "value": ASKED}], "chosen": {"from": "gpt", "value": GOOD},
     "rejected": {"from": "gpt", "value": BAD}},
    {"conversations": [{"from": "human", "value": ASKED}], "chosen": GOOD, "rejected": BAD},
    {"messages": [asked(ASKED)], "chosen": [answered(GOOD)], "rejected": [answered(BAD)]},
    {"input": {"messages": [asked(ASKED)], "tools": [], "parallel_tool_calls": True},
     "preferred_output": [answered(GOOD)], "non_preferred_output": [answered(BAD)]},
    {"prompt": [asked(ASKED)], "chosen": [answered(GOOD)], "rejected": [answered(BAD)]},
    {"prompt": ASKED, "chosen": [asked(ASKED), answered(GOOD)], "rejected": [asked(ASKED), answered(BAD)]},
    {"prompt": ASKED + "\n", "chosen": [asked(ASKED), answered(GOOD)], "rejected": [asked(ASKED), answered(BAD)]},
    {"chosen": [asked(ASKED), answered(GOOD)], "rejected": [asked(ASKED), answered(BAD)], "score_chosen": 8.5},
    {"chosen": f"\n\nHuman: {ASKED}\n\nAssistant: {GOOD}", "rejected": f"\n\nHuman: {ASKED}\n\nAssistant: {BAD}"},
    {"prompt": f"\n\nHuman: {ASKED}\n\nAssistant:", "chosen": GOOD, "rejected": BAD},
])
def test_every_layout_of_pairs_becomes_the_same_row(fields: Fields) -> None:
    known = recognised([fields])
    row = known.to_row(1, fields)
    expected = [asked("How\n\nwide?"), answered(GOOD)] if "instruction" in fields else MESSAGES
    assert (known.name, row.messages, row.rejected) == ("preference", expected, REJECTED)
    assert (row.problem, row.notes) == ("preference", ())
    assert recognised([fields], mapping=known.mapping).to_row(1, fields) == row
    assert problem_of(msgspec.structs.replace(row, messages=expected)) == "preference"


def test_long_dialogues_share_their_start() -> None:
    start = "\n\nHuman: Hi\n\nAssistant: Hello\n\nHuman: Tell me:\n\nwhat is\n\nit?"
    row = rows_of({"chosen": f"{start}\n\nAssistant: A box.", "rejected": f"{start}\n\nAssistant: No."})[0]
    assert row.messages == [asked("Hi"), answered("Hello"), asked("Tell me:\n\nwhat is\n\nit?"), answered("A box.")]
    assert (row.rejected, row.notes) == ([answered("No.")], ())


@pytest.mark.parametrize("fields", [
    {"prompt": ASKED, "chosen": GOOD, "rejected": ""},
    {"prompt": ASKED, "chosen": GOOD, "rejected": None},
    {"prompt": ASKED, "chosen": math.nan, "rejected": BAD},
    {"prompt": "", "chosen": GOOD, "rejected": BAD},
    {"chosen": [asked(ASKED), answered(GOOD)], "rejected": [asked("Another question"), answered(BAD)]},
    {"chosen": None, "rejected": None, "prompt": None},
])
def test_pairs_that_do_not_fit_are_noted(fields: Fields) -> None:
    rows = rows_of(fields, *[{"prompt": ASKED, "chosen": GOOD, "rejected": BAD} if "prompt" in fields else {
        "chosen": MESSAGES, "rejected": [asked(ASKED), answered(BAD)]}] * 3)
    assert [row.problem for row in rows] == ["preference"] * 4
    assert ["bad_preference" in row.notes for row in rows] == [True, False, False, False]


def test_system_prompts_of_pairs() -> None:
    row = rows_of({"system": "Be brief.", "question": ASKED, "chosen": GOOD, "rejected": BAD})[0]
    assert row.messages == [{"role": "system", "content": "Be brief."}, *MESSAGES]


@pytest.mark.parametrize(("up", "down"), [
    (True, False), ("up", "down"), ("👍", "👎"), ("👍️", "👎️"), (1, -1), ("good", "bad"), ("良い", "悪い"),
    ("True", "False"), ("thumbs_up", "thumbs_down"), ("高評価", "低評価"),
])
@pytest.mark.parametrize("layout", [
    {"prompt": ASKED, "completion": GOOD}, {"messages": MESSAGES}, {"instruction": ASKED, "input": "", "output": GOOD},
    {"prompt": [asked(ASKED)], "completion": [answered(GOOD)]},
])
def test_answers_with_the_thumb_up_can_be_trained_on(layout: Fields, up: Any, down: Any) -> None:
    records = [{**layout, "label": mark} for mark in (up, down, up)]
    known = recognised(records)
    assert (known.name, known.notes) == ("thumbs", ())
    rows = [known.to_row(number, fields) for number, fields in enumerate(records, start=1)]
    assert [row.messages for row in rows] == [MESSAGES] * 3
    assert [(row.label, row.problem) for row in rows] == [("up", ""), ("down", "thumbs"), ("up", "")]
    by_hand = recognised(records, mapping=known.mapping)
    assert (by_hand.name, [by_hand.to_row(row.row, fields) for row, fields in zip(rows, records, strict=True)]) == (
        "thumbs", rows)


def test_thumbs_that_say_nothing_keep_the_row_out() -> None:
    records = [{"prompt": "q", "completion": "a", "kto_tag": mark} for mark in (1, None, 0, math.nan)]
    rows = rows_of(*records)
    assert [row.problem for row in rows] == ["", "no_thumb", "thumbs", "no_thumb"]
    assert recognised(records).notes == ()
    assert [problem_of(row) for row in rows] == [row.problem for row in rows]
    assert rows_of({"prompt": "q", "completion": "", "label": True})[0].problem == "empty_answer"


def test_zero_and_one_in_a_column_label_may_be_classes_and_are_said_to_be_guessed() -> None:
    known = recognised([{"prompt": "q", "completion": "a", "label": number} for number in (0, 1)])
    assert (known.name, known.notes) == ("thumbs", ("mapping_guessed",))
    classes = recognised([{"prompt": "q", "completion": "a", "label": number} for number in (0, 1, 2)])
    assert classes.name == "prompt_completion"
    assert classes.to_row(1, {"prompt": "q", "completion": "a", "label": 2}).label == "2"


def test_thumbs_and_pairs_that_were_asked_for_but_are_not_there() -> None:
    for form, fields, missing in (("thumbs", {"prompt": "q", "completion": "a"}, "label"),
                                  ("thumbs", {"label": True}, "question"),
                                  ("preference", {"prompt": "q", "chosen": "a"}, "rejected")):
        with pytest.raises(TanrenError) as caught:
            recognised([fields], format=form)
        assert caught.value.code == "data_format_lacks" and missing in caught.value.message("en")
