"""Changes to single rows by hand: what a cell says becomes the row, judged anew, as a step that can be undone."""

from collections.abc import Callable
from pathlib import Path
from typing import Literal

import msgspec

from backend.data.dataset import Message, Row
from backend.data.dataset_folder import hold_dataset, rows_sha256, write_lineage
from backend.data.journal import EDIT, Step, change_rows, forget, redo, undo
from backend.data.store import Store
from backend.runs.run import remove_data_looks

Part = Literal["question", "answer", "text"]
ROLES = {"question": "user", "answer": "assistant"}


def part_of(row: Row, part: Part) -> str:
    """What a cell of the table says in full: raw text, the first question, or the last answer."""
    if part == "text":
        return row.text
    said = [str(message.get("content") or "") for message in row.messages if message["role"] == ROLES[part]]
    return (said[0] if part == "question" else said[-1]) if said else ""


def with_part(row: Row, part: Part, text: str) -> Row:
    """The row with that part said differently; a question or an answer that is missing is added in its place."""
    if part == "text":
        return msgspec.structs.replace(row, text=text)
    messages: list[Message] = list(row.messages)
    places = [place for place, message in enumerate(messages) if message["role"] == ROLES[part]]
    if places:
        place = places[0] if part == "question" else places[-1]
        messages[place] = {**messages[place], "content": text}
    elif part == "answer":
        messages.append({"role": "assistant", "content": text})
    else:
        after_system = 1 if messages and messages[0]["role"] == "system" else 0
        messages.insert(after_system, {"role": "user", "content": text})
    return msgspec.structs.replace(row, messages=messages)


def edit_row(folder: Path, number: int, alter: Callable[[Row], Row]) -> None:
    """Changes one row. Raises TanrenError dataset_busy."""
    from backend.data.checks.row_checks import row_checks
    from backend.data.roles import problem_of

    with hold_dataset(folder), Store.open(folder) as store:
        before = store.row(number)
        if before is None:  # it went meanwhile
            return
        altered = alter(before)
        after = msgspec.structs.replace(altered, problem=problem_of(altered))
        with change_rows(store, EDIT, {}) as change:
            change.change(before, after, row_checks(after))
        write_lineage(store)


def remove_rows(folder: Path, numbers: list[int]) -> None:
    """Takes rows out. Raises TanrenError dataset_busy."""
    with hold_dataset(folder), Store.open(folder) as store:
        with change_rows(store, EDIT, {}) as change:
            for number in numbers:
                if (row := store.row(number)) is not None:
                    change.remove(row)
        write_lineage(store)


def undo_step(folder: Path) -> Step | None:
    """Takes the newest step back. Raises TanrenError dataset_busy."""
    with hold_dataset(folder), Store.open(folder) as store:
        step = undo(store)
        write_lineage(store)
        return step


def redo_step(folder: Path) -> Step | None:
    """Does the step again that was taken back last. Raises TanrenError dataset_busy."""
    with hold_dataset(folder), Store.open(folder) as store:
        step = redo(store)
        write_lineage(store)
        return step


def forget_before(folder: Path) -> None:
    """Erases what the rows were before the steps, and what jobs told of them, for good. Raises TanrenError
    dataset_busy."""
    with hold_dataset(folder), Store.open(folder) as store:
        forget(store)
        write_lineage(store, "" if store.unchecked else rows_sha256(store))
    if folder.parent.name == "datasets":
        remove_data_looks(folder.parents[1])
