"""The steps that mend what a check found: rows left out, copies reduced to one, single characters repaired."""

from collections.abc import Callable

import msgspec

from backend.data.apply_steps import change_each
from backend.data.checks.repairs import escape_marks, repair_mojibake, strip_invisible, widen_kana
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


def _repairing(repair: Callable[[Row], Row]) -> Callable[[Store, Change, Fix, Report], None]:
    """The step that repairs the texts of the rows that are meant."""
    def step(store: Store, change: Change, settings: Fix, report: Report) -> None:
        change_each(store, change, repair, report, only=_meant(store, settings))

    return step


keep_first = drop_rows  # the finding names only the later of rows that repeat one another
strip_invisible_step = _repairing(strip_invisible)
repair_mojibake_step = _repairing(repair_mojibake)
escape_marks_step = _repairing(escape_marks)
widen_kana_step = _repairing(widen_kana)


def _meant(store: Store, settings: Fix) -> list[int]:
    """The rows that are named, else those of the finding."""
    return sorted(settings.rows) if settings.rows else store.rows_with(settings.check)
