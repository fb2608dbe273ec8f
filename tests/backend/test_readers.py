"""Dataset files of every known form, read into dialogues; broken ones are refused with the place named."""

import json
from pathlib import Path

import pytest

from backend.data.checks import find_problems
from backend.data.dataset import Dataset, rows_to_train, usable_rows
from backend.data.readers import read_dataset
from backend.protocol.errors import TanrenError

PAIR = [{"role": "user", "content": "How wide?"}, {"role": "assistant", "content": "Two metres."}]


def read(folder: Path, name: str, content: str | bytes) -> Dataset:
    """The dataset in a file with this content."""
    file = folder / name
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    before = file.read_bytes()
    dataset = read_dataset(file)
    assert file.read_bytes() == before
    return dataset


def refusal(folder: Path, name: str, content: str | bytes) -> TanrenError:
    """The error that reading this content raises."""
    with pytest.raises(TanrenError) as caught:
        read(folder, name, content)
    assert caught.value.kind == "bad_dataset"
    return caught.value


def checks(dataset: Dataset) -> dict[str, list[int]]:
    """The findings as {check: rows}."""
    return {finding.check: finding.rows for finding in find_problems(dataset)}


@pytest.mark.parametrize(
    ("name", "content", "form"),
    [
        ("a.jsonl", json.dumps({"messages": PAIR}), "messages"),
        ("a.json", json.dumps([{"messages": PAIR}], indent=2), "messages"),
        ("a.json", json.dumps({"version": 1, "data": [{"messages": PAIR}]}), "messages"),
        ("lines.json", json.dumps({"messages": PAIR}) + "\n" + json.dumps({"messages": PAIR}), "messages"),
        ("a.json", json.dumps([{"instruction": "How wide?", "input": "", "output": "Two metres."}]), "alpaca"),
        ("a.json", json.dumps([{"conversations": [{"from": "human", "value": "How wide?"},
                                                  {"from": "gpt", "value": "Two metres."}]}]), "sharegpt"),
        ("a.jsonl", json.dumps({"prompt": "How wide?", "completion": "Two metres."}), "prompt_completion"),
        ("a.jsonl", json.dumps({"prompt": PAIR[:1], "completion": PAIR[1:]}), "prompt_completion"),
        ("a.jsonl", json.dumps({"question": "How wide?", "answer": "Two metres."}), "prompt_completion"),
        ("a.csv", "question,answer\r\nHow wide?,Two metres.\r\n", "table"),
        ("a.csv", "instruction;output\nHow wide?;Two metres.\n", "table"),
        ("a.tsv", "質問\t回答\nHow wide?\tTwo metres.\n", "table"),
        ("a.txt", "質問,回答\nHow wide?,Two metres.\n", "table"),
    ],
)
def test_every_form_becomes_the_same_dialogue(tmp_path: Path, name: str, content: str, form: str) -> None:
    dataset = read(tmp_path, name, content)
    assert dataset.format == form
    assert dataset.rows[0].messages == PAIR
    assert dataset.rows[0].row == 1
    assert not find_problems(dataset) or set(checks(dataset)) == {"duplicates"}


def test_alpaca_joins_instruction_and_input_and_takes_system_and_history(tmp_path: Path) -> None:
    row = {"instruction": "Translate", "input": "水", "output": "water", "system": "Be brief.",
           "history": [["Hello", "Hi"]]}
    messages = read(tmp_path, "a.json", json.dumps([row])).rows[0].messages
    assert [message["role"] for message in messages] == ["system", "user", "assistant", "user", "assistant"]
    assert messages[3]["content"] == "Translate\n\n水"


def test_cells_with_newlines_and_quotes(tmp_path: Path) -> None:
    dataset = read(tmp_path, "a.csv", 'question,answer\n"a, ""b""\nc",d\n\n,\nx,y\n')
    assert [row.messages[0]["content"] for row in dataset.rows] == ['a, "b"\nc', "x"]


def test_semicolons_win_over_commas_inside_the_text(tmp_path: Path) -> None:
    dataset = read(tmp_path, "a.csv", "question;answer\nWell, how wide?;Two, three metres.\nA, b?;C, d.\n")
    assert dataset.rows[1].messages[1]["content"] == "C, d."


