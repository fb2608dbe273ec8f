"""What the window remembers between starts: settings.json in the home folder."""

import contextlib
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import msgspec

from backend.protocol.languages import Language
from backend.runs.atomic import write_file

SETTINGS_FILE = "settings.json"
BACKUP_SUFFIX = ".backup"
SETTINGS_VERSION = 1
# the step at place n turns the content of version n + 1 into that of version n + 2
MIGRATIONS: tuple[Callable[[dict[str, Any]], dict[str, Any]], ...] = ()
RECENT_LENGTH = 8

Theme = Literal["system", "light", "dark"]


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Everything remembered. `language` None follows the system; `text_size` is in percent; paths are absolute.

    `enter_sends`: in the chat Enter sends the message; otherwise Ctrl+Enter does.
    """

    language: Language | None = None
    theme: Theme = "system"
    text_size: int = 100
    enter_sends: bool = True
    model: str = ""
    data: str = ""
    run: str = ""
    recent_models: tuple[str, ...] = ()
    recent_data: tuple[str, ...] = ()
    geometry: str = ""
    version: int = SETTINGS_VERSION


def load(home: Path) -> Settings:
    """The remembered settings. A file that is missing or damaged, or a value that is not known, gives the defaults.

    A file that is damaged, or of another version, is copied to settings.json.backup first.
    """
    file = home / SETTINGS_FILE
    try:
        raw = msgspec.json.decode(file.read_bytes())
    except FileNotFoundError:
        return Settings()
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raw = None
    if not isinstance(raw, dict):
        _keep(file)
        return Settings()
    version = raw.get("version", 1)
    if version != SETTINGS_VERSION:
        _keep(file)
    if isinstance(version, int) and 1 <= version < SETTINGS_VERSION:
        for step in MIGRATIONS[version - 1 :]:
            raw = step(raw)
    settings = Settings()
    for field in msgspec.structs.fields(Settings):
        if field.name in raw and field.name != "version":
            try:
                value = msgspec.convert(raw[field.name], field.type)
            except msgspec.ValidationError:
                continue
            settings = msgspec.structs.replace(settings, **{field.name: value})
    return settings


def _keep(file: Path) -> None:
    with contextlib.suppress(OSError):  # a home that cannot be written shows itself when saving
        shutil.copyfile(file, file.with_name(file.name + BACKUP_SUFFIX))


def save(home: Path, settings: Settings) -> None:
    """Replaces settings.json as a whole. Raises OSError."""
    write_file(home / SETTINGS_FILE, msgspec.json.format(msgspec.json.encode(settings), indent=1))


def with_recent(recent: tuple[str, ...], path: str) -> tuple[str, ...]:
    """`recent` with `path` first, without repeats, at most RECENT_LENGTH long."""
    return (path, *(other for other in recent if other != path))[:RECENT_LENGTH]
