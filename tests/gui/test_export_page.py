"""The Export page: what is offered, an export by a live worker, its files, stop and failure."""

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from backend.runs.manifests import check_manifest, write_manifest
from backend.runs.origin import origin_facts
from gui.pages.export import ExportPage
from gui.session import Session
from tests.gui.scripted import HOSTILE, prepared_gguf, prepared_run, use_worker

PATIENCE = 20_000


@pytest.fixture
def session(home: Path) -> Session:
    return Session(home, "en")


def shown(session: Session, qtbot: QtBot) -> ExportPage:
    page = ExportPage(session)
    qtbot.addWidget(page)
    page.resize(1000, 900)
    page.show()
    page.on_shown()
    return page


def press(qtbot: QtBot, page: ExportPage, name: str) -> None:
    widget = page.findChild(QPushButton, name)
    assert widget is not None, name
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)


def test_without_a_trained_run_the_page_says_so(session: Session, qtbot: QtBot) -> None:
    prepared_run(session.home, steps=3, state="failed", checkpoint=False)
    page = shown(session, qtbot)
    assert page.empty.isVisible()
    assert not page.form.isVisible()


def test_the_usual_two_are_checked_and_none_cannot_start(session: Session, qtbot: QtBot) -> None:
    prepared_run(session.home)
    page = shown(session, qtbot)
    assert page.chosen_quantizations() == ["Q8_0", "Q4_K_M"]
    assert page.export_button.isEnabled()
    for box in page.boxes.values():
        box.setChecked(False)
    assert not page.export_button.isEnabled()
    assert page.reason_label.text()
    page.boxes["F16"].setChecked(True)
    assert page.export_button.isEnabled()


def test_an_export_makes_files_and_leads_to_the_chat(
    session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_worker(monkeypatch)
    run = prepared_run(session.home)
    page = shown(session, qtbot)
    press(qtbot, page, "exportButton")
    assert page.progress.isVisible()
    assert not page.export_button.isEnabled()
    qtbot.waitUntil(lambda: page.progress.job is None, timeout=PATIENCE)
    assert sorted(run.gguf_files()) == ["Q4_K_M", "Q8_0"]
    assert page.files_label.isVisible()
    texts = [text.text() for text in page.files.findChildren(QLabel) if text.isVisible()]
    assert any("Q8_0" in text and "4 kB" in text for text in texts)
    assert sum("✓" in text and "0.013" in text for text in texts) == 1
    assert sum(text.startswith("!") for text in texts) == 1
    asked: list[str] = []
    session.page_requested.connect(asked.append)
    press(qtbot, page, "chatWith_Q8_0")
    assert asked == ["chat"]
    assert session.gguf == run.gguf_files()["Q8_0"]


@pytest.mark.parametrize(("parity", "words"), [
    ({"verdict": "green", "kl": 0.003}, "✓ Same prompt and tokens as the trained model, answers very close to it. "
     "(KL 0.003 nats per token, measured on one dialogue)"),
    ({"verdict": "green", "kl": 0.12}, "✓ Same prompt and tokens as the trained model, answers close to it. "
     "(KL 0.12 nats per token, measured on one dialogue)"),
    ({"verdict": "unchecked", "kl": None, "needed_mib": 4301}, "! Same prompt and same tokens as the trained model. "
     "Its answers were not compared: 4.51 GB of free memory would be needed."),
])
def test_a_file_is_told_as_it_was_measured(
    session: Session, qtbot: QtBot, parity: dict[str, object], words: str
) -> None:
    file = prepared_gguf(prepared_run(session.home))
    write_manifest(file.parent, "gguf", facts={"quant": "Q8_0", "parity": {"max_logit_diff": 0.1, **parity}})
    page = shown(session, qtbot)
    assert words in [text.text() for text in page.files.findChildren(QLabel) if not text.isHidden()]


def test_a_file_older_than_the_run_says_so(session: Session, qtbot: QtBot) -> None:
    run = prepared_run(session.home, steps=28)
    file = prepared_gguf(run)
    write_manifest(file.parent, "gguf", facts=origin_facts("step-000028", check_manifest(run.newest_checkpoint())))
    page = shown(session, qtbot)
    assert page.files.findChild(QLabel, "stale_Q8_0") is None
    shutil.copytree(run.newest_checkpoint(), run.checkpoints / "step-000040")
    page.refresh()
    note = page.files.findChild(QLabel, "stale_Q8_0")
    assert note is not None and note.text() == "! Made from step 28; the run is now at step 40."


def test_stop_keeps_the_finished_file(
    session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_worker(monkeypatch)
    monkeypatch.setenv("TANREN_TEST_PACE", "0.1")
    run = prepared_run(session.home)
    page = shown(session, qtbot)
    press(qtbot, page, "exportButton")
    qtbot.waitUntil(lambda: "Q8_0" in run.gguf_files(), timeout=PATIENCE)
    press(qtbot, page, "stopButton")
    qtbot.waitUntil(lambda: page.progress.job is None, timeout=PATIENCE)
    assert list(run.gguf_files()) == ["Q8_0"]
    assert not page.errors.isVisible()
    assert page.export_button.isEnabled()


def test_a_failing_export_is_told(session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    use_worker(monkeypatch, HOSTILE / "crash.py")
    prepared_run(session.home)
    page = shown(session, qtbot)
    press(qtbot, page, "exportButton")
    qtbot.waitUntil(page.errors.isVisible, timeout=PATIENCE)
    assert page.export_button.isEnabled()


def test_the_run_of_the_session_is_shown(session: Session, qtbot: QtBot) -> None:
    first, second = prepared_run(session.home, "first"), prepared_run(session.home, "second")
    prepared_gguf(first)
    session.choose_run(first)
    page = shown(session, qtbot)
    assert page.run_box.run is not None
    assert page.run_box.run.id == first.id
    assert page.files_label.isVisible()
    session.choose_run(second)
    assert page.run_box.run.id == second.id
    assert not page.files_label.isVisible()
