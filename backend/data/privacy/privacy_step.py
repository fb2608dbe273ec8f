"""The step that takes personal information out of a dataset, and the look that only finds it."""

from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from backend.config.jobs import DataFindJob
from backend.data.apply_steps import put
from backend.data.import_rows import opened_rows
from backend.data.journal import Change
from backend.data.privacy.pseudonyms import Key, Pseudonyms, key_file, new_key
from backend.data.privacy.redact import Redaction, Tally, preview
from backend.data.privacy.settings import KEY_FILE, KEYS_FOLDER, PrivacySettings
from backend.data.store import Store
from backend.report import Report

PROGRESS_ROWS = 50
REPORT = "privacy_report"
EXAMPLES_TOLD = 200
FOUND = "found_"


def hide_personal_data(store: Store, change: Change, settings: PrivacySettings, report: Report) -> None:
    """Replaces what is found in every row (or in `settings.rows`); counts per kind go into the step's counts as
    found_<kind>, and the report into the store. The key is on the disk before the rows change.

    Raises TanrenError privacy_kind_unknown and those of the key file.
    """
    key = _key(store, settings)
    redaction, tally, pseudonyms = Redaction(settings, key), Tally(), Pseudonyms(key.secret)
    wanted, total = set(settings.rows), store.count()
    for place, row in enumerate(store.rows(), start=1):
        if place % PROGRESS_ROWS == 0:
            report.progress(place, total, "rows")
        if wanted and row.row not in wanted:
            continue
        changed, hits = redaction.row(row)
        if hits:
            tally.add(row, hits, pseudonyms)
            put(change, row, changed)
    if settings.mode == "pseudonym":
        key.save()
    told = tally.report()
    change.counts.update({f"{FOUND}{kind}": count for kind, count in told.counts.items()})
    store.set_info(REPORT, msgspec.to_builtins(told))
    report.progress(total, total, "rows")


def find_personal_data(job: DataFindJob, report: Report) -> dict[str, Any]:
    """What hide_personal_data would replace: {"rows", "counts", "values", "looked_at", "examples"}; nothing is changed.

    Raises TanrenError of kind bad_dataset, and privacy_kind_unknown.
    """
    settings = msgspec.convert(job.settings, type=PrivacySettings, strict=False)
    key = new_key()
    redaction, tally, pseudonyms = Redaction(settings, key), Tally(), Pseudonyms(key.secret)
    examples: list[dict[str, Any]] = []
    with opened_rows(Path(job.data), report, job.reading) as store:
        report.phase("finding_personal_data")
        total = min(store.count(), job.limit) if job.limit else store.count()
        for place, row in enumerate(islice(store.rows(), total), start=1):
            if place % PROGRESS_ROWS == 0 or place == total:
                report.progress(place, total, "rows")
            _, hits = redaction.row(row)
            if not hits:
                continue
            tally.add(row, hits, pseudonyms)
            if len(examples) < EXAMPLES_TOLD:
                examples += [example._asdict() for example in preview(row, settings)]
    told = tally.report()
    return {
        "rows": told.rows,
        "counts": told.counts,
        "values": told.values,
        "looked_at": total,
        "examples": examples[:EXAMPLES_TOLD],
    }


def _key(store: Store, settings: PrivacySettings) -> Key:
    """The key of the settings, else the one of this home: the same person has one pseudonym in all datasets."""
    if settings.mode != "pseudonym":
        return new_key()
    if settings.key:
        return key_file(Path(settings.key))
    folder = store.folder.resolve().parent.parent / KEYS_FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    return key_file(folder / KEY_FILE)
