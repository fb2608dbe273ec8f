"""The Data page with real imports: files to datasets, files read differently, steps done and undone, changed files."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("PySide6")
pytest.importorskip("torch")

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from backend.data.dataset_folder import list_datasets
from gui.app import build
from gui.data_desk.reading_dialog import ReadingDialog
from gui.data_desk.step_dialog import StepDialog
from gui.item_models.dataset_rows import COLUMNS
from gui.main_window import MainWindow
from gui.pages.data import DataPage

LONG = 120_000


@pytest.fixture
def window(qapp: QApplication, qtbot: QtBot, home: Path) -> Iterator[MainWindow]:
    made = build(qapp, home)
    made.session.choose_language("en")
    made.show()
    qtbot.waitExposed(made)
    yield made
    for job in list(made.session.jobs):
        job.stop("discard")
    qtbot.waitUntil(lambda: not made.session.jobs, timeout=LONG)
    made.close()
    made.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def page(window: MainWindow) -> DataPage:
    window.show_page("data")
    made = window.page("data")
    assert isinstance(made, DataPage)
    return made


def settled(page: DataPage, qtbot: QtBot) -> None:
    """Imported, opened and read."""
    def quiet() -> bool:
        session = page.session
        return not session.imports.is_running and not session.jobs and (
            session.dataset is None or (session.dataset.overview is not None and not session.dataset.is_changing)
        ) and not page.rows_card.rows.is_searching

    qtbot.waitUntil(quiet, timeout=LONG)


def press(qtbot: QtBot, widget: QPushButton) -> None:
    qtbot.waitUntil(lambda: widget.isVisible() and widget.isEnabled(), timeout=LONG)
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)


def write_rows(file: Path, rows: list[dict[str, str]]) -> Path:
    file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return file


def said(page: DataPage, line: int, column: int) -> str:
    return str(page.rows_card.rows.index(line, column).data())


def test_a_file_is_understood_and_its_rows_are_shown(page: DataPage, qtbot: QtBot, tmp_path: Path) -> None:
    rows = [{"instruction": f"質問 {n}", "output": f"answer {n}"} for n in range(30)]
    rows += [{"instruction": "no answer", "output": ""}, dict(rows[0])]
    page.take([write_rows(tmp_path / "質問.jsonl", rows)])
    settled(page, qtbot)
    facts = dict(page.about.facts.pairs)
    assert "alpaca" in facts["Format"] and "UTF-8" in facts["File"]
    assert facts["Number of rows"] == "32, of which 31 can be trained on"
    assert page.rows_card.rows.rowCount() == 32
    assert (said(page, 1, 1), said(page, 1, 2)) == ("質問 1", "answer 1")
    assert page.findings.lines["empty_answer"].title.text() == "Empty answers · 1 row"
    press(qtbot, page.findings.lines["duplicates"].show_button)
    settled(page, qtbot)
    assert [page.rows_card.rows.number_at(line) for line in range(page.rows_card.rows.rowCount())] == [32]
    page.session.choose_language("ja")
    assert page.findings.lines["empty_answer"].title.text().startswith("空の回答")


def test_a_fix_is_done_by_a_worker_undone_and_redone(page: DataPage, qtbot: QtBot, tmp_path: Path) -> None:
    rows = [{"prompt": f"q{n}", "completion": f"answer {n}"} for n in range(20)]
    rows[4]["completion"] = "nan"
    page.take([write_rows(tmp_path / "rows.jsonl", rows)])
    settled(page, qtbot)
    press(qtbot, page.findings.lines["empty_answer"].fix_button)
    qtbot.waitUntil(page.prepare.progress.isVisible, timeout=LONG)
    settled(page, qtbot)
    assert page.rows_card.rows.rowCount() == 19
    assert "empty_answer" not in page.findings.lines
    press(qtbot, page.prepare.undo_button)
    settled(page, qtbot)
    assert page.rows_card.rows.rowCount() == 20
    assert "empty_answer" in page.findings.lines
    press(qtbot, page.prepare.redo_button)
    settled(page, qtbot)
    assert page.rows_card.rows.rowCount() == 19
    assert not page.errors.isVisible()


def test_steps_are_chosen_in_a_dialog(page: DataPage, qtbot: QtBot, tmp_path: Path) -> None:
    page.take([write_rows(tmp_path / "rows.jsonl", [
        {"prompt": f"ｑ{n}", "completion": f"ＡＢＣ {n}"} for n in range(40)])])
    settled(page, qtbot)
    press(qtbot, page.prepare.buttons["clean"])
    dialog = page.findChild(StepDialog, "steps_clean")
    assert dialog is not None and not dialog.do_button.isEnabled()
    dialog.boxes["nfkc"].choice.click()
    press(qtbot, dialog.do_button)
    settled(page, qtbot)
    assert said(page, 0, 2) == "ABC 0"
    press(qtbot, page.prepare.buttons["split"])
    dialog = page.findChild(StepDialog, "steps_split")
    assert dialog is not None
    press(qtbot, dialog.do_button)
    settled(page, qtbot)
    assert page.session.dataset is not None and page.session.dataset.is_divided
    assert not page.rows_card.table.isColumnHidden(COLUMNS.index("side"))
    assert not page.errors.isVisible()


def test_the_same_file_opens_the_same_dataset_and_a_changed_one_is_read_again_with_its_steps(
    page: DataPage, qtbot: QtBot, tmp_path: Path, home: Path
) -> None:
    rows = [{"prompt": f"q{n}", "completion": f"ＡＢＣ {n}"} for n in range(20)]
    file = write_rows(tmp_path / "rows.jsonl", rows)
    page.take([file])
    settled(page, qtbot)
    first = page.session.data
    page.take([file])
    settled(page, qtbot)
    assert page.session.data == first and len(list_datasets(home)) == 1
    press(qtbot, page.prepare.buttons["clean"])
    dialog = page.findChild(StepDialog, "steps_clean")
    assert dialog is not None
    dialog.boxes["nfkc"].choice.click()
    press(qtbot, dialog.do_button)
    settled(page, qtbot)
    write_rows(file, [*rows, {"prompt": "new", "completion": "ＤＥＦ"}])
    page.take([file])
    settled(page, qtbot)
    assert page.session.data == first, "what was done to it is not thrown away unasked"
    page.on_shown()
    press(qtbot, page.banner.again_button)
    settled(page, qtbot)
    assert page.session.data != first
    assert page.rows_card.rows.rowCount() == 21
    assert said(page, 20, 2) == "DEF"
    assert not page.banner.isVisible()


def test_a_file_is_read_differently_with_a_live_preview(page: DataPage, qtbot: QtBot, tmp_path: Path) -> None:
    file = tmp_path / "表.csv"
    lines = ("件名,本文,返信", "営業時間,何時までですか,18 時までです", "定休日,休みはいつですか,日曜です")
    file.write_bytes("\n".join(lines).encode("cp932"))
    page.take([file])
    settled(page, qtbot)
    press(qtbot, page.about.reading_button)
    dialog = page.findChild(ReadingDialog, "reading_dialog")
    assert dialog is not None
    dialog.parts["question"].setCurrentText("{件名}↵{本文}")
    dialog.parts["answer"].setCurrentText("返信")
    qtbot.waitUntil(lambda: not dialog._pause.isActive() and not dialog._look.is_running, timeout=LONG)
    assert not dialog.parts["text"].currentText(), "a row is a text, or a question with its answer"
    shown = [dialog.rows.itemAt(place).widget() for place in range(dialog.rows.count())]
    assert shown[0].messages[0]["content"] == "営業時間\n何時までですか"
    assert "営業時間" in dialog.encoding_preview.toPlainText()
    press(qtbot, dialog.read_button)
    settled(page, qtbot)
    assert said(page, 0, 1) == "営業時間 何時までですか"
    assert said(page, 1, 2) == "日曜です"


def test_a_broken_line_is_named_and_a_mended_file_is_read(page: DataPage, qtbot: QtBot, tmp_path: Path) -> None:
    file = tmp_path / "broken.jsonl"
    lines = ['{"prompt": "a", "completion": "b"}'] * 80
    lines[56] = '{"prompt": "a", "completion": '
    file.write_text("\n".join(lines))
    page.take([file])
    settled(page, qtbot)
    assert page.errors.isVisible()
    assert "57" in page.errors.cause_label.text()
    assert not page.about.next_button.isVisible()
    lines[56] = lines[0]
    file.write_text("\n".join(lines))
    page.take([file])
    settled(page, qtbot)
    assert not page.errors.isVisible()
    assert page.about.next_button.isVisible()


@pytest.mark.parametrize(("name", "content"), [("empty.jsonl", b""), ("binary.json", bytes(range(256)) * 40)])
def test_a_file_that_is_no_dataset_says_why(
    page: DataPage, qtbot: QtBot, tmp_path: Path, name: str, content: bytes
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    page.take([file])
    settled(page, qtbot)
    assert page.errors.title_label.text() == "The dataset cannot be used"
    assert name in page.errors.cause_label.text()
    assert page.errors.step_label.text()
    assert page.session.data is None


def test_an_import_that_is_stopped_leaves_what_was_open(
    page: DataPage, qtbot: QtBot, tmp_path: Path, home: Path
) -> None:
    page.take([write_rows(tmp_path / "small.jsonl", [{"prompt": "a", "completion": "b"}] * 3)])
    settled(page, qtbot)
    small = page.session.data
    page.take([write_rows(tmp_path / "large.jsonl", [
        {"prompt": f"question {n}", "completion": "word " * 30} for n in range(100_000)])])
    qtbot.waitUntil(lambda: page.session.imports.job is not None and page.about.progress._progress is not None,
                    timeout=LONG)
    assert not page.rows_card.isVisible()
    press(qtbot, page.about.progress.stop_button)
    settled(page, qtbot)
    assert page.session.data == small
    assert page.rows_card.isVisible()
    assert list_datasets(home) == [small]
    assert not page.errors.isVisible()


def test_what_would_be_hidden_is_shown_before_and_is_gone_after(
    page: DataPage, qtbot: QtBot, tmp_path: Path
) -> None:
    page.take([write_rows(tmp_path / "rows.jsonl", [
        {"prompt": "電話は？", "completion": "担当の佐藤花子、090-1234-5678 です。"},
        {"prompt": "mail?", "completion": "write to taro@example.com"}, {"prompt": "a", "completion": "b"}])])
    settled(page, qtbot)
    press(qtbot, page.prepare.buttons["privacy"])
    dialog = page.findChild(StepDialog, "steps_privacy")
    assert dialog is not None
    qtbot.waitUntil(lambda: dialog.preview.examples.count() >= 3, timeout=LONG)
    lines = [dialog.preview.examples.itemAt(place).widget().text() for place in range(dialog.preview.examples.count())]
    assert any("【090-1234-5678】" in line for line in lines)
    assert "2 have something to hide" in dialog.preview.told.text()
    press(qtbot, dialog.do_button)
    settled(page, qtbot)
    assert "090-1234-5678" not in said(page, 0, 2) and "taro@example.com" not in said(page, 1, 2)
    assert said(page, 2, 2) == "b"
    assert not page.errors.isVisible()
