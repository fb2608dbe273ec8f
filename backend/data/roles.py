"""Whether a row can be trained on: who speaks when, and that every answer says something."""

import re

from backend.data.dataset import Message, Row, up_to_last_answer

PREFERENCE, THUMBS, NO_THUMB = "preference", "thumbs", "no_thumb"
MARKED = (PREFERENCE, THUMBS, NO_THUMB)
"""Problems that the file's own marks give a row: changing its texts does not take them away."""
_CALLS = ("function_call", "tool_call")
_NO_TEXT = re.compile(r"[\s\u200b-\u200d\u2060\ufeff]*")
_BLANK_WORDS = {"none", "nan", "null", "n/a", "#n/a", "<na>", "undefined"}
_LONGEST_BLANK_WORD = max(map(len, _BLANK_WORDS))
# who may speak after whom; an assistant that calls tools is followed by their results
_AFTER = {"": ("system", "user"), "system": ("user",), "user": ("assistant",), "assistant": ("user",),
          "calls": ("tool",), "tool": ("tool", "assistant")}


def problem_of(row: Row) -> str:
    """The check that keeps this row out of training, or an empty text."""
    if row.problem in MARKED:
        return row.problem
    if row.rejected:
        return PREFERENCE
    if row.messages or row.problem == "broken_roles":
        return problem_of_dialogue(row.messages)
    return "empty_text" if is_blank(row.text) else ""


def problem_of_dialogue(messages: list[Message]) -> str:
    """The check that keeps this dialogue out of training, or an empty text."""
    if (len(messages) == 2 and messages[0]["role"] == "user" and messages[1]["role"] == "assistant"
            and len(messages[1]) == 2):  # nearly all rows: told at once
        if is_blank(messages[1]["content"]):
            return "empty_answer"
        return "empty_question" if is_empty(messages[0]["content"]) else ""
    roles = [message["role"] for message in messages]
    if any(role in _CALLS for role in roles):
        return "bad_tool_call"
    if "assistant" not in roles:
        return "no_answer" if "user" in roles else "broken_roles"
    kept = up_to_last_answer(messages)
    before = ""
    for message in kept:
        role = message["role"]
        if role not in _AFTER[before]:
            return "broken_roles"
        before = "calls" if message.get("tool_calls") else role
    return _problem_of_turns(kept)


def _problem_of_turns(messages: list[Message]) -> str:
    answers = [message for message in messages if message["role"] == "assistant"]
    if any(not _can_be_called(message) for message in answers):
        return "bad_tool_call"
    if any(is_blank(message["content"]) and not message.get("tool_calls") for message in answers):
        return "empty_answer"
    if any(is_empty(message["content"]) for message in messages if message["role"] == "user"):
        return "empty_question"
    if all(message.get("weight") == 0 for message in answers):
        return "nothing_to_train"
    return ""


def _can_be_called(message: Message) -> bool:
    """Whether every call has a name and its arguments as an object, as templates take them."""
    return all(isinstance(call, dict) and isinstance(call.get("function"), dict) and call["function"].get("name")
               and isinstance(call["function"].get("arguments"), dict) for call in message.get("tool_calls") or ())


def is_empty(text: str) -> bool:
    """Nothing but white space and invisible characters."""
    return _NO_TEXT.fullmatch(text) is not None


def is_blank(text: str) -> bool:
    """Empty, or what a program writes for an empty cell: None, nan, null, N/A."""
    if is_empty(text):
        return True
    word = text.strip()
    return len(word) <= _LONGEST_BLANK_WORD and word.lower() in _BLANK_WORDS
