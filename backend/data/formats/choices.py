"""The choices of a multiple-choice question, in columns of their own or in one cell, and the right one of them."""

import re
import string
from collections.abc import Callable
from typing import Any, NamedTuple

from backend.data.formats.cells import is_nothing, structure_of, text_of
from backend.data.formats.columns import MOST, Columns
from backend.data.formats.format import Fields

PREFIXES = ("choice", "choices", "option", "options", "opt", "op", "ending", "candidate", "answer",
            "選択肢", "候補", "")
LISTS = ("choices", "options", "endings", "candidates", "選択肢", "候補")
PICKED_BY = ("label", "answerkey", "answer_key", "answer_index", "answer_idx", "correct_answer", "correct", "cop",
             "gold", "target", "answer", "正解", "正答", "答え", "解答", "回答", "ラベル", "正解番号")
_NUMBERED = re.compile(r"(.*?)[\s_-]*(\d{1,2}|[A-Za-z])")

_AROUND_KEY = re.compile(r"^[\s(（]+|[\s)）.．:：、。]+$")

Choice = tuple[str, str]
Find = Callable[[Any, list[Choice]], str | None]


class Choices(NamedTuple):
    """Where the choices are: `name` is what templates call them; `read` gives (key, text) of each."""

    name: str
    columns: tuple[str, ...]
    read: Callable[[Fields], list[Choice]]
    lettered: bool


def choices_of(look: Columns) -> list[Choices]:
    """Every group of columns that are counted (choice0, choice1 … or A, B …) and every column of lists."""
    groups: dict[str, dict[str, str]] = {}
    for column in look.names:
        counted = _NUMBERED.fullmatch(column)
        if counted:
            groups.setdefault(counted[1].strip(), {})[counted[2]] = column
    found = [_of_columns(prefix, group) for prefix, group in groups.items() if _is_counted(list(group))]
    for column in look.names:
        values = look.values(column)
        if values and sum(len(choices_in(value)) > 1 for value in values) >= MOST * len(values):
            found.append(_of_cells(column, isinstance(values[0], dict)))
    return found


def choices_in(value: Any) -> list[Choice]:
    """The choices in one cell: texts, {"text": […], "label": […]}, [{"label", "text"}], {"A": …, "B": …}."""
    found = structure_of(value)
    if isinstance(found, dict):
        texts = found.get("text")
        if isinstance(texts, list):
            keys = found.get("label") if isinstance(found.get("label"), list) else list(string.ascii_uppercase)
            return [(str(key), text_of(text, [])) for key, text in zip(keys or (), texts, strict=False)]
        return [(str(key), text_of(text, [])) for key, text in found.items() if not is_nothing(text)]
    if not isinstance(found, list):
        return []
    choices = []
    for key, choice in zip(_keys(len(found)), found, strict=False):
        if isinstance(choice, dict):
            key = next((str(choice[name]) for name in ("label", "key", "id") if name in choice), key)
            choice = next((choice[name] for name in ("text", "content", "value") if name in choice), choice)
        choices.append((key, text_of(choice, [])))
    return choices


def listed(choices: list[Choice], lettered: bool) -> str:
    """The choices as people read them, one a line, numbered from 1 or with the letters that the file gives them."""
    return "\n".join(f"{key if lettered else place}. {text}" for place, (key, text) in enumerate(choices, start=1))


def finder(choices: Choices, label: str, look: Columns) -> tuple[Find, float]:
    """How the label column names the right choice (its key, its number from 0 or from 1, or its text), judged by the
    first records; and the share of them in which it does."""
    rows = [(fields.get(label), choices.read(fields)) for fields in look.sample
            if not is_nothing(fields.get(label)) and fields.get(label) != ""]
    best: tuple[Find, float] = (_by_key, 0.0)
    for find in (_by_key, _from(0), _from(1), _by_text):
        share = sum(find(value, texts) is not None for value, texts in rows) / max(1, len(rows))
        if share > best[1]:
            best = (find, share)
    return best


def choices_asked(look: Columns) -> tuple[Choices, str] | None:
    """The choices and the column that picks one of them, if this is a multiple-choice file."""
    for choices in choices_of(look):
        name = choices.name.strip().casefold()
        if len(choices.columns) > 1 and name not in PREFIXES and "…" not in name:
            continue
        if len(choices.columns) == 1 and name not in LISTS:
            continue
        for wanted in PICKED_BY:
            label = look.first([wanted], but=choices.columns)
            if label is not None and finder(choices, label, look)[1] >= MOST:
                return choices, label
    return None


def _is_counted(keys: list[str]) -> bool:
    """0, 1, 2 … or 1, 2 … or a, b, c …: at least two, without a gap."""
    if len(keys) < 2:
        return False
    if all(key.isdigit() for key in keys):
        numbers = sorted(int(key) for key in keys)
        return numbers[0] in (0, 1) and numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    return sorted(key.lower() for key in keys) == list(string.ascii_lowercase[: len(keys)])


def _of_columns(prefix: str, group: dict[str, str]) -> Choices:
    keys = sorted(group, key=lambda key: (len(key.lstrip("0")), key.lower()) if key.isdigit() else (0, key.lower()))
    pairs = [(str(int(key)) if key.isdigit() else key, group[key]) for key in keys]

    def read(fields: Fields) -> list[Choice]:
        return [(key, text_of(fields[column], [])) for key, column in pairs
                if not is_nothing(fields.get(column)) and fields[column] != ""]

    name = prefix or f"{keys[0]}…{keys[-1]}"
    return Choices(name, tuple(column for _, column in pairs), read, not keys[0].isdigit())


def _of_cells(column: str, keyed: bool) -> Choices:
    return Choices(column, (column,), lambda fields: choices_in(fields.get(column)), keyed)


def _keys(count: int) -> list[str]:
    return [string.ascii_uppercase[place] if place < 26 else str(place) for place in range(count)]


def _by_key(value: Any, choices: list[Choice]) -> str | None:
    wanted = _number(value)
    key = str(wanted) if wanted is not None else _AROUND_KEY.sub("", text_of(value, [])).casefold()
    return next((text for name, text in choices if name.casefold() == key), None)


def _by_text(value: Any, choices: list[Choice]) -> str | None:
    wanted = text_of(value, []).strip()
    return next((text for _, text in choices if text.strip() == wanted), None)


def _from(first: int) -> Find:
    def by_number(value: Any, choices: list[Choice]) -> str | None:
        number = _number(value)
        if number is None or not 0 <= number - first < len(choices):
            return None
        return choices[number - first][1]

    return by_number


def _number(value: Any) -> int | None:
    """2, 2.0, "2" and "2.0" are 2; True is no number."""
    if isinstance(value, bool):
        return None
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return int(number) if number.is_integer() else None
