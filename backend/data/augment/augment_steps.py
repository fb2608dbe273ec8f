"""The augmentations over a whole dataset: new rows are appended, the others stay."""

from typing import Any

from backend.data.apply_steps import PROGRESS_ROWS, judged
from backend.data.augment.augment_row import (
    Augment,
    deletion_rows,
    insertion_rows,
    rephrase_rows,
    rng_of,
    swap_rows,
    synonym_rows,
)
from backend.data.augment.settings import RephraseSettings, SynonymSettings, WordSettings
from backend.data.journal import Change
from backend.data.store import Store
from backend.report import Report


def synonyms_step(store: Store, change: Change, settings: SynonymSettings, report: Report) -> None:
    """Appends rows with synonyms. Raises TanrenError word_list_invalid or setting_invalid."""
    _append(store, change, settings, report, "synonyms", synonym_rows(settings))


def random_insertion_step(store: Store, change: Change, settings: SynonymSettings, report: Report) -> None:
    """Appends rows with inserted synonyms. Raises TanrenError word_list_invalid or setting_invalid."""
    _append(store, change, settings, report, "random_insertion", insertion_rows(settings))


def random_swap_step(store: Store, change: Change, settings: WordSettings, report: Report) -> None:
    """Appends rows with exchanged words."""
    _append(store, change, settings, report, "random_swap", swap_rows(settings))


def random_deletion_step(store: Store, change: Change, settings: WordSettings, report: Report) -> None:
    """Appends rows with words left out."""
    _append(store, change, settings, report, "random_deletion", deletion_rows(settings))


def rephrase_step(store: Store, change: Change, settings: RephraseSettings, report: Report) -> None:
    """Appends rows that ask otherwise. Raises TanrenError word_list_invalid."""
    _append(store, change, settings, report, "rephrase", rephrase_rows(settings))


def _append(store: Store, change: Change, settings: Any, report: Report, name: str, augment: Augment) -> None:
    total = store.count()
    last = store.last_number()
    for place, row in enumerate(store.rows(), start=1):
        if row.row > last:
            break  # rows that this step appended
        for made in augment(row, rng_of(name, settings.seed, row.row)):
            change.add(*judged(made))
        if place % PROGRESS_ROWS == 0:
            report.progress(min(place, total), total, "rows")
    report.progress(total, total, "rows")
