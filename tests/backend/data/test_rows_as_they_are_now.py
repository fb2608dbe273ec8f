"""What blocks, what is fixed and what is recorded goes by the rows as they are now; nothing of before is left over."""

import os
import sqlite3
import subprocess
import sys
import zipfile
from pathlib import Path

import msgspec
import pytest

from backend.config.jobs import DataApplyJob, DataImportJob, DataInspectJob
from backend.config.steps import StepSpec
from backend.data.data_jobs import apply_to_data, import_data, inspect_data
from backend.data.dataset import Row
from backend.data.dataset_folder import blocking, new_dataset_folder, write_lineage
from backend.data.import_rows import check_again
from backend.data.journal import change_rows, steps_of, undo
from backend.data.store import Store
from backend.protocol.errors import TanrenError, from_exception
from backend.report import Report
from backend.runs.manifests import read_manifest


@pytest.fixture
def report(tmp_path: Path) -> Report:
    """A report that nobody listens to."""
    return Report(tmp_path, os.open(os.devnull, os.O_WRONLY))


def table(path: Path, rows: list[tuple[str, str]]) -> Path:
    path.write_text("question,answer\n" + "".join(f"{question},{answer}\n" for question, answer in rows))
    return path


@pytest.fixture
def folder(tmp_path: Path, report: Report) -> Path:
    """A dataset whose held-out file asks one question that is trained on: row 41 is row 1."""
    rows = [(f"Where is the key of room {place * 17}?", f"On hook {place}.") for place in range(40)]
    made = new_dataset_folder(tmp_path / "home", "keys")
    held_out = table(tmp_path / "held_out.csv", [rows[0], ("Who has the spare key?", "The porter.")])
    import_data(DataImportJob(files=[str(table(tmp_path / "keys.csv", rows))], folder=str(made), name="keys",
                              steps=[StepSpec(name="split", settings={"file": str(held_out)})]), report)
    return made


def applied(folder: Path, report: Report, name: str, **settings: object) -> list[dict[str, object]]:
    job = DataApplyJob(dataset=str(folder), steps=[StepSpec(name=name, settings=settings)])
    steps: list[dict[str, object]] = apply_to_data(job, report)["steps"]
    return steps


def test_a_leak_that_an_undo_brings_back_blocks_again(folder: Path, report: Report) -> None:
    applied(folder, report, "fix")
    with Store.open(folder) as store:
        assert blocking(store) == {}
        undo(store)
        assert store.unchecked
        check_again(folder, store, report)
        assert blocking(store) == {"leakage": 1} and not store.unchecked
    manifest = read_manifest(folder)
    assert manifest is not None and manifest.facts["rows_sha256"]


def test_a_look_after_an_undo_tells_what_is_there(folder: Path, report: Report) -> None:
    applied(folder, report, "fix")
    with Store.open(folder) as store:
        undo(store)
    assert "leakage" in {found["check"] for found in inspect_data(DataInspectJob(data=str(folder)), report)["findings"]}
    with Store.open(folder) as store:
        row = store.row(41)
        assert row is not None and not store.unchecked
        other = msgspec.structs.replace(row, messages=[{"role": "user", "content": "When does the porter sleep?"},
                                                       row.messages[-1]])
        with change_rows(store, "edit", {}) as change:
            change.change(row, other, ())
    assert not {found["check"] for found in inspect_data(DataInspectJob(data=str(folder)), report)["findings"]
                } & {"leakage", "near_leakage"}


def test_a_fix_after_an_undo_mends_what_is_there(folder: Path, report: Report) -> None:
    applied(folder, report, "fix")
    with Store.open(folder) as store:
        undo(store)
    assert [step["removed"] for step in applied(folder, report, "fix")] == [1]


def test_held_out_rows_of_a_file_are_never_trained_on_after_another_split(folder: Path, report: Report,
                                                                         tmp_path: Path) -> None:
    applied(folder, report, "split", file=str(tmp_path / "held_out.csv"))
    with Store.open(folder) as store:
        assert dict(store.values("side")) == {"train": 40, "held_out": 2}
    applied(folder, report, "split", fraction=0.2)
    with Store.open(folder) as store:
        assert dict(store.values("side")) == {"train": 32, "held_out": 8}


