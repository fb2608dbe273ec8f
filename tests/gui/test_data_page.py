"""The Data page on a dataset that was imported: findings, rows, edits, history, acceptance, a changed file."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QFrame, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from backend.data.dataset import Row
from backend.data.dataset_folder import accepted_of
from backend.data.journal import steps_of
from backend.data.store import Store
from backend.runs.manifests import read_manifest
from gui.data_desk.sources import has_changed
from gui.data_desk.step_dialog import StepDialog
from gui.item_models.dataset_rows import COLUMNS
from gui.main_window import MainWindow
from gui.pages.data import DataPage
from gui.pages.train import TrainPage
from gui.theme import colors
from gui.widgets.choice_list import ChoiceList
from gui.widgets.message_input import MessageInput
from gui.widgets.note import Note
from tests.gui.datasets import dialogue, make_dataset
from tests.gui.widget_walk import clipped, interactive, name_of

PATIENCE = 60_000


def data_page(window: MainWindow) -> DataPage:
    window.show_page("data")
    page = window.page("data")
    assert isinstance(page, DataPage)
    return page


def settled(page: DataPage, qtbot: QtBot) -> None:
    """Nothing is being read, changed or searched."""
    def quiet() -> bool:
        dataset = page.session.dataset
        return (dataset is None or (not dataset.is_changing and not dataset._background.is_busy)) and (
            not page.rows_card.rows.is_searching)

    qtbot.waitUntil(quiet, timeout=PATIENCE)


def opened(window: MainWindow, qtbot: QtBot, home: Path, *, blocked: bool = True) -> DataPage:
    """The page with 300 rows: row 7 without an answer, row 9 a copy, row 11 with a chat mark."""
    rows = []
    for number in range(1, 301):
        row = dialogue(number, f"question {number}", f"answer {number}")
        checks = []
        if number == 7 and blocked:
            row = dialogue(number, "question 7", "", problem="empty_answer")
        if number == 11 and blocked:
            checks = ["special_tokens"]
        rows.append((row, checks))
    folder = make_dataset(home, rows, across={"duplicates": [9]})
    page = data_page(window)
    window.session.choose_data(folder)
    settled(page, qtbot)
    return page


def press(qtbot: QtBot, widget: QPushButton) -> None:
    qtbot.waitUntil(lambda: widget.isVisible() and widget.isEnabled())
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)


def numbers(page: DataPage) -> list[int]:
    rows = page.rows_card.rows
    return [rows.number_at(line) for line in range(rows.rowCount())]


def test_a_dataset_tells_what_it_is(window: MainWindow, qtbot: QtBot, home: Path) -> None:
    page = opened(window, qtbot, home)
    assert page.about.name.text() == "rows"
    assert page.about.place.text() == str(home / "rows.jsonl")
    facts = dict(page.about.facts.pairs)
    assert facts["Format"] == "prompt and completion\ncolumns prompt and completion"
    assert facts["File"] == "JSON Lines · UTF-8\neach line is JSON"
    assert facts["Number of rows"] == "300, of which 299 can be trained on"
    assert page.about.chart.bars and page.about.chart.limit == 0
    bar = QColor(colors().series[0])

    def is_drawn() -> bool:
        image = page.about.chart.grab().toImage()
        return any(image.pixelColor(x, image.height() // 2) == bar for x in range(image.width()))

    qtbot.waitUntil(is_drawn)
    assert page.rows_card.heading.text() == "300 rows"
    window.session.choose_language("ja")
    assert "学習" in dict(page.about.facts.pairs)["行数"]


def test_an_empty_page_asks_for_files(window: MainWindow) -> None:
    page = data_page(window)
    assert page.about.name.text() == "Drop files here"
    assert not page.findings.isVisible() and not page.rows_card.isVisible() and not page.prepare.isVisible()
    assert page.about.choose_button.property("role") == "primary"
    assert page.about.sample_button.isVisible()


def test_a_finding_shows_its_rows_and_nothing_else(window: MainWindow, qtbot: QtBot, home: Path) -> None:
    page = opened(window, qtbot, home)
    line = page.findings.lines["empty_answer"]
    assert line.title.text() == "Empty answers · 1 row"
    assert line.severity.text() == "Must be corrected"
    assert line.fix_button.text() == "Leave these rows out"
    assert not page.findings.lines["duplicates"].accept_button.isVisible()
    press(qtbot, page.findings.lines["duplicates"].show_button)
    settled(page, qtbot)
    assert numbers(page) == [9]
    assert page.rows_card.heading.text() == "1 of 300 rows"
    press(qtbot, page.rows_card.filters.clear_button)
    settled(page, qtbot)
    assert page.rows_card.rows.rowCount() == 300


def test_an_acceptance_is_asked_for_recorded_and_taken_back(window: MainWindow, qtbot: QtBot, home: Path) -> None:
    page = opened(window, qtbot, home)
    window.session.model = home  # it is not looked at here
    train = window.page("train")
    assert isinstance(train, TrainPage)
    assert not train.setup.start_button.isEnabled()
    assert "Decide on the Data page first" in train.setup.reason_label.text()
    window.show_page("train")
    press(qtbot, train.setup.decide_button)
    assert window.stack.currentWidget() is page
    for check in ("empty_answer", "special_tokens"):
        press(qtbot, page.findings.lines[check].accept_button)
        note = window.findChild(Note)
        assert note is not None
        press(qtbot, note.action_button)
        settled(page, qtbot)
    assert page.findings.lines["empty_answer"].severity.text() == "Accepted"
    assert window.session.data is not None
    with Store.open(window.session.data) as store:
        assert accepted_of(store) == {"empty_answer": 1, "special_tokens": 1}
    assert train.setup.start_button.isEnabled(), train.setup.reason_label.text()
    press(qtbot, page.findings.lines["empty_answer"].accept_button)
    settled(page, qtbot)
    assert page.findings.lines["empty_answer"].severity.text() == "Must be corrected"
    assert not train.setup.start_button.isEnabled()


def edit(page: DataPage, qtbot: QtBot, line: int, column: str, text: str) -> None:
    """Writes into a cell as a person does: chosen, F2, typed, Enter."""
    table = page.rows_card.table
    index = page.rows_card.rows.index(line, COLUMNS.index(column))
    table.setCurrentIndex(index)
    table.setFocus()
    qtbot.keyClick(table, Qt.Key.Key_F2)
    field = next(field for field in table.findChildren(MessageInput, "cell_editor") if field.isVisible())
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Qt.Key.Key_Return)


def test_a_cell_is_edited_undone_and_redone_by_keys(window: MainWindow, qtbot: QtBot, home: Path) -> None:
    page = opened(window, qtbot, home)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    edit(page, qtbot, 6, "answer", "an answer at last")
    assert page.rows_card.rows.index(6, COLUMNS.index("answer")).data() == "an answer at last"
    settled(page, qtbot)
    assert "empty_answer" not in page.findings.lines
    assert page.findings.stale.isVisible(), "copies are not looked for again by themselves"
    assert [bubble.text() for bubble in page.rows_card.view.dialogue.findChildren(QLabel)][-1] == "an answer at last"
    page.rows_card.table.setFocus()
    qtbot.keyClick(page.rows_card.table, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settled(page, qtbot)
    assert page.rows_card.rows.index(6, COLUMNS.index("answer")).data() == ""
    assert "empty_answer" in page.findings.lines
    qtbot.keyClick(page.rows_card.table, Qt.Key.Key_Z,
                   Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    settled(page, qtbot)
    assert page.rows_card.rows.index(6, COLUMNS.index("answer")).data() == "an answer at last"
    assert (home / "rows.jsonl").read_text() == '{"prompt": "a", "completion": "b"}\n', "the file is never changed"


def test_escape_leaves_a_cell_as_it_was_and_shift_enter_breaks_the_line(
    window: MainWindow, qtbot: QtBot, home: Path
) -> None:
    page = opened(window, qtbot, home)
    table, rows = page.rows_card.table, page.rows_card.rows
    cell = rows.index(0, COLUMNS.index("question"))
    for leave in (True, False):
        qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=table.visualRect(cell).center())
        qtbot.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=table.visualRect(cell).center())
        field = next(field for field in table.findChildren(MessageInput, "cell_editor") if field.isVisible())
        assert field.toPlainText() == "question 1"
        qtbot.keyClicks(field, "two")
        qtbot.keyClick(field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
        qtbot.keyClicks(field, "lines")
        qtbot.keyClick(field, Qt.Key.Key_Escape if leave else Qt.Key.Key_Return)
        settled(page, qtbot)
        assert cell.data(Qt.ItemDataRole.EditRole) == ("question 1" if leave else "two\nlines")


def test_rows_are_taken_out_by_a_key_and_brought_back(window: MainWindow, qtbot: QtBot, home: Path) -> None:
    page = opened(window, qtbot, home)
    table = page.rows_card.table
    table.selectRow(3)
    qtbot.keyClick(table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(table, Qt.Key.Key_Delete)
    settled(page, qtbot)
    assert numbers(page)[:5] == [1, 2, 3, 6, 7]
    assert page.rows_card.undo_bar.text.text() == "2 rows were taken out."
    assert rows_of(table) == [6], "the next row is in front now"
    assert "Rows taken out by hand" in history(page)[0]
    press(qtbot, page.rows_card.undo_bar.undo_button)
    settled(page, qtbot)
    assert numbers(page)[:5] == [1, 2, 3, 4, 5]
    assert not page.rows_card.undo_bar.isVisible()
    assert "undone" in history(page)[0]
    press(qtbot, page.prepare.redo_button)
    settled(page, qtbot)
    assert page.rows_card.rows.rowCount() == 298


def rows_of(table: object) -> list[int]:
    chosen: Callable[[], list[int]] = table.chosen_numbers  # type: ignore[attr-defined]
    return chosen()


def history(page: DataPage) -> list[str]:
    """The lines of what was done, the newest first."""
    grid = page.prepare.history
    lines: dict[int, list[str]] = {}
    for place in range(grid.count()):
        line = grid.getItemPosition(place)[0]
        widget = grid.itemAt(place).widget()
        lines.setdefault(line, []).append(widget.text())
    return [" ".join(lines[line]) for line in sorted(lines)]


def test_the_undo_bar_goes_when_something_else_was_done(window: MainWindow, qtbot: QtBot, home: Path) -> None:
    page = opened(window, qtbot, home)
    page.rows_card.table.selectRow(0)
    qtbot.keyClick(page.rows_card.table, Qt.Key.Key_Delete)
    settled(page, qtbot)
    assert page.rows_card.undo_bar.isVisible()
    edit(page, qtbot, 0, "answer", "another")
    settled(page, qtbot)
    assert not page.rows_card.undo_bar.isVisible()


def test_the_rows_of_a_step_can_be_looked_at(window: MainWindow, qtbot: QtBot, home: Path) -> None:
    page = opened(window, qtbot, home)
    edit(page, qtbot, 41, "question", "other words")
    settled(page, qtbot)
    assert "Edited by hand" in history(page)[0] and "1 changed" in history(page)[0]
    shown = page.prepare.findChild(QPushButton, "step_1")
    assert shown is not None
    press(qtbot, shown)
    qtbot.waitUntil(lambda: numbers(page) == [42], timeout=PATIENCE)
    assert page.rows_card.filters.clear_button.isVisible()


def test_typing_finds_rows_and_a_heading_sorts_them(window: MainWindow, qtbot: QtBot, home: Path) -> None:
    page = opened(window, qtbot, home)
    qtbot.keyClicks(page.rows_card.filters.text, "ANSWER 29")
    qtbot.waitUntil(lambda: page.rows_card.rows.rowCount() == 11, timeout=PATIENCE)
    header = page.rows_card.table.horizontalHeader()
    place = QPoint(header.sectionViewportPosition(0) + 10, header.height() // 2)
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)
    settled(page, qtbot)
    assert numbers(page)[:3] == [299, 298, 297]
    page.rows_card.filters.kind_box.setCurrentIndex(page.rows_card.filters.kind_box.findData("unusable"))
    page.rows_card.filters.kind_box.activated.emit(0)
    settled(page, qtbot)
    assert not page.rows_card.rows.rowCount()
    assert page.rows_card.none_found.isVisible()
    press(qtbot, page.rows_card.filters.clear_button)
    settled(page, qtbot)
    assert numbers(page)[:2] == [300, 299], "the order stays"


def test_a_changed_file_is_noticed_and_a_touched_one_is_not(window: MainWindow, qtbot: QtBot, home: Path) -> None:
    page = opened(window, qtbot, home)
    folder = window.session.data
    assert folder is not None
    source = home / "rows.jsonl"
    source.write_bytes(source.read_bytes())
    assert not has_changed(folder), "the same content, written again"
    page.on_shown()
    qtbot.waitUntil(lambda: not page.banner._background.is_busy, timeout=PATIENCE)
    assert not page.banner.isVisible()
    source.write_text('{"prompt": "c", "completion": "d"}\n')
    page.on_shown()
    qtbot.waitUntil(page.banner.isVisible, timeout=PATIENCE)
    assert page.banner.again_button.text() == "Read it again"
    edit(page, qtbot, 0, "answer", "by hand")
    settled(page, qtbot)
    assert page.banner.again_button.text() == "Read it again with the same steps"
    source.unlink()
    assert not has_changed(folder), "what is gone has not changed"


def test_the_same_files_open_the_same_dataset(window: MainWindow, qtbot: QtBot, home: Path) -> None:
    page = opened(window, qtbot, home)
    folder = window.session.data
    window.session.choose_data(make_dataset(home, [(dialogue(1, "a", "b"), [])], name="other"))
    assert page.rows_card.rows.rowCount() != 300
    page.take([home / "rows.jsonl"])
    qtbot.waitUntil(lambda: window.session.data == folder, timeout=PATIENCE)
    assert not window.session.jobs, "nothing is read again"
    assert window.session.settings.recent_data[0] == str(folder)
    page.about._fill_recent()
    assert [action.text() for action in page.about.recent_menu.actions()] == ["rows  ·  300 rows", "other  ·  1 rows"]


def test_a_dataset_that_is_busy_says_so_and_changes_nothing(window: MainWindow, qtbot: QtBot, home: Path) -> None:
    from backend.data.dataset_folder import hold_dataset

    page = opened(window, qtbot, home)
    folder = window.session.data
    assert folder is not None
    with hold_dataset(folder):
        edit(page, qtbot, 0, "answer", "lost?")
        settled(page, qtbot)
    assert page.errors.title_label.text() == "The dataset is busy"
    assert page.rows_card.rows.index(0, COLUMNS.index("answer")).data() == "answer 1"
    with Store.open(folder) as store:
        assert not steps_of(store)


def test_a_damaged_dataset_says_so(window: MainWindow, qtbot: QtBot, home: Path) -> None:
    folder = make_dataset(home, [(dialogue(1, "a", "b"), [])])
    (folder / "rows.sqlite").write_bytes(b"no database" * 1000)
    page = data_page(window)
    window.session.choose_data(folder)
    qtbot.waitUntil(page.errors.isVisible, timeout=PATIENCE)
    assert str(folder) in page.errors.cause_label.text()
    assert "again" in page.errors.step_label.text()


def test_documents_tools_and_rejected_answers_are_shown(window: MainWindow, qtbot: QtBot, home: Path) -> None:
    call = {"type": "function", "function": {"name": "weather", "arguments": {"city": "千葉"}}}
    rows = [
        (Row(row=1, text="A document.\n\nOf two paragraphs.", source="piece 1"), []),
        (Row(row=2, messages=[
            {"role": "user", "content": "How is the weather?"},
            {"role": "assistant", "content": "", "tool_calls": [call], "reasoning_content": "I should look."},
            {"role": "tool", "content": "sunny", "name": "weather"},
            {"role": "assistant", "content": "Sunny."}], tools=[call]), []),
        (dialogue(3, "which?", "this", rejected=[{"role": "assistant", "content": "that"}], problem="preference"),
         []),
    ]
    folder = make_dataset(home, rows)
    page = data_page(window)
    window.session.choose_data(folder)
    settled(page, qtbot)

    def texts() -> list[str]:
        return [text.text() for bubble in page.rows_card.view.dialogue.findChildren(QFrame, "bubble")
                if not bubble.isHidden() for text in bubble.findChildren(QLabel)]

    qtbot.waitUntil(lambda: texts() == ["Text · trained", "A document.\n\nOf two paragraphs."], timeout=PATIENCE)
    edit(page, qtbot, 0, "question", "Another document.")
    settled(page, qtbot)
    with Store.open(folder) as store:
        row = store.row(1)
        assert row is not None and row.text == "Another document." and not row.messages
    page.rows_card.table.selectRow(1)
    qtbot.waitUntil(lambda: "Tools that may be called" in texts(), timeout=PATIENCE)
    assert 'weather({"city": "千葉"})' in texts()
    assert "Reasoning: I should look." in texts()
    assert "Tool · weather" in texts()
    page.rows_card.table.selectRow(2)
    qtbot.waitUntil(lambda: "Answer that was not preferred" in texts(), timeout=PATIENCE)
    assert texts()[-1] == "that"
    assert page.rows_card.view.problem.isVisible()


def test_the_dataset_says_where_its_held_out_set_lies(window: MainWindow, qtbot: QtBot, home: Path) -> None:
    (home / "rows_held_out.jsonl").write_text("{}\n")
    page = opened(window, qtbot, home, blocked=False)
    assert window.session.held_out == home / "rows_held_out.jsonl"
    assert "rows_held_out.jsonl" in page.about.told.text()
    divided = make_dataset(home, [(dialogue(n, "q", "a", side="held_out" if n % 2 else "train"), [])
                                  for n in range(1, 11)], home / "rows.jsonl", name="divided")
    train = window.page("train")
    assert isinstance(train, TrainPage)
    assert train.setup.held_out is not None
    window.session.choose_data(divided)
    settled(page, qtbot)
    assert window.session.held_out is None
    assert train.setup.held_out is None
    assert train.setup.held_out_label.text() == "5 rows that are set apart in the dataset"
    assert not train.setup.form.control("held_out_fraction").isEnabled()


def test_a_hand_edit_is_in_the_lineage(window: MainWindow, qtbot: QtBot, home: Path) -> None:
    page = opened(window, qtbot, home)
    edit(page, qtbot, 0, "answer", "new")
    settled(page, qtbot)
    assert window.session.data is not None
    manifest = read_manifest(window.session.data)
    assert manifest is not None
    assert [step["name"] for step in manifest.facts["steps"]] == ["edit"]


@pytest.mark.parametrize("size", [100, 150])
@pytest.mark.parametrize("language", ["en", "ja"])
def test_nothing_is_clipped_or_nameless(
    window: MainWindow, qtbot: QtBot, home: Path, language: str, size: int
) -> None:
    window.session.choose_language(language)  # type: ignore[arg-type]
    window.session.remember(text_size=size)
    window.resize(1180, 780)
    page = opened(window, qtbot, home)
    page.rows_card.table.selectRow(2)
    qtbot.keyClick(page.rows_card.table, Qt.Key.Key_Delete)
    settled(page, qtbot)
    qtbot.wait(50)
    assert not clipped(page)
    assert not [f"{type(widget).__name__} {widget.objectName()}" for widget in interactive(page)
                if not name_of(widget).strip()]
    primary = [made for made in page.findChildren(QPushButton)
               if made.isVisible() and made.property("role") == "primary"]
    assert len(primary) == 1
    for group in ("clean", "privacy", "augment", "split"):
        page.open_steps(group)
        dialog = page.findChild(StepDialog, f"steps_{group}")
        assert dialog is not None
        for box in dialog.boxes.values():
            box.choice.setChecked(True)
        qtbot.wait(50)
        assert not clipped(dialog), group
        assert not [f"{type(widget).__name__} {widget.objectName()}" for widget in interactive(dialog)
                    if not name_of(widget).strip()]
        dialog.reject()
    window.session.remember(text_size=100)


def test_kinds_of_personal_data_are_chosen_by_boxes(window: MainWindow, qtbot: QtBot, home: Path) -> None:
    page = opened(window, qtbot, home)
    page.open_steps("privacy")
    dialog = page.findChild(StepDialog, "steps_privacy")
    assert dialog is not None
    assert "most personal data, not all of it" in dialog.warning.text()
    kinds = dialog.boxes["hide_personal_data"].form.control("kinds")
    assert isinstance(kinds, ChoiceList)
    assert [step.settings for step in dialog.steps()] == [{}], "all kinds are the default"
    kinds.boxes["phone"].click()
    chosen = dialog.steps()[0].settings["kinds"]
    assert "phone" not in chosen and "email" in chosen
    for box in kinds.boxes.values():
        box.setChecked(False)
    sent: list[object] = []
    dialog.chosen.connect(sent.append)
    press(qtbot, dialog.do_button)
    assert not sent and dialog.errors.isVisible() and dialog.isVisible()
    dialog.reject()


def test_what_was_before_is_erased_on_request(window: MainWindow, qtbot: QtBot, home: Path) -> None:
    page = opened(window, qtbot, home)
    assert not page.prepare.forget_button.isVisible()
    edit(page, qtbot, 0, "answer", "hidden now")
    settled(page, qtbot)
    press(qtbot, page.prepare.forget_button)
    note = window.findChild(Note)
    assert note is not None
    press(qtbot, note.action_button)
    settled(page, qtbot)
    folder = window.session.data
    assert folder is not None
    page.rows_card.rows.open(None)
    assert b"answer 1\"" not in b"".join(file.read_bytes() for file in folder.iterdir())
    assert not page.prepare.undo_button.isEnabled()
    assert "Edited by hand" in history(page)[0]
    with Store.open(folder) as store:
        row = store.row(1)
        assert row is not None and row.messages[1]["content"] == "hidden now"
