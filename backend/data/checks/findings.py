"""From the rows that met a check to the findings that are shown."""

import re
from collections.abc import Iterable

from backend.data.check_texts import CHECKS
from backend.data.dataset import Finding, Row, whole_text

ROWS_SHOWN = 200


def to_findings(found: dict[str, list[int]]) -> list[Finding]:
    """Findings in the order of CHECKS; checks without rows are left out."""
    return [Finding(check=check, severity=CHECKS[check].severity, count=len(found[check]),
                    rows=found[check][:ROWS_SHOWN])
            for check in CHECKS if found.get(check)]


def rows_with_marks(rows: Iterable[Row], marks: Iterable[str]) -> list[int]:
    """The rows whose text holds one of the model's special tokens."""
    wanted = [re.escape(mark) for mark in marks if mark.strip()]
    if not wanted:
        return []
    pattern = re.compile("|".join(wanted))
    return [row.row for row in rows if pattern.search(whole_text(row))]
