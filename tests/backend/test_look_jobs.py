"""What looking at a dataset with a model finds, and how its result stays small."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from backend.config.jobs import DataInspectJob, DataShowJob
from backend.data.check_texts import CHECKS
from backend.data.data_jobs import inspect_data, show_rows
from backend.protocol.errors import TanrenError
from backend.protocol.messages import Finished
from backend.protocol.wire import MAX_LINE_BYTES
from backend.report import Report
from backend.runs.run import create_job
from backend.supervise import Worker
from tests.tiny_models import make_model


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model whose template takes no other order than user, assistant, user, assistant."""
    return make_model(tmp_path_factory.mktemp("models") / "gemma", "gemma", layers=1)


@pytest.fixture
def report(tmp_path: Path) -> Report:
    """A report that nobody listens to."""
    return Report(tmp_path, os.open(os.devnull, os.O_WRONLY))


def written(folder: Path, rows: list[dict[str, Any]]) -> str:
    """A JSONL file with these rows."""
    file = folder / "data.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in rows))
    return str(file)


def found_in(result: dict[str, Any]) -> dict[str, list[int]]:
    """The findings as {check: rows}."""
    return {finding["check"]: finding["rows"] for finding in result["findings"]
            if finding["check"] != "too_few_rows"}


def test_findings_that_need_a_model(tmp_path: Path, model: Path, report: Report) -> None:
    rows = [
        {"question": "short", "answer": "brief"},
        {"question": "short too", "answer": "long " * 100},
        {"question": "long " * 100, "answer": "lost"},
        {"question": "a mark <end_of_turn> inside", "answer": "ok"},
        {"question": "empty", "answer": ""},
    ]
    result = inspect_data(DataInspectJob(data=written(tmp_path, rows), model=str(model), max_length=64), report)
    assert found_in(result) == {"empty_answer": [5], "special_tokens": [4], "too_long": [2], "answer_cut_off": [3]}
    assert (result["rows"], result["usable"]) == (5, 3)
    tokens = result["tokens"]
    assert 0 < tokens["median"] <= tokens["p95"] <= tokens["max"]
    assert 64 < tokens["max"] < tokens["total"]
    assert 0 < tokens["trained"] < 2 * 64


def test_a_row_that_the_template_refuses_is_a_finding_and_not_the_end(
    tmp_path: Path, model: Path, report: Report
) -> None:
    refusing = tmp_path / "refusing"
    refusing.mkdir()
    for file in model.iterdir():
        (refusing / file.name).write_bytes(file.read_bytes())
    config = json.loads((refusing / "tokenizer_config.json").read_text())
    config["chat_template"] = ("{% if 'forbidden' in messages[0].content %}{{ raise_exception('no') }}{% endif %}"
                               + config["chat_template"])
    (refusing / "tokenizer_config.json").write_text(json.dumps(config))
    data = written(tmp_path, [{"question": "fine", "answer": "a"}, {"question": "forbidden", "answer": "a"}])
    result = inspect_data(DataInspectJob(data=data, model=str(refusing)), report)
    assert found_in(result) == {"not_renderable": [2]}
    shown = show_rows(DataShowJob(data=data, model=str(refusing), rows=[1, 2]), report)
    first, second = json.loads(Path(shown["rows_file"]).read_bytes())
    assert first["tokens"] and not first["problem"]
    assert (second["tokens"], second["problem"]) == ([], "not_renderable")
    assert "no" in second["reason"]


def test_rows_that_are_left_out_are_shown_with_their_reason(tmp_path: Path, model: Path, report: Report) -> None:
    data = written(tmp_path, [{"question": "q", "answer": "None"}, {"question": "q", "answer": "a " * 100}])
    shown = show_rows(DataShowJob(data=data, model=str(model), rows=[1, 2], max_length=32), report)
    empty, long = json.loads(Path(shown["rows_file"]).read_bytes())
    assert (empty["problem"], empty["tokens"]) == ("empty_answer", [])
    assert long["truncated"] and len(long["tokens"]) == 32


