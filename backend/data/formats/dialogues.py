"""Columns that make a dialogue: lists of turns, Alpaca, question and answer."""

from typing import Any, NamedTuple

from backend.data.dataset import Message
from backend.data.formats.cells import is_nothing, structure_of
from backend.data.formats.columns import ANSWER, CONTEXT, HISTORY, INSTRUCTION, QUESTION, TURNS, Columns
from backend.data.formats.format import Fields
from backend.data.formats.rows import Messages
from backend.data.formats.templates import Part, joined_columns, part_of
from backend.data.formats.transcript import is_transcript, transcript_messages
from backend.data.formats.turns import UNKNOWN_ROLE, content_of, said, to_messages, turns_of

ALPACA_OUTPUT = ("output", "出力")
ALPACA_INPUT = ("input", "入力")


class Dialogue(NamedTuple):
    """How the turns of a record are read; `columns` are those that it takes."""

    name: str
    columns: list[str]
    mapping: dict[str, str]
    messages: Messages
    guessed: bool = False


def turns_dialogue(look: Columns) -> Dialogue | None:
    """messages, conversations or any other column of turns."""
    column = look.first(TURNS)
    if column is None or not _could_be_turns(look, column):
        column = next((name for name in look.names if look.holds_turns(name)), None)
    if column is None:
        return None
    alternating = _alternates(look, column)
    first = next((turns for value in look.values(column) if (turns := turns_of(value))), [])
    speaks_from = any(isinstance(turn, dict) and "from" in turn for turn in first)
    by_name = column.strip().lower()
    name = by_name if by_name == "messages" else "sharegpt" if speaks_from or by_name.startswith("conv") else "messages"
    read = alternating_turns(column) if alternating else turns_reader(column)
    return Dialogue(name, [column], {}, read, guessed=alternating)


def alpaca_dialogue(look: Columns) -> Dialogue | None:
    """instruction, input, output and history."""
    instruction, output = look.first(INSTRUCTION), look.first(ALPACA_OUTPUT)
    if instruction is None or output is None:
        return None
    context = look.first(ALPACA_INPUT)
    question = joined_columns([instruction, context] if context else [instruction])
    return exchange("alpaca", {"question": question, "answer": output}, look)


def pair_dialogue(look: Columns) -> Dialogue | None:
    """prompt and completion, question and answer, under any of their names."""
    question = question_columns(look)
    answer = look.first(ANSWER, but=question)
    if not question or answer is None:
        return None
    return exchange("prompt_completion", {"question": joined_columns(question), "answer": answer}, look)


def question_columns(look: Columns) -> list[str]:
    """The columns that make the question: instruction, question and context, as far as they are there."""
    question = look.first(QUESTION)
    if question is None:
        return []
    if look.holds_turns(question):
        return [question]
    before = look.first(INSTRUCTION, but=[question]) if question != look.first(("prompt",)) else None
    context = look.first(CONTEXT, but=[question, before])
    return [column for column in (before, question, context) if column is not None]


def exchange(name: str, mapping: dict[str, str], look: Columns, guessed: bool = False) -> Dialogue:
    """A question and its answer, each a column or a template; turns where their cells hold turns.

    An answer that is missing in `mapping` is in the question's turns. Turns before are in a column history.
    """
    asked = part_of(mapping["question"], look)
    answered = part_of(mapping["answer"], look) if "answer" in mapping else None
    history = look.first(HISTORY, but=[*asked.columns, *(answered.columns if answered else ())])
    columns = [*asked.columns, *(answered.columns if answered else ()), *([history] if history else ())]
    messages = _exchange_reader(asked, answered, history, look)
    return Dialogue(name, list(dict.fromkeys(columns)), mapping, messages, guessed)


def speaker(part: Part, role: str, look: Columns) -> Messages:
    """A part as what `role` says; as turns or as a transcript where most cells are that."""
    column, read = part.column, part.read
    if column and look.holds_turns(column):
        return turns_reader(column, role)
    if column and holds_transcripts(look, column):
        return _transcript_reader(column, role)

    def speak(fields: Fields, notes: list[str]) -> list[Message]:
        if not column:
            return [{"role": role, "content": read(fields, notes)}]
        value = fields.get(column)
        return [{"role": role, "content": value}] if type(value) is str else said(value, role, notes)

    return speak


def turns_reader(column: str, alone: str = UNKNOWN_ROLE) -> Messages:
    """A column of turns. What is no list of turns stays visible as said by `alone`."""
    def read(fields: Fields, notes: list[str]) -> list[Message]:
        value = fields.get(column)
        if type(value) is list:
            return to_messages(value, notes, alone)
        turns = turns_of(value)
        if turns is not None:
            return to_messages(turns, notes, alone)
        if is_nothing(value) or value == "":
            return []
        return [{"role": alone, "content": content_of(value, notes)}]

    return read


def alternating_turns(column: str) -> Messages:
    """A column of plain texts that user and assistant say in turn."""
    def read(fields: Fields, notes: list[str]) -> list[Message]:
        found = structure_of(fields.get(column))
        if not isinstance(found, list):
            return turns_reader(column)(fields, notes)
        return [{"role": ("user", "assistant")[place % 2], "content": content_of(text, notes)}
                for place, text in enumerate(found)]

    return read


def holds_transcripts(look: Columns, column: str) -> bool:
    """Whether most cells of the column are dialogues written as one text."""
    values = look.values(column)
    return bool(values) and sum(isinstance(value, str) and is_transcript(value) for value in values) > len(values) / 2


def _could_be_turns(look: Columns, column: str) -> bool:
    """Named so and not filled with something else, such as plain text."""
    values = look.values(column)
    return not values or look.holds_turns(column) or _alternates(look, column) or any(
        isinstance(value, list | dict) for value in values)


def _alternates(look: Columns, column: str) -> bool:
    lists = [found for value in look.values(column) if isinstance(found := structure_of(value), list)]
    plain = [found for found in lists if len(found) > 1 and all(isinstance(text, str) for text in found)]
    return bool(plain) and len(plain) > len(lists) / 2


def _transcript_reader(column: str, role: str) -> Messages:
    def read(fields: Fields, notes: list[str]) -> list[Message]:
        value = fields.get(column)
        if isinstance(value, str) and is_transcript(value):
            return transcript_messages(value)
        return said(value, role, notes)

    return read


def _exchange_reader(asked: Part, answered: Part | None, history: str | None, look: Columns) -> Messages:
    ask = speaker(asked, "user", look)
    if answered is None:
        return ask
    answer = speaker(answered, "assistant", look)

    def read(fields: Fields, notes: list[str]) -> list[Message]:
        return ask(fields, notes) + answer(fields, notes)

    def read_with_history(fields: Fields, notes: list[str]) -> list[Message]:
        return _past(fields.get(history or ""), notes) + ask(fields, notes) + answer(fields, notes)

    return read_with_history if history else read


def _past(value: Any, notes: list[str]) -> list[Message]:
    """Alpaca's history: pairs of question and answer, or turns."""
    if is_nothing(value) or value == "" or value == []:
        return []
    found = structure_of(value)
    if not isinstance(found, list):
        return [{"role": UNKNOWN_ROLE, "content": content_of(value, notes)}]
    messages: list[Message] = []
    for turn in found:
        if isinstance(turn, list | tuple) and len(turn) == 2:
            messages += [{"role": "user", "content": content_of(turn[0], notes)},
                         {"role": "assistant", "content": content_of(turn[1], notes)}]
        else:
            messages += to_messages([turn], notes)
    return messages
