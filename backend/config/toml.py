"""config.toml: flat structs as TOML text (the standard library reads TOML but does not write it)."""

import json
import tomllib
from pathlib import Path
from typing import TypeVar

import msgspec

from backend.protocol.errors import TanrenError

Config = TypeVar("Config", bound=msgspec.Struct)


def to_toml(config: msgspec.Struct) -> str:
    """`config` as TOML: one `name = value` a line; strings as TOML basic strings."""
    lines = []
    for name, value in msgspec.structs.asdict(config).items():
        text = json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
        lines.append(f"{name} = {text}")
    return "\n".join(lines) + "\n"


def from_toml(path: Path, kind: type[Config]) -> Config:
    """The struct in file `path`. Raises TanrenError setting_invalid or setting_unknown."""
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise TanrenError("setting_invalid", name="config", value=path, reason=str(error)) from error
    known = {field.name for field in msgspec.structs.fields(kind)}
    for name in values:
        if name not in known:
            raise TanrenError("setting_unknown", name=name, suggestion=", ".join(sorted(known)))
    try:
        return msgspec.convert(values, kind)
    except msgspec.ValidationError as error:
        raise TanrenError("setting_invalid", name="config", value=path, reason=str(error)) from error
