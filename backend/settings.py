"""What the window remembers between starts: settings.json in the home folder."""

from pathlib import Path
from typing import Literal

import msgspec

from backend.protocol.languages import Language
from backend.runs.atomic import write_file

SETTINGS_FILE = "settings.json"
RECENT_LENGTH = 8

Theme = Literal["system", "light", "dark"]


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Everything remembered. `language` None follows the system; `text_size` is in percent; paths are absolute."""

    language: Language | None = None
    theme: Theme = "system"
    text_size: int = 100
    model: str = ""
    data: str = ""
    run: str = ""
    recent_models: tuple[str, ...] = ()
    recent_data: tuple[str, ...] = ()
    geometry: str = ""


def load(home: Path) -> Settings:
    """The remembered settings. A file that is missing or damaged, or a value that is not known, gives the defaults."""
    try:
        raw = msgspec.json.decode((home / SETTINGS_FILE).read_bytes())
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return Settings()
    settings = Settings()
    for field in msgspec.structs.fields(Settings):
        if isinstance(raw, dict) and field.name in raw:
            try:
                value = msgspec.convert(raw[field.name], field.type)
            except msgspec.ValidationError:
                continue
            settings = msgspec.structs.replace(settings, **{field.name: value})
    return settings


def save(home: Path, settings: Settings) -> None:
    """Replaces settings.json as a whole. Raises OSError."""
    write_file(home / SETTINGS_FILE, msgspec.json.format(msgspec.json.encode(settings), indent=1))


def with_recent(recent: tuple[str, ...], path: str) -> tuple[str, ...]:
    """`recent` with `path` first, without repeats, at most RECENT_LENGTH long."""
    return (path, *(other for other in recent if other != path))[:RECENT_LENGTH]
