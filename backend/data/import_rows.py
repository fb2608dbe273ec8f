"""Files to a store: read, recognised, made into rows, checked one by one and then all together."""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import msgspec

from backend.config.reading import Reading
from backend.data.checks.across import AcrossRows
from backend.data.checks.near import compared_text
from backend.data.checks.row_checks import row_checks
from backend.data.dataset import Row
from backend.data.dataset_folder import (
    ABOUT,
    About,
    LeftOut,
    SourceFile,
    hold_dataset,
    is_dataset,
    rows_sha256,
    write_lineage,
)
from backend.data.formats.detect import detect_format
from backend.data.formats.format import Format
from backend.data.readers.files import Unpacked, files_of, shown_path
from backend.data.readers.open_file import Opened, open_file
from backend.data.store import BATCH_ROWS, Store
from backend.protocol.errors import TanrenError
from backend.protocol.languages import Text
from backend.report import Report
from backend.runs.manifests import sha256_of

SKIPPED_TOLD = 20
Checked = tuple[Row, tuple[str, ...]]


def import_rows(paths: list[Path], reading: Reading, name: str, store: Store, report: Report,
                limit: int = 0) -> About:
    """Fills the empty `store` with every row of the files, folders and zip archives `paths`.

    `limit`: no more than the first rows of each file, for a preview (their sources then have no hash); 0 for all.
    What was noticed is noted there too. Nothing of a row is dropped: what cannot be trained on is marked. A file of a
    folder or archive that cannot be read is told and left out, all of it.
    Raises TanrenError of kind bad_dataset, naming the place, when a file that was named, or every file, is bad.
    """
    report.phase("reading_data")
    with tempfile.TemporaryDirectory(dir=store.folder) as workspace:
        skipped: list[tuple[str, Text]] = []
        unpacked: Unpacked = {}
        files = files_of(paths, Path(workspace), skipped, unpacked)
        _tell_skipped(skipped, report)
        left_out = [LeftOut(path=name, reason=why) for name, why in skipped]
        sizes = [file.stat().st_size for file in files]
        sources: list[SourceFile] = []
        broken: list[TanrenError] = []
        for place, file in enumerate(files):
            before = sum(sizes[:place])
            first = store.last_number() + 1
            try:
                with _named_as(file, shown_path(file, unpacked)):
                    source = _import_file(file, reading, store, report, before, sum(sizes), limit)
            except TanrenError as error:
                if error.kind != "bad_dataset" or file in paths:
                    raise
                store.drop_from(first)
                broken.append(error)
                why = Text(error.message("en"), error.message("ja"))
                left_out.append(LeftOut(path=str(shown_path(file, unpacked)), reason=why))
                report.log(Text(f"Not read: {why.en}", f"読み込みません: {why.ja}"), "warning")
                continue
            sources.append(msgspec.structs.replace(source, path=str(shown_path(file, unpacked))))
    if not store.count():
        raise broken[0] if broken else TanrenError("data_empty", path=paths[0])
    about = About(name=name, created=time.time(), asked=[str(path) for path in paths], reading=reading,
                  sources=sources, left_out=left_out)
    store.set_info(ABOUT, msgspec.to_builtins(about))
    check_across(store, report)
    return about


def check_across(store: Store, report: Report) -> None:
    """Looks at all rows together (copies, contradictions, balance …) and notes what was found."""
    report.phase("checking_rows")
    total = store.count()
    across = AcrossRows(text_of=_text_of(store))
    for place, row in enumerate(store.rows(usable=True), start=1):
        across.add(row)
        if place % BATCH_ROWS == 0:
            report.progress(place, total, "rows")
    found = across.found(lambda done, unique: report.progress(done, unique, "rows"))
    if not store.count(usable=True):
        found["no_usable_row"] = [row.row for row in store.rows()][:BATCH_ROWS]
    store.note_findings("across", found)
    store.note_families(across.groups())


def check_again(folder: Path, store: Store, report: Report) -> None:
    """Looks at all rows of a dataset together again where that was not done since they changed (edits by hand, undo,
    redo, a step that was cut short). Raises TanrenError dataset_busy."""
    if is_dataset(folder) and store.unchecked:
        with hold_dataset(folder):
            check_across(store, report)
            write_lineage(store, rows_sha256(store))


