"""The rows of a run one by one: measured by a live worker, sorted, filtered, read lazily, corrected in place."""

import time
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from backend.data.dataset import Row
from backend.data.dataset_folder import hold_dataset
from backend.data.journal import steps_of
from backend.data.row_losses import RowLoss
from backend.data.store import Store
from backend.runs.manifests import check_manifest, read_manifest, write_manifest
from backend.runs.origin import origin_facts, stale_artifacts
from backend.runs.run import Run
from gui.item_models.loss_rows import COLUMNS, PAGE_ROWS, PAGES_KEPT, LossRows
from gui.main_window import MainWindow
from gui.pages.results import ResultsPage
from gui.session import Session
from gui.widgets.message_input import MessageInput
from gui.widgets.row_losses import RowLossesView
from tests.gui.datasets import dialogue, make_dataset
from tests.gui.scripted import HOSTILE, prepared_run, use_worker

PATIENCE = 60_000
LARGE = 100_000


@pytest.fixture
def session(home: Path) -> Session:
    return Session(home, "en")


@pytest.fixture
def page(session: Session, qtbot: QtBot) -> ResultsPage:
    made = ResultsPage(session)
    qtbot.addWidget(made)
    made.resize(1000, 1000)
    made.tabs.setCurrentIndex(2)
    return made


def with_source(run: Run, data: Path, held_out: Path | None = None) -> Run:
    info = msgspec.structs.replace(run.info(), data=str(data), held_out=str(held_out or ""))
    (run.folder / "run.json").write_bytes(msgspec.json.encode(info))
    return run


def measured(run: Run, losses: dict[str, list[float]], *, texts: Callable[[str, int], Row] | None = None) -> Run:
    """The run with rows 1, 2, 3 … of each split, and what was measured of them, as the engine writes it."""
    run.dataset.mkdir(exist_ok=True)
    found = []
    for split, values in losses.items():
        lines = []
        for number, loss in enumerate(values, start=1):
            row = texts(split, number) if texts else dialogue(number, f"{split} question {number}", f"answer {number}")
            line = {"row": number, "messages": row.messages}
            lines.append(msgspec.json.encode({**line, "text": row.text, "part": 0} if row.text else line))
            found.append(RowLoss(split=split, row=number, part=0, loss=loss, tokens=number + 2))
        (run.dataset / f"{split}.jsonl").write_bytes(b"\n".join(lines) + b"\n")
    run.row_losses.mkdir(exist_ok=True)
    found.sort(key=lambda row: -row.loss)
    (run.row_losses / "losses.jsonl").write_bytes(b"".join(msgspec.json.encode(row) + b"\n" for row in found))
    checkpoint = run.newest_checkpoint()
    write_manifest(run.row_losses, "row_losses", facts=origin_facts(checkpoint.name, check_manifest(checkpoint)))
    return run


def imported(home: Path, rows: int = 4) -> Path:
    return make_dataset(home, [(dialogue(n, f"train question {n}", f"answer {n}"), []) for n in range(1, rows + 1)])


def settled(view: RowLossesView, qtbot: QtBot) -> None:
    def quiet() -> bool:
        datasets = [found for found in (view._own, view.session.dataset) if found is not None]
        return not view.rows.is_reading and not any(
            found.is_changing or found._background.is_busy for found in datasets)

    qtbot.waitUntil(quiet, timeout=PATIENCE)


def shown(page: ResultsPage, qtbot: QtBot) -> RowLossesView:
    page.show()
    page.on_shown()
    settled(page.row_losses, qtbot)
    return page.row_losses


def cells(view: RowLossesView, column: str) -> list[str]:
    return [str(view.rows.index(line, COLUMNS.index(column)).data()) for line in range(view.rows.rowCount())]


def press(qtbot: QtBot, widget: QWidget) -> None:
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)


def write(view: RowLossesView, qtbot: QtBot, line: int, column: str, text: str) -> None:
    """Edits a cell as a person does: F2, select all, type, Enter."""
    view.table.setCurrentIndex(view.rows.index(line, COLUMNS.index(column)))
    view.table.setFocus()
    qtbot.keyClick(view.table, Qt.Key.Key_F2)
    qtbot.waitUntil(lambda: bool(view.table.findChildren(MessageInput)))
    field = view.table.findChildren(MessageInput)[0]
    field.selectAll()
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Qt.Key.Key_Return)


