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