def test_line_separators_inside_a_text_do_not_cut_a_line(tmp_path: Path) -> None:
    content = json.dumps({"question": "a\u2028b\x85c", "answer": "d"}, ensure_ascii=False)
    assert len(read(tmp_path, "a.jsonl", content + "\r\n\r\n" + content).rows) == 2


def test_the_broken_line_is_named(tmp_path: Path) -> None:
    lines = [json.dumps({"question": f"q{number}", "answer": "a"}) for number in range(1, 101)]
    lines[56] = '{"question": "q57", "answer": '
    error = refusal(tmp_path, "a.jsonl", "\n".join(lines))
    assert (error.code, error.values["line"]) == ("data_bad_line", "57")
    assert "57" in error.message("en") and "57" in error.message("ja")


def test_the_broken_line_of_a_json_array_is_named(tmp_path: Path) -> None:
    error = refusal(tmp_path, "a.json", '[\n{"question": "q",\n "answer" "a"}\n]')
    assert (error.code, error.values["line"]) == ("data_bad_line", "3")


@pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity"])
def test_numbers_that_json_does_not_have_are_refused(tmp_path: Path, word: str) -> None:
    good = json.dumps({"question": "q", "answer": "a"})
    error = refusal(tmp_path, "a.jsonl", f'{good}\n{{"question": "q", "answer": {word}}}')
    assert (error.code, error.values["line"]) == ("data_not_finite", "2")


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.jsonl", "", "data_empty"),
        ("a.jsonl", " \n\r\n ", "data_empty"),
        ("a.json", "[]", "data_empty"),
        ("a.csv", "question,answer\n", "data_empty"),
        ("a.jsonl", b"\x7fELF\x02\x01\x01\x00\x00\x00", "data_binary"),
        ("a.csv", bytes(range(1, 256)) * 4, "data_binary"),
        ("a.csv", "question\nHow wide?\n", "data_one_column"),
        ("a.csv", "question,answer\nHow wide?,Two,three,four\n", "data_table_row"),
        ("a.csv", 'question,answer\n"How wide?,Two\n', "data_table_damaged"),
        ("a.jsonl", "[1, 2]\n3", "data_bad_line"),
        ("a.json", "[1, 2]", "data_row_no_object"),
        ("a.jsonl", '"text"\n', "data_line_no_object"),
        ("a.jsonl", '{"colour": "red", "size": 3}', "data_unknown_format"),
        ("a.jsonl", '{"question": "q", "choices": ["a"]}', "data_unknown_format"),
        ("a.txt", "Only prose, no table?\nNo."[:4], "data_unknown_kind"),
        ("a.jsonl", '{"question": "q", "answer": ' + "[" * 100_000 + "]" * 100_000 + "}", "data_bad_line"),
        ("a.jsonl", '{"question": "q", "answer": ' + "9" * 5000 + "}", "data_bad_line"),
    ],
)
def test_what_cannot_be_read_has_its_own_error(tmp_path: Path, name: str, content: str | bytes, code: str) -> None:
    assert refusal(tmp_path, name, content).code == code


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    for place in (tmp_path / "none.jsonl", tmp_path):
        with pytest.raises(TanrenError) as caught:
            read_dataset(place)
        assert caught.value.code == "data_missing"


def test_an_overlong_line_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backend.data.json_file.MAX_LINE_BYTES", 1000)
    good = json.dumps({"question": "q", "answer": "a"})
    error = refusal(tmp_path, "a.jsonl", good + "\n" + json.dumps({"question": "q" * 2000, "answer": "a"}))
    assert (error.code, error.values["line"]) == ("data_line_too_long", "2")


def test_answers_that_say_nothing_are_found_and_never_trained_on(tmp_path: Path) -> None:
    answers = ["good", "", "  \n", "None", "nan", "NaN", "null", None, "\u200b", "N/A", "none of these"]
    content = "\n".join(json.dumps({"question": f"q{place}", "answer": answer})
                        for place, answer in enumerate(answers))
    dataset = read(tmp_path, "a.jsonl", content)
    assert checks(dataset)["empty_answer"] == [2, 3, 4, 5, 6, 7, 8, 9, 10]
    assert [row.row for row in usable_rows(dataset)] == [1, 11]


