"""The step that sets rows apart: drawn from the dataset, or taken from a file of their own; or k folds."""

from pathlib import Path
from typing import cast

import msgspec

from backend.config.reading import Reading
from backend.config.split import Split
from backend.data.apply_steps import judged, put
from backend.data.dataset import Row, Side
from backend.data.dataset_folder import about_of
from backend.data.import_rows import rows_of
from backend.data.journal import Change
from backend.data.split import SplitRow, Stratify, folds, split_row_of, split_rows, training_rows
from backend.data.store import Store
from backend.protocol.errors import TanrenError
from backend.report import Report

PROGRESS_ROWS = 500


def split(store: Store, change: Change, settings: Split, report: Report) -> None:
    """Gives every row its side. Near copies of one another, and rows of one question, get the same; synthetic
    variations of held-out rows get none, and are not trained on.

    Raises TanrenError setting_invalid and, for `file`, those of reading it.
    """
    read = max((source.first_row + source.rows for source in about_of(store).sources), default=1)
    for row in [row for row in store.rows(first=read) if not row.synthetic]:
        change.remove(row)  # of the file of an earlier split: held out until now, never to be trained on
    rows = [split_row_of(row) for row in store.rows(usable=True)]
    held_out, train = _drawn(rows, store.families(), settings) if not settings.file else (
        set(), {row.row for row in rows})
    added = [msgspec.structs.replace(row, side="held_out")
             for row in (_rows_of_file(store, Path(settings.file), report) if settings.file else ())]
    total = store.count()
    for place, row in enumerate(store.rows(), start=1):
        put(change, row, _on_side(row, "held_out" if row.row in held_out else "train" if row.row in train else ""))
        if place % PROGRESS_ROWS == 0:
            report.progress(place, total, "rows")
    for row in added:
        change.add(*judged(row))


def _rows_of_file(store: Store, file: Path, report: Report) -> list[Row]:
    """The rows to hold out, mapped as the dataset's own were where they have the same columns."""
    asked = about_of(store).reading
    own = Reading(format=asked.format, mapping=asked.mapping)
    try:
        return list(rows_of(file, report, own))
    except TanrenError:
        if own == Reading():
            raise
        return list(rows_of(file, report))


def _drawn(rows: list[SplitRow], families: dict[int, int], settings: Split) -> tuple[set[int], set[int]]:
    """(numbers of the held-out rows, of the rows to train)."""
    stratify = cast(Stratify, settings.stratify)
    if settings.folds <= 1:
        train, held = split_rows(rows, settings.fraction, settings.seed, stratify=stratify, groups=families)
        return {row.row for row in held}, {row.row for row in train}
    if not 1 <= settings.fold <= settings.folds:
        raise TanrenError("setting_invalid", name="split.fold", value=settings.fold, reason=f"1 – {settings.folds}")
    dealt = folds(rows, settings.folds, settings.seed, stratify=stratify, groups=families)
    numbers = {row.row for row in dealt[settings.fold - 1]}
    return numbers, {row.row for row in training_rows(rows, numbers, groups=families)}


def _on_side(row: Row, side: Side) -> Row:
    return row if row.side == side else msgspec.structs.replace(row, side=side)
