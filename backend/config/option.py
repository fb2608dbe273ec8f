"""A setting as data: its bounds, its name and its reason; form, command line and docs are made from it."""

import difflib
from typing import Any, NamedTuple, TypeVar

import msgspec

from backend.protocol.errors import TanrenError
from backend.protocol.languages import Text


class Option(NamedTuple):
    """One field of a config struct. `choices` is empty for numbers; `advanced` hides it at first."""

    label: Text
    why: Text
    unit: str = ""
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    advanced: bool = False


Config = TypeVar("Config", bound=msgspec.Struct)


def with_settings(config: Config, settings: dict[str, str], options: dict[str, Option]) -> Config:
    """A copy with `name=value` texts applied. Raises TanrenError setting_unknown or setting_invalid."""
    changed: dict[str, Any] = msgspec.structs.asdict(config)
    types = {field.name: field.type for field in msgspec.structs.fields(config)}
    for name, text in settings.items():
        if name not in types:
            near = difflib.get_close_matches(name, types, n=1, cutoff=0.0)
            raise TanrenError("setting_unknown", name=name, suggestion=near[0] if near else "")
        try:
            changed[name] = msgspec.convert(text, types[name], strict=False)
        except msgspec.ValidationError as error:
            raise TanrenError("setting_invalid", name=name, value=text, reason=str(error)) from error
    new = type(config)(**changed)
    check_bounds(new, options)
    return new


def check_bounds(config: msgspec.Struct, options: dict[str, Option]) -> None:
    """Raises TanrenError setting_invalid for the first value outside its bounds or choices."""
    for name, option in options.items():
        value = getattr(config, name)
        if option.choices and value not in option.choices:
            raise TanrenError("setting_invalid", name=name, value=value, reason=_one_of(option.choices))
        if isinstance(value, bool) or not isinstance(value, int | float):
            continue
        if value != value or (option.low is not None and value < option.low):
            raise TanrenError("setting_invalid", name=name, value=value, reason=Text(
                f"at least {_plain(option.low)}", f"{_plain(option.low)} 以上にしてください"))
        if option.high is not None and value > option.high:
            raise TanrenError("setting_invalid", name=name, value=value, reason=Text(
                f"at most {_plain(option.high)}", f"{_plain(option.high)} 以下にしてください"))


def _one_of(choices: tuple[str, ...]) -> Text:
    return Text("one of " + ", ".join(choices), "、".join(choices) + " のいずれかにしてください")


def _plain(bound: float | None) -> str:
    return f"{bound:g}" if isinstance(bound, float) else str(bound)
