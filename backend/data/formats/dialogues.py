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
    """A column of turns by its name: messages, conversations …"""
    column = look.first(TURNS)
    return None if column is None or not _could_be_turns(look, column) else _dialogue_in(column, look)


def unnamed_turns(look: Columns) -> Dialogue | None:
    """The first column that holds turns, whatever its name."""
    column = next((name for name in look.names if look.holds_turns(name)), None)
    return _dialogue_in(column, look) if column is not None else None


def dialogue_reader(column: str, look: Columns) -> Messages | None:
    """How the whole dialogues in a column are read; None if most of its cells are none."""
    if look.holds_turns(column):
        return turns_reader(column)
    if holds_transcripts(look, column):
        return _transcript_reader(column, UNKNOWN_ROLE)
    return _alternating_reader(column) if _alternates(look, column) else None


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

    Without an answer in `mapping` the question's column holds whole dialogues. Turns before are in a column history.
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


def holds_transcripts(look: Columns, column: str) -> bool:
    """Whether most cells of the column are dialogues written as one text."""
    values = look.values(column)
    return bool(values) and sum(isinstance(value, str) and is_transcript(value) for value in values) > len(values) / 2


def _alternating_reader(column: str) -> Messages:
    """A column of plain texts that user and assistant say in turn."""
    def read(fields: Fields, notes: list[str]) -> list[Message]:
        found = structure_of(fields.get(column))
        if not isinstance(found, list):
            return turns_reader(column)(fields, notes)
        return [{"role": ("user", "assistant")[place % 2], "content": content_of(text, notes)}
                for place, text in enumerate(found)]

    return read


def _dialogue_in(column: str, look: Columns) -> Dialogue:
    values = look.values(column)
    speaks_from = 2 * sum(isinstance(turns[0], dict) and "from" in turns[0] for value in values
                          if (turns := turns_of(value))) > len(values)
    by_name = column.strip().lower()
    name = "sharegpt" if by_name != "messages" and (speaks_from or by_name.startswith("conv")) else "messages"
    read = dialogue_reader(column, look) or turns_reader(column)
    guessed = not look.holds_turns(column) and dialogue_reader(column, look) is not None
    return Dialogue(name, [column], {"question": column}, read, guessed)


def _could_be_turns(look: Columns, column: str) -> bool:
    """Named so and not filled with something else, such as plain text."""
    values = look.values(column)
    return (not values or dialogue_reader(column, look) is not None
            or any(isinstance(value, list | dict) for value in values))


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
    if answered is None:
        return dialogue_reader(asked.column, look) or turns_reader(asked.column)
    ask = speaker(asked, "user", look)
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
