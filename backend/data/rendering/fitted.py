"""Messages as templates take them: answers trimmed, system prompts where there is a place, tool calls with ids."""

import hashlib
import json
import re
from collections.abc import Callable
from typing import Any, NamedTuple

from backend.data.dataset import Message
from backend.protocol.errors import TanrenError

_PROBE_SYSTEM, _PROBE_USER = "Zebra-system-31", "Zebra-question-47"
_FIELDS = ("name", "tool_call_id", "reasoning_content", "tool_calls")
_ID_LENGTH = 9  # Mistral's templates accept no other
_LITERAL = re.compile(r"'([^'\n]{3,60})'|\"([^\"\n]{3,60})\"")
_MARKUP = re.compile(r"[<>/\[\]|]")


class CallStyle(NamedTuple):
    """How a template wants tool calls: arguments as a JSON text (or as an object), and no empty content beside."""

    arguments_as_text: bool = False
    without_content: bool = False


CALL_STYLES = [CallStyle(), CallStyle(without_content=True), CallStyle(arguments_as_text=True),
               CallStyle(arguments_as_text=True, without_content=True)]


def fit(messages: list[Message], supports_system: bool) -> list[Message]:
    """The messages as a template takes them, in training and in chat alike: answers trimmed, the system prompt
    moved into the first question where the template has no place for it, tool calls with ids."""
    fitted = [_fitted(message) for message in messages]
    if not supports_system and fitted and fitted[0]["role"] == "system":
        system = fitted.pop(0)
        if fitted and fitted[0]["role"] == "user":
            fitted[0] = {**fitted[0], "content": f"{system['content']}\n\n{fitted[0]['content']}"}
    if any("tool_calls" in message for message in fitted):
        _number_calls(fitted)
    return fitted


def fit_tools(tools: list[dict[str, Any]] | None) -> list[dict[str, Any]] | None:
    """Tools as OpenAI's JSON schema, {"type": "function", "function": {…}}; None for none."""
    if not tools:
        return None
    return [tool if "function" in tool or "name" not in tool else {"type": "function", "function": tool}
            for tool in tools]


def shows_system(render: Callable[[list[Message]], str]) -> bool:
    """Whether a template, given as the function that renders by it, has a place for a system prompt: in front of
    the dialogue (some write it before the last question, so that it is gone when an answer stands last)."""
    system: Message = {"role": "system", "content": _PROBE_SYSTEM}
    user: Message = {"role": "user", "content": _PROBE_USER}
    try:
        if _PROBE_SYSTEM not in render([system, user]):
            return False
    except TanrenError:
        return False
    try:
        longer = render([system, user, {"role": "assistant", "content": "Zebra-answer-59"},
                         {"role": "user", "content": "Zebra-question-61"}])
    except TanrenError:
        return True
    return _PROBE_SYSTEM in longer[: longer.find(_PROBE_USER)]


def styled(messages: list[Message], style: CallStyle) -> list[Message]:
    """Fitted messages with their tool calls in the style of a template."""
    return [_styled(message, style) if "tool_calls" in message else message for message in messages]


def literals_of(sources: list[str]) -> re.Pattern[str]:
    """Matches the markup that templates look for in contents: their own string literals and the tags of reasoning."""
    found = {"<think>", "</think>", "/think", "/no_think"}
    for source in sources:
        for literal in _LITERAL.finditer(source):
            text = (literal[1] or literal[2]).replace("\\n", "\n").strip()
            if len(text) > 2 and _MARKUP.search(text) and not text.startswith(("{", "%")):
                found.add(text)
    return re.compile("(" + "|".join(re.escape(text) for text in sorted(found, key=lambda one: (-len(one), one))) + ")")


def _fitted(message: Message) -> Message:
    said = message.get("content") or ""
    answers = message["role"] == "assistant"
    fitted: Message = {"role": message["role"], "content": said.strip() if answers else said}
    for name in _FIELDS:
        value = message.get(name)
        if value:
            fitted[name] = value.strip() if name == "reasoning_content" else value
    return fitted


def _number_calls(messages: list[Message]) -> None:
    """Gives each call an id and each result the id and the name of its call: by the ids of the dataset, else in
    order. Ids are made from the calls, so that the same dialogue has the same ids every time."""
    open_calls: list[tuple[str, str, str]] = []  # id in the dataset, id here, name
    for place, message in enumerate(messages):
        if "tool_calls" in message:
            calls = []
            open_calls = []
            for number, call in enumerate(message["tool_calls"]):
                made = _id_of([place, number, call["function"]["name"], call["function"]["arguments"]])
                open_calls.append((call.get("id") or "", made, call["function"]["name"]))
                calls.append({"type": "function", "id": made, "function": call["function"]})
            message["tool_calls"] = calls
        elif message["role"] == "tool" and open_calls:
            asked = message.get("tool_call_id")
            chosen = next((call for call in open_calls if asked and call[0] == asked), open_calls[0])
            open_calls.remove(chosen)
            message["tool_call_id"] = chosen[1]
            message.setdefault("name", chosen[2])


def _id_of(call: list[Any]) -> str:
    return hashlib.sha256(json.dumps(call).encode()).hexdigest()[:_ID_LENGTH]


def _styled(message: Message, style: CallStyle) -> Message:
    turned = dict(message)
    if style.without_content and not message["content"]:
        del turned["content"]
    if style.arguments_as_text:
        turned["tool_calls"] = [
            {**call, "function": {**call["function"],
                                  "arguments": json.dumps(call["function"]["arguments"], ensure_ascii=False)}}
            for call in message["tool_calls"]]
    return turned
