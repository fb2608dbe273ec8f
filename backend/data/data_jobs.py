"""The jobs of the data desk: look at a file, import files, change an imported dataset, show single rows."""

import shutil
from contextlib import nullcontext
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from backend.config.jobs import DataApplyJob, DataImportJob, DataInspectJob, DataShowJob
from backend.config.reading import Reading
from backend.config.steps import StepSpec
from backend.data.apply_steps import apply_steps
from backend.data.dataset import Row
from backend.data.dataset_folder import (
    MEASURED,
    SourceFile,
    about_of,
    hold_dataset,
    is_dataset,
    rows_sha256,
    write_lineage,
)
from backend.data.import_rows import check_across, check_again, import_rows, opened_rows, rows_of
from backend.data.journal import EDIT, steps_of
from backend.data.measure import measure, shown_row
from backend.data.render import ChatTemplate
from backend.data.store import Store, findings_of
from backend.models.inspect import check_model
from backend.models.tokenizer import load_tokenizer
from backend.protocol.errors import TanrenError
from backend.report import Report
from backend.runs.atomic import TEMPORARY_PREFIX, staged_folder, write_file

PREVIEW_ROWS = 5
PREVIEW_CHARACTERS = 2000
PREVIEW_ROW_BYTES = 24 * 1024  # as JSON: all of a preview stays well below what a line of the wire can hold
COLUMNS_SHOWN = 200
COLUMN_CHARACTERS = 200
SOURCES_SHOWN = 20
SOURCE_COLUMNS = 20
LEFT_OUT_SHOWN = 50


def inspect_data(job: DataInspectJob, report: Report) -> dict[str, Any]:
    """Format, encoding, counts, findings and the first rows of a file or an imported dataset; with a model also
    lengths in tokens. Nothing is kept, but what was found of a dataset whose rows changed since is looked for again.

    Raises TanrenError of kinds bad_dataset, model_missing and model_unsafe.
    """
    template = _template(job.model)
    data = Path(job.data)
    with opened_rows(data, report, job.reading, job.limit) as store:
        try:
            check_again(data, store, report)
        except TanrenError as error:
            if error.code != "dataset_busy":  # who is changing it looks at all rows afterwards
                raise
        with hold_dataset(data) if template and is_dataset(data) else nullcontext():
            tokens = _measured(store, template, job, report)
        return _told(store, tokens)


def import_data(job: DataImportJob, report: Report) -> dict[str, Any]:
    """Reads the files into the new folder `job.folder`, does the steps, and tells what inspect_data tells.

    The folder appears when all is done, or not at all. Raises TanrenError as inspect_data does, and dataset_busy.
    """
    template = _template(job.model)
    reading, steps = job.reading, list(job.steps)
    if job.replay:
        reading, replayed = recipe_of(Path(job.replay))
        steps = replayed + steps
    folder = Path(job.folder)
    _remove_dead_imports(folder.parent)
    with staged_folder(folder) as staged, Store.create(staged) as store:
        import_rows([Path(file) for file in job.files], reading, job.name, store, report)
        counts = apply_steps(store, steps, report)
        tokens = _measured(store, template, job, report)
        report.phase("saving_rows")
        write_lineage(store, rows_sha256(store))
        told = _told(store, tokens)
    report.artifact("dataset", folder)
    return {"dataset": str(folder), **told, "steps": counts}


def apply_to_data(job: DataApplyJob, report: Report) -> dict[str, Any]:
    """Does steps on an imported dataset and checks it again. Raises TanrenError dataset_missing, dataset_busy and what
    a step raises; then nothing was changed by that step."""
    folder = Path(job.dataset)
    if not is_dataset(folder):
        raise TanrenError("dataset_missing", name=job.dataset)
    template = _template(job.model)
    with hold_dataset(folder), Store.open(folder) as store:
        before = steps_of(store)
        try:
            counts = apply_steps(store, job.steps, report)
            if not job.steps:
                check_across(store, report)
            tokens = _measured(store, template, job, report)
        except BaseException:
            if steps_of(store) != before:
                write_lineage(store)  # steps that were done before it stay done
            raise
        write_lineage(store, rows_sha256(store))
        return {"dataset": str(folder), **_told(store, tokens), "steps": counts}


def show_rows(job: DataShowJob, report: Report) -> dict[str, Any]:
    """Writes rows.json in the job folder: each token of each row, trained or masked.

    Raises TanrenError data_no_such_row and those of inspect_data.
    """
    template = _template(job.model)
    report.phase("reading_data")
    rows = _wanted(Path(job.data), job.rows, job.reading, report)
    report.phase("rendering")
    shown = []
    for place, row in enumerate(rows, start=1):
        shown.append(shown_row(row, template, job.max_length))
        report.progress(place, len(rows), "rows")
    path = report.folder / "rows.json"
    write_file(path, msgspec.json.encode(shown))
    report.artifact("rows", path)
    return {"rows_file": str(path)}


