"""Every layout of dialogues that files have becomes the same rows; what is broken in them stays visible."""

import json
import math
from typing import Any

import msgspec
import pytest

from backend.data.roles import problem_of
from tests.backend.data.formats_kit import Fields, answered, asked, call, recognised, rows_of

PAIR = [asked("How wide?"), answered("Two metres.")]
SHAREGPT = [{"from": "human", "value": "How wide?"}, {"from": "gpt", "value": "Two metres."}]
WEATHER = {"name": "get_weather", "description": "Weather", "parameters": {"type": "object", "properties": {}}}


@pytest.mark.parametrize(
    ("fields", "form"),
    [
        ({"messages": PAIR}, "messages"),
        ({"messages": json.dumps(PAIR)}, "messages"),
        ({"messages": str(PAIR)}, "messages"),
        ({"Messages ": PAIR}, "messages"),
        ({"conversations": SHAREGPT}, "sharegpt"),
        ({"conversations": PAIR}, "sharegpt"),
        ({"id": 3, "dialog": SHAREGPT}, "sharegpt"),
        ({"my_turns": PAIR}, "messages"),
        ({"conversation": [{"input": "How wide?", "output": "Two metres."}]}, "sharegpt"),
        ({"conversation": [{"human": "How wide?", "assistant": "Two metres."}]}, "sharegpt"),
        ({"chat": "USER: How wide?\n\n\nASSISTANT: Two metres."}, "messages"),
        ({"dialogue": ["How wide?", "Two metres."]}, "messages"),
        ({"対話": [{"role": "ユーザー", "content": "How wide?"}, {"role": "アシスタント", "content": "Two metres."}]},
         "messages"),
        ({"messages": [{"role": "prompter", "text": "How wide?"}, {"role": "assistant", "text": "Two metres."}]},
         "messages"),
        ({"instruction": "How wide?", "input": "", "output": "Two metres."}, "alpaca"),
        ({"instruction": "", "input": "How wide?", "output": "Two metres."}, "alpaca"),
        ({"指示": "How wide?", "入力": None, "出力": "Two metres."}, "alpaca"),
        ({"prompt": "How wide?", "completion": "Two metres."}, "prompt_completion"),
        ({"prompt": PAIR[:1], "completion": PAIR[1:]}, "prompt_completion"),
        ({"prompt": "How wide?", "completion": PAIR[1:]}, "prompt_completion"),
        ({"question": "How wide?", "answer": "Two metres."}, "prompt_completion"),
        ({"question": "How wide?", "answers": {"text": ["Two metres.", "Two metres."], "answer_start": [3, 3]}},
         "prompt_completion"),
        ({"Question": "How wide?", "context": math.nan, "Response": "Two metres."}, "prompt_completion"),
        ({"質問": "How wide?", "回答": "Two metres."}, "prompt_completion"),
        ({"質問文": "How wide?", "回答文": "Two metres.", "番号": 1}, "prompt_completion"),
    ],
)
def test_every_layout_becomes_the_same_dialogue(fields: Fields, form: str) -> None:
    known = recognised([fields])
    assert known.name == form
    row = known.to_row(7, fields)
    assert (row.row, row.messages, row.problem, row.text) == (7, PAIR, "", "")
    # what is shown as the mapping reads the same when it is set by hand
    assert recognised([fields], mapping=known.mapping).to_row(7, fields) == row


@pytest.mark.parametrize("kind", ["csv", "tsv", "xlsx", "parquet"])
def test_questions_and_answers_of_a_table_are_called_a_table(kind: str) -> None:
    for fields in ({"question": "q", "answer": "a"}, {"instruction": "i", "output": "o"}):
        assert recognised([fields], kind).name == "table"
        form = "alpaca" if "output" in fields else "prompt_completion"
        assert recognised([fields], kind, format=form).name == form
    assert recognised([{"messages": json.dumps(PAIR)}], kind).name == "messages"


def test_the_reason_names_the_columns_and_those_that_are_not_used() -> None:
    reason = recognised([{"id": 1, "question": "q", "answer": "a", "url": "http://x"}]).reason
    assert reason.en == "columns question, answer (not used: id, url)"
    assert reason.ja == "列 question、answer（使わない列: id、url）"


