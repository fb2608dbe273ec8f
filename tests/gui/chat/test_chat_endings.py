"""The Chat page when things cross: questions without an answer, files and runs that are gone, a full disk."""

import errno
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from backend.config.jobs import DataInspectJob
from backend.runs.chats import list_chats, new_chat, save_chat, with_message
from backend.runs.run import Run
from gui.look import Look
from gui.pages.chat import ChatPage
from gui.pages.results import ResultsPage
from gui.session import Session
from tests.gui.chat.talking import PATIENCE, answered, say


def slow_file(page: ChatPage, tmp_path: Path) -> Path:
    """A chosen file that does not load before its .loaded appears beside it."""
    file = tmp_path / "slow.gguf"
    file.write_bytes(b"GGUF")
    page.session.choose_gguf(file)
    return file


def roles(folder: Path) -> list[list[str]]:
    return [[message.role for message in chat.messages] for chat in list_chats(folder)]


def open_first(page: ChatPage) -> None:
    page.chats.list.itemClicked.emit(page.chats.list.item(0))


def writing(qtbot: QtBot, page: ChatPage) -> None:
    qtbot.waitUntil(lambda: "word word" in page.talk.view.bubbles[-1].text.toPlainText(), timeout=PATIENCE)


def test_a_question_that_crosses_the_end_of_the_last_reply_is_answered(
    page: ChatPage, run: Run, qtbot: QtBot
) -> None:
    say(qtbot, page, "for ever")
    writing(qtbot, page)
    qtbot.mouseClick(page.chats.new_button, Qt.MouseButton.LeftButton)
    say(qtbot, page, "next")  # the reply before has not been ended by the worker yet
    assert page.link.state == "replying"
    answered(qtbot, page)
    assert [bubble.text.written for bubble in page.talk.view.bubbles] == ["next", "**Echo** of 1: next"]
    assert page.link.state == "ready"
    old = next(chat for chat in list_chats(run.chats) if chat.title == "for ever")
    assert [message.role for message in old.messages] == ["user", "assistant"]
    assert old.messages[-1].content.startswith("word word")


def test_a_stop_from_the_strip_while_the_model_loads_gives_the_question_back(
    page: ChatPage, qtbot: QtBot, tmp_path: Path
) -> None:
    slow_file(page, tmp_path)
    say(qtbot, page, "well thought out")
    assert page.talk.is_replying
    assert page.link.job is not None
    page.link.job.stop("save")  # as the strip does
    answered(qtbot, page)
    assert not page.errors.isVisible()
    assert page.talk.input.toPlainText() == "well thought out"
    assert page.talk.view.bubbles == []
    assert page.link.state == "off"


def test_a_worker_that_ends_in_a_reply_leaves_what_it_wrote(page: ChatPage, run: Run, qtbot: QtBot) -> None:
    say(qtbot, page, "end")
    answered(qtbot, page)
    assert page.talk.view.bubbles[-1].text.written == "half a reply"
    assert page.talk.view.bubbles[-1].figures.text() == "broken off"
    assert roles(run.chats) == [["user", "assistant"]]
    assert not page.errors.isVisible()


def test_a_question_left_while_the_model_loads_waits_in_its_chat(
    page: ChatPage, session: Session, qtbot: QtBot, tmp_path: Path
) -> None:
    file = slow_file(page, tmp_path)
    say(qtbot, page, "left alone")
    qtbot.mouseClick(page.chats.new_button, Qt.MouseButton.LeftButton)
    assert page.talk.input.toPlainText() == ""
    open_first(page)
    assert page.talk.input.toPlainText() == "left alone"
    assert page.talk.view.bubbles == []
    qtbot.mouseClick(page.chats.new_button, Qt.MouseButton.LeftButton)
    assert page.talk.input.toPlainText() == "", "what stands in its chat does not follow to another one"
    open_first(page)
    file.with_suffix(".loaded").touch()
    say(qtbot, page, "left alone, asked again")
    answered(qtbot, page)
    assert page.talk.view.bubbles[-1].text.written == "**Echo** of 1: left alone, asked again"
    assert roles(session.home / "chats") == [["user", "assistant"]]