@contextmanager
def opened_rows(data: Path, report: Report, reading: Reading | None = None, limit: int = 0) -> Iterator[Store]:
    """The store of an imported dataset, or of a file read into a temporary one that goes afterwards."""
    if is_dataset(data):
        with Store.open(data) as store:
            yield store
        return
    with tempfile.TemporaryDirectory(dir=report.folder, prefix=".rows-") as folder, \
            Store.create(Path(folder)) as store:
        import_rows([data], reading or Reading(), data.stem, store, report, limit)
        yield store


def rows_of(data: Path, report: Report, reading: Reading | None = None) -> Iterator[Row]:
    """The rows of an imported dataset or of a file, in order, without checks and without keeping them."""
    if is_dataset(data):
        with Store.open(data) as store:
            yield from store.rows()
        return
    with tempfile.TemporaryDirectory(dir=report.folder, prefix=".rows-") as workspace:
        number = 0
        unpacked: Unpacked = {}
        for file in files_of([data], Path(workspace), unpacked=unpacked):
            with _named_as(file, shown_path(file, unpacked)):
                for row in _rows_of_file(open_file(file, reading or Reading()), reading or Reading(), number):
                    number = row.row
                    yield row


def _tell_skipped(skipped: list[tuple[str, Text]], report: Report) -> None:
    for name, why in skipped[:SKIPPED_TOLD]:
        report.log(Text(f"{name} is not read: {why.en}", f"{name} は読み込みません: {why.ja}"), "warning")
    if len(skipped) > SKIPPED_TOLD:
        more = len(skipped) - SKIPPED_TOLD
        report.log(Text(f"{more} more files are not read", f"ほかに {more} 個のファイルを読み込みません"), "warning")


@contextmanager
def _named_as(file: Path, shown: Path) -> Iterator[None]:
    """Errors name the file as people know it, not where it was unpacked to."""
    try:
        yield
    except TanrenError as error:
        if error.values.get("path") == str(file):
            error.values["path"] = str(shown)
        raise


def _import_file(file: Path, reading: Reading, store: Store, report: Report, before: int, total: int,
                 limit: int) -> SourceFile:
    opened = open_file(file, reading)
    first = store.last_number() + 1
    known = detect_format(opened.columns, [record.fields for record in opened.sample], reading, opened.kind,
                          path=file)
    size = file.stat().st_size
    batch: list[Checked] = []
    number = first - 1
    for row in islice(_with_format(opened, known, first - 1), limit or None):
        number = row.row
        batch.append((row, row_checks(row)))
        if len(batch) == BATCH_ROWS:
            store.add(batch)
            batch = []
            done = before + size * min(opened.done(), opened.total) // max(1, opened.total)
            report.progress(done // 2**20, max(1, total // 2**20), "mib")
    store.add(batch)
    return SourceFile(
        path=str(file), bytes=size, sha256="" if limit else sha256_of(file), kind=opened.kind, encoding=opened.encoding,
        kind_reason=opened.reason, format=known.name, format_reason=known.reason, mapping=known.mapping,
        columns=opened.columns, first_row=first, rows=number - first + 1)


def _rows_of_file(opened: Opened, reading: Reading, number: int) -> Iterator[Row]:
    known = detect_format(opened.columns, [record.fields for record in opened.sample], reading, opened.kind)
    yield from _with_format(opened, known, number)


def _with_format(opened: Opened, known: Format, number: int) -> Iterator[Row]:
    """The records of a file as rows, numbered from `number` + 1."""
    for record in opened.records:
        number += 1
        row = known.to_row(number, record.fields)
        notes = (*row.notes, *record.notes, *known.notes)
        yield msgspec.structs.replace(row, source=f"{opened.path.name} {record.source}",
                                      notes=tuple(dict.fromkeys(notes)))


def _text_of(store: Store) -> Callable[[int], str]:
    def text_of(number: int) -> str:
        row = store.row(number)
        return compared_text(row) if row else ""

    return text_of
