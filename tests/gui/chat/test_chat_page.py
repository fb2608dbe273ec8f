"""The Chat page with live workers: turns, stop, failures, old chats, and replies that try to reach out."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QFont, QGuiApplication, QInputMethodEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from backend.runs.chats import list_chats, new_chat, save_chat, with_message
from backend.runs.run import Run
from gui.pages.chat import ChatPage
from gui.session import Session
from gui.widgets.chat_view import STREAM_MS, ChatView
from gui.widgets.message_text import MessageText, keep_line_breaks
from tests.gui.chat.talking import PATIENCE, answered, say
from tests.gui.scripted import HOSTILE, prepared_gguf, use_worker


def test_without_a_gguf_file_the_page_says_so(session: Session, qtbot: QtBot) -> None:
    page = ChatPage(session)
    qtbot.addWidget(page)
    page.show()
    page.on_shown()
    assert page.empty.isVisible()
    assert not page.talk.isVisible()


def test_nothing_is_loaded_until_something_is_asked(page: ChatPage, run: Run) -> None:
    assert page.link.file == run.gguf_files()["Q8_0"]
    assert page.file_box.currentText() == "support desk  ·  Q8_0"
    assert page.link.job is None


def test_two_turns_and_the_chat_on_disk(page: ChatPage, run: Run, qtbot: QtBot) -> None:
    page.settings.system_edit.setPlainText("You are the desk.")
    page.settings.seed_box.setValue(5)
    say(qtbot, page, "こんにちは")
    assert page.talk.stop_button.isVisible()
    assert not page.talk.send_button.isVisible()
    answered(qtbot, page)
    assert page.talk.input.toPlainText() == ""
    say(qtbot, page, "again")
    answered(qtbot, page)
    assert [bubble.speaker for bubble in page.talk.view.bubbles] == ["user", "assistant", "user", "assistant"]
    assert page.talk.view.bubbles[1].text.written == "**Echo** of 2: こんにちは"  # system prompt and question
    assert page.talk.view.bubbles[1].text.toPlainText() == "Echo of 2: こんにちは"
    assert page.talk.view.bubbles[3].text.written == "**Echo** of 4: again"
    assert "12.5 tokens/s" in page.talk.view.bubbles[3].figures.text()
    chats = list_chats(run.chats)
    assert len(chats) == 1
    assert chats[0].title == "こんにちは"
    assert chats[0].system == "You are the desk."
    assert chats[0].sampling.seed == 5
    assert [message.role for message in chats[0].messages] == ["user", "assistant", "user", "assistant"]
    assert page.chats.list.count() == 1


def test_stop_ends_the_reply_and_keeps_it(page: ChatPage, run: Run, qtbot: QtBot) -> None:
    say(qtbot, page, "for ever")
    qtbot.waitUntil(lambda: "word word" in page.talk.view.bubbles[-1].text.toPlainText(), timeout=PATIENCE)
    qtbot.mouseClick(page.talk.stop_button, Qt.MouseButton.LeftButton)
    answered(qtbot, page)
    assert "stopped" in page.talk.view.bubbles[-1].figures.text()
    assert list_chats(run.chats)[0].messages[-1].content.startswith("word word")
    say(qtbot, page, "more")
    answered(qtbot, page)
    assert page.talk.view.bubbles[-1].text.written.endswith("more")


def test_a_worker_that_dies_in_a_reply_leaves_what_it_wrote(page: ChatPage, run: Run, qtbot: QtBot) -> None:
    say(qtbot, page, "die")
    answered(qtbot, page)
    assert page.errors.isVisible()
    assert "ended without a word" in page.errors.cause_label.text()
    assert page.talk.view.bubbles[-1].text.written == "half a rep"
    assert list_chats(run.chats)[0].messages[-1].content == "half a rep"
    say(qtbot, page, "and now?")
    answered(qtbot, page)
    assert not page.errors.isVisible()
    assert page.talk.view.bubbles[-1].text.written.endswith("and now?")


def test_a_refused_question_is_told_and_comes_back(page: ChatPage, run: Run, qtbot: QtBot) -> None:
    say(qtbot, page, "first")
    answered(qtbot, page)
    say(qtbot, page, "too long")
    answered(qtbot, page)
    assert page.errors.isVisible()
    assert "no system turns" in page.errors.cause_label.text()
    assert page.talk.input.toPlainText() == "too long"
    assert len(list_chats(run.chats)[0].messages) == 2
    assert page.link.state == "ready"


def test_a_paste_too_large_to_send_is_told_at_once_and_comes_back(page: ChatPage, run: Run, qtbot: QtBot) -> None:
    say(qtbot, page, "first")
    answered(qtbot, page)
    book = "あいうえお。\n" * 70_000
    say(qtbot, page, book)
    assert not page.talk.is_replying
    assert page.errors.isVisible()
    assert "KiB" in page.errors.cause_label.text() and "1024 KiB" in page.errors.cause_label.text()
    assert page.talk.input.toPlainText() == book.strip()
    assert len(list_chats(run.chats)[0].messages) == 2
    say(qtbot, page, "shorter")  # and the chat goes on
    answered(qtbot, page)
    assert len(list_chats(run.chats)[0].messages) == 4


def test_a_question_that_got_no_answer_comes_back(
    page: ChatPage, run: Run, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_worker(monkeypatch, HOSTILE / "dies_at_start.py")
    say(qtbot, page, "long and well thought out")
    answered(qtbot, page)
    assert page.errors.isVisible()
    assert page.talk.input.toPlainText() == "long and well thought out"
    assert page.talk.view.bubbles == []


def test_a_file_that_cannot_be_loaded_is_told(page: ChatPage, session: Session, qtbot: QtBot, tmp_path: Path) -> None:
    file = tmp_path / "broken.gguf"
    file.write_bytes(b"GGUF")
    session.choose_gguf(file)
    qtbot.waitUntil(page.errors.isVisible, timeout=PATIENCE)
    assert "not a GGUF file" in page.errors.cause_label.text()
    assert page.file_box.currentText() == "broken.gguf"


def test_a_file_from_elsewhere_has_its_chats_in_the_home_folder(
    page: ChatPage, session: Session, run: Run, qtbot: QtBot, tmp_path: Path
) -> None:
    file = tmp_path / "other.gguf"
    file.write_bytes(b"GGUF")
    session.choose_gguf(file)
    say(qtbot, page, "hello")
    answered(qtbot, page)
    assert [chat.gguf for chat in list_chats(session.home / "chats")] == [str(file)]
    assert list_chats(run.chats) == []


def test_another_file_takes_the_place_of_the_loaded_one(
    page: ChatPage, session: Session, run: Run, qtbot: QtBot
) -> None:
    say(qtbot, page, "first")
    answered(qtbot, page)
    first = page.link.job
    session.choose_gguf(prepared_gguf(run, "Q4_K_M"))
    assert page.talk.view.bubbles == []
    qtbot.waitUntil(lambda: page.link.state == "ready", timeout=PATIENCE)
    assert page.link.job is not first
    assert page.file_box.currentText().endswith("Q4_K_M")
    assert len(session.jobs) == 1


def test_an_idle_model_makes_room_for_a_training(
    page: ChatPage, session: Session, run: Run, qtbot: QtBot
) -> None:
    from backend.config.jobs import ExportJob

    say(qtbot, page, "first")
    answered(qtbot, page)
    session.start_run_job(run, ExportJob(run=str(run.folder), quants=["F16"]), "export")
    qtbot.waitUntil(lambda: session.jobs == [], timeout=PATIENCE)
    assert page.link.state == "off"
    say(qtbot, page, "second")
    answered(qtbot, page)
    assert page.talk.view.bubbles[-1].text.written.endswith("second")


def test_an_old_chat_is_opened_and_gone_on_with(
    page: ChatPage, session: Session, run: Run, qtbot: QtBot
) -> None:
    chat = with_message(new_chat(run.gguf_files()["Q8_0"], "Be short."), "user", "古い質問")
    save_chat(run.chats, with_message(chat, "assistant", "古い**回答**"))
    page.on_shown()
    item = page.chats.list.item(0)
    assert item.text() == "古い質問"
    qtbot.mouseClick(page.chats.list.viewport(), Qt.MouseButton.LeftButton,
                     pos=page.chats.list.visualItemRect(item).center())
    assert [bubble.text.toPlainText() for bubble in page.talk.view.bubbles] == ["古い質問", "古い回答"]
    assert page.settings.system == "Be short."
    say(qtbot, page, "次")
    answered(qtbot, page)
    assert len(list_chats(run.chats)) == 1
    assert len(list_chats(run.chats)[0].messages) == 4
    qtbot.mouseClick(page.chats.new_button, Qt.MouseButton.LeftButton)
    assert page.talk.view.bubbles == []
    say(qtbot, page, "neu")
    answered(qtbot, page)
    assert len(list_chats(run.chats)) == 2


def test_delete_and_undo(page: ChatPage, run: Run, qtbot: QtBot) -> None:
    say(qtbot, page, "hello")
    answered(qtbot, page)
    qtbot.mouseClick(page.chats.delete_button, Qt.MouseButton.LeftButton)
    assert list_chats(run.chats) == []
    assert page.talk.view.bubbles == []
    qtbot.mouseClick(page.chats.undo.undo_button, Qt.MouseButton.LeftButton)
    assert len(list_chats(run.chats)) == 1
    assert page.chats.list.count() == 1


def test_enter_or_control_enter_sends(page: ChatPage, qtbot: QtBot) -> None:
    sent: list[int] = []
    page.talk.input.submitted.disconnect(page.talk.send)
    page.talk.input.submitted.connect(lambda: sent.append(1))
    qtbot.keyClicks(page.talk.input, "a")
    qtbot.keyClick(page.talk.input, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert sent == []
    assert page.talk.input.toPlainText() == "a\n"
    qtbot.keyClick(page.talk.input, Qt.Key.Key_Return)
    assert len(sent) == 1
    page.settings.keys_box.setCurrentIndex(1)
    qtbot.keyClick(page.talk.input, Qt.Key.Key_Return)
    assert len(sent) == 1
    qtbot.keyClick(page.talk.input, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert len(sent) == 2


def test_enter_that_ends_a_japanese_word_does_not_send(page: ChatPage, qtbot: QtBot) -> None:
    sent: list[int] = []
    page.talk.input.submitted.disconnect(page.talk.send)
    page.talk.input.submitted.connect(lambda: sent.append(1))
    QApplication.sendEvent(page.talk.input, QInputMethodEvent("ほしょう", []))
    qtbot.keyClick(page.talk.input, Qt.Key.Key_Return)
    assert sent == []
    done = QInputMethodEvent("", [])
    done.setCommitString("保証")
    QApplication.sendEvent(page.talk.input, done)
    qtbot.keyClick(page.talk.input, Qt.Key.Key_Return)
    assert len(sent) == 1


HOSTILE_REPLY = ("![a](file:///etc/passwd) ![b](//host/share/x.png) ![c](http://host/x.png)\n"
                 "<img src='file:///etc/passwd'> <script>alert(1)</script> text after\n[click](http://host/)")


def test_a_reply_loads_nothing_and_loses_nothing(qtbot: QtBot) -> None:
    text = MessageText()
    qtbot.addWidget(text)
    text.show_markdown(HOSTILE_REPLY)
    text.resize(400, 200)
    text.show()
    text.grab()
    for url in ("file:///etc/passwd", "//host/share/x.png"):
        assert text.loadResource(2, QUrl(url)) is None
    assert "<script>alert(1)</script> text after" in text.toPlainText()


def test_a_link_is_shown_not_opened(qtbot: QtBot) -> None:
    view = ChatView()
    qtbot.addWidget(view)
    view.show()
    bubble = view.add("assistant", "[click](http://host/path)")
    with qtbot.waitSignal(view.link_clicked) as told:
        bubble.text.anchorClicked.emit(QUrl("http://host/path"))
    assert told.args == ["http://host/path"]
    assert not bubble.text.openLinks()
    assert not bubble.text.openExternalLinks()


def test_copy_gives_the_text_as_it_was_written(qtbot: QtBot) -> None:
    view = ChatView()
    qtbot.addWidget(view)
    view.show()
    bubble = view.add("assistant", "**bold** and `code`")
    qtbot.mouseClick(bubble.copy_button, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "**bold** and `code`"


def test_a_long_reply_grows_and_stays_in_sight(qtbot: QtBot) -> None:
    view = ChatView()
    qtbot.addWidget(view)
    view.resize(600, 400)
    view.show()
    view.add("user", "long please")
    view.begin_reply()
    for number in range(300):
        view.grow_reply(f"line {number}\n")
    qtbot.waitUntil(lambda: "line 299" in view.bubbles[-1].text.toPlainText())
    view.end_reply("\n".join(f"line {number}" for number in range(300)), lambda: "300 tokens")
    bar = view.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 3000 and bar.value() == bar.maximum())
    bar.setValue(100)  # the reader goes back; a new size must not throw them to the end
    view.resize(600, 420)
    qtbot.wait(50)
    assert bar.value() < 200


def test_line_ends_stay_line_ends_but_not_in_code() -> None:
    assert keep_line_breaks("a\nb") == "a  \nb  "
    assert keep_line_breaks("```\na\nb\n```") == "```\na\nb\n```"
    assert keep_line_breaks("| a | b |\n|---|---|") == "| a | b |\n|---|---|"


def test_a_table_after_code_keeps_its_first_cell_in_line(qtbot: QtBot) -> None:
    text = MessageText()
    qtbot.addWidget(text)
    text.show_markdown("```python\nprint(1)\n```\n\n| 製品 | 保証 |\n|---|---|\n| R2 | 1年 |")
    assert [line for line in text.toPlainText().split("\n") if line] == ["print(1)", "製品", "保証", "R2", "1年"]
    cursor = text.document().find("製品")
    assert cursor.currentTable().cellAt(0, 0).firstCursorPosition().block().text() == "製品"
    assert cursor.charFormat().fontWeight() == QFont.Weight.Bold.value


def test_a_new_chat_after_one_of_a_lost_file_lies_with_the_chosen_file(
    page: ChatPage, session: Session, run: Run, qtbot: QtBot
) -> None:
    lost = with_message(new_chat(session.home / "lost.gguf"), "user", "old question")
    save_chat(session.home / "chats", with_message(lost, "assistant", "old answer"))
    page.on_shown()
    page.chats.list.itemClicked.emit(page.chats.list.item(0))
    assert [bubble.text.written for bubble in page.talk.view.bubbles] == ["old question", "old answer"]
    qtbot.mouseClick(page.chats.new_button, Qt.MouseButton.LeftButton)
    say(qtbot, page, "fresh")
    answered(qtbot, page)
    assert [chat.title for chat in list_chats(run.chats)] == ["fresh"]
    assert [chat.title for chat in list_chats(session.home / "chats")] == ["old question"]


def test_a_growing_reply_takes_the_width_that_is_there(qtbot: QtBot) -> None:
    view = ChatView()
    qtbot.addWidget(view)
    view.resize(800, 600)
    view.show()
    view.begin_reply()
    for _ in range(5):
        view.grow_reply("word " * 10)
        qtbot.wait(2 * STREAM_MS)
    bubble = view.bubbles[-1]
    assert bubble.width() > 600
    assert bubble.text.height() < 4 * bubble.fontMetrics().lineSpacing()


def test_the_figures_below_a_short_reply_are_whole(qtbot: QtBot) -> None:
    view = ChatView()
    qtbot.addWidget(view)
    view.resize(800, 600)
    view.show()
    view.begin_reply()
    qtbot.wait(1)
    view.end_reply("Yes.", lambda: "1,234 tokens · 12.5 tokens/s · cut at the longest reply")
    figures = view.bubbles[-1].figures
    qtbot.waitUntil(lambda: figures.width() >= figures.sizeHint().width(), timeout=PATIENCE)
    view.clear()
    assert view.opening.isVisible()


def test_only_a_selected_chat_can_be_deleted(page: ChatPage, qtbot: QtBot) -> None:
    say(qtbot, page, "hello")
    answered(qtbot, page)
    assert page.chats.delete_button.isEnabled()
    qtbot.mouseClick(page.chats.new_button, Qt.MouseButton.LeftButton)
    assert page.chats.list.count() == 1
    assert not page.chats.delete_button.isEnabled()
    page.chats.list.setCurrentRow(0)
    assert page.chats.delete_button.isEnabled()


def test_another_file_can_be_chosen_while_a_reply_is_written(page: ChatPage, run: Run, qtbot: QtBot) -> None:
    other = prepared_gguf(run, "Q4_K_M")
    page.refresh()
    say(qtbot, page, "for ever")
    qtbot.waitUntil(lambda: "word word" in page.talk.view.bubbles[-1].text.toPlainText(), timeout=PATIENCE)
    index = next(number for number in range(page.file_box.count()) if "Q4_K_M" in page.file_box.itemText(number))
    page.file_box.activated.emit(index)
    assert page.talk.view.bubbles == []
    say(qtbot, page, "hello")
    answered(qtbot, page)
    assert page.link.file == other
    assert page.talk.view.bubbles[-1].text.written == "**Echo** of 1: hello"
    assert sorted(chat.title for chat in list_chats(run.chats)) == ["for ever", "hello"]