def test_instruction_question_and_context_are_joined() -> None:
    fields = {"instruction": "Answer briefly.", "question": "How wide?", "context": "The river.", "answer": "Two."}
    assert rows_of(fields)[0].messages == [asked("Answer briefly.\n\nHow wide?\n\nThe river."), answered("Two.")]
    assert rows_of({**fields, "context": " "})[0].messages[0] == asked("Answer briefly.\n\nHow wide?")


def test_alpaca_takes_system_and_history() -> None:
    fields: Fields = {"instruction": "Translate", "input": "水", "output": "water", "system": "Be brief.",
                      "history": [["Hello", "Hi"], ["And?", "So"]]}
    expected = [{"role": "system", "content": "Be brief."}, asked("Hello"), answered("Hi"), asked("And?"),
                answered("So"), asked("Translate\n\n水"), answered("water")]
    for history in (fields["history"], json.dumps(fields["history"])):
        row = rows_of({**fields, "history": history})[0]
        assert (row.messages, row.problem) == (expected, "")
    for history in (None, "", [], "[]"):
        assert len(rows_of({**fields, "history": history})[0].messages) == 3
    broken = rows_of({**fields, "history": [["Hello", "Hi", "extra"]]})[0]
    assert broken.problem == "broken_roles" and "extra" in broken.messages[1]["content"]


def test_the_dialogues_own_system_prompt_wins_and_the_other_is_noted() -> None:
    turns = [{"role": "system", "content": "Own"}, *PAIR]
    rows = rows_of({"messages": turns, "system": "Column"}, {"messages": turns, "system": "Own"},
                   {"messages": PAIR, "system": "Column"}, {"messages": PAIR, "system": None})
    assert [row.messages[0]["content"] for row in rows] == ["Own", "Own", "Column", "How wide?"]
    assert [row.notes for row in rows] == [("system_twice",), (), (), ()]


ROLE_CASES = [
    ("ua", ""), ("sua", ""), ("uaua", ""), ("uau", ""), ("utoa", ""), ("ut", ""), ("uatoa", ""), ("uttooa", ""),
    ("utoauatoa", ""), ("utoto", ""), ("utotoa", ""), ("utoatoa", ""),
    ("u", "no_answer"), ("su", "no_answer"), ("uo", "no_answer"),
    ("", "broken_roles"), ("a", "broken_roles"), ("au", "broken_roles"), ("uua", "broken_roles"),
    ("uaa", "broken_roles"), ("usa", "broken_roles"), ("ssua", "broken_roles"), ("u?a", "broken_roles"),
    ("uoa", "broken_roles"), ("uaoa", "broken_roles"), ("utua", "broken_roles"), ("o", "broken_roles"),
    ("ta", "broken_roles"), ("s", "broken_roles"), ("u!a", "bad_tool_call"), ("ua!", "bad_tool_call"),
]


@pytest.mark.parametrize(("roles", "problem"), ROLE_CASES)
def test_who_may_speak_after_whom(roles: str, problem: str) -> None:
    names = {"u": "human", "a": "gpt", "s": "system", "t": "function_call", "o": "observation", "?": "narrator",
             "!": "function_call"}
    texts = {"t": '{"name": "f", "arguments": {}}', "!": "f(3)"}
    turns = [{"from": names[role], "value": texts.get(role, f"text {place}")} for place, role in enumerate(roles)]
    row = rows_of({"conversations": turns}, {"conversations": SHAREGPT})[0]
    assert row.problem == problem
    assert problem_of(row) == problem
    for place, role in enumerate(roles):  # nothing that was said is gone
        if role != "t":
            assert any(texts.get(role, f"text {place}") in message["content"] for message in row.messages)


