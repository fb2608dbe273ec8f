"""Hiding personal data in a dataset: counted, undone, made final, and never left behind in the file."""

import os
import stat
from pathlib import Path

import pytest

from backend.config.jobs import DataApplyJob, DataFindJob, DataImportJob
from backend.config.steps import StepSpec
from backend.data.data_jobs import apply_to_data, import_data
from backend.data.dataset_folder import new_dataset_folder
from backend.data.journal import forget, undo
from backend.data.privacy.privacy_step import find_personal_data
from backend.data.store import ROWS_FILE, Store
from backend.report import Report

MAIL = "hanako.watanabe@clinic.example"


@pytest.fixture
def report(tmp_path: Path) -> Report:
    return Report(tmp_path, os.open(os.devnull, os.O_WRONLY))


@pytest.fixture
def dataset(tmp_path: Path, report: Report) -> Path:
    file = tmp_path / "rows.csv"
    file.write_text(
        "question,answer\n"
        f"Whom do I write to?,Please write to {MAIL} or call 03-1234-5678.\n"
        f"予約の連絡先は？,{MAIL} までお願いします。\n"
        "What are the hours?,Nine to five.\n",
        encoding="utf-8",
    )
    folder = new_dataset_folder(tmp_path / "home", "desk")
    import_data(DataImportJob(files=[str(file)], folder=str(folder), name="desk"), report)
    return folder


def everything(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def answers(folder: Path) -> list[str]:
    with Store.open(folder) as store:
        return [row.messages[-1]["content"] for row in store.rows()]


def test_finding_changes_nothing_and_masks_nothing_twice(dataset: Path, report: Report) -> None:
    before = answers(dataset)
    found = find_personal_data(DataFindJob(data=str(dataset)), report)
    assert (found["rows"], found["looked_at"]) == (2, 3)
    assert found["counts"]["email"] == 2 and found["values"]["email"] == 1 and found["counts"]["phone"] == 1
    assert answers(dataset) == before
    only = find_personal_data(DataFindJob(data=str(dataset), settings={"kinds": ["phone"]}, limit=1), report)
    assert set(only["counts"]) == {"phone"} and only["looked_at"] == 1


def test_the_same_value_gets_the_same_pseudonym_and_the_key_stays_private(dataset: Path, report: Report) -> None:
    job = DataApplyJob(dataset=str(dataset), steps=[StepSpec(name="hide_personal_data", settings={"kinds": "email"})])
    step = apply_to_data(job, report)["steps"][0]
    assert (step["changed"], step["found_email"]) == (2, 2)
    said = answers(dataset)
    assert MAIL not in "".join(said) and "03-1234-5678" in said[0]
    tag = said[0].split("-")[1].split("]")[0].split("〕")[0]
    assert tag and tag in said[1]
    key = dataset.parent.parent / "keys" / "pseudonyms.json"
    assert MAIL in key.read_text(encoding="utf-8") and stat.S_IMODE(key.stat().st_mode) == 0o600


def test_until_it_is_forgotten_it_can_be_undone_and_then_nothing_is_left(dataset: Path, report: Report) -> None:
    job = DataApplyJob(dataset=str(dataset), steps=[StepSpec(name="hide_personal_data", settings={"mode": "delete"})])
    apply_to_data(job, report)
    with Store.open(dataset) as store:
        assert undo(store) is not None
    assert MAIL in answers(dataset)[0]
    apply_to_data(job, report)
    assert MAIL.encode() in everything(dataset)
    with Store.open(dataset) as store:
        assert forget(store) == 2
        assert undo(store) is None
    assert MAIL.encode() not in everything(dataset)
    assert (dataset / ROWS_FILE).is_file() and len(answers(dataset)) == 3
