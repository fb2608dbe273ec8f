"""What is wrong or odd in a dataset: counted, with the numbers of the rows. Nothing is changed."""

import re
from collections.abc import Iterable

from backend.data.check_texts import CHECKS
from backend.data.dataset import Dataset, Finding, Row, answer_of
from backend.data.split import question_key

ROWS_SHOWN = 200
_ODD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufffd]")


def find_problems(dataset: Dataset) -> list[Finding]:
    """The findings that need no model, the serious ones first."""
    found: dict[str, list[int]] = {}
    for row in dataset.rows:
        for check in (row.problem, *row.notes):
            if check:
                found.setdefault(check, []).append(row.row)
        if any(_ODD.search(message["content"]) for message in row.messages):
            found.setdefault("control_characters", []).append(row.row)
    usable = [row for row in dataset.rows if not row.problem]
    found["duplicates"], found["conflicting_answers"] = _repeated(usable)
    if not usable and dataset.format != "preference":
        found["no_usable_row"] = [row.row for row in dataset.rows]
    return to_findings(found)


def rows_with_marks(rows: Iterable[Row], marks: Iterable[str]) -> list[int]:
    """The rows whose text holds one of the model's special tokens."""
    wanted = [re.escape(mark) for mark in marks if mark.strip()]
    if not wanted:
        return []
    pattern = re.compile("|".join(wanted))
    return [row.row for row in rows if any(pattern.search(message["content"]) for message in row.messages)]


def to_findings(found: dict[str, list[int]]) -> list[Finding]:
    """Findings in the order of CHECKS; checks without rows are left out."""
    return [Finding(check=check, severity=CHECKS[check].severity, count=len(found[check]),
                    rows=found[check][:ROWS_SHOWN])
            for check in CHECKS if found.get(check)]


def _repeated(rows: list[Row]) -> tuple[list[int], list[int]]:
    """(rows that repeat an earlier row, rows whose question has other answers elsewhere)."""
    answers: dict[str, dict[str, list[int]]] = {}
    for row in rows:
        answer = " ".join(answer_of(row.messages).split())
        answers.setdefault(question_key(row), {}).setdefault(answer, []).append(row.row)
    repeated = sorted(number for by_answer in answers.values() for numbers in by_answer.values()
                      for number in numbers[1:])
    conflicting = sorted(number for by_answer in answers.values() if len(by_answer) > 1
                         for numbers in by_answer.values() for number in numbers)
    return repeated, conflicting