def test_calls_of_sharegpt_take_transformers_form() -> None:
    turns = [
        {"from": "human", "value": "Weather in Oslo and Rome?"},
        {"from": "function_call", "value": '[{"name": "get_weather", "arguments": {"city": "Oslo"}},'
                                           ' {"name": "get_weather", "arguments": "{\\"city\\": \\"Rome\\"}"}]'},
        {"from": "observation", "value": '{"oslo": 3, "rome": 20}'},
        {"from": "gpt", "value": "3 and 20."},
    ]
    row = rows_of({"conversations": turns, "tools": json.dumps([WEATHER])})[0]
    calls = [call("get_weather", city="Oslo"), call("get_weather", city="Rome")]
    assert row.messages == [asked("Weather in Oslo and Rome?"), answered("", tool_calls=calls),
                            {"role": "tool", "content": '{"oslo": 3, "rome": 20}'}, answered("3 and 20.")]
    assert (row.tools, row.problem, row.notes) == ([{"type": "function", "function": WEATHER}], "", ())


def test_calls_one_after_another_are_one_turn_and_join_what_was_said_before() -> None:
    turns = [*SHAREGPT[:1], {"from": "gpt", "value": "Let me look."},
             {"role": "tool_call", "content": '{"name": "a", "arguments": {}}'},
             {"role": "tool_call", "content": '{"name": "b", "arguments": {"x": 1}}'},
             {"role": "tool_response", "content": "1"}, {"role": "tool_response", "content": "2"},
             {"role": "assistant", "content": "Done."}]
    row = rows_of({"conversations": turns})[0]
    assert row.messages == [
        asked("How wide?"), answered("Let me look.", tool_calls=[call("a"), call("b", x=1)]),
        {"role": "tool", "content": "1", "name": "a"}, {"role": "tool", "content": "2", "name": "b"},
        answered("Done.")]
    assert row.problem == ""


def test_openai_tool_calls() -> None:
    turns = [
        asked("Weather?"),
        {"role": "assistant", "content": None, "tool_calls": [
            {"id": "call_1", "type": "function", "function": {"name": "get_weather", "arguments": '{"city": "東京"}'}},
            {"id": "call_2", "type": "function", "function": {"name": "get_time", "arguments": ""}}]},
        {"role": "tool", "tool_call_id": "call_2", "content": [{"type": "text", "text": "noon"}]},
        {"role": "tool", "tool_call_id": "call_1", "content": {"degrees": 21}},
        {"role": "assistant", "content": "21", "name": None, "tool_calls": None, "weight": None},
    ]
    row = rows_of({"messages": turns, "tools": [{"type": "function", "function": WEATHER}]})[0]
    assert row.messages == [
        asked("Weather?"),
        answered("", tool_calls=[{"id": "call_1", **call("get_weather", city="東京")},
                                 {"id": "call_2", **call("get_time")}]),
        {"role": "tool", "content": "noon", "tool_call_id": "call_2", "name": "get_time"},
        {"role": "tool", "content": '{"degrees": 21}', "tool_call_id": "call_1", "name": "get_weather"},
        answered("21")]
    assert row.problem == ""
    assert row.tools == [{"type": "function", "function": WEATHER}]


def test_a_call_without_a_content_key_is_a_call() -> None:
    turns = [asked("?"), {"role": "assistant", "tool_calls": [call("f")]}]
    assert rows_of({"messages": turns})[0].messages == [asked("?"), answered("", tool_calls=[call("f")])]


def test_the_older_function_call() -> None:
    turns = [asked("Weather?"),
             {"role": "assistant", "content": None, "function_call": {"name": "get_weather", "arguments": "{}"}},
             {"role": "function", "name": "get_weather", "content": "21"}, answered("21 degrees.")]
    row = rows_of({"messages": turns, "functions": [WEATHER]})[0]
    assert row.messages[1] == answered("", tool_calls=[call("get_weather")])
    assert row.messages[2] == {"role": "tool", "content": "21", "name": "get_weather"}
    assert (row.problem, len(row.tools)) == ("", 1)


def test_an_answer_that_is_the_json_of_calls_of_its_tools_is_those_calls() -> None:
    tools = json.dumps([{"name": "f", "description": "", "parameters": {"x": {"type": "int"}}}])
    rows = rows_of(*({"query": "Do f", "answers": answer, "tools": tools} for answer in (
        '[{"name": "f", "arguments": {"x": 1}}]', '[{"name": "other", "arguments": {}}]', "[1, 2]")))
    assert rows[0].messages[1] == answered("", tool_calls=[call("f", x=1)])
    assert [row.messages[1]["content"] for row in rows[1:]] == ['[{"name": "other", "arguments": {}}]', "[1, 2]"]


