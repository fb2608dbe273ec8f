"""docs/protocol.md is checked against the structs: version, every message, every field."""

import re
import typing
from pathlib import Path

import msgspec
import pytest

from backend.protocol import watch
from backend.protocol.messages import Request, Sampling, WorkerEvent
from backend.protocol.version import PROTOCOL_VERSION
from backend.protocol.wire import MAX_LINE_BYTES

DOCUMENT = (Path(__file__).parents[2] / "docs" / "protocol.md").read_text(encoding="utf-8")
MESSAGES: dict[str, type[msgspec.Struct]] = {
    kind.__struct_config__.tag: kind for kind in (*typing.get_args(Request), *typing.get_args(WorkerEvent))
}


def section(title: str) -> str:
    """The text below the heading of a message."""
    found = re.search(rf"^### `{title}`$(.*?)(?=^##)", DOCUMENT, re.MULTILINE | re.DOTALL)
    assert found, f"docs/protocol.md does not describe {title}"
    return found.group(1)


def rows(text: str) -> list[str]:
    """The fields named in the first column of the tables."""
    return re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)


def test_the_version_is_the_codes() -> None:
    assert re.findall(r"^Protocol version: (\d+)$", DOCUMENT, re.MULTILINE) == [str(PROTOCOL_VERSION)]


@pytest.mark.parametrize("name", MESSAGES)
def test_every_field_of_a_message_is_described_and_no_other(name: str) -> None:
    fields = [field.name for field in msgspec.structs.fields(MESSAGES[name]) if field.name != "time"]
    described = rows(section(name).split("`sampling`:")[0])
    assert sorted(described) == sorted(fields)


def test_sampling_is_described_with_its_defaults() -> None:
    text = section("generate").split("`sampling`:")[1]
    assert sorted(rows(text)) == sorted(field.name for field in msgspec.structs.fields(Sampling))
    defaults = Sampling()
    for name in ("temperature", "top_p", "max_tokens"):
        assert re.search(rf"`{name}` \| \w+, default {getattr(defaults, name)} ", text), name


def test_no_message_is_described_that_is_not_there() -> None:
    assert set(re.findall(r"^### `(\w+)`$", DOCUMENT, re.MULTILINE)) == set(MESSAGES)


def test_the_choices_of_a_field_are_named() -> None:
    for name, kind in MESSAGES.items():
        hints = typing.get_type_hints(kind)
        for field in msgspec.structs.fields(kind):
            if typing.get_origin(hints[field.name]) is typing.Literal:
                for choice in typing.get_args(hints[field.name]):
                    assert f'"{choice}"' in section(name), f"{name}.{field.name}: {choice}"


def test_the_limits_are_the_codes() -> None:
    assert f"{MAX_LINE_BYTES:,} bytes" in DOCUMENT
    assert f"no `hello` within {watch.HELLO_SECONDS:.0f} s" in DOCUMENT
    assert f"no message for {watch.SILENCE_SECONDS:.0f} s ({watch.SAVING_SILENCE_SECONDS:.0f} s while" in DOCUMENT
    assert f"stays for {watch.EXIT_SECONDS:.0f} s after" in DOCUMENT
    assert f"more than {watch.FLOOD_EVENTS} messages in one read" in DOCUMENT
    assert f"the last {watch.LOGS_AT_ONCE} are shown" in DOCUMENT
