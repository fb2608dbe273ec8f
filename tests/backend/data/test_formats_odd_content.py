"""Whatever is in the cells: a row comes of it, with texts for contents, and its problem can be decided again."""

import datetime
import decimal
import json
import random
from typing import Any

import pytest

from backend.data.check_texts import CHECKS
from backend.data.dataset import answer_of, question_key, up_to_last_answer, whole_text, with_texts
from backend.data.roles import problem_of
from tests.backend.data.formats_kit import Fields, answered, asked, recognised

TURNS = [asked("q"), answered("a")]
DEEP: Any = []
for _ in range(95):
    DEEP = [DEEP]

ODD: list[Any] = [
    None, "", " ", "text", "nan", float("nan"), float("inf"), -3, 2.5, True, False, [], {}, [[]], [None], [1, "x"],
    {"role": "user"}, {"role": "assistant", "content": None}, [{"role": None, "content": None}],
    [{"from": "gpt", "value": {"a": [1]}}], [{"role": ["x"], "content": "y"}],
    [{"role": {"role": "user"}, "content": 1}],
    [{"role": "assistant", "content": "", "tool_calls": [None]}], [{"role": "assistant", "tool_calls": "x"}],
    [{"role": "assistant", "tool_calls": {"function": "f"}}], [{"role": "assistant", "function_call": []}],
    [{"role": "assistant", "content": [{"type": "text"}, 3, None], "weight": "heavy", "loss": "no"}],
    [{"role": "tool", "content": [{"text": 3}], "tool_call_id": 4, "name": ["n"]}],
    [{"from": "function_call", "value": '{"name": "f", "arguments": "{\\"a\\": [1]}"}'}],
    [{"from": "function_call", "value": {"name": "f", "arguments": DEEP}}], DEEP, "[" * 5000, "[" * 5000 + "]" * 5000,
    "{'a': [" * 90 + "]}" * 90, "[{'role': 'user', 'content': 'x'}]", "\ud800", ["\ud800"], {"text": ["\ud800"]},
    b"\xff\x00", datetime.datetime(2024, 1, 2), decimal.Decimal("3.10"), ("a", "b"), 10 ** 5000, {"A": None, "B": 1},
    {"text": "x", "label": 3}, json.dumps([{"name": "f", "parameters": {}}]), [{"type": "function", "function": None}],
]

FILES: list[tuple[Fields, dict[str, Any]]] = [
    ({"messages": TURNS, "tools": [{"name": "f"}], "system": "s", "images": ["i"]}, {}),
    ({"conversations": [{"from": "human", "value": "q"}, {"from": "gpt", "value": "a"}], "label": "x"}, {}),
    ({"instruction": "i", "input": "j", "output": "o", "history": [["q", "a"]]}, {}),
    ({"prompt": "q", "completion": "a", "tools": "[]"}, {}),
    ({"prompt": TURNS[:1], "completion": TURNS[1:], "label": True}, {}),
    ({"prompt": "q", "chosen": "a", "rejected": "b"}, {}),
    ({"chosen": TURNS, "rejected": TURNS}, {}),
    ({"chosen": "\n\nHuman: q\n\nAssistant: a", "rejected": "\n\nHuman: q\n\nAssistant: b"}, {}),
    ({"question": "q", "choice0": "a", "choice1": "b", "label": 0}, {}),
    ({"question": "q", "choices": {"text": ["a", "b"], "label": ["A", "B"]}, "answerKey": "A"}, {}),
    ({"sentence1": "a", "sentence2": "b", "label": 0.5}, {}),
    ({"text": "some text", "category": "c"}, {}),
    ({"text": "some text"}, {}),
    ({"dialogue": ["q", "a"]}, {}),
    ({"a": "q", "b": "r"}, {"mapping": {"question": "{a}: {b}", "answer": "b", "rejected": "a", "label": "a"}}),
]


@pytest.mark.parametrize("place", range(len(FILES)))
def test_odd_content_gives_a_row_with_its_problem(place: int) -> None:
    usual, reading = FILES[place]
    known = recognised([usual] * 3, **reading)
    rng = random.Random(place)
    records = [{**usual, name: value} for name in usual for value in ODD]
    records += [{name: rng.choice(ODD) for name in usual} for _ in range(400)]
    records += [{}, {"other": 1}]
    for number, fields in enumerate(records, start=1):
        row = known.to_row(number, fields)
        for message in (*row.messages, *row.rejected):
            assert isinstance(message["role"], str) and isinstance(message["content"], str)
        assert isinstance(row.text, str) and isinstance(row.label, str)
        assert not row.problem or row.problem in CHECKS
        assert all(note in CHECKS for note in row.notes)
        assert problem_of(row) == row.problem
        if not row.problem:
            whole_text(row), question_key(row), answer_of(row.messages)
            assert row.text.strip() or up_to_last_answer(row.messages)[-1]["content"].strip() or (
                up_to_last_answer(row.messages)[-1]["tool_calls"])
            assert with_texts(row, str) == row


@pytest.mark.parametrize("place", range(len(ODD)))
def test_an_odd_sample_does_not_stop_the_recognition(place: int) -> None:
    value = ODD[place]
    for usual, reading in FILES:
        odd = dict.fromkeys(usual, value)
        assert recognised([odd, *[usual] * 5], **reading).name == recognised([usual] * 3, **reading).name