def test_a_run_is_measured_by_a_live_worker(
    session: Session, page: ResultsPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_worker(monkeypatch)
    prepared_run(session.home)
    view = shown(page, qtbot)
    assert not view.shown_part.isVisible()
    assert view.measure_button.text() == "Measure the loss of each row"
    press(qtbot, view.measure_button)
    assert view.progress.isVisible() and not view.measure_button.isVisible()
    assert not page.measure_button.isEnabled(), "one job at a time works on a run"
    qtbot.waitUntil(view.shown_part.isVisible, timeout=PATIENCE)
    settled(view, qtbot)
    assert not view.progress.isVisible()
    assert page.measure_button.isEnabled()
    assert cells(view, "loss") == ["2.500"]
    assert view.measure_button.text() == "Measure again"


def test_a_measurement_can_be_stopped(
    session: Session, page: ResultsPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_worker(monkeypatch)
    monkeypatch.setenv("TANREN_TEST_PACE", "1.0")
    prepared_run(session.home)
    view = shown(page, qtbot)
    press(qtbot, view.measure_button)
    qtbot.waitUntil(lambda: "Row" in view.progress.amount_label.text(), timeout=PATIENCE)
    press(qtbot, view.progress.stop_button)
    qtbot.waitUntil(lambda: not view.is_measuring, timeout=PATIENCE)
    assert not page.errors.isVisible() and not view.shown_part.isVisible()
    assert view.measure_button.isVisible() and view.measure_button.isEnabled()


def test_a_measurement_that_fails_is_told(
    session: Session, page: ResultsPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_worker(monkeypatch, HOSTILE / "crash.py")
    prepared_run(session.home)
    view = shown(page, qtbot)
    press(qtbot, view.measure_button)
    qtbot.waitUntil(page.errors.isVisible, timeout=PATIENCE)
    assert "ended without a word" in page.errors.cause_label.text()
    assert view.measure_button.isEnabled()


def test_a_run_without_checkpoint_cannot_be_measured(session: Session, page: ResultsPage, qtbot: QtBot) -> None:
    prepared_run(session.home, steps=3, state="failed", checkpoint=False)
    view = shown(page, qtbot)
    assert not view.measure_button.isEnabled()
    assert view.measure_button.toolTip() == "This run has no checkpoint yet."


def test_the_worst_come_first_and_can_be_sorted_and_filtered(
    session: Session, page: ResultsPage, qtbot: QtBot
) -> None:
    measured(prepared_run(session.home), {"train": [0.1, 4.0, 0.25], "held_out": [1.5, 0.0001]})
    view = shown(page, qtbot)
    assert cells(view, "loss") == ["4.000", "1.500", "0.250", "0.100", "0.000"]
    assert cells(view, "row") == ["2", "1", "3", "1", "2"]
    assert cells(view, "side") == ["training", "held out", "training", "training", "held out"]
    assert cells(view, "question")[:2] == ["train question 2", "held_out question 1"]
    assert view.summary.text() == "Mean loss: training 1.463, held out 0.643"
    assert view.split_box.itemText(1) == "Used for training (3)"
    header = view.table.horizontalHeader()
    assert view.rows.headerData(0, Qt.Orientation.Horizontal) == "Loss (nats) ↓"

    header.sectionClicked.emit(0)
    settled(view, qtbot)
    assert cells(view, "loss") == ["0.000", "0.100", "0.250", "1.500", "4.000"]
    header.sectionClicked.emit(COLUMNS.index("row"))
    settled(view, qtbot)
    assert cells(view, "row") == ["1", "1", "2", "2", "3"]
    assert cells(view, "loss")[:2] == ["1.500", "0.100"], "rows that are equal stay worst first"
    header.sectionClicked.emit(COLUMNS.index("answer"))
    settled(view, qtbot)
    assert cells(view, "row") == ["1", "1", "2", "2", "3"]

    view.split_box.setCurrentIndex(2)
    view.split_box.activated.emit(2)
    settled(view, qtbot)
    assert cells(view, "side") == ["held out", "held out"]
    assert cells(view, "row") == ["1", "2"]


def test_a_row_is_shown_as_a_chat_as_it_was_trained(session: Session, page: ResultsPage, qtbot: QtBot) -> None:
    """The source is a file that is gone: the run keeps what it was trained on."""
    measured(prepared_run(session.home), {"train": [0.1, 4.0], "held_out": [1.5]})
    view = shown(page, qtbot)
    assert view.view.origin.text() == "Row 2, training, loss 4.000 over 4 tokens"
    assert [message["content"] for message in view.view._row.messages] == ["train question 2", "answer 2"]
    view.table.setFocus()
    qtbot.keyClick(view.table, Qt.Key.Key_Down)
    assert view.view.origin.text() == "Row 1, held out, loss 1.500 over 3 tokens"
    captions = [found.text() for found in view.view.dialogue.findChildren(QLabel) if found.property("role") == "small"]
    assert captions[-2:] == ["Question", "Answer"], "nothing was learned from it"
    assert view.view.source.data.name == "held_out.jsonl"
    assert "no longer there" in view.view.note.text(), "the model of this run is not there"
    assert not session.jobs
    assert not view.rows.flags(view.rows.index(0, 4)) & Qt.ItemFlag.ItemIsEditable
    tip = view.rows.index(0, 4).data(Qt.ItemDataRole.ToolTipRole)
    assert "import it as a dataset to edit rows" in tip and "train question 2" in tip
    assert "import it as a dataset" in view.table_hint.text()


def test_a_document_is_known_by_its_pieces(session: Session, page: ResultsPage, qtbot: QtBot) -> None:
    run = measured(prepared_run(session.home), {"train": [0.5], "held_out": []},
                   texts=lambda _split, number: Row(row=number, text="A long document. " * 30))
    with open(run.dataset / "train.jsonl", "ab") as file:
        file.write(b'{"row": 1, "messages": [], "text": "", "part": 1}\n')
    with open(run.row_losses / "losses.jsonl", "ab") as file:
        file.write(msgspec.json.encode(RowLoss(split="train", row=1, part=1, loss=0.2, tokens=7)))
    view = shown(page, qtbot)
    assert cells(view, "row") == ["1", "1 · 2"]
    assert cells(view, "question")[0] == cells(view, "question")[1] == ("A long document. " * 30)[:200]
    view.table.selectRow(1)
    assert view.view.origin.text() == "Row 1, piece 2, training, loss 0.200 over 7 tokens"


def test_a_correction_goes_into_the_dataset_and_can_be_taken_back(
    session: Session, page: ResultsPage, qtbot: QtBot
) -> None:
    data = imported(session.home)
    measured(with_source(prepared_run(session.home), data), {"train": [0.1, 4.0, 0.25], "held_out": []})
    view = shown(page, qtbot)
    assert "Double-click" in view.table_hint.text()
    write(view, qtbot, 0, "answer", "better")
    settled(view, qtbot)
    with Store.open(data) as store:
        assert [message["content"] for message in store.row(2).messages] == ["train question 2", "better"]
        assert [step.name for step in steps_of(store)] == ["edit"]
    assert cells(view, "answer") == ["better", "answer 3", "answer 1"]
    assert cells(view, "row") == ["✎ 2", "3", "1"]
    assert "changed since the training" in view.view.origin.text()
    assert [message["content"] for message in view.view._row.messages][1] == "better"
    assert view.changed_note.isVisible() and "train again" in view.changed_note.text()
    assert view.undo_bar.isVisible() and view.undo_bar.text.text() == "Row 2 was changed in the dataset."
    assert read_manifest(data).facts["steps"][0]["name"] == "edit"

    press(qtbot, view.undo_bar.undo_button)
    settled(view, qtbot)
    with Store.open(data) as store:
        assert steps_of(store) == []
    assert cells(view, "answer")[0] == "answer 2" and cells(view, "row")[0] == "2"
    assert not view.undo_bar.isVisible()


def test_a_correction_that_empties_an_answer_is_judged(session: Session, page: ResultsPage, qtbot: QtBot) -> None:
    data = imported(session.home)
    measured(with_source(prepared_run(session.home), data), {"train": [0.1, 4.0], "held_out": []})
    view = shown(page, qtbot)
    view.rows.setData(view.rows.index(0, 5), "None")
    settled(view, qtbot)
    with Store.open(data) as store:
        assert store.row(2).problem == "empty_answer"
        assert store.checks_of([2])[2] == ["empty_answer"]
    assert view.view.problem.isVisible()


def test_the_open_dataset_is_changed_through_the_window(session: Session, page: ResultsPage, qtbot: QtBot) -> None:
    """What the Data page knows of the dataset stays true, and what is changed there is seen here."""
    data = imported(session.home)
    session.choose_data(data)
    measured(with_source(prepared_run(session.home), data), {"train": [0.1, 4.0], "held_out": []})
    view = shown(page, qtbot)
    view.rows.setData(view.rows.index(0, 4), "another question")
    settled(view, qtbot)
    assert view._own is None
    assert [step.name for step in session.dataset.overview.steps] == ["edit"]
    session.dataset.edit(1, "answer", "from the Data page")
    settled(view, qtbot)
    assert cells(view, "answer") == ["answer 2", "from the Data page"]
    assert not view.undo_bar.isVisible(), "it would take back the newer step"


def test_a_dataset_that_is_being_worked_on_refuses_in_words(
    session: Session, page: ResultsPage, qtbot: QtBot
) -> None:
    data = imported(session.home)
    measured(with_source(prepared_run(session.home), data), {"train": [0.1, 4.0], "held_out": []})
    view = shown(page, qtbot)
    with hold_dataset(data):
        view.rows.setData(view.rows.index(0, 5), "lost")
        settled(view, qtbot)
    assert page.errors.isVisible()
    assert page.errors.failed.code == "dataset_busy"
    assert cells(view, "answer")[0] == "answer 2"
    assert not view.undo_bar.isVisible()


def test_rows_of_two_sources_are_told_apart(session: Session, page: ResultsPage, qtbot: QtBot) -> None:
    """Trained on a dataset, measured on a file: row 1 of one is not row 1 of the other. Rows taken out are told."""
    data = make_dataset(session.home, [(dialogue(1, "train question 1", "answer 1"), [])])
    measured(with_source(prepared_run(session.home), data, session.home / "rows_held_out.jsonl"),
             {"train": [3.0, 2.0], "held_out": [1.0]})
    view = shown(page, qtbot)
    assert cells(view, "question") == ["train question 1", "train question 2", "held_out question 1"]
    editable = [bool(view.rows.flags(view.rows.index(line, 5)) & Qt.ItemFlag.ItemIsEditable) for line in range(3)]
    assert editable == [True, False, False]
    assert "no longer in the dataset" in view.rows.index(1, 4).data(Qt.ItemDataRole.ToolTipRole)
    assert cells(view, "row") == ["1", "✎ 2", "1"]


def test_an_old_measurement_says_so(session: Session, page: ResultsPage, qtbot: QtBot) -> None:
    run = measured(prepared_run(session.home, steps=28), {"train": [0.1], "held_out": []})
    view = shown(page, qtbot)
    assert not view.stale_note.isVisible()
    newer = run.checkpoints / "step-000040"
    newer.mkdir()
    (newer / "adapter").write_text("newer weights")
    write_manifest(newer, "checkpoint")
    page.refresh()
    assert view.stale_note.text() == "! Made from step 28; the run is now at step 40."
    assert stale_artifacts(run).keys() == {"row_losses"}
    session.choose_language("ja")
    page.retranslate()
    assert view.stale_note.isVisible()


def test_a_damaged_measurement_is_told(session: Session, page: ResultsPage, qtbot: QtBot) -> None:
    run = measured(prepared_run(session.home), {"train": [0.1], "held_out": []})
    (run.row_losses / "losses.jsonl").write_bytes(b'{"split": "train"')
    view = shown(page, qtbot)
    assert page.errors.failed.code == "artifact_damaged"
    assert not view.shown_part.isVisible() and view.measure_button.isEnabled()


def test_another_run_shows_its_own_rows(session: Session, page: ResultsPage, qtbot: QtBot) -> None:
    measured(prepared_run(session.home, "one"), {"train": [0.1], "held_out": []})
    measured(prepared_run(session.home, "two"), {"train": [0.2, 0.3], "held_out": []})
    prepared_run(session.home, "three")
    view = shown(page, qtbot)
    seen = {}
    for line in range(3):
        page.table.selectRow(line)
        settled(view, qtbot)
        seen[page.selected.info.name] = cells(view, "loss") if view.shown_part.isVisible() else None
    assert seen == {"one": ["0.100"], "two": ["0.300", "0.200"], "three": None}


def test_the_page_is_as_long_as_the_tab_in_front(session: Session, page: ResultsPage, qtbot: QtBot) -> None:
    measured(prepared_run(session.home), {"train": [0.1] * 50, "held_out": []})
    view = shown(page, qtbot)
    qtbot.waitUntil(lambda: view.table.visibleRegion().boundingRect().height() > 100)
    page.resize(1000, 700)
    bar = page._scroll.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 300)
    page.tabs.setCurrentIndex(1)
    qtbot.waitUntil(lambda: bar.maximum() == 0)
    page.tabs.setCurrentIndex(2)
    qtbot.waitUntil(lambda: bar.maximum() > 300)


def test_delete_in_the_rows_never_deletes_the_run(session: Session, page: ResultsPage, qtbot: QtBot) -> None:
    run = measured(prepared_run(session.home), {"train": [0.1], "held_out": []})
    view = shown(page, qtbot)
    view.table.setFocus()
    qtbot.keyClick(view.table, Qt.Key.Key_Delete)
    assert run.folder.is_dir()
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_Delete)
    assert not run.folder.exists()


def test_a_hundred_thousand_rows_never_block_the_window(home: Path, qtbot: QtBot) -> None:
    run = measured(prepared_run(home), {"train": [(n * 7919 % LARGE) / 1000 for n in range(LARGE)], "held_out": []})
    model = LossRows()
    began = time.perf_counter()
    model.open(run)
    assert time.perf_counter() - began < 0.1, "it is read in a thread"
    qtbot.waitUntil(lambda: not model.is_reading, timeout=PATIENCE)
    assert model.rowCount() == LARGE
    assert not model._pages, "no text is read before it is looked at"
    assert model.index(0, 0).data() == "99.999"
    slowest = 0.0
    for line in range(0, LARGE, 3989):
        began = time.perf_counter()
        number = int(str(model.index(line, 3).data()).replace(",", ""))
        assert model.index(line, 4).data() == f"train question {number}"
        slowest = max(slowest, time.perf_counter() - began)
    assert slowest < 0.2, "scrolling anywhere never blocks the window"
    assert len(model._pages) == PAGES_KEPT < LARGE / 3989
    last = model.loss_at(LARGE - 1)
    began = time.perf_counter()
    assert model.line_of(last) == LARGE - 1
    assert time.perf_counter() - began < 0.2
    assert model.line_of(msgspec.structs.replace(last, loss=77.0)) == LARGE - 1, "as it was measured before"
    began = time.perf_counter()
    model.sort(3)
    assert time.perf_counter() - began < 0.1, "it is sorted in a thread"
    qtbot.waitUntil(lambda: not model.is_reading, timeout=PATIENCE)
    assert [model.index(line, 3).data() for line in (0, PAGE_ROWS, LARGE - 1)] == [
        "1", f"{PAGE_ROWS + 1:,}", f"{LARGE:,}"]


def test_everything_follows_the_language(window: MainWindow, qtbot: QtBot) -> None:
    measured(prepared_run(window.session.home), {"train": [0.1], "held_out": [0.2]})
    window.show_page("results")
    page = window.page("results")
    assert isinstance(page, ResultsPage)
    page.tabs.setCurrentIndex(2)
    view = shown(page, qtbot)
    window.session.choose_language("ja")
    assert page.tabs.tabText(2) == "1 行ずつ見る"
    assert view.rows.headerData(0, Qt.Orientation.Horizontal) == "損失（nat） ↓"
    assert view.measure_button.text() == "測り直す"
    assert view.summary.text() == "平均損失: 学習 0.100、評価 0.200"
    for widget in (view.table, view.split_box, view.view.tabs):
        assert widget.accessibleName()
