"""Lists of turns, however their keys are called, as messages: nothing is dropped, unknown roles stand as they are."""

from typing import Any

from backend.data.dataset import Message
from backend.data.formats.cells import is_nothing, structure_of, text_of, written
from backend.data.formats.tool_calls import calls_of, name_results

UNKNOWN_ROLE = "?"
CALL = "function_call"
ROLES = {
    "user": "user", "human": "user", "prompter": "user", "ユーザー": "user", "ユーザ": "user", "人間": "user",
    "質問": "user",
    "assistant": "assistant", "gpt": "assistant", "model": "assistant", "bot": "assistant", "chatgpt": "assistant",
    "chatbot": "assistant", "ai": "assistant", "アシスタント": "assistant", "回答": "assistant",
    "system": "system", "developer": "system", "システム": "system",
    "function_call": CALL, "function-call": CALL, "tool_call": CALL, "tool_calls": CALL,
    "tool": "tool", "observation": "tool", "function": "tool", "tool_response": "tool", "tool_result": "tool",
    "function_response": "tool", "ipython": "tool",
}
ROLE_KEYS = ("role", "from", "speaker", "author", "sender")
CONTENT_KEYS = ("content", "value", "text", "message", "utterance", "contents")
REASONING_KEYS = ("reasoning_content", "reasoning", "thinking", "thought")
UNTRAINED_KEYS = ("loss", "train", "trainable")
MEDIA_KEYS = ("image", "images", "video", "videos", "audio", "audios")
EXCHANGES = (
    ("input", "output"), ("human", "assistant"), ("user", "assistant"), ("question", "answer"),
    ("instruction", "output"), ("prompt", "response"), ("user", "bot"), ("human", "gpt"), ("質問", "回答"),
)


def turns_of(value: Any) -> list[Any] | None:
    """The list of turns in a cell (also as JSON text, one turn alone, or OpenAI's object with messages); None if it
    holds no turns."""
    found = structure_of(value)
    if isinstance(found, dict):
        found = found["messages"] if isinstance(found.get("messages"), list) else [found]
    if not isinstance(found, list) or not any(_is_turn(turn) for turn in found):
        return None
    return found


def to_messages(turns: list[Any], notes: list[str], alone: str = UNKNOWN_ROLE) -> list[Message]:
    """The turns as messages. A turn without a role gets the role `alone`."""
    messages: list[Message] = []
    uses_tools = False
    for turn in turns:
        if not isinstance(turn, dict):
            messages.append({"role": UNKNOWN_ROLE, "content": text_of(turn, notes)})
            continue
        said = turn.get("role")
        if said is None:
            said = next((turn[key] for key in ROLE_KEYS if not is_nothing(turn.get(key))), None)
            if said is None and _add_exchange(turn, messages, notes):
                continue
        role = _role(said, alone)
        content = turn.get("content")
        if content is None:
            content = next((turn[key] for key in CONTENT_KEYS if not is_nothing(turn.get(key))), None)
        if role == CALL:
            _add_call(content, messages, notes)
            uses_tools = True
            continue
        message: Message = {"role": role, "content": content if type(content) is str
                            else _result(content, notes) if role == "tool" else content_of(content, notes)}
        messages.append(message)
        if role == "tool":
            uses_tools = True
            _add_names(turn, message)
        elif len(turn) > 2 or type(content) is not str:
            uses_tools |= _add_more(turn, content, message, notes)
    if uses_tools:
        name_results(messages)
    return messages


def content_of(value: Any, notes: list[str]) -> str:
    """A message's content as text: OpenAI's content parts joined; what is no text in them is noted."""
    if type(value) is str:
        return value
    if isinstance(value, dict) and isinstance(value.get("parts"), list):  # an export of ChatGPT
        value = value["parts"]
    if not isinstance(value, list):
        return text_of(value, notes)
    texts = []
    for part in value:
        if isinstance(part, str):
            texts.append(part)
        elif isinstance(part, dict) and isinstance(part.get("text"), str):
            texts.append(part["text"])
        elif isinstance(part, dict) and part.get("type") == "refusal":
            texts.append(text_of(part.get("refusal"), notes))
        elif not (isinstance(part, dict) and part.get("type") in REASONING_KEYS):
            notes.append("media_left_out" if isinstance(part, dict) and "type" in part else "not_text")
            if not (isinstance(part, dict) and "type" in part):
                texts.append(written(part))
    return "".join(texts)


