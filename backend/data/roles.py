"""Whether a dialogue can be trained on: who speaks when, and that every answer says something."""

import re

from backend.data.dataset import Message, up_to_last_answer

_NO_TEXT = re.compile(r"[\s\u200b-\u200d\u2060\ufeff]*")
_BLANK_WORDS = {"none", "nan", "null", "n/a", "#n/a", "<na>", "undefined"}


def problem_of(messages: list[Message]) -> str:
    """The check that keeps this dialogue out of training, or an empty text."""
    roles = [message["role"] for message in messages]
    if any(role in ("tool_call", "tool") for role in roles):
        return "tool_calls"
    if not messages:
        return "broken_roles"
    if "assistant" not in roles:
        return "no_answer" if "user" in roles else "broken_roles"
    kept = up_to_last_answer(messages)
    turns = [message["role"] for message in kept]
    if turns[0] == "system":
        turns = turns[1:]
    if any(role != ("user", "assistant")[place % 2] for place, role in enumerate(turns)):
        return "broken_roles"
    if any(is_blank(message["content"]) for message in kept if message["role"] == "assistant"):
        return "empty_answer"
    if any(is_empty(message["content"]) for message in kept if message["role"] == "user"):
        return "empty_question"
    return ""


def is_empty(text: str) -> bool:
    """Nothing but white space and invisible characters."""
    return _NO_TEXT.fullmatch(text) is not None


def is_blank(text: str) -> bool:
    """Empty, or what a program writes for an empty cell: None, nan, null, N/A."""
    return is_empty(text) or text.strip().lower() in _BLANK_WORDS
