"""The cleaning steps over a whole dataset."""

from collections.abc import Callable
from typing import Any

from backend.data.apply_steps import change_each
from backend.data.cleaning.characters import nfkc
from backend.data.cleaning.html_text import html_text
from backend.data.cleaning.length_bounds import length_bounds
from backend.data.cleaning.white_space import line_endings, white_space
from backend.data.dataset import Row
from backend.data.journal import Change
from backend.data.store import Store
from backend.report import Report

Clean = Callable[[Row, Any], Row | None]
"""(row, settings) → the cleaned row, or None where it is left out."""


def _over_all(clean: Clean) -> Callable[[Store, Change, Any, Report], None]:
    def step(store: Store, change: Change, settings: Any, report: Report) -> None:
        change_each(store, change, lambda row: clean(row, settings), report)

    return step


nfkc_step = _over_all(nfkc)
white_space_step = _over_all(white_space)
line_endings_step = _over_all(line_endings)
html_text_step = _over_all(html_text)
length_bounds_step = _over_all(length_bounds)
