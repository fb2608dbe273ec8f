"""The whole job in the real window with real workers: model, data, train, stop, resume, compare, export, chat."""

from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("PySide6")
pytest.importorskip("torch")

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from backend.home import sample_data, starter_model
from backend.runs.chats import list_chats
from backend.runs.job_state import settle_state
from backend.runs.manifests import check_manifest
from backend.runs.run import list_runs
from gui.app import build
from gui.main_window import PAGES, MainWindow
from gui.pages.chat import ChatPage
from gui.pages.data import DataPage
from gui.pages.export import ExportPage
from gui.pages.results import ResultsPage
from gui.pages.train import TrainPage

STEPS = 14
QUICK, LONG = 30_000, 240_000


@pytest.fixture
def window(qapp: QApplication, qtbot: QtBot, home: Path) -> Iterator[MainWindow]:
    """The real window on the test's home, in English; its workers have ended before it is deleted."""
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


class Hand:
    """What a person does with the mouse and the keyboard."""

    def __init__(self, window: MainWindow, qtbot: QtBot) -> None:
        self.window = window
        self.qtbot = qtbot

    def open(self, name: str) -> QWidget:
        """Clicks on a page in the sidebar."""
        item = self.window.sidebar.item(PAGES.index(name))
        self.qtbot.mouseClick(self.window.sidebar.viewport(), Qt.MouseButton.LeftButton,
                              pos=self.window.sidebar.visualItemRect(item).center())
        return self.page(name)

    def page(self, name: str) -> QWidget:
        """The page in front, which must be this one."""
        page = self.window.stack.currentWidget()
        assert page is self.window.pages[name]
        return page

    def press(self, name: str, timeout: int = QUICK) -> None:
        """Clicks on the button called `name` on the page in front, once it can be clicked."""
        def can_be_pressed() -> bool:
            found = self.find(name)
            return found is not None and found.isVisible() and found.isEnabled()

        self.qtbot.waitUntil(can_be_pressed, timeout=timeout)
        self.qtbot.mouseClick(self.find(name), Qt.MouseButton.LeftButton)

    def find(self, name: str) -> QAbstractButton | None:
        """The visible button called `name` on the page in front."""
        found = self.window.stack.currentWidget().findChildren(QAbstractButton, name)
        return next((button for button in found if button.isVisible()), None)

    def type(self, field: QWidget, text: str) -> None:
        """Replaces what stands in a field."""
        self.qtbot.mouseClick(field, Qt.MouseButton.LeftButton)
        self.qtbot.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        self.qtbot.keyClicks(field, text)


def no_error_on(page: QWidget) -> bool:
    """Whether no error panel is in sight."""
    return not any(panel.isVisible() for panel in page.findChildren(QWidget, "error_panel"))


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_whole_job(window: MainWindow, qtbot: QtBot, home: Path) -> None:
    hand = Hand(window, qtbot)
    session = window.session

    hand.open("models")
    hand.press(f"use_{starter_model().name}")
    hand.press("next_data", timeout=LONG)
    assert session.model == starter_model()

    data = hand.page("data")
    assert isinstance(data, DataPage)
    hand.press("use_sample")
    tokens = data.rows_card.view.tokens
    qtbot.waitUntil(lambda: bool(tokens.tokens), timeout=LONG)
    assert any(token.trained for token in tokens.tokens)
    assert not all(token.trained for token in tokens.tokens)
    assert no_error_on(data)
    assert session.dataset is not None and session.dataset.overview is not None
    assert session.dataset.overview.about.asked == [str(sample_data())]
    assert session.dataset.overview.rows == 300
    hand.press("next_train")

    train = hand.page("train")
    assert isinstance(train, TrainPage)
    hand.press("advancedButton")
    for name, text in (("max_steps", str(STEPS)), ("batch_size", "8"), ("max_length", "128"), ("save_every", "4"),
                       ("learning_rate", "2e-3")):
        hand.type(train.setup.form.control(name), text)
    hand.type(train.setup.name_edit, "desk")
    hand.press("startButton", timeout=LONG)
    watched = train.monitor
    qtbot.waitUntil(lambda: len(watched.chart.points()["raw"]) >= 3, timeout=LONG)
    hand.press("stopButton")
    qtbot.waitUntil(lambda: not watched.is_live, timeout=LONG)
    assert no_error_on(train)
    run = list_runs(home)[0]
    assert settle_state(run.job_folders()[-1]) == "stopped"
    stopped_at = watched.chart.points()["raw"][-1][0]
    assert stopped_at < STEPS

    hand.press("resumeButton")
    qtbot.waitUntil(lambda: not watched.is_live, timeout=LONG)
    assert no_error_on(train)
    assert settle_state(run.job_folders()[-1]) == "succeeded"
    assert [step for step, _ in watched.chart.points()["raw"]] == list(range(1, STEPS + 1))
    losses = [loss for _, loss in watched.chart.points()["raw"]]
    assert losses[-1] < losses[0]

    hand.press("seeResultsButton")
    results = hand.page("results")
    assert isinstance(results, ResultsPage)
    hand.press("measureButton")
    qtbot.waitUntil(results.answers.isVisible, timeout=LONG)
    qtbot.waitUntil(results.measure_button.isEnabled, timeout=LONG)
    assert no_error_on(results)
    assert results.answers.model.rowCount() == 60
    assert "of 60" in results.answers.headline.text()

    hand.press("exportRunButton")
    export = hand.page("export")
    assert isinstance(export, ExportPage)
    hand.press("quant_Q4_K_M")
    assert export.chosen_quantizations() == ["Q8_0"]
    hand.press("exportButton")
    hand.press("chatWith_Q8_0", timeout=LONG)
    assert no_error_on(export)
    check_manifest(run.gguf / "Q8_0")

    chat = hand.page("chat")
    assert isinstance(chat, ChatPage)
    hand.type(chat.talk.input, "What are your opening hours?")
    hand.press("sendButton")
    qtbot.waitUntil(lambda: len(chat.talk.view.bubbles) == 2 and not chat.talk.view.is_replying, timeout=LONG)
    assert no_error_on(chat)
    reply = chat.talk.view.bubbles[1]
    assert reply.text.written.strip()
    assert "tokens/s" in reply.figures.text()
    assert [message.content for message in list_chats(run.chats)[0].messages] == [
        "What are your opening hours?", reply.text.written]
    assert chat.findChild(QObject, "chatList").count() == 1
