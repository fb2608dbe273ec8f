"""Pairs of a preferred and a rejected answer, in every layout that is common."""

from backend.data.dataset import Message, Row
from backend.data.formats.columns import CHOSEN, REJECTED, Columns
from backend.data.formats.dialogues import (
    Dialogue,
    question_columns,
    speaker,
    turns_dialogue,
    turns_reader,
    unnamed_turns,
)
from backend.data.formats.format import Fields, ToRow
from backend.data.formats.rows import Beside, Messages, dialogue_row
from backend.data.formats.templates import joined_columns, part_of
from backend.data.roles import PREFERENCE, is_blank

STARTS = ("user", "system")


def preference_dialogue(look: Columns, mapping: dict[str, str] | None = None) -> Dialogue | None:
    """chosen and rejected with the question before them, or as whole dialogues with the same start."""
    chosen, rejected = look.first(CHOSEN), look.first(REJECTED)
    if mapping is None:
        if chosen is None or rejected is None:
            return None
        mapping = {"answer": chosen, "rejected": rejected}
        question = _question(look, [chosen, rejected])
        if question:
            mapping = {"question": question, **mapping}
    columns = [column for part in mapping.values() for column in part_of(part, look).columns]
    return Dialogue(PREFERENCE, list(dict.fromkeys(columns)), mapping, _asker(look, mapping))


def preference_rows(dialogue: Dialogue, look: Columns, beside: Beside) -> ToRow:
    """The rows: messages with the preferred answer, and the rejected one. Training on them is another matter."""
    choose = speaker(part_of(dialogue.mapping["answer"], look), "assistant", look)
    reject = speaker(part_of(dialogue.mapping["rejected"], look), "assistant", look)

    def to_row(number: int, fields: Fields) -> Row:
        notes: list[str] = []
        messages = _after(dialogue.messages(fields, notes), choose(fields, notes))
        rejected, fits = _rejected(messages, reject(fields, notes))
        row = dialogue_row(number, fields, messages, beside, notes)
        if row.problem or not fits or not _says(rejected):
            notes.append("bad_preference")
        return Row(row=number, messages=row.messages, rejected=rejected, tools=row.tools, label=row.label,
                   problem=PREFERENCE, notes=tuple(dict.fromkeys(notes)))

    return to_row


def _question(look: Columns, but: list[str]) -> str:
    """The column or template of what was asked; empty when chosen and rejected hold it themselves."""
    rest = Columns([name for name in look.names if name not in but], look.sample)
    turns = turns_dialogue(rest)
    if turns is not None:
        return turns.columns[0]
    columns = question_columns(rest)
    if columns:
        return joined_columns(columns)
    unnamed = unnamed_turns(rest)
    return unnamed.columns[0] if unnamed else ""


def _asker(look: Columns, mapping: dict[str, str]) -> Messages:
    if "question" not in mapping:
        return lambda fields, notes: []
    part = part_of(mapping["question"], look)
    if part.column and look.holds_turns(part.column):
        return turns_reader(part.column, "user")
    return speaker(part, "user", look)


def _after(asked: list[Message], chosen: list[Message]) -> list[Message]:
    """The dialogue with its answer; a `chosen` that is a whole dialogue holds the question already."""
    if not chosen or chosen[0]["role"] not in STARTS:
        return asked + chosen
    wanted = asked[-1]["content"].strip() if asked else ""
    return chosen if not wanted or any(turn["content"].strip() == wanted for turn in chosen) else asked + chosen


def _rejected(messages: list[Message], rejected: list[Message]) -> tuple[list[Message], bool]:
    """The rejected answer without the start shared with `messages`, and whether it answers the same question."""
    if not rejected or rejected[0]["role"] not in STARTS:
        return rejected, True
    shared = 0
    while shared < min(len(messages), len(rejected)) - 1 and messages[shared] == rejected[shared]:
        shared += 1
    return rejected[shared:], shared == len(messages) - 1


def _says(rejected: list[Message]) -> bool:
    return bool(rejected) and not (is_blank(rejected[-1]["content"]) and not rejected[-1].get("tool_calls"))