def test_an_old_question_without_answer_comes_before_what_is_being_written(
    page: ChatPage, run: Run, qtbot: QtBot
) -> None:
    save_chat(run.chats, with_message(new_chat(run.gguf_files()["Q8_0"]), "user", "killed"))
    page.on_shown()
    page.talk.input.setPlainText("a draft")
    open_first(page)
    assert page.talk.input.toPlainText() == "killed\n\na draft"
    qtbot.mouseClick(page.talk.send_button, Qt.MouseButton.LeftButton)
    answered(qtbot, page)
    assert roles(run.chats) == [["user", "assistant"]]


def test_a_full_disk_when_a_chat_begins_is_told(
    page: ChatPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_space(*_given: object) -> Path:
        raise OSError(errno.ENOSPC, "No space left on device", "/home/x")

    with monkeypatch.context() as full:
        full.setattr("backend.runs.run.create_job", no_space)
        say(qtbot, page, "hello")
        assert page.errors.isVisible()
        assert page.errors.failed is not None
        assert page.errors.failed.kind == "disk_full"
        assert page.link.state == "off"
        assert page.talk.input.toPlainText() == "hello"
    say(qtbot, page, "hello")
    answered(qtbot, page)
    assert page.talk.view.bubbles[-1].text.written == "**Echo** of 1: hello"


def test_a_full_disk_when_a_look_begins_is_told(
    session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_space(*_given: object) -> Path:
        raise OSError(errno.ENOSPC, "No space left on device", "/home/x")

    monkeypatch.setattr("gui.session.create_look", no_space)
    look = Look(session, session)
    with qtbot.waitSignal(look.failed) as told:
        look.ask(DataInspectJob(data="rows.jsonl"), "data_inspect")
    assert told.args[0].kind == "disk_full"
    assert not look.is_running


def test_a_deleted_run_takes_its_open_chat_along_and_comes_back(
    page: ChatPage, session: Session, run: Run, qtbot: QtBot
) -> None:
    results = ResultsPage(session)
    qtbot.addWidget(results)
    results.on_shown()
    say(qtbot, page, "hello")
    answered(qtbot, page)
    page.link.release()
    qtbot.waitUntil(lambda: session.jobs == [], timeout=PATIENCE)
    results.refresh()
    results.delete_run()
    assert not run.folder.exists()
    assert page.talk.view.bubbles == []
    assert page.link.file is None
    assert page.empty.isVisible()
    say(qtbot, page, "one more")
    assert not run.folder.exists()
    results.undo.undo_button.click()
    assert not results.errors.isVisible()
    assert roles(run.chats) == [["user", "assistant"]]
    assert page.link.file == run.gguf_files()["Q8_0"]


def test_an_old_chat_of_a_lost_file_names_the_file_that_answers_now(
    page: ChatPage, session: Session, run: Run, qtbot: QtBot
) -> None:
    chat = with_message(new_chat(session.home / "lost.gguf"), "user", "old question")
    save_chat(session.home / "chats", with_message(chat, "assistant", "old answer"))
    page.on_shown()
    assert not page.file_note.isVisible()
    open_first(page)
    assert page.file_note.isVisible()
    for part in ("lost.gguf", "is gone", "support desk  ·  Q8_0"):
        assert part in page.file_note.text()
    say(qtbot, page, "next")
    answered(qtbot, page)
    assert page.file_note.isVisible(), "as long as this chat is open"
    qtbot.mouseClick(page.chats.new_button, Qt.MouseButton.LeftButton)
    assert not page.file_note.isVisible()


def test_the_key_that_sends_is_remembered(page: ChatPage, session: Session, qtbot: QtBot) -> None:
    page.settings.keys_box.setCurrentIndex(1)
    again = ChatPage(Session(session.home, "en"))
    qtbot.addWidget(again)
    assert not again.talk.input.enter_sends
    assert again.settings.keys_box.currentIndex() == 1
