"""What a person does on the Chat page."""

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from gui.pages.chat import ChatPage

PATIENCE = 20_000


def say(qtbot: QtBot, page: ChatPage, text: str) -> None:
    page.talk.input.setPlainText(text)
    qtbot.mouseClick(page.talk.send_button, Qt.MouseButton.LeftButton)


def answered(qtbot: QtBot, page: ChatPage) -> None:
    qtbot.waitUntil(lambda: not page.talk.view.is_replying, timeout=PATIENCE)
