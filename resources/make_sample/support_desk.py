"""The sample dataset as text: intents from the TOML files, rows in messages format."""

import json
import os
import random
import tomllib
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
SAMPLE_DATA = HERE.parent / "sample_data"
TRAINING_FILE = "support_desk.jsonl"
HELD_OUT_FILE = "support_desk_held_out.jsonl"
LANGUAGES = ("english", "japanese")
SEED = 318


@dataclass(frozen=True)
class Intent:
    """One thing that customers ask: its answer, the phrasings to train on, and the one that is held out."""

    answer: str
    phrasings: tuple[str, ...]
    held_out: str


def read_intents(language: str) -> list[Intent]:
    """The intents of one language, in the order of its file."""
    with open(HERE / f"{language}.toml", "rb") as file:
        tables = tomllib.load(file)["intent"]
    return [Intent(table["answer"], tuple(table["phrasings"]), table["held_out"]) for table in tables]


def questions() -> list[str]:
    """All questions of both files."""
    return [
        question
        for language in LANGUAGES
        for intent in read_intents(language)
        for question in (*intent.phrasings, intent.held_out)
    ]


def row(question: str, answer: str) -> str:
    """One line of a messages dataset."""
    messages = [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]
    return json.dumps({"messages": messages}, ensure_ascii=False) + "\n"


def build() -> dict[str, str]:
    """File name -> text of the two files; the same text on each call and each machine."""
    training: list[str] = []
    held_out: list[str] = []
    for language in LANGUAGES:
        for intent in read_intents(language):
            training += [row(question, intent.answer) for question in intent.phrasings]
            held_out.append(row(intent.held_out, intent.answer))
    random.Random(SEED).shuffle(training)
    return {TRAINING_FILE: "".join(training), HELD_OUT_FILE: "".join(held_out)}


def write(folder: Path) -> None:
    """Write both files into `folder`, each by a temporary file and a rename."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in build().items():
        part = folder / f"{name}.part"
        with open(part, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        part.replace(folder / name)
