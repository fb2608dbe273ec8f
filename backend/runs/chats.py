"""Chats on disk: one JSON file each, below a run (or the home folder), deleted ones in the trash beside them."""

import re
import time
import uuid
from pathlib import Path
from typing import Literal

import msgspec

from backend.protocol.errors import TanrenError
from backend.protocol.languages import Text
from backend.protocol.messages import Sampling
from backend.runs.atomic import write_file

TRASH = ".trash"
TITLE_CHARACTERS = 60
CHAT_FORMAT = 1

Role = Literal["system", "user", "assistant"]


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """One turn; `time` in seconds since the epoch."""

    role: Role
    content: str
    time: float = msgspec.field(default_factory=time.time)


class Chat(msgspec.Struct, frozen=True, kw_only=True):
    """A dialogue with one GGUF file. The system prompt is `system`, not a message."""

    id: str
    title: str
    created: float
    gguf: str
    system: str = ""
    sampling: Sampling = Sampling()
    messages: list[Message] = []
    format: int = CHAT_FORMAT

    def prompt(self) -> list[dict[str, str]]:
        """The dialogue as a `generate` message wants it, the system prompt first."""
        system = [{"role": "system", "content": self.system}] if self.system else []
        return system + [{"role": message.role, "content": message.content} for message in self.messages]


def new_chat(gguf: Path, system: str = "", sampling: Sampling | None = None, title: str = "") -> Chat:
    """An empty chat; it is on disk only after `save_chat`. Its id sorts by time."""
    created = time.time()
    stamp = time.strftime("%Y%m%d-%H%M%S", time.localtime(created))
    return Chat(id=f"{stamp}-{uuid.uuid4().hex[:8]}", title=title, created=created, gguf=str(gguf), system=system,
                sampling=sampling or Sampling())


def with_message(chat: Chat, role: Role, content: str) -> Chat:
    """The chat with one more turn; the first question becomes the title of a chat without one."""
    title = chat.title or (title_of(content) if role == "user" else "")
    return msgspec.structs.replace(chat, title=title, messages=[*chat.messages, Message(role=role, content=content)])


def title_of(text: str) -> str:
    """The beginning of `text` on one line."""
    line = " ".join(text.split())
    return line if len(line) <= TITLE_CHARACTERS else line[: TITLE_CHARACTERS - 1] + "…"


def save_chat(folder: Path, chat: Chat) -> Path:
    """Writes the chat below `folder` (the chats folder of a run), whole or not at all; returns its file.

    Raises TanrenError run_missing: a run that was deleted is not made again, it could not come back from the trash.
    """
    path = _path(folder, chat.id)
    if not folder.parent.is_dir():
        raise TanrenError("run_missing", run=folder.parent.name)
    folder.mkdir(exist_ok=True)
    write_file(path, msgspec.json.format(msgspec.json.encode(chat), indent=1))
    return path


def load_chat(folder: Path, chat_id: str) -> Chat:
    """Raises TanrenError chat_unreadable."""
    return _read(_path(folder, chat_id))


def list_chats(folder: Path) -> list[Chat]:
    """The readable chats below `folder`, newest first; a damaged file is left alone and left out."""
    chats = []
    for path in folder.glob("*.json") if folder.is_dir() else ():
        try:
            chats.append(_read(path))
        except TanrenError:
            continue  # opening it by name says what is wrong with it
    return sorted(chats, key=lambda chat: (chat.created, chat.id), reverse=True)


def delete_chat(folder: Path, chat_id: str) -> Path:
    """Moves the chat's file to the trash; returns where it is. Raises TanrenError chat_unreadable."""
    path = _path(folder, chat_id)
    return _move(path, folder / TRASH / path.name)


def restore_chat(folder: Path, chat_id: str) -> Path:
    """Takes the chat out of the trash again. Raises TanrenError chat_unreadable."""
    path = _path(folder, chat_id)
    return _move(folder / TRASH / path.name, path)


def _path(folder: Path, chat_id: str) -> Path:
    if not re.fullmatch(r"[\w-]+", chat_id):  # an id is never a path
        raise TanrenError("chat_unreadable", path=chat_id, reason=Text(
            "this is no chat id", "チャットの ID ではありません"))
    return folder / f"{chat_id}.json"


def _move(source: Path, target: Path) -> Path:
    try:
        target.parent.mkdir(exist_ok=True)
        return source.rename(target)
    except FileNotFoundError as error:
        raise TanrenError("chat_unreadable", path=source, reason=Text(
            "there is no such file", "ファイルがありません")) from error


def _read(path: Path) -> Chat:
    try:
        chat = msgspec.json.decode(path.read_bytes(), type=Chat)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise TanrenError("chat_unreadable", path=path, reason=str(error)) from error
    if chat.format > CHAT_FORMAT:
        raise TanrenError("chat_unreadable", path=path, reason=Text(
            f"format {chat.format} is of a newer version", f"新しい版の形式（{chat.format}）です"))
    return chat