def recipe_of(folder: Path) -> tuple[Reading, list[StepSpec]]:
    """How a dataset was read and what was done to it as a whole: what replays on a new version of its files.

    Edits of single rows by hand do not replay: they belong to those very rows.
    """
    if not is_dataset(folder):
        raise TanrenError("dataset_missing", name=folder)
    with Store.open(folder) as store:
        steps = [StepSpec(name=step.name, settings=step.settings) for step in steps_of(store) if step.name != EDIT]
        return about_of(store).reading, steps


def _remove_dead_imports(datasets: Path) -> None:
    """Deletes what imports left that were killed: their folders are named by the process that made them."""
    import psutil

    for folder in datasets.glob(f"{TEMPORARY_PREFIX}*-*-*"):
        process = folder.name.split("-")[-2]
        if process.isdigit() and not psutil.pid_exists(int(process)):
            shutil.rmtree(folder, ignore_errors=True)


def _measured(store: Store, template: ChatTemplate | None, job: DataInspectJob | DataImportJob | DataApplyJob,
              report: Report) -> dict[str, int] | None:
    """Lengths in tokens, kept beside the rows with the model that they are of; None without a model."""
    if template is None:
        return None
    tokens = measure(store, template, job.max_length, report)
    store.set_info(MEASURED, {**tokens, "model": job.model})
    return tokens


def _template(model: str) -> ChatTemplate | None:
    if not model:
        return None
    check_model(Path(model))
    return ChatTemplate(load_tokenizer(Path(model)), model)


def _wanted(data: Path, numbers: list[int], reading: Reading, report: Report) -> list[Row]:
    """The rows with these numbers, in their order. Raises TanrenError data_no_such_row."""
    if not numbers or min(numbers) < 1:
        raise TanrenError("data_no_such_row", path=data, row=min(numbers, default=0), rows="–")
    if is_dataset(data):
        with Store.open(data) as store:
            found = store.page(numbers)
            last = store.count()
    else:
        found, last = {}, 0
        for row in islice(rows_of(data, report, reading), max(numbers)):
            last = row.row
            if row.row in numbers:
                found[row.row] = row
    missing = [number for number in numbers if number not in found]
    if missing:
        raise TanrenError("data_no_such_row", path=data, row=missing[0], rows=last)
    return [found[number] for number in numbers]


def _told(store: Store, tokens: dict[str, int] | None) -> dict[str, Any]:
    """What is said of a dataset: the result of the jobs that look at it or change it."""
    about = about_of(store)
    unusable = tokens.pop("unusable") if tokens else 0
    told: dict[str, Any] = {
        "format": about.format, "encoding": about.encoding, "rows": store.count(),
        "usable": store.count(usable=True) - unusable,
        "columns": [column[:COLUMN_CHARACTERS] for column in about.columns[:COLUMNS_SHOWN]],
        "findings": msgspec.to_builtins(findings_of(store)),
        "sources": [_source(source) for source in about.sources[:SOURCES_SHOWN]],
        "left_out": msgspec.to_builtins(about.left_out[:LEFT_OUT_SHOWN]),
        "preview": [_preview(row) for row in islice(store.rows(), PREVIEW_ROWS)],
    }
    return {**told, "tokens": tokens} if tokens else told


def _source(source: SourceFile) -> dict[str, Any]:
    """A source as the wire can hold it: long names of columns are cut, and their list."""
    told: dict[str, Any] = msgspec.to_builtins(source)
    return {**told, "columns": [column[:COLUMN_CHARACTERS] for column in source.columns[:SOURCE_COLUMNS]],
            "mapping": {part: text[:PREVIEW_CHARACTERS] for part, text in source.mapping.items()},
            "format_reason": [text[:PREVIEW_CHARACTERS] for text in source.format_reason]}


def _preview(row: Row) -> dict[str, Any]:
    """A row's first messages, as many as PREVIEW_ROW_BYTES hold, each cut (…) after PREVIEW_CHARACTERS."""
    messages: list[dict[str, Any]] = []
    room = PREVIEW_ROW_BYTES
    for message in row.messages:
        shown = {**message, "role": message["role"][:COLUMN_CHARACTERS], "content": _cut(message["content"])}
        room -= len(msgspec.json.encode(shown))
        if room < 0:
            break
        messages.append(shown)
    return {"row": row.row, "messages": messages, "text": _cut(row.text), "problem": row.problem}


def _cut(text: str) -> str:
    return text if len(text) <= PREVIEW_CHARACTERS else text[:PREVIEW_CHARACTERS] + "…"