@pytest.mark.parametrize("value", [
    "get_weather(Oslo)", '{"arguments": {}}', '[{"name": ""}]', "{", '{"name": "f", "arguments": {}', None, 3,
    '{"name": "f", "arguments": "Oslo"}', '{"name": "f", "arguments": [1]}', '{"name": "f", "arguments": ' + "[" * 90
    + "]" * 90 + "}",
])
def test_calls_that_cannot_be_read_stay_visible_and_keep_the_row_out(value: Any) -> None:
    turns = [SHAREGPT[0], {"from": "function_call", "value": value}, {"from": "observation", "value": "3"}, SHAREGPT[1]]
    row = rows_of({"conversations": turns}, {"conversations": SHAREGPT})[0]
    assert row.problem == "bad_tool_call"
    if isinstance(value, str):
        assert value[:30] in row.messages[1]["content"] + json.dumps(row.messages[1].get("tool_calls", ""))\
            or row.messages[1]["tool_calls"][0]["function"]["arguments"] in ("Oslo", [1])


@pytest.mark.parametrize("given", [[{"no": "name"}], "not a list", ["f"], 7, '[{"name": 3}]', [[]], "{'a': 1}"])
def test_tools_that_are_no_functions_are_noted(given: Any) -> None:
    row = rows_of({"messages": PAIR, "tools": given})[0]
    assert (row.tools, row.notes, row.problem) == ([], ("bad_tools",), "")


@pytest.mark.parametrize("given", [None, "", "[]", [], math.nan, "{}"])
def test_no_tools(given: Any) -> None:
    row = rows_of({"messages": PAIR, "tools": given})[0]
    assert (row.tools, row.notes) == ([], ())


def test_tools_that_come_after_the_first_rows_are_used() -> None:
    form = recognised([{"messages": PAIR}])
    row = form.to_row(500, {"messages": PAIR, "tools": [WEATHER], "extra": "x", "empty": None})
    assert len(row.tools) == 1 and row.notes == ("new_columns",)
    assert form.to_row(501, {"messages": PAIR, "empty": ""}).notes == ()


def test_weights() -> None:
    def row_with(*weights: Any) -> Any:
        turns = [turn for weight in weights for turn in (asked("q"), {"role": "assistant", "content": "a", **weight})]
        return rows_of({"messages": turns})[0]

    row = row_with({"weight": 0}, {"weight": 1}, {"weight": 0.0}, {"loss": False}, {"train": True}, {})
    assert [message.get("weight", 1) for message in row.messages[1::2]] == [0, 1, 0, 0, 1, 1]
    assert (row.problem, row.notes) == ("", ())
    assert row_with({"weight": 0}, {"weight": "0"}).problem == "nothing_to_train"
    assert row_with({"weight": 0.5}).notes == ("other_weights",)
    assert row_with({"weight": math.nan}).notes == ()


@pytest.mark.parametrize("key", ["reasoning_content", "reasoning", "thinking"])
def test_reasoning(key: str) -> None:
    turns = [asked("q"), {"role": "assistant", "content": "a", key: "because"}]
    assert rows_of({"messages": turns})[0].messages[1] == answered("a", reasoning_content="because")
    parts = [{"type": "thinking", "thinking": "because"}, {"type": "text", "text": "a"}]
    row = rows_of({"messages": [asked("q"), {"role": "assistant", "content": parts}]})[0]
    assert row.messages[1] == answered("a", reasoning_content="because")
    assert row.notes == ()


