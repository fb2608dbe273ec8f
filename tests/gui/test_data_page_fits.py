"""The Data page where there is little room, and what becomes of filters, histories and windows meanwhile."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QScrollArea, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from backend.config.presets import PRESETS, preset_for
from backend.data.dataset_folder import MEASURED
from backend.data.journal import change_rows
from backend.data.store import Store
from gui.data_desk.step_dialog import StepDialog
from gui.item_models.dataset_rows import COLUMNS, PAGE_ROWS
from gui.main_window import PAGES, MainWindow
from gui.pages.train import TrainPage
from gui.theme import colors
from gui.widgets.flow_row import FlowRow
from gui.widgets.note import Note
from gui.widgets.parts import button
from tests.gui.datasets import dialogue, make_dataset
from tests.gui.test_data_page import PATIENCE, data_page, opened, press, settled


@pytest.mark.parametrize("language", ["en", "ja"])
def test_nothing_is_cut_off_at_the_largest_text_in_a_small_window(
    window: MainWindow, qtbot: QtBot, home: Path, language: str
) -> None:
    window.session.choose_language(language)  # type: ignore[arg-type]
    window.session.remember(text_size=150)
    window.resize(1000, 700)
    page = opened(window, qtbot, home)
    page.rows_card.filters.show_check("empty_answer")
    settled(page, qtbot)
    area = page.findChild(QScrollArea)
    assert area is not None and page.rows_card.filters.clear_button.isVisible()
    qtbot.waitUntil(lambda: area.widget().width() <= area.viewport().width())
    for group in ("clean", "privacy", "augment", "split"):
        page.open_steps(group)
        dialog = page.findChild(StepDialog, f"steps_{group}")
        assert dialog is not None
        inside = dialog.findChild(QScrollArea)
        assert inside is not None
        qtbot.waitUntil(lambda shown=inside: shown.widget().width() <= shown.viewport().width())  # type: ignore[misc]
        dialog.reject()
        qtbot.waitUntil(lambda name=group: page.findChild(StepDialog, f"steps_{name}") is None)  # type: ignore[misc]


def test_rows_of_a_finding_that_is_gone_give_way_to_all_rows(window: MainWindow, qtbot: QtBot, home: Path) -> None:
    page = opened(window, qtbot, home)
    press(qtbot, page.findings.lines["empty_answer"].show_button)
    settled(page, qtbot)
    assert page.rows_card.rows.rowCount() == 1
    page.session.dataset.remove([7])  # type: ignore[union-attr]
    settled(page, qtbot)
    qtbot.waitUntil(lambda: page.rows_card.rows.rowCount() == 299)
    assert page.rows_card.filters.check_box.currentIndex() == 0
    assert not page.rows_card.none_found.isVisible() and not page.rows_card.filters.clear_button.isVisible()


def test_what_was_taken_out_is_told_where_the_rows_were(window: MainWindow, qtbot: QtBot, home: Path) -> None:
    window.resize(1000, 700)
    page = opened(window, qtbot, home)

    def filters_are_seen() -> bool:
        page.scroll_to(page.rows_card)  # again: what stands above may still have grown
        return page.rows_card.filters.visibleRegion().boundingRect().height() > 20

    qtbot.waitUntil(filters_are_seen, timeout=20_000)
    page.rows_card.table.setCurrentIndex(page.rows_card.rows.index(2, 1))
    qtbot.keyClick(page.rows_card.table, Qt.Key.Key_Delete)
    settled(page, qtbot)
    qtbot.waitUntil(lambda: not page.rows_card.undo_bar.visibleRegion().isEmpty())
    assert page.rows_card.undo_bar.y() < page.rows_card.table.y()


def test_the_history_says_which_finding_was_mended(window: MainWindow, qtbot: QtBot, home: Path) -> None:
    folder = make_dataset(home, ((dialogue(number, f"q {number}", "a"), []) for number in range(1, 4)))
    with Store.open(folder) as store, change_rows(store, "drop_rows", {"check": "empty_answer"}) as change:
        row = store.row(2)
        assert row is not None
        change.remove(row)
    page = data_page(window)
    window.session.choose_data(folder)
    settled(page, qtbot)
    assert page.session.dataset is not None and page.session.dataset.overview is not None
    assert page.prepare.step_words(page.session.dataset.overview.steps[0]) == "Empty answers: Leave these rows out"


def test_a_remark_is_not_coloured_by_what_is_said_of_all_rows(window: MainWindow, qtbot: QtBot, home: Path) -> None:
    folder = make_dataset(home, [(dialogue(1, "q", "a"), ["merged_cells"]), (dialogue(2, "r", "b"), [])],
                          across={"too_few_rows": [1, 2]})
    page = data_page(window)
    window.session.choose_data(folder)
    settled(page, qtbot)
    index = page.rows_card.rows.index(0, COLUMNS.index("checks"))
    assert index.data() == "Merged cells"
    assert index.data(Qt.ItemDataRole.ForegroundRole) == QColor(colors().muted)


def test_no_part_of_a_page_is_a_window_for_a_moment(
    qapp: QApplication, open_window: Callable[[], MainWindow]
) -> None:
    """It would flash, and take the keyboard away."""
    shown: list[str] = []

    class Watch(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow() and (
                    not isinstance(watched, MainWindow | QDialog)):
                shown.append(f"{type(watched).__name__} {watched.objectName()}")
            return False

    watch = Watch()
    qapp.installEventFilter(watch)
    window = open_window()
    for name in PAGES:
        window.show_page(name)
    qapp.removeEventFilter(watch)
    assert not shown


def test_a_row_of_buttons_breaks_where_the_width_ends(qtbot: QtBot) -> None:
    made = [button(lambda: None, name=f"b{number}") for number in range(4)]
    for one in made:
        one.setText("ten letters")
    made[2].hide()
    holder = QWidget()
    qtbot.addWidget(holder)
    outer = QVBoxLayout(holder)
    flow = FlowRow(*made, grows=made[0])
    outer.addLayout(flow)
    outer.addStretch(1)
    holder.resize(1000, 300)
    holder.show()
    assert made[0].y() == made[1].y() == made[3].y()
    assert made[3].geometry().right() > 900 and made[1].width() == made[1].sizeHint().width()
    holder.resize(2 * made[1].sizeHint().width() + 50, 300)
    qtbot.waitUntil(lambda: made[3].y() > made[0].y())
    assert made[0].y() == made[1].y() and made[3].x() == made[0].x()
    assert flow.minimumSize().width() == made[1].minimumSizeHint().width()


def test_a_dataset_without_a_row_to_train_on_is_not_called_fine(
    window: MainWindow, qtbot: QtBot, home: Path
) -> None:
    page = opened(window, qtbot, home, blocked=False)
    window.session.model = home  # it is not looked at here
    train = window.page("train")
    assert isinstance(train, TrainPage) and page.session.dataset is not None
    window.session.model_changed.emit()
    qtbot.waitUntil(lambda: not window.session.jobs and train.setup.start_button.isEnabled(), timeout=PATIENCE)
    page.session.dataset.remove(list(range(1, 301)))
    settled(page, qtbot)
    dataset = page.session.dataset
    qtbot.waitUntil(lambda: not dataset.is_changing)
    assert not page.findings.nothing.isVisible()
    assert not train.setup.start_button.isEnabled()
    assert "No row can be trained on" in train.setup.reason_label.text()
    window.show_page("train")
    press(qtbot, train.setup.decide_button)
    assert window.stack.currentWidget() is page


def test_a_model_whose_template_takes_no_row_is_not_trained(window: MainWindow, qtbot: QtBot, home: Path) -> None:
    rows = [(dialogue(number, f"q {number}", "a"), ["not_renderable"]) for number in range(1, 100)]
    folder = make_dataset(home, rows)
    train = window.page("train")
    assert isinstance(train, TrainPage)
    window.session.model = home  # it is not looked at here
    length = PRESETS[preset_for(99, False)].config.max_length
    with Store.open(folder) as store:
        store.set_info(MEASURED, {"model": str(home), "max_length": length, "median": 0, "p95": 0, "max": 0, "total": 0,
                                  "trained": 0})
    page = data_page(window)
    window.session.choose_data(folder)
    settled(page, qtbot)
    assert window.session.max_length == length
    assert not window.session.jobs, "it was measured already"
    assert "Tokens a row" not in dict(page.about.facts.pairs)
    assert "No row can be trained on with this model" in train.setup.reason_label.text()
    assert not train.setup.start_button.isEnabled()


def test_choosing_all_rows_reads_none_of_them(window: MainWindow, qtbot: QtBot, home: Path) -> None:
    page = data_page(window)
    window.session.choose_data(make_dataset(home, ((dialogue(n, f"q {n}", "a"), []) for n in range(1, 20_001))))
    settled(page, qtbot)
    table, rows = page.rows_card.table, page.rows_card.rows
    read = rows.rows_decoded
    qtbot.keyClick(table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(table, Qt.Key.Key_Z)  # Qt looks for a row that begins so
    QApplication.processEvents()
    assert table.chosen_numbers() == list(range(1, 20_001))
    assert rows.rows_decoded - read <= 2 * PAGE_ROWS
    assert rows.flags(rows.index(0, COLUMNS.index("answer"))) & Qt.ItemFlag.ItemIsEditable
    assert not rows.flags(rows.index(0, COLUMNS.index("row"))) & Qt.ItemFlag.ItemIsEditable
    began = time.monotonic()
    qtbot.keyClick(table, Qt.Key.Key_Delete)
    assert time.monotonic() - began < 1.5
    qtbot.waitUntil(lambda: rows.rowCount() == 0, timeout=PATIENCE)
    settled(page, qtbot)


def test_the_tab_key_goes_through_the_page_from_above(window: MainWindow, qtbot: QtBot, home: Path) -> None:
    page = opened(window, qtbot, home)
    page.session.dataset.edit(1, "answer", "another")  # type: ignore[union-attr]
    settled(page, qtbot)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    page.about.choose_button.setFocus()
    order = []
    for _ in range(40):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        widget = QApplication.focusWidget()
        assert widget is not None
        if not page.isAncestorOf(widget) or widget in order:
            break
        order.append(widget)
    assert page.findings.lines["duplicates"].fix_button in order and page.rows_card.table in order
    tops = [widget.mapTo(page, QPoint()).y() for widget in order if page.prepare.isAncestorOf(widget)]
    assert tops == sorted(tops)
    cards = [card for widget in order for card in (page.about, page.findings, page.prepare, page.rows_card)
             if card.isAncestorOf(widget)]
    assert [card for place, card in enumerate(cards) if card not in cards[:place]] == [
        page.about, page.findings, page.prepare, page.rows_card]
    assert cards == sorted(cards, key=[page.about, page.findings, page.prepare, page.rows_card].index)


def test_erasing_what_was_before_tells_of_the_key_that_stays(window: MainWindow, qtbot: QtBot, home: Path) -> None:
    folder = make_dataset(home, ((dialogue(number, f"q {number}", "a"), []) for number in range(1, 4)))
    key = home / "keys" / "pseudonyms.json"
    key.parent.mkdir()
    key.write_text("{}")
    with Store.open(folder) as store, change_rows(store, "hide_personal_data", {}) as change:
        row = store.row(2)
        assert row is not None
        change.change(row, dialogue(2, "[NAME-1]", "a"), [])
    page = data_page(window)
    window.session.choose_data(folder)
    settled(page, qtbot)
    press(qtbot, page.prepare.forget_button)
    note = window.findChild(Note)
    assert note is not None
    assert any(str(key) in text.text() for text in note.findChildren(QLabel))
    note.reject()
