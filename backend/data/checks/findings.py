"""The check that needs a model: its own marks inside the rows."""

import re
from collections.abc import Iterable

from backend.data.dataset import Row, whole_text


def rows_with_marks(rows: Iterable[Row], marks: Iterable[str]) -> list[int]:
    """The rows whose text holds one of the model's special tokens."""
    wanted = [re.escape(mark) for mark in marks if mark.strip()]
    if not wanted:
        return []
    pattern = re.compile("|".join(wanted))
    return [row.row for row in rows if pattern.search(whole_text(row))]
