"""Which columns mean what: a record of the file as a dialogue, for each format that is known."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from backend.data.dataset import Message, Row
from backend.data.roles import problem_of
from backend.protocol.errors import TanrenError

Record = Mapping[str, Any]

PREFERENCE = "preference"
QUESTION_NAMES = ("prompt", "question", "query", "instruction", "input", "質問", "問い", "問", "質問文", "入力", "指示")
ANSWER_NAMES = ("completion", "answer", "response", "output", "回答", "答え", "答", "回答文", "出力", "応答")
SYSTEM_NAMES = ("system", "system_prompt", "システム")
CONTEXT_NAMES = ("input", "context", "入力")
ROLES = {
    "human": "user", "user": "user", "gpt": "assistant", "assistant": "assistant", "model": "assistant",
    "bot": "assistant", "system": "system", "developer": "system",
    "function_call": "tool_call", "tool_calls": "tool_call", "observation": "tool", "tool": "tool", "function": "tool",
}


class Format(NamedTuple):
    """A recognised format: its name and how one record becomes messages (roles may still be broken)."""

    name: str
    to_messages: Callable[[Record], list[Message]]


def detect_format(path: Path, columns: list[str]) -> Format:
    """The format that these columns mean. Raises TanrenError data_unknown_format."""
    names = {column.strip().lower(): column for column in columns}
    if "chosen" in names and "rejected" in names:
        return Format(PREFERENCE, lambda record: _preferred(record, names))
    if "messages" in names:
        return Format("messages", lambda record: _turns(record.get(names["messages"]), record, names))
    turns = next((names[name] for name in ("conversations", "conversation") if name in names), None)
    if turns is not None:
        return Format("sharegpt", lambda record: _turns(record.get(turns), record, names))
    if "instruction" in names and "output" in names:
        return Format("alpaca", lambda record: _alpaca(record, names))
    question = next((names[name] for name in QUESTION_NAMES if name in names), None)
    answer = next((names[name] for name in ANSWER_NAMES if name in names), None)
    if question is None or answer is None:
        raise TanrenError("data_unknown_format", path=path, columns=", ".join(columns[:20]))
    return Format("prompt_completion", lambda record: _pair(record, question, answer, names))


def to_row(number: int, record: Record, known: Format) -> Row:
    """One record as a row; what cannot be trained on is marked, never dropped silently."""
    messages = known.to_messages(record)
    if known.name == PREFERENCE:
        return Row(row=number, messages=messages, problem=PREFERENCE)
    tools = record.get("tools")
    notes = ("tools_ignored",) if tools not in (None, "", "[]", []) else ()
    return Row(row=number, messages=messages, problem=problem_of(messages), notes=notes)


def _turns(value: Any, record: Record, names: Mapping[str, str]) -> list[Message]:
    """`role`/`content` and `from`/`value` lists."""
    if not isinstance(value, list):
        return []
    messages: list[Message] = []
    for turn in value:
        if not isinstance(turn, dict):
            messages.append({"role": "?", "content": text_of(turn)})
            continue
        role = str(turn.get("role", turn.get("from", "?")))
        content = turn.get("content", turn.get("value"))
        name = "tool_call" if turn.get("tool_calls") or turn.get("function_call") else ROLES.get(role.lower(), role)
        messages.append({"role": name, "content": text_of(content)})
    brings_its_own = bool(messages) and messages[0]["role"] == "system"
    return messages if brings_its_own else _system(record, names) + messages


def _preferred(record: Record, names: Mapping[str, str]) -> list[Message]:
    """The dialogue with the preferred answer, to be looked at; it is not trained on."""
    column = next((names[name] for name in ("conversations", "messages", "prompt", "question") if name in names), "")
    turns: Any = record.get(column, [])
    asked = turns if isinstance(turns, list) else [{"role": "user", "content": turns}]
    chosen = record.get(names["chosen"])
    answer = chosen if isinstance(chosen, list) else [
        chosen if isinstance(chosen, dict) else {"role": "assistant", "content": chosen}]
    return _turns(asked + answer, record, names)


def _alpaca(record: Record, names: Mapping[str, str]) -> list[Message]:
    question = text_of(record.get(names["instruction"]))
    context = text_of(record.get(names["input"])) if "input" in names else ""
    if context.strip():
        question = f"{question}\n\n{context}" if question.strip() else context
    messages = _system(record, names)
    history = record.get(names.get("history", "history"))
    for turn in history if isinstance(history, list) else []:
        if isinstance(turn, list) and len(turn) == 2:
            messages += _exchange(text_of(turn[0]), text_of(turn[1]))
    return messages + _exchange(question, text_of(record.get(names["output"])))


def _pair(record: Record, question: str, answer: str, names: Mapping[str, str]) -> list[Message]:
    asked, answered = record.get(question), record.get(answer)
    if isinstance(asked, list) and isinstance(answered, list):  # dialogues on both sides, as TRL writes them
        return _turns(asked + answered, record, names)
    text = text_of(asked)
    context = next((names[name] for name in CONTEXT_NAMES if name in names and names[name] != question), None)
    extra = text_of(record.get(context)) if context else ""
    return _system(record, names) + _exchange(f"{text}\n\n{extra}" if extra.strip() else text, text_of(answered))


def _system(record: Record, names: Mapping[str, str]) -> list[Message]:
    for name in SYSTEM_NAMES:
        if name in names:
            text = text_of(record.get(names[name]))
            if text.strip():
                return [{"role": "system", "content": text}]
    return []


def _exchange(question: str, answer: str) -> list[Message]:
    return [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]


def text_of(value: Any) -> str:
    """A cell as text: null is empty, numbers as written, OpenAI's content parts joined."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        parts = [part.get("text", "") if isinstance(part, dict) else part for part in value]
        return "".join(part for part in parts if isinstance(part, str))
    return str(value)