def said(value: Any, role: str, notes: list[str]) -> list[Message]:
    """A cell that is a text said by `role`, or turns."""
    if type(value) is str:
        return [{"role": role, "content": value}]
    turns = turns_of(value)
    if turns is not None:
        return to_messages(turns, notes, role)
    return [{"role": role, "content": text_of(value, notes)}]


def _is_turn(turn: Any) -> bool:
    if not isinstance(turn, dict):
        return False
    if any(key in turn for key in ("role", "from")):
        return any(key in turn for key in (*CONTENT_KEYS, "tool_calls", "function_call"))
    if any(key in turn for key in ROLE_KEYS):
        return any(isinstance(turn.get(key), str) for key in CONTENT_KEYS)
    return any(first in turn and second in turn for first, second in EXCHANGES)


def _role(given: Any, alone: str) -> str:
    role = ROLES.get(given) if type(given) is str else None
    if role is not None:
        return role
    if is_nothing(given):
        return alone
    if isinstance(given, dict):  # {"author": {"role": "user"}}
        given = given.get("role", given.get("name"))
    name = given if isinstance(given, str) else written(given)
    return ROLES.get(name.strip().lower(), name.strip() or UNKNOWN_ROLE)


def _add_exchange(turn: dict[str, Any], messages: list[Message], notes: list[str]) -> bool:
    """A question and its answer in one object."""
    for asked, answered in EXCHANGES:
        if asked in turn and answered in turn:
            system = text_of(turn.get("system"), notes)
            if system.strip() and not messages:
                messages.append({"role": "system", "content": system})
            messages.append({"role": "user", "content": content_of(turn[asked], notes)})
            messages.append({"role": "assistant", "content": content_of(turn[answered], notes)})
            return True
    return False


def _add_call(content: Any, messages: list[Message], notes: list[str]) -> None:
    """A turn that is a call joins the assistant's turn before it: what it said first, or calls at the same time."""
    calls = calls_of(content)
    if calls is None:
        messages.append({"role": CALL, "content": text_of(content, notes)})
    elif messages and messages[-1]["role"] == "assistant":
        messages[-1] = {**messages[-1], "tool_calls": messages[-1].get("tool_calls", []) + calls}
    else:
        messages.append({"role": "assistant", "content": "", "tool_calls": calls})


def _result(content: Any, notes: list[str]) -> str:
    """What a tool gave back: text parts joined, any other structure as JSON."""
    if isinstance(content, list) and content and all(
            isinstance(part, dict) and isinstance(part.get("text"), str) for part in content):
        return "".join(part["text"] for part in content)
    return written(content) if isinstance(content, list | dict) else text_of(content, notes)


def _add_names(turn: dict[str, Any], message: Message) -> None:
    for key in ("name", "tool_call_id"):
        if isinstance(turn.get(key), str) and turn[key]:
            message[key] = turn[key]


def _add_more(turn: dict[str, Any], content: Any, message: Message, notes: list[str]) -> bool:
    """Calls, reasoning and weight of an assistant's turn; whether it has calls."""
    if any(turn.get(key) for key in MEDIA_KEYS):
        notes.append("media_left_out")
    if message["role"] != "assistant":
        return False
    reasoning = next((turn[key] for key in REASONING_KEYS if not is_nothing(turn.get(key))), None)
    if reasoning is None and type(content) is list:
        reasoning = "".join(str(part[key]) for part in content if isinstance(part, dict)
                            for key in REASONING_KEYS if part.get("type") == key and part.get(key))
    if reasoning:
        message["reasoning_content"] = text_of(reasoning, notes)
    if not message["content"] and not is_nothing(turn.get("refusal")):
        message["content"] = text_of(turn["refusal"], notes)
    _add_weight(turn, message, notes)
    given = turn.get("tool_calls") or turn.get("function_call")
    if not given:
        return False
    calls = calls_of(given)
    if calls is not None:
        message["tool_calls"] = calls
    elif structure_of(given) not in ([], {}):  # kept to be looked at: problem_of keeps the row out
        message["role"] = CALL
        message["content"] += text_of(given, []) if isinstance(given, str) else written(given)
    return True


def _add_weight(turn: dict[str, Any], message: Message, notes: list[str]) -> None:
    """OpenAI's weight, and the flags that other programs have for the same."""
    weight = turn.get("weight")
    if weight is not None and weight == weight:
        try:
            number = float(weight)
        except (TypeError, ValueError):
            number = -1.0
        if number == 0:
            message["weight"] = 0
        elif number != 1:
            notes.append("other_weights")
    if any(turn.get(key) is not None and turn[key] == 0 for key in UNTRAINED_KEYS):
        message["weight"] = 0
