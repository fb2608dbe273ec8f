"""Chats on disk: what is saved comes back, a damaged file hurts nobody else, the trash gives back."""

import time
from pathlib import Path

import pytest

from backend.protocol.errors import TanrenError
from backend.protocol.messages import Sampling
from backend.runs.chats import (
    Chat,
    delete_chat,
    list_chats,
    load_chat,
    new_chat,
    restore_chat,
    save_chat,
    title_of,
    with_message,
)


def make_chat(question: str = "返品の期限は？") -> Chat:
    chat = new_chat(Path("/models/a.gguf"), system="簡潔に。", sampling=Sampling(temperature=0.2, seed=3))
    return with_message(with_message(chat, "user", question), "assistant", "三十日です。\n以上。")


def test_what_is_saved_comes_back(tmp_path: Path) -> None:
    before = time.time()
    chat = make_chat()
    save_chat(tmp_path / "chats", chat)
    again = load_chat(tmp_path / "chats", chat.id)
    assert again == chat
    assert again.title == "返品の期限は？"
    assert again.sampling == Sampling(temperature=0.2, seed=3)
    assert all(before <= message.time <= time.time() for message in again.messages)
    assert again.prompt() == [
        {"role": "system", "content": "簡潔に。"},
        {"role": "user", "content": "返品の期限は？"},
        {"role": "assistant", "content": "三十日です。\n以上。"},
    ]


def test_saving_again_replaces_and_leaves_nothing_else(tmp_path: Path) -> None:
    chat = make_chat()
    save_chat(tmp_path, chat)
    longer = with_message(chat, "user", "もう一つ")
    path = save_chat(tmp_path, longer)
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]
    assert load_chat(tmp_path, chat.id).messages[-1].content == "もう一つ"
    assert chat.title == longer.title


def test_newest_first_and_a_damaged_file_is_left_out(tmp_path: Path) -> None:
    older, newer = make_chat("old"), make_chat("new")
    save_chat(tmp_path, newer)
    save_chat(tmp_path, older)
    damaged = tmp_path / "20200101-000000-damaged.json"
    damaged.write_text('{"id": "x", "title"')
    future = tmp_path / "20200101-000000-future.json"
    future.write_text('{"id": "f", "title": "", "created": 1, "gguf": "", "format": 99}')
    assert [chat.title for chat in list_chats(tmp_path)] == ["new", "old"]
    for name in (damaged.stem, future.stem, "not-there"):
        with pytest.raises(TanrenError) as caught:
            load_chat(tmp_path, name)
        assert caught.value.code == "chat_unreadable"
    assert damaged.exists()
    assert list_chats(tmp_path / "nowhere") == []


def test_delete_moves_to_the_trash_and_restore_brings_back(tmp_path: Path) -> None:
    chat = make_chat()
    save_chat(tmp_path, chat)
    gone = delete_chat(tmp_path, chat.id)
    assert gone.is_file() and list_chats(tmp_path) == []
    restore_chat(tmp_path, chat.id)
    assert list_chats(tmp_path) == [chat]
    with pytest.raises(TanrenError):
        restore_chat(tmp_path, chat.id)
    with pytest.raises(TanrenError):
        delete_chat(tmp_path, "20200101-000000-none")


@pytest.mark.parametrize("chat_id", ["../secret", "", "a/b", "a.json"])
def test_an_id_is_never_a_path(tmp_path: Path, chat_id: str) -> None:
    for action in (load_chat, delete_chat, restore_chat):
        with pytest.raises(TanrenError) as caught:
            action(tmp_path / "chats", chat_id)
        assert caught.value.code == "chat_unreadable"
    assert not (tmp_path / "chats").exists()


def test_titles_are_one_short_line() -> None:
    assert title_of("  a\n b\t c ") == "a b c"
    assert len(title_of("長" * 500)) == 60 and title_of("長" * 500).endswith("…")


def test_a_deleted_run_is_not_made_again(tmp_path: Path) -> None:
    chats = tmp_path / "runs" / "20250101-000000-gone" / "chats"
    chat = make_chat()
    with pytest.raises(TanrenError) as saving:
        save_chat(chats, chat)
    assert saving.value.code == "run_missing"
    with pytest.raises(TanrenError) as deleting:
        delete_chat(chats, chat.id)
    assert deleting.value.code == "chat_unreadable"
    assert not (tmp_path / "runs").exists()
