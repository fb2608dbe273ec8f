"""The table of a dataset's rows: read a page at a time, filtered, searched, sorted, edited, undone, redone."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from backend.data.row_filter import RowFilter
from backend.data.store import Store
from gui.data_desk.edits import edit_row, redo_step, remove_rows, undo_step, with_part
from gui.item_models.dataset_rows import COLUMNS, PAGE_ROWS, PAGES_KEPT, DatasetRows
from tests.gui.datasets import dialogue, make_dataset

ROWS = 120_000
PATIENCE = 60_000


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """120,000 rows; every thousandth is longer, every ten-thousandth noticed."""
    def rows() -> Iterator[tuple[object, list[str]]]:
        for number in range(1, ROWS + 1):
            answer = "long " * (number // 1000) if number % 1000 == 0 else "short"
            yield (dialogue(number, f"Question {number}", answer),
                   ["special_tokens"] if number % 10_000 == 0 else [])

    return make_dataset(tmp_path_factory.mktemp("large"), rows())  # type: ignore[arg-type]


@pytest.fixture
def model(qtbot: QtBot) -> Iterator[DatasetRows]:
    made = DatasetRows()
    yield made
    made.open(None)
    qtbot.waitUntil(lambda: not made.is_searching, timeout=PATIENCE)


def answered(qtbot: QtBot, model: DatasetRows) -> None:
    qtbot.waitUntil(lambda: not model.is_searching, timeout=PATIENCE)


def shown(model: DatasetRows, line: int, column: str) -> str:
    return str(model.index(line, COLUMNS.index(column)).data())


def test_only_what_is_looked_at_is_read(model: DatasetRows, large: Path, qtbot: QtBot) -> None:
    model.open(large)
    answered(qtbot, model)
    assert model.rowCount() == ROWS
    assert model.rows_decoded == 0
    assert shown(model, 0, "question") == "Question 1"
    assert shown(model, ROWS - 1, "question") == f"Question {ROWS}"
    assert model.rows_decoded == 2 * PAGE_ROWS
    for line in range(PAGE_ROWS):
        assert shown(model, line, "row") == f"{line + 1:,}"
    assert model.rows_decoded == 2 * PAGE_ROWS, "a page is read once"
    for page in range(PAGES_KEPT + 5):
        shown(model, page * PAGE_ROWS, "question")
    assert len(model._pages) == PAGES_KEPT
    slowest = 0.0
    for line in range(0, ROWS, 7919):
        began = time.perf_counter()
        shown(model, line, "answer")
        slowest = max(slowest, time.perf_counter() - began)
    assert slowest < 0.2, "scrolling anywhere never blocks the window"


def test_rows_are_searched_filtered_and_sorted(model: DatasetRows, large: Path, qtbot: QtBot) -> None:
    model.open(large)
    model.ask(RowFilter(text="ＱＵＥＳＴＩＯＮ 11999"))
    answered(qtbot, model)
    assert [shown(model, line, "row") for line in range(model.rowCount())] == ["11,999", *(
        f"119,99{digit}" for digit in range(10))]
    model.ask(RowFilter(check="special_tokens"))
    answered(qtbot, model)
    assert model.rowCount() == ROWS // 10_000
    assert model.number_at(2) == 30_000
    assert "chat templates" in shown(model, 0, "checks")
    model.ask(RowFilter())
    model.sort(COLUMNS.index("length"), Qt.SortOrder.DescendingOrder)
    answered(qtbot, model)
    assert [model.number_at(line) for line in range(3)] == [120_000, 119_000, 118_000]
    assert model.headerData(COLUMNS.index("length"), Qt.Orientation.Horizontal) == "Characters ↓"
    model.sort(COLUMNS.index("question"))
    assert model.sorted_column == COLUMNS.index("length"), "questions have no order"
    model.ask([500, 7, 999_999])
    answered(qtbot, model)
    assert [model.number_at(line) for line in range(model.rowCount())] == [500, 7]


def test_the_newest_question_wins_and_nobody_waits(model: DatasetRows, large: Path, qtbot: QtBot) -> None:
    model.open(large)
    counts: list[int] = []
    model.answered.connect(lambda: counts.append(model.rowCount()))
    began = time.perf_counter()
    for word in ("q", "qu", "que", "question 77777"):
        model.ask(RowFilter(text=word))
    assert time.perf_counter() - began < 0.2
    answered(qtbot, model)
    assert counts == [1]
    assert model.number_at(0) == 77_777


def test_a_cell_is_edited_undone_and_redone(model: DatasetRows, tmp_path: Path, qtbot: QtBot) -> None:
    folder = make_dataset(tmp_path, [(dialogue(n, f"q{n}", f"a{n}"), []) for n in range(1, 1001)])
    model.open(folder)
    answered(qtbot, model)
    written: list[tuple[int, str, str]] = []
    model.edited.connect(lambda *what: written.append(what))
    cell = model.index(600, COLUMNS.index("answer"))
    assert cell.flags() & Qt.ItemFlag.ItemIsEditable
    assert not model.index(600, 0).flags() & Qt.ItemFlag.ItemIsEditable
    assert not model.setData(cell, "a601"), "what is said already is no edit"
    assert model.setData(cell, "two\nlines")
    assert written == [(601, "answer", "two\nlines")]
    assert shown(model, 600, "answer") == "two lines"
    assert cell.data(Qt.ItemDataRole.EditRole) == "two\nlines"
    number, part, text = written[0]
    edit_row(folder, number, lambda row: with_part(row, part, text))  # type: ignore[arg-type]
    model.refresh([number])
    answered(qtbot, model)
    assert shown(model, 600, "answer") == "two lines"
    undo_step(folder)
    model.refresh([])
    answered(qtbot, model)
    assert shown(model, 600, "answer") == "a601"
    redo_step(folder)
    model.refresh([])
    answered(qtbot, model)
    assert shown(model, 600, "answer") == "two lines"
    remove_rows(folder, [1, 2, 1000])
    model.refresh([])
    answered(qtbot, model)
    assert model.rowCount() == 997
    assert model.number_at(0) == 3
    undo_step(folder)
    model.refresh([])
    answered(qtbot, model)
    assert model.rowCount() == 1000


def test_an_empty_answer_that_is_filled_in_can_be_trained_on(tmp_path: Path) -> None:
    folder = make_dataset(tmp_path, [(dialogue(1, "q", "", problem="empty_answer"), [])])
    edit_row(folder, 1, lambda row: with_part(row, "answer", "now there is one"))
    with Store.open(folder) as store:
        row = store.row(1)
        assert row is not None and row.problem == ""
        assert store.count(usable=True) == 1
        assert not store.findings()


def test_a_dataset_that_is_being_written_is_shown_as_it_was(
    model: DatasetRows, tmp_path: Path, qtbot: QtBot
) -> None:
    folder = make_dataset(tmp_path, [(dialogue(n, f"q{n}", f"a{n}"), []) for n in range(1, 301)])
    model.open(folder)
    answered(qtbot, model)
    with Store.open(folder) as writer:
        writer.connection.execute("BEGIN IMMEDIATE")
        writer.connection.execute("DELETE FROM rows WHERE row > 5")
        began = time.perf_counter()
        assert shown(model, 299, "question") == "q300"
        assert time.perf_counter() - began < 0.2
        writer.connection.execute("COMMIT")
    model.refresh([])
    answered(qtbot, model)
    assert model.rowCount() == 5


def test_a_dataset_that_another_program_holds_is_shown_later_and_nobody_waits(
    model: DatasetRows, tmp_path: Path, qtbot: QtBot
) -> None:
    folder = make_dataset(tmp_path, [(dialogue(n, f"q{n}", f"a{n}"), []) for n in range(1, 301)])
    model.open(folder)
    answered(qtbot, model)
    with Store.open(folder) as holder:
        holder.connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        holder.connection.execute("BEGIN EXCLUSIVE")
        holder.connection.execute("UPDATE rows SET family = 0 WHERE row = 1")
        began = time.perf_counter()
        assert shown(model, 0, "question") == "…"
        assert time.perf_counter() - began < 0.2
        holder.connection.execute("COMMIT")
    with qtbot.waitSignal(model.dataChanged, timeout=PATIENCE):
        pass
    assert shown(model, 0, "question") == "q1"
