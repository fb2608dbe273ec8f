"""A row as a chat: which answers are trained is said in words and shown."""

from PySide6.QtWidgets import QFrame, QLabel
from pytestqt.qtbot import QtBot

from gui.widgets.dialogue_view import DialogueView


def bubbles_of(view: DialogueView, qtbot: QtBot, wanted: int) -> list[QFrame]:
    def seen() -> list[QFrame]:
        return [frame for frame in view.findChildren(QFrame, "bubble") if frame.isVisible()]

    qtbot.waitUntil(lambda: len(seen()) == wanted)
    return seen()


def caption_of(bubble: QFrame) -> str:
    return bubble.findChildren(QLabel)[0].text()


def test_a_dialogue_says_which_answers_are_trained(qtbot: QtBot) -> None:
    view = DialogueView()
    qtbot.addWidget(view)
    view.show()
    messages = [{"role": role, "content": role} for role in ("user", "assistant") * 3]
    view.show_messages(messages, answers=["whole", "cut", "lost"])
    bubbles = bubbles_of(view, qtbot, 6)
    assert [caption_of(bubble) for bubble in bubbles[1::2]] == [
        "Answer · trained", "Answer · trained, the end is cut off", "Answer · beyond the maximum length, not trained"]
    assert [bubble.property("role") for bubble in bubbles] == ["read", "trained", "read", "trained", "read", "read"]
    view.show_messages(messages, trained=False)
    assert [caption_of(bubble) for bubble in bubbles_of(view, qtbot, 6)] == ["Question", "Answer"] * 3
