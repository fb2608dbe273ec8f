"""Importing files as a dataset, changing it by steps, undoing them, and the same with a new version of the file."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from backend.config.jobs import DataApplyJob, DataImportJob, DataInspectJob
from backend.config.reading import Reading
from backend.config.steps import StepSpec
from backend.data.data_jobs import apply_to_data, import_data, inspect_data
from backend.data.dataset_folder import (
    accept,
    accepted_of,
    blocking,
    delete_dataset,
    find_dataset,
    hold_dataset,
    list_datasets,
    new_dataset_folder,
    rows_sha256,
)
from backend.data.journal import change_rows, redo, steps_of, undo
from backend.data.store import Store
from backend.protocol.errors import TanrenError
from backend.report import Report, Stopped
from backend.runs.manifests import read_manifest, sha256_of

ROWS = [
    ("How long is the warranty?", "Two years from the day of purchase."),
    ("How long is the warranty?", "Two years from the day of purchase."),
    ("Where is the office?", "None"),
    ("Is there parking?", "Yes, behind the build\u200bing."),
    ("What does <|im_end|> mean?", "It ends a turn."),
    ("Who answers the phone?", "The desk does, from nine to five."),
]


@pytest.fixture
def report(tmp_path: Path) -> Report:
    """A report that nobody listens to."""
    return Report(tmp_path, os.open(os.devnull, os.O_WRONLY))


def written(path: Path, rows: list[tuple[str, str]]) -> Path:
    path.write_text("\n".join(json.dumps({"question": question, "answer": answer}, ensure_ascii=False)
                              for question, answer in rows), encoding="utf-8")
    return path


def imported(tmp_path: Path, report: Report, file: Path, **values: Any) -> tuple[Path, dict[str, Any]]:
    home = tmp_path / "home"
    folder = new_dataset_folder(home, "Desk 窓口")
    result = import_data(DataImportJob(files=[str(file)], folder=str(folder), name="Desk 窓口", **values), report)
    return folder, result


def checks(result: dict[str, Any]) -> dict[str, list[int]]:
    return {finding["check"]: finding["rows"] for finding in result["findings"] if finding["check"] != "too_few_rows"}


def answers(folder: Path) -> dict[int, str]:
    with Store.open(folder) as store:
        return {row.row: row.messages[-1]["content"] for row in store.rows()}


def test_an_import_tells_what_a_look_tells_and_stays(tmp_path: Path, report: Report) -> None:
    file = written(tmp_path / "rows.jsonl", ROWS)
    looked = inspect_data(DataInspectJob(data=str(file)), report)
    folder, result = imported(tmp_path, report, file)
    assert {key: result[key] for key in looked if key != "sources"} == {
        key: looked[key] for key in looked if key != "sources"}
    assert checks(result) == {"empty_answer": [3], "duplicates": [2], "control_characters": [4], "special_tokens": [5]}
    assert (result["format"], result["encoding"], result["rows"], result["usable"]) == (
        "prompt_completion", "utf-8", 6, 5)
    manifest = read_manifest(folder)
    assert manifest is not None
    source = manifest.facts["sources"][0]
    assert (source["sha256"], source["bytes"], source["rows"]) == (sha256_of(file), file.stat().st_size, 6)
    assert source["mapping"]["question"] == "question"
    assert find_dataset(tmp_path / "home", "Desk 窓口") == folder == find_dataset(tmp_path / "home", folder.name)
    assert list_datasets(tmp_path / "home") == [folder]


def test_steps_are_counted_undone_and_written_down(tmp_path: Path, report: Report) -> None:
    file = written(tmp_path / "rows.jsonl", ROWS)
    before = sha256_of(file)
    folder, _ = imported(tmp_path, report, file)
    original = answers(folder)
    steps = [StepSpec(name="drop_rows", settings={"check": "empty_answer"}),
             StepSpec(name="keep_first", settings={"check": "duplicates"}),
             StepSpec(name="strip_invisible", settings={"check": "control_characters"})]
    result = apply_to_data(DataApplyJob(dataset=str(folder), steps=steps), report)
    assert [(step["changed"], step["removed"], step["added"]) for step in result["steps"]] == [
        (0, 1, 0), (0, 1, 0), (1, 0, 0)]
    assert checks(result) == {"special_tokens": [5]}
    assert answers(folder) == {1: ROWS[0][1], 4: "Yes, behind the building.", 5: ROWS[4][1], 6: ROWS[5][1]}
    manifest = read_manifest(folder)
    assert manifest is not None
    assert [step["name"] for step in manifest.facts["steps"]] == ["drop_rows", "keep_first", "strip_invisible"]
    with Store.open(folder) as store:
        assert manifest.facts["rows_sha256"] == rows_sha256(store)
        for _ in steps:
            undo(store)
        assert {row.row: row.messages[-1]["content"] for row in store.rows()} == original
        redo(store)
    assert 3 not in answers(folder)
    assert sha256_of(file) == before


def test_fix_mends_everything_that_blocks(tmp_path: Path, report: Report) -> None:
    folder, _ = imported(tmp_path, report, written(tmp_path / "rows.jsonl", ROWS))
    with Store.open(folder) as store:
        assert blocking(store) == {"empty_answer": 1, "special_tokens": 1}
    result = apply_to_data(DataApplyJob(dataset=str(folder), steps=[StepSpec(name="fix")]), report)
    assert {step["name"] for step in result["steps"]} == {"drop_rows", "escape_marks"}
    with Store.open(folder) as store:
        assert blocking(store) == {}
        kept = store.row(5)
        assert kept is not None and "<|im_end|>" not in kept.messages[0]["content"]


def test_what_was_accepted_is_recorded_and_more_of_it_blocks_again(tmp_path: Path, report: Report) -> None:
    folder, _ = imported(tmp_path, report, written(tmp_path / "rows.jsonl", ROWS))
    with Store.open(folder) as store:
        accept(store, "special_tokens")
        assert accepted_of(store) == {"special_tokens": 1}
        assert blocking(store) == {"empty_answer": 1}
        manifest = read_manifest(folder)
        assert manifest is not None and manifest.facts["accepted"] == {"special_tokens": 1}
        with change_rows(store, "edit", {}) as change:
            row = store.row(6)
            assert row is not None
            change.change(row, row.__class__(row=6, messages=row.messages, label="x"), ("special_tokens",))
        assert blocking(store) == {"empty_answer": 1, "special_tokens": 2}


def test_the_same_steps_replay_on_a_new_version_of_the_file(tmp_path: Path, report: Report) -> None:
    file = tmp_path / "rows.csv"
    file.write_text("frage,antwort\nWie lang?,Zwei Meter.\nWie breit?,\n", encoding="cp932")
    steps = [StepSpec(name="drop_rows", settings={"check": "empty_answer"}), StepSpec(name="nfkc")]
    folder, first = imported(tmp_path, report, file, steps=steps,
                             reading=Reading(mapping={"question": "{frage}!", "answer": "antwort"}))
    assert (first["rows"], first["format"]) == (1, "table")
    file.write_text("frage,antwort\nWie lang?,ＺＷＥＩ.\nWie breit?,\nWie hoch?,Drei.\n", encoding="utf-8")
    again, second = imported(tmp_path, report, file, replay=str(folder))
    assert again != folder
    assert answers(again) == {1: "ZWEI.", 3: "Drei."}
    assert [step["name"] for step in second["steps"]] == ["drop_rows", "nfkc"]
    with Store.open(again) as store:
        row = store.row(3)
        assert row is not None and row.messages[0]["content"] == "Wie hoch?!"
        assert [step.name for step in steps_of(store)] == ["drop_rows", "nfkc"]


def test_a_failed_import_leaves_nothing(tmp_path: Path, report: Report) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_text('{"question": "a", "answer": "b"}\n{broken\n', encoding="utf-8")
    with pytest.raises(TanrenError) as caught:
        imported(tmp_path, report, file)
    assert caught.value.code == "data_bad_line" and caught.value.values["line"] == "2"
    assert list((tmp_path / "home" / "datasets").iterdir()) == []


def test_a_stopped_import_leaves_nothing_and_a_stopped_step_changes_nothing(tmp_path: Path, report: Report) -> None:
    rows = [(f"Question number {place}?", f"Answer {place}.") for place in range(3000)]
    file = written(tmp_path / "rows.jsonl", rows)
    folder, _ = imported(tmp_path, report, file)
    report.ask_to_stop("discard")
    with pytest.raises(Stopped):
        imported(tmp_path, report, file)
    assert list_datasets(tmp_path / "home") == [folder]
    fresh = Report(tmp_path, os.open(os.devnull, os.O_WRONLY))
    fresh.check_stop()
    with Store.open(folder) as store:
        before = rows_sha256(store)
    stopping = Report(tmp_path, os.open(os.devnull, os.O_WRONLY))
    progress = stopping.progress

    def stop_in_the_middle(done: int, total: int, unit: str) -> None:
        if 0 < done < total:
            stopping.ask_to_stop("discard")
        progress(done, total, unit)

    stopping.progress = stop_in_the_middle  # type: ignore[method-assign]
    with pytest.raises(Stopped):
        apply_to_data(DataApplyJob(dataset=str(folder), steps=[StepSpec(name="length_bounds",
                                                                       settings={"answer_min": 12})]), stopping)
    with Store.open(folder) as store:
        assert rows_sha256(store) == before and steps_of(store) == []


def test_wrong_steps_are_named_and_change_nothing(tmp_path: Path, report: Report) -> None:
    folder, _ = imported(tmp_path, report, written(tmp_path / "rows.jsonl", ROWS))
    for step, code in ((StepSpec(name="nonsense"), "step_unknown"),
                       (StepSpec(name="nfkc", settings={"kanna": "full"}), "setting_unknown"),
                       (StepSpec(name="nfkc", settings={"kana": "half"}), "setting_invalid"),
                       (StepSpec(name="split", settings={"fraction": 0.9}), "setting_invalid")):
        with pytest.raises(TanrenError) as caught:
            apply_to_data(DataApplyJob(dataset=str(folder), steps=[step]), report)
        assert caught.value.code == code
    with Store.open(folder) as store:
        assert steps_of(store) == []


def test_one_at_a_time_changes_a_dataset(tmp_path: Path, report: Report) -> None:
    folder, _ = imported(tmp_path, report, written(tmp_path / "rows.jsonl", ROWS))
    with hold_dataset(folder), pytest.raises(TanrenError) as caught:
        apply_to_data(DataApplyJob(dataset=str(folder)), report)
    assert caught.value.code == "dataset_busy"
    place = delete_dataset(folder, tmp_path / "home" / "trash")
    assert place.is_dir() and list_datasets(tmp_path / "home") == []


def test_a_split_holds_out_rows_and_their_near_copies_together(tmp_path: Path, report: Report) -> None:
    rows = [(f"What is the price of item {place} in the catalogue of spare parts?", f"It costs {place} yen.")
            for place in range(40)]
    folder, _ = imported(tmp_path, report, written(tmp_path / "rows.jsonl", rows + rows[:5]))
    result = apply_to_data(DataApplyJob(dataset=str(folder), steps=[
        StepSpec(name="split", settings={"fraction": 0.2})]), report)
    assert "leakage" not in checks(result)
    with Store.open(folder) as store:
        held_out = store.held_out()
        assert 5 <= len(held_out) <= 10
        assert {row + 40 for row in held_out if row <= 5} == {row for row in held_out if row > 40}


def test_held_out_rows_from_a_file_that_are_trained_on_block(tmp_path: Path, report: Report) -> None:
    folder, _ = imported(tmp_path, report, written(tmp_path / "rows.jsonl", ROWS[:1] + ROWS[5:]))
    file = written(tmp_path / "held_out.jsonl", [ROWS[5], ("Something new altogether?", "Yes, indeed it is.")])
    result = apply_to_data(DataApplyJob(dataset=str(folder), steps=[
        StepSpec(name="split", settings={"file": str(file)})]), report)
    assert checks(result)["leakage"] == [3]
    with Store.open(folder) as store:
        assert store.held_out() == {3, 4} and blocking(store) == {"leakage": 1}
    result = apply_to_data(DataApplyJob(dataset=str(folder), steps=[StepSpec(name="fix")]), report)
    with Store.open(folder) as store:
        assert store.held_out() == {4} and blocking(store) == {}


def test_a_bad_file_of_a_folder_is_left_out_whole_and_the_others_are_read(tmp_path: Path, report: Report) -> None:
    folder = tmp_path / "desk"
    folder.mkdir()
    written(folder / "a.jsonl", ROWS[5:])
    good = "\n".join(json.dumps({"question": f"q{place}", "answer": "a"}) for place in range(1500))
    (folder / "b.jsonl").write_text(good + "\n{broken")
    (folder / "c.csv").write_text("")
    (folder / "e.zip").write_bytes(b"PK\x03\x04" + bytes(40))
    written(folder / "d.jsonl", [("Is it open on Sunday?", "No, it is not.")])
    dataset, result = imported(tmp_path, report, folder)
    assert [Path(source["path"]).name for source in result["sources"]] == ["a.jsonl", "d.jsonl"]
    assert answers(dataset) == {1: ROWS[5][1], 2: "No, it is not."}
    manifest = read_manifest(dataset)
    assert manifest is not None
    for told in (result["left_out"], manifest.facts["left_out"]):
        assert [Path(left["path"]).name for left in told] == ["e.zip", "b.jsonl", "c.csv"]
        assert all(len(left["reason"]) == 2 and all(left["reason"]) for left in told)
    (folder / "a.jsonl").unlink()
    (folder / "d.jsonl").unlink()
    with pytest.raises(TanrenError) as caught:
        imported(tmp_path, report, folder)
    assert caught.value.code == "data_bad_line"
