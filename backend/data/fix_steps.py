"""The steps that mend what a check found: rows left out, copies reduced to one, single characters repaired."""

import msgspec

from backend.data.apply_steps import change_each
from backend.data.checks.repairs import escape_marks, repair_mojibake, strip_invisible
from backend.data.dataset import Row
from backend.data.journal import Change
from backend.data.store import Store
from backend.report import Report


class Fix(msgspec.Struct, frozen=True, kw_only=True):
    """`check`: the finding to mend; `rows`: only these row numbers, empty for every row that has it."""

    check: str = ""
    rows: list[int] = []


def drop_rows(store: Store, change: Change, settings: Fix, report: Report) -> None:
    """Takes out the rows of a finding, or the rows that are named."""
    change_each(store, change, lambda row: None, report, only=_meant(store, settings))


def keep_first(store: Store, change: Change, settings: Fix, report: Report) -> None:
    """Of rows that repeat earlier ones the earlier stay: the finding names only the later ones."""
    drop_rows(store, change, settings, report)


def strip_invisible_step(store: Store, change: Change, settings: Fix, report: Report) -> None:
    """Takes control, zero-width and direction characters out of the texts."""
    _repair(store, change, settings, report, strip_invisible)


def repair_mojibake_step(store: Store, change: Change, settings: Fix, report: Report) -> None:
    """Decodes garbled texts again where that is certain."""
    _repair(store, change, settings, report, repair_mojibake)


def escape_marks_step(store: Store, change: Change, settings: Fix, report: Report) -> None:
    """Writes the chat marks of models inside texts so that no tokenizer takes them for marks."""
    _repair(store, change, settings, report, escape_marks)


def _repair(store: Store, change: Change, settings: Fix, report: Report, repair: object) -> None:
    def alter(row: Row) -> Row:
        return repair(row)  # type: ignore[operator]

    change_each(store, change, alter, report, only=_meant(store, settings))


def _meant(store: Store, settings: Fix) -> list[int]:
    if settings.rows:
        return sorted(settings.rows)
    return store.rows_with(settings.check)
