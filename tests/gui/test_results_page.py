"""The Results page: true states, before and after by a live worker, delete and undo."""

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from backend.protocol.messages import Metric
from backend.protocol.wire import encode_line
from backend.runs.job_state import read_state, write_state
from backend.runs.manifests import write_manifest
from backend.runs.run import Run, list_runs
from gui.fonts import load_fonts
from gui.item_models.answers_model import compare, read_score
from gui.main_window import MainWindow
from gui.pages.results import ResultsPage
from gui.session import Session
from gui.theme import apply_theme
from gui.tooltips import whole_text
from tests.gui.scripted import HOSTILE, prepared_run, use_worker

PATIENCE = 20_000


@pytest.fixture
def session(home: Path) -> Session:
    return Session(home, "en")


def shown(session: Session, qtbot: QtBot) -> ResultsPage:
    page = ResultsPage(session)
    qtbot.addWidget(page)
    page.resize(1000, 900)
    page.show()
    page.on_shown()
    return page


def cells(page: ResultsPage, row: int) -> list[str]:
    return [page.runs.index(row, column).data() for column in range(page.runs.columnCount())]


def with_scores(run: Run) -> None:
    for target, right in (("base", 1), ("tuned", 3)):
        folder = run.scores / target
        folder.mkdir(parents=True)
        rows = [{"row": row, "question": f"質問{row}", "expected": "はい", "answer": "はい" if row < right else "",
                 "match": row < right} for row in range(4)]
        (folder / "answers.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
        (folder / "scores.json").write_text(json.dumps({"exact_match": {"value": right / 4, "low": 0.1, "high": 0.9}}))
        write_manifest(folder, "scores")


def test_an_empty_home_says_what_to_do(session: Session, qtbot: QtBot) -> None:
    page = shown(session, qtbot)
    assert page.empty.isVisible()
    assert not page.detail.isVisible()
    with qtbot.waitSignal(session.page_requested) as asked:
        qtbot.mouseClick(page.empty.button, Qt.MouseButton.LeftButton)
    assert asked.args == ["train"]


def test_runs_are_listed_newest_first_with_their_figures(session: Session, qtbot: QtBot) -> None:
    prepared_run(session.home, "zzz").folder.rename(session.home / "runs" / "20260101-000000-zzz")
    prepared_run(session.home, "aaa", steps=20, state="stopped").folder.rename(
        session.home / "runs" / "20260102-000000-aaa")
    page = shown(session, qtbot)
    assert cells(page, 0)[:5] == ["aaa", "stopped, can be resumed", "20 / 40", "0.371", "0.471"]
    assert cells(page, 1)[:5] == ["zzz", "trained", "40", "0.137", "0.237"]


def test_a_run_whose_worker_was_killed_is_shown_as_interrupted(session: Session, qtbot: QtBot) -> None:
    run = prepared_run(session.home, state="running")
    job = run.job_folders()[0]
    write_state(job, "running")
    page = shown(session, qtbot)
    assert cells(page, 0)[1] == "interrupted, can be resumed"
    assert read_state(job) == "lost"
    assert page.resume_button.isVisible()


def test_a_growing_run_is_read_again(session: Session, qtbot: QtBot) -> None:
    run = prepared_run(session.home, steps=20, state="stopped")
    page = shown(session, qtbot)
    with open(run.job_folders()[0] / "events.jsonl", "ab") as file:
        file.write(encode_line(Metric(step=21, values={"loss": 0.5})))
    page.refresh()
    assert cells(page, 0)[3] == "0.500"
    assert page.chart.points()["raw"][-1] == (21, 0.5)


def test_answers_on_disk_are_shown(session: Session, qtbot: QtBot) -> None:
    with_scores(prepared_run(session.home))
    page = shown(session, qtbot)
    assert page.answers.headline.text() == "1 of 4 → 3 of 4 right"
    assert "before 25 % (95 % interval 10 % to 90 %), after 75 %" in page.answers.interval.text()
    model = page.answers.model
    assert model.rowCount() == 4
    assert model.index(0, 2).data() == "✓ right\nはい"
    assert model.index(3, 3).data() == "✗ wrong\n(empty)"
    page.answers.filter_box.setCurrentIndex(page.answers.filter_box.findData("learned"))
    page.answers.filter_box.activated.emit(page.answers.filter_box.currentIndex())
    assert [model.index(row, 0).data() for row in range(model.rowCount())] == ["質問1", "質問2"]
    assert "(2)" in page.answers.filter_box.currentText()


def test_the_next_step_is_the_one_that_stands_out(session: Session, qtbot: QtBot) -> None:
    run = prepared_run(session.home)
    page = shown(session, qtbot)
    assert (page.measure_button.property("role"), page.export_button.property("role")) == ("primary", "")
    with_scores(run)
    page.refresh()
    assert (page.measure_button.property("role"), page.export_button.property("role")) == ("", "primary")


def test_the_last_word_of_every_answer_is_seen(session: Session, qtbot: QtBot, qapp: QApplication) -> None:
    """Two answers that differ in nothing but their last word look different at every width: neither is cut off."""
    load_fonts()
    apply_theme(qapp, "light")
    run = prepared_run(session.home)
    said = "Our support desk is open from 9:00 to 17:30, from Tuesday to "
    for target in ("base", "tuned"):
        folder = run.scores / target
        folder.mkdir(parents=True)
        rows = [{"row": row, "question": "営業時間は？", "expected": "-", "answer": said + last, "match": True}
                for row, last in enumerate(("Friday.", "Sunday."))]
        (folder / "answers.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
        write_manifest(folder, "scores")
    page = shown(session, qtbot)
    table = page.answers.table
    for width in range(700, 1000, 10):
        page.resize(width, 900)
        qtbot.wait(0)
        table.resizeRowsToContents()
        table.clearSelection()
        seen = [table.viewport().grab(table.visualRect(page.answers.model.index(row, 3))).toImage()
                for row in range(2)]
        assert seen[0] != seen[1], f"the last word is cut off at {width}"
    answer = page.answers.model.index(0, 3)
    tip = answer.data(Qt.ItemDataRole.ToolTipRole)
    assert "Tuesday to Friday." in tip


def test_a_tooltip_wraps_and_is_never_read_as_markup() -> None:
    tip = whole_text("<b>bold</b>\n" + "word " * 2_000)
    assert "&lt;b&gt;bold" in tip
    assert "pre-wrap" in tip
    assert tip.count("word") < 2_000
    assert whole_text("") == ""


def test_parts_are_joined_as_the_language_does(window: MainWindow) -> None:
    with_scores(prepared_run(window.session.home))
    window.session.choose_language("ja")
    window.show_page("results")
    page = window.page("results")
    assert isinstance(page, ResultsPage)
    page.refresh()
    assert "、" in page.answers.interval.text()
    assert ", " not in page.answers.interval.text()


def test_scores_without_a_manifest_are_not_shown(session: Session) -> None:
    run = prepared_run(session.home)
    with_scores(run)
    (run.scores / "tuned" / "manifest.json").unlink()
    assert read_score(run, "tuned") is None
    assert all(row.after is None for row in compare(run))


def test_before_and_after_by_a_live_worker(
    session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_worker(monkeypatch)
    prepared_run(session.home)
    page = shown(session, qtbot)
    assert page.measure_hint.isVisible()
    qtbot.mouseClick(page.measure_button, Qt.MouseButton.LeftButton)
    assert page.progress.isVisible()
    assert not page.measure_button.isEnabled()
    qtbot.waitUntil(page.answers.isVisible, timeout=PATIENCE)
    qtbot.waitUntil(page.measure_button.isEnabled, timeout=PATIENCE)
    assert page.answers.headline.text() == "0 of 5 → 4 of 5 right"
    assert page.answers.model.rowCount() == 5
    assert not page.progress.isVisible()


def test_a_measuring_worker_that_crashes_is_told(
    session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_worker(monkeypatch, HOSTILE / "crash.py")
    prepared_run(session.home)
    page = shown(session, qtbot)
    qtbot.mouseClick(page.measure_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(page.errors.isVisible, timeout=PATIENCE)
    assert "ended without a word" in page.errors.cause_label.text()
    assert "a library's last words" in page.errors.details.toPlainText()
    assert page.measure_button.isEnabled()


def test_a_run_without_checkpoint_cannot_be_measured_or_exported(session: Session, qtbot: QtBot) -> None:
    prepared_run(session.home, steps=3, state="failed", checkpoint=False)
    page = shown(session, qtbot)
    assert not page.measure_button.isEnabled()
    assert not page.export_button.isEnabled()
    assert not page.resume_button.isVisible()  # it failed before its rows were ready


def test_delete_moves_to_the_trash_and_undo_brings_back(session: Session, qtbot: QtBot) -> None:
    run = prepared_run(session.home, "letters")
    page = shown(session, qtbot)
    qtbot.mouseClick(page.delete_button, Qt.MouseButton.LeftButton)
    assert list_runs(session.home) == []
    assert len(list((session.home / "trash").iterdir())) == 1
    assert page.undo.isVisible()
    assert "letters" in page.undo.text.text()
    assert page.runs.rowCount() == 0
    qtbot.mouseClick(page.undo.undo_button, Qt.MouseButton.LeftButton)
    assert [found.id for found in list_runs(session.home)] == [run.id]
    assert page.runs.rowCount() == 1
    assert list((session.home / "trash").iterdir()) == []
    assert not page.undo.isVisible()


def test_everything_follows_the_language(window: MainWindow) -> None:
    with_scores(prepared_run(window.session.home))
    window.show_page("results")
    page = window.page("results")
    assert isinstance(page, ResultsPage)
    assert (page.title, cells(page, 0)[1]) == ("Results", "trained")
    window.session.choose_language("ja")
    assert (page.title, cells(page, 0)[1]) == ("結果", "学習済み")
    assert page.runs.headerData(0, Qt.Orientation.Horizontal) == "名前"
    assert page.answers.headline.text() == "正解 1/4 件 → 3/4 件"
    assert (page.delete_button.text(), page.tabs.tabText(0)) == ("削除", "学習前後の比較")
    window.session.choose_language("en")
    assert (page.title, cells(page, 0)[1]) == ("Results", "trained")