def test_content_parts_are_text_and_other_media_are_noted() -> None:
    parts = [{"type": "text", "text": "What is "}, {"type": "image_url", "image_url": {"url": "x"}},
             {"type": "text", "text": "this?"}]
    row = rows_of({"messages": [{"role": "user", "content": parts}, answered("A cat.")]})[0]
    assert (row.messages[0], row.notes) == (asked("What is this?"), ("media_left_out",))
    row = rows_of({"conversations": SHAREGPT, "images": ["a.png"]})[0]
    assert row.notes == ("media_left_out",)
    assert rows_of({"conversations": SHAREGPT, "images": []})[0].notes == ()


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, ""), (math.nan, ""), (3, "3"), (3.5, "3.5"), (0.0, "0.0"), (True, "true"), (False, "false"),
        (["one"], "one"), (b"bytes", "bytes"), ({"text": "inside"}, "inside"), ("nan", "nan"),
    ],
)
def test_cells_that_are_no_text(value: Any, said: str) -> None:
    row = rows_of({"question": "q", "answer": value}, {"question": "q", "answer": "a"})[0]
    content = row.messages[1]["content"]
    assert content == said
    assert row.problem == ("empty_answer" if said in ("", "nan") else "")


def test_a_number_too_long_to_be_written_out_does_no_harm() -> None:
    row = rows_of({"question": "q", "answer": 10 ** 6000}, {"question": "q", "answer": "a"})[0]
    assert row.messages[1]["content"].startswith("0x") and row.notes == ("not_text",)


def test_lists_and_objects_are_written_out_and_noted() -> None:
    rows = rows_of({"question": "q", "answer": {"a": [1, "水"]}}, {"question": "q", "answer": ["x", "y"]},
                   {"question": "q", "answer": {"text": ["first", "second"]}})
    assert [row.messages[1]["content"] for row in rows] == ['{"a": [1, "水"]}', "x\ny", "first"]
    assert [row.notes for row in rows] == [("not_text",), ("not_text",), ("other_answers",)]


def test_answers_that_say_nothing_are_found() -> None:
    answers = ["good", "", "  \n", "None", "nan", "NaN", "null", None, "\u200b", "N/A", "none of these", math.nan]
    rows = rows_of(*({"question": "q", "answer": answer} for answer in answers))
    assert [row.row for row in rows if row.problem == "empty_answer"] == [2, 3, 4, 5, 6, 7, 8, 9, 10, 12]
    assert all("nan" not in row.messages[1]["content"] for row in rows if row.row == 12)
    assert rows_of({"question": " ", "answer": "a"})[0].problem == "empty_question"
    assert rows_of({"messages": [*PAIR, asked("And?"), answered(" ")]})[0].problem == "empty_answer"


@pytest.mark.parametrize("value", [None, "", 7, "only text", ["text", 3], [None], {}, [], "[broken", [[1]], math.nan])
def test_turns_that_are_no_turns_keep_the_row_out_and_lose_nothing(value: Any) -> None:
    row = rows_of({"messages": value}, *({"messages": PAIR} for _ in range(5)))[0]
    assert row.problem == "broken_roles"
    text = " ".join(message["content"] for message in row.messages)
    assert all(isinstance(message["content"], str) for message in row.messages)
    for part in value if isinstance(value, list) else [value]:
        if isinstance(part, str | int) and part:
            assert str(part) in text


def test_odd_first_rows_do_not_decide_the_format() -> None:
    good = [{"prompt": PAIR[:1], "completion": PAIR[1:]}] * 9
    rows = rows_of({"note": "header"}, {"prompt": None, "completion": None}, *good)
    assert [row.problem for row in rows[:2]] == ["broken_roles", "broken_roles"]
    assert all(row.messages == PAIR for row in rows[2:])


def test_a_category_becomes_the_label() -> None:
    row = rows_of({"instruction": "i", "context": "", "response": "r", "category": "open_qa"})[0]
    assert (row.label, row.messages) == ("open_qa", [asked("i"), answered("r")])


def test_changing_a_row_decides_anew_whether_it_can_be_trained_on() -> None:
    row = rows_of({"question": "q", "answer": ""})[0]
    mended = msgspec.structs.replace(row, messages=[asked("q"), answered("a")])
    assert (row.problem, problem_of(mended)) == ("empty_answer", "")
    empty = rows_of({"messages": None}, {"messages": PAIR}, {"messages": PAIR})[0]
    assert problem_of(empty) == empty.problem == "broken_roles"