def test_a_row_is_shown_as_training_takes_it(tmp_path: Path, model: Path, report: Report) -> None:
    """What follows the last answer is no part of it; each answer is told as whole, cut or lost at this length."""
    said = [("user", "one"), ("assistant", "first"), ("user", "two"), ("assistant", "second " * 20), ("user", "bye")]
    turns = [{"role": role, "content": content} for role, content in said]
    data = written(tmp_path, [{"messages": turns}])

    def shown(max_length: int) -> dict[str, Any]:
        job = DataShowJob(data=data, model=str(model), rows=[1], max_length=max_length)
        made: dict[str, Any] = json.loads(Path(show_rows(job, report)["rows_file"]).read_bytes())[0]
        return made

    whole = shown(1024)
    assert (whole["answers"], whole["truncated"], whole["problem"]) == (["whole", "whole"], False, "")
    assert "bye" not in "".join(token["text"] for token in whole["tokens"])
    trained = [place for place, token in enumerate(whole["tokens"]) if token["trained"]]
    second = next(place for place in trained if place - 1 not in trained and place > trained[0])
    assert shown(second)["answers"] == ["whole", "lost"]
    assert shown(second + 3)["answers"] == ["whole", "cut"]
    assert shown(trained[0] + 1)["answers"] == ["cut", "lost"]
    nothing = shown(trained[0])
    assert (nothing["problem"], nothing["answers"]) == ("answer_cut_off", ["lost", "lost"])
    assert len(nothing["tokens"]) == trained[0]


def test_the_result_of_a_monstrous_file_still_fits_on_a_line(tmp_path: Path, report: Report) -> None:
    row = {"question": "q" * 3_000_000, "answer": "\u200b a", "c" * 100_000: 1}
    data = written(tmp_path, [{**row, "id": place} for place in range(3)])
    assert len(json.dumps(inspect_data(DataInspectJob(data=data), report))) < MAX_LINE_BYTES


@pytest.mark.parametrize("character", ["あ", "\x01"])
def test_long_dialogues_are_inspected_by_a_real_worker(tmp_path: Path, character: str) -> None:
    """Rows of twenty-four long messages, in characters of three bytes, or of six once they are JSON."""
    turns = [{"role": role, "content": character * 3000} for _ in range(12) for role in ("user", "assistant")]
    columns = {character * 1000 + str(number): 1 for number in range(250)}
    data = written(tmp_path, [{"messages": turns, **columns} for _ in range(25)])
    worker = Worker(create_job(tmp_path / "jobs", DataInspectJob(data=data), "data_inspect"))
    list(worker)
    assert isinstance(worker.outcome, Finished), worker.outcome
    preview = worker.outcome.result["preview"]
    assert [row["row"] for row in preview] == list(range(1, 6))
    for row in preview:  # the beginning of the dialogue is there, question and answer
        assert [message["role"] for message in row["messages"]][:2] == ["user", "assistant"]
        assert row["messages"][0]["content"] == character * 2000 + "…"


def test_rows_are_shown_by_their_numbers(tmp_path: Path, model: Path, report: Report) -> None:
    data = written(tmp_path, [{"question": f"q{place}", "answer": "a"} for place in range(1, 31)])
    shown = show_rows(DataShowJob(data=data, model=str(model), rows=[30, 4]), report)
    assert [row["row"] for row in json.loads(Path(shown["rows_file"]).read_bytes())] == [30, 4]
    with pytest.raises(TanrenError) as caught:
        show_rows(DataShowJob(data=data, model=str(model), rows=[31]), report)
    assert (caught.value.code, caught.value.values["rows"]) == ("data_no_such_row", "30")


def test_every_check_is_told_in_both_languages() -> None:
    for check in CHECKS.values():
        for text in (check.title, check.meaning):
            assert text.en and text.ja and text.en != text.ja
            assert any(ord(character) > 0x3000 for character in text.ja)