def test_variations_of_held_out_rows_are_no_leak(folder: Path, report: Report) -> None:
    applied(folder, report, "rephrase")
    job = DataApplyJob(dataset=str(folder), steps=[StepSpec(name="split", settings={"fraction": 0.2})])
    found = {finding["check"] for finding in apply_to_data(job, report)["findings"]}
    assert not found & {"leakage", "near_leakage"}


def test_the_seed_is_recorded_though_nobody_gave_one(folder: Path, report: Report) -> None:
    applied(folder, report, "random_swap")
    manifest = read_manifest(folder)
    assert manifest is not None
    assert [step["settings"]["seed"] for step in manifest.facts["steps"]] == [17, 17]


def test_what_a_killed_import_left_goes_with_the_next(folder: Path, report: Report, tmp_path: Path) -> None:
    process = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, text=True)
    dead = folder.parent / f".partial-keys-{process.stdout.strip()}-1"
    running = folder.parent / f".partial-other-{os.getpid()}-99"
    dead.mkdir()
    running.mkdir()
    import_data(DataImportJob(files=[str(tmp_path / "keys.csv")], folder=str(folder.parent / "more"), name="more"),
                report)
    assert not dead.exists() and running.exists()


def test_a_full_disk_is_told_as_one(tmp_path: Path) -> None:
    with Store.create(tmp_path) as store:
        store.connection.execute("PRAGMA max_page_count = 12")
        with pytest.raises(sqlite3.OperationalError) as caught:
            store.add((Row(row=place, text="x" * 4000), ()) for place in range(1, 100))
        assert from_exception(caught.value).code == "disk_full"


def test_members_of_a_zip_are_named_by_the_zip(tmp_path: Path, report: Report) -> None:
    archive = tmp_path / "desk.zip"
    with zipfile.ZipFile(archive, "w") as written:
        written.writestr("2024/keys.csv", "question,answer\nWhere?,There.\n")
    made = new_dataset_folder(tmp_path / "home", "desk")
    result = import_data(DataImportJob(files=[str(archive)], folder=str(made), name="desk"), report)
    assert [source["path"] for source in result["sources"]] == [str(archive / "2024" / "keys.csv")]
    manifest = read_manifest(made)
    assert manifest is not None and list(manifest.sources) == [str(archive / "2024" / "keys.csv")]
    with zipfile.ZipFile(archive, "w") as written:
        written.writestr("2024/more.csv", "alpha,beta,gamma\n1,2,3\n")
    with pytest.raises(TanrenError) as caught:
        import_data(DataImportJob(files=[str(archive)], folder=str(made), name="desk"), report)
    assert caught.value.message("en").startswith(f"{archive}/2024/more.csv: ")


def test_rows_that_cleaning_made_alike_stay_on_one_side(tmp_path: Path, report: Report) -> None:
    rows = []
    for place in range(30):
        words = [format(word * 7919 + place * 104_729, "x") for word in range(25)]
        marked = "".join(f"<td class=w{word}>{word}</td>" for word in words)
        rows += [(" ".join(words), f"Part {place}."), (f"<tr>{marked}</tr> please", f"Part {place}.")]
    made = new_dataset_folder(tmp_path / "home", "pumps")
    told = import_data(DataImportJob(files=[str(table(tmp_path / "pumps.csv", rows))], folder=str(made), name="pumps",
                                     steps=[StepSpec(name="html_text"), StepSpec(name="split")]), report)
    found = {finding["check"] for finding in told["findings"]}
    assert "near_duplicates" in found and not found & {"leakage", "near_leakage"}


def test_steps_before_one_that_fails_are_in_the_lineage(folder: Path, report: Report, tmp_path: Path) -> None:
    missing = StepSpec(name="split", settings={"file": str(tmp_path / "missing.csv")})
    for last, done in ((missing, ["split", "rephrase"]), (StepSpec(name="split", settings={"part": "1"}), ["split"])):
        with Store.open(folder) as store:
            while len(steps_of(store)) > 1:
                undo(store)
            write_lineage(store)
        with pytest.raises(TanrenError):
            apply_to_data(DataApplyJob(dataset=str(folder), steps=[StepSpec(name="rephrase"), last]), report)
        manifest = read_manifest(folder)
        assert manifest is not None and [step["name"] for step in manifest.facts["steps"]] == done
        with Store.open(folder) as store:
            assert manifest.facts["rows"] == store.count()