def test_blank_cells_of_a_table_are_found(tmp_path: Path) -> None:
    dataset = read(tmp_path, "a.csv", "question,answer\nHow wide?,\n,Two metres.\nHow tall?,Three.\nNo answer cell\n")
    assert checks(dataset) == {"empty_answer": [1, 4], "empty_question": [2]}


def test_one_empty_answer_in_a_long_dialogue_keeps_the_row_out(tmp_path: Path) -> None:
    turns = [*PAIR, {"role": "user", "content": "And?"}, {"role": "assistant", "content": " "}]
    assert checks(read(tmp_path, "a.json", json.dumps([{"messages": turns}])))["empty_answer"] == [1]


@pytest.mark.parametrize(
    ("roles", "check"),
    [
        ("ua", ""), ("sua", ""), ("uaua", ""), ("uau", ""), ("u", "no_answer"), ("su", "no_answer"),
        ("", "broken_roles"), ("a", "broken_roles"), ("au", "broken_roles"), ("uua", "broken_roles"),
        ("uaa", "broken_roles"), ("usa", "broken_roles"), ("ssua", "broken_roles"), ("u?a", "broken_roles"),
        ("utoa", "tool_calls"),
    ],
)
def test_roles_that_do_not_take_turns_are_found(tmp_path: Path, roles: str, check: str) -> None:
    names = {"u": "human", "a": "gpt", "s": "system", "t": "function_call", "o": "observation", "?": "narrator"}
    turns = [{"from": names[role], "value": f"text {place}"} for place, role in enumerate(roles)]
    row = read(tmp_path, "a.json", json.dumps([{"conversations": turns}])).rows[0]
    assert row.problem == check


def test_what_follows_the_last_answer_is_not_trained_on(tmp_path: Path) -> None:
    turns = [*PAIR, {"role": "user", "content": "Thanks"}]
    dataset = read(tmp_path, "a.json", json.dumps([{"messages": turns}]))
    assert usable_rows(dataset)[0].messages == PAIR
    assert dataset.rows[0].messages == turns


def test_repeated_and_contradictory_rows_are_found(tmp_path: Path) -> None:
    pairs = [("How wide?", "Two"), ("HOW  WIDE？", "Two"), ("How tall?", "Three"), ("How tall?", "Four"),
             ("How deep?", "Five")]
    content = "\n".join(json.dumps({"question": question, "answer": answer}) for question, answer in pairs)
    assert checks(read(tmp_path, "a.jsonl", content)) == {"duplicates": [2], "conflicting_answers": [3, 4]}


def test_invisible_characters_are_found(tmp_path: Path) -> None:
    texts = ["plain", "zero\u200bwidth", "bell\x07", "override\u202e", "lost\ufffd", "tab\tand\nnewline",
             "絵文字👨‍👩‍👧"]
    content = "\n".join(json.dumps({"question": text, "answer": "a"}) for text in texts)
    assert checks(read(tmp_path, "a.jsonl", content))["control_characters"] == [2, 3, 4, 5]


def test_preference_pairs_are_recognised_and_refused_for_training(tmp_path: Path) -> None:
    row = {"conversations": [{"from": "human", "value": "Hi"}], "chosen": {"from": "gpt", "value": "Hello"},
           "rejected": {"from": "gpt", "value": "Go away"}}
    dataset = read(tmp_path, "a.json", json.dumps([row]))
    assert dataset.format == "preference"
    assert dataset.rows[0].messages[-1] == {"role": "assistant", "content": "Hello"}
    assert checks(dataset) == {"preference": [1]}
    with pytest.raises(TanrenError) as caught:
        rows_to_train(dataset)
    assert caught.value.code == "data_preference"


def test_a_file_without_one_usable_row(tmp_path: Path) -> None:
    dataset = read(tmp_path, "a.jsonl", json.dumps({"question": "q", "answer": ""}))
    assert find_problems(dataset)[0].check == "no_usable_row"
    assert find_problems(dataset)[0].severity == "error"
    with pytest.raises(TanrenError) as caught:
        rows_to_train(dataset)
    assert caught.value.code == "data_no_usable_row"
