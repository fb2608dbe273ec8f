"""The jobs that look at a dataset: its form and its problems, and single rows as the model sees them."""

from pathlib import Path
from typing import Any

import msgspec

from backend.config.jobs import DataInspectJob, DataShowJob
from backend.data.checks import find_problems, rows_with_marks, to_findings
from backend.data.dataset import Dataset, Row, up_to_last_answer, usable_rows
from backend.data.readers import read_dataset
from backend.data.render import ChatTemplate, Piece
from backend.models.inspect import check_model
from backend.models.tokenizer import load_tokenizer
from backend.protocol.errors import TanrenError
from backend.report import Report
from backend.runs.atomic import write_file

PREVIEW_ROWS = 20
PREVIEW_CHARACTERS = 2000
PREVIEW_ROW_BYTES = 24 * 1024  # as JSON: all of a preview stays well below what a line of the wire can hold
COLUMNS_SHOWN = 200
COLUMN_CHARACTERS = 200
PROGRESS_ROWS = 50


def inspect_data(job: DataInspectJob, report: Report) -> dict[str, Any]:
    """Format, encoding, counts, findings and PREVIEW_ROWS rows from `job.first`; with a model also lengths in tokens.

    Raises TanrenError of kinds bad_dataset, model_missing and model_unsafe.
    """
    if job.model:
        check_model(Path(job.model))
    report.phase("reading_data")
    data = read_dataset(Path(job.data))
    findings = find_problems(data)
    result: dict[str, Any] = {
        "format": data.format,
        "encoding": data.encoding,
        "rows": len(data.rows),
        "usable": sum(not row.problem for row in data.rows),
        "columns": [column[:COLUMN_CHARACTERS] for column in data.columns[:COLUMNS_SHOWN]],
        "preview": [_preview(row) for row in data.rows[max(0, job.first) :][:PREVIEW_ROWS]],
    }
    if job.model:
        report.phase("rendering")
        template = ChatTemplate(load_tokenizer(Path(job.model)), job.model)
        result["tokens"], found = _measure(data, template, job.max_length, report)
        result["usable"] -= len(found["answer_cut_off"]) + len(found["not_renderable"])
        findings = findings + to_findings(found)
    return {**result, "findings": msgspec.to_builtins(findings)}


def show_rows(job: DataShowJob, report: Report) -> dict[str, Any]:
    """Writes rows.json in the job folder: each token of each row, trained or masked.

    Raises TanrenError data_no_such_row and those of inspect_data.
    """
    check_model(Path(job.model))
    report.phase("reading_data")
    data = read_dataset(Path(job.data))
    wanted = data.rows[job.first : job.first + job.count]
    if job.first < 0 or not wanted:
        raise TanrenError("data_no_such_row", path=job.data, row=job.first + 1, rows=len(data.rows))
    report.phase("rendering")
    template = ChatTemplate(load_tokenizer(Path(job.model)), job.model)
    shown = []
    for place, row in enumerate(wanted, start=1):
        shown.append(_shown(row, template, job.max_length))
        report.progress(place, len(wanted), "rows")
    path = report.folder / "rows.json"
    write_file(path, msgspec.json.encode(shown))
    report.artifact("rows", path)
    return {"rows_file": str(path), "rows": len(data.rows)}


def _preview(row: Row) -> dict[str, Any]:
    """A row's first messages, as many as PREVIEW_ROW_BYTES hold, each cut (…) after PREVIEW_CHARACTERS."""
    messages: list[dict[str, str]] = []
    room = PREVIEW_ROW_BYTES
    for message in row.messages:
        content = message["content"]
        if len(content) > PREVIEW_CHARACTERS:
            content = content[:PREVIEW_CHARACTERS] + "…"
        shown = {"role": message["role"][:COLUMN_CHARACTERS], "content": content}
        room -= len(msgspec.json.encode(shown))
        if room < 0:
            break
        messages.append(shown)
    return {"row": row.row, "messages": messages, "problem": row.problem}


def _shown(row: Row, template: ChatTemplate, max_length: int) -> dict[str, Any]:
    shown: dict[str, Any] = {"row": row.row, "messages": row.messages, "problem": row.problem, "reason": "",
                             "reason:ja": "", "tokens": [], "truncated": False, "answers": []}
    if row.problem:
        return shown
    try:
        pieces = template.pieces(up_to_last_answer(row.messages))
    except TanrenError as error:
        return {**shown, "problem": "not_renderable", "reason": error.message("en"), "reason:ja": error.message("ja")}
    tokens = [piece._asdict() for piece in pieces[:max_length]]
    problem = "" if any(piece.trained for piece in pieces[1:max_length]) else "answer_cut_off"
    return {**shown, "tokens": tokens, "truncated": len(pieces) > max_length, "problem": problem,
            "answers": _kept_answers(pieces, max_length)}


def _kept_answers(pieces: list[Piece], max_length: int) -> list[str]:
    """For each answer of a dialogue: whole, cut, or lost when it begins behind `max_length` tokens."""
    kept = []
    start = None
    for place, trained in enumerate([*(piece.trained for piece in pieces), False]):
        if trained and start is None:
            start = place
        elif not trained and start is not None:
            kept.append("whole" if place <= max_length else "cut" if start < max_length else "lost")
            start = None
    return kept


def _measure(data: Dataset, template: ChatTemplate, max_length: int,
             report: Report) -> tuple[dict[str, int], dict[str, list[int]]]:
    """Tokens of whole rows (median, 95th percentile, maximum, total), tokens trained within `max_length`, and rows
    that do not fit."""
    rows = usable_rows(data)
    found: dict[str, list[int]] = {"too_long": [], "answer_cut_off": [], "not_renderable": [],
                                   "special_tokens": rows_with_marks(rows, template.marks)}
    lengths, trained = [], 0
    for place, row in enumerate(rows, start=1):
        if place % PROGRESS_ROWS == 0 or place == len(rows):
            report.progress(place, len(rows), "rows")
        try:
            example = template.render(row.messages)
        except TanrenError:
            found["not_renderable"].append(row.row)
            continue
        lengths.append(len(example.tokens))
        kept = sum(example.trained[:max_length])
        trained += kept
        if not kept:
            found["answer_cut_off"].append(row.row)
        elif len(example.tokens) > max_length:
            found["too_long"].append(row.row)
    lengths.sort()
    return {
        "median": lengths[len(lengths) // 2] if lengths else 0,
        "p95": lengths[min(len(lengths) - 1, len(lengths) * 95 // 100)] if lengths else 0,
        "max": lengths[-1] if lengths else 0,
        "total": sum(lengths),
        "trained": trained,
        "max_length": max_length,
    }, found
