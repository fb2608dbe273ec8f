"""Tiny grammars: "(a|b) c" picks one of a and b, {slot} is filled from a table of values."""

import random
import re
import tomllib
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
_CHOICE = re.compile(r"\(([^()]*)\)")
_SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Intent:
    """One thing that people ask: grammars of its questions, and grammars of its answers."""

    id: str
    ask: tuple[str, ...]
    say: tuple[str, ...]
    topic: str = ""


def read_intents(*names: str) -> list[Intent]:
    """The intents of the TOML files `names` beside this module."""
    intents: list[Intent] = []
    for name in names:
        with open(HERE / name, "rb") as file:
            for table in tomllib.load(file)["intent"]:
                intents.append(Intent(table["id"], tuple(table["ask"]), tuple(table["say"]), table.get("topic", "")))
    return intents


def expand(grammar: str, rng: random.Random, values: Mapping[str, tuple[str, ...]] | None = None) -> str:
    """One sentence of `grammar`; a slot that occurs twice gets the same value twice."""
    text = grammar
    while (found := _CHOICE.search(text)) is not None:
        text = text[: found.start()] + rng.choice(found.group(1).split("|")) + text[found.end() :]
    chosen: dict[str, str] = {}
    for slot in _SLOT.findall(text):
        chosen.setdefault(slot, rng.choice((values or {})[slot]))
    return _SLOT.sub(lambda match: chosen[match.group(1)], text)


def sentence(grammar: str, rng: random.Random, values: Mapping[str, tuple[str, ...]] | None = None) -> str:
    """One sentence of `grammar` that begins with a capital letter."""
    text = expand(grammar, rng, values)
    return text[:1].upper() + text[1:]


def plain(question: str) -> str:
    """A question without case, spaces and punctuation: two with equal `plain` are the same question."""
    return "".join(letter for letter in question.casefold() if letter.isalnum())


def held_back(question: str) -> bool:
    """True for the 4 % of all questions that no training text contains; tests ask those."""
    return zlib.crc32(plain(question).encode()) % 25 == 0
