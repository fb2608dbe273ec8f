"""Which rows are kept away from training: seeded, repeatable, the same question never on both sides."""

import hashlib
import unicodedata

from backend.data.dataset import Row, question_of


def question_key(row: Row) -> str:
    """The row's question without differences of width, case and white space."""
    return " ".join(unicodedata.normalize("NFKC", question_of(row.messages)).casefold().split())


def split_rows(rows: list[Row], fraction: float, seed: int) -> tuple[list[Row], list[Row]]:
    """(train, held out): about `fraction` of the rows are held out, in the order of the file.

    Rows with the same question stay together. At least one row is held out when `fraction` is not 0 and
    there are two different questions; training always keeps at least one.
    """
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(question_key(row), []).append(row)
    wanted = round(len(rows) * fraction)
    if fraction > 0:
        wanted = max(1, wanted)
    shuffled = sorted(groups, key=lambda key: hashlib.sha256(f"{seed}\0{key}".encode("utf-8", "replace")).digest())
    held: set[int] = set()
    if wanted and len(groups) > 1:
        for key in shuffled[:-1]:
            if len(held) + len(groups[key]) <= wanted:
                held.update(row.row for row in groups[key])
        if not held:
            held.update(row.row for row in min(groups.values(), key=len))
    return [row for row in rows if row.row not in held], [row for row in rows if row.row in held]


def shared_questions(train: list[Row], held_out: list[Row]) -> list[int]:
    """The numbers of held-out rows whose question is also trained on: they would flatter the result."""
    asked = {question_key(row) for row in train}
    return [row.row for row in held_out if question_key(row) in asked]
