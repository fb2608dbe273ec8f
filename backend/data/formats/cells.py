"""One cell as text or as the structure that its text holds."""

import ast
import json
from typing import Any

import msgspec

MAX_LITERAL = 200_000
MAX_DEPTH = 64


def is_nothing(value: Any) -> bool:
    """A cell with nothing in it: null, or the NaN that tables have for an empty cell."""
    return value is None or (isinstance(value, float) and value != value)


def text_of(value: Any, notes: list[str]) -> str:
    """A cell as text: nothing is empty, numbers and dates as written, lists and objects as they read best.

    What is lost or rewritten by that is added to `notes`.
    """
    if type(value) is str:
        return value
    if value is None or value != value:
        return ""
    if value is True or value is False:
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return _text_of_list(value, notes)
    if isinstance(value, dict):
        return _text_of_object(value, notes)
    if isinstance(value, bytes):
        return value.decode("utf-8", "backslashreplace")
    try:
        return str(value)
    except ValueError:  # a whole number of more digits than Python writes out
        notes.append("not_text")
        return f"{value:#x}"


def written(value: Any) -> str:
    """A list or an object as JSON text."""
    try:
        return json.dumps(value, ensure_ascii=False, default=str)
    except (RecursionError, ValueError):  # nested too deep, or a circle
        return "…"


def structure_of(value: Any) -> Any:
    """The list or object in a cell, also written as JSON or (by pandas) as a Python literal; else None."""
    if isinstance(value, list | dict):
        return value
    if isinstance(value, tuple):
        return list(value)
    if not isinstance(value, str):
        return None
    text = value.strip()
    if text[:1] not in ("[", "{") or text[-1:] not in ("]", "}"):
        return None
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, ValueError, RecursionError):
        return _literal(text)


def too_deep(value: Any, depth: int = MAX_DEPTH) -> bool:
    """Whether lists and objects are nested deeper than what later steps walk through."""
    if isinstance(value, dict):
        return depth == 0 or any(too_deep(part, depth - 1) for part in value.values())
    if isinstance(value, list | tuple):
        return depth == 0 or any(too_deep(part, depth - 1) for part in value)
    return False


def _literal(text: str) -> Any:
    """['a', None] and the like. Long cells and those without quotation marks of Python are left alone."""
    if len(text) > MAX_LITERAL or "'" not in text:
        return None
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError, RecursionError, MemoryError, TypeError):
        return None


def _text_of_list(value: list[Any] | tuple[Any, ...], notes: list[str]) -> str:
    if all(isinstance(part, str) for part in value):
        if len(value) > 1:
            notes.append("not_text")
        return "\n".join(value)
    notes.append("not_text")
    return written(value)


def _text_of_object(value: dict[str, Any], notes: list[str]) -> str:
    """{"text": …} is its text; of several ({"text": ["a", "b"]}, as in SQuAD) the first."""
    text = value.get("text")
    if isinstance(text, str):
        return text
    if isinstance(text, list) and all(isinstance(part, str) for part in text):
        if len(set(text)) > 1:
            notes.append("other_answers")
        return text[0] if text else ""
    notes.append("not_text")
    return written(value)
