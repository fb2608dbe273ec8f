"""A dataset through the eyes of one model: lengths in tokens, what does not fit, and single rows token by token."""

from typing import Any

from backend.data.checks.findings import rows_with_marks
from backend.data.dataset import Row, up_to_last_answer
from backend.data.render import ChatTemplate, Example, Piece
from backend.data.rendered import rendered
from backend.data.store import Store
from backend.protocol.errors import TanrenError
from backend.report import Report

PROGRESS_ROWS = 64
MODEL = "model"


def measure(store: Store, template: ChatTemplate, max_length: int, report: Report) -> dict[str, int]:
    """Tokens of whole rows (median, 95th percentile, maximum, total) and tokens trained within `max_length`.

    Lengths and findings (too_long, answer_cut_off, not_renderable, special_tokens of this model) are noted in the
    store. `unusable`: rows that have no answer within `max_length` or that the template refuses.
    """
    report.phase("rendering")
    total = store.count(usable=True)
    found: dict[str, list[int]] = {"too_long": [], "answer_cut_off": [], "not_renderable": [], "special_tokens": []}
    lengths: list[tuple[int, int]] = []
    trained = 0
    for place, (row, examples) in enumerate(rendered(template, store.rows(usable=True)), start=1):
        if place % PROGRESS_ROWS == 0 or place == total:
            report.progress(place, total, "rows")
        found["special_tokens"] += rows_with_marks([row], template.marks)
        if isinstance(examples, TanrenError):
            found["not_renderable"].append(row.row)
            continue
        tokens, marks = _joined(examples)
        lengths.append((row.row, len(tokens)))
        if row.text:  # documents are cut in pieces, nothing of them is lost
            trained += sum(marks)
            continue
        kept = sum(marks[:max_length])
        trained += kept
        if not kept:
            found["answer_cut_off"].append(row.row)
        elif len(tokens) > max_length:
            found["too_long"].append(row.row)
    store.note_findings(MODEL, found)
    store.note_tokens(lengths)
    counts = sorted(length for _, length in lengths)
    return {
        "median": counts[len(counts) // 2] if counts else 0,
        "p95": counts[min(len(counts) - 1, len(counts) * 95 // 100)] if counts else 0,
        "max": counts[-1] if counts else 0,
        "total": sum(counts),
        "trained": trained,
        "max_length": max_length,
        "unusable": len(found["answer_cut_off"]) + len(found["not_renderable"]),
    }


def shown_row(row: Row, template: ChatTemplate | None, max_length: int) -> dict[str, Any]:
    """A row for people: what it says, and with a template each of its tokens {id, text, trained, special} as far as
    training keeps them; `answers` tells for each answer whether it is kept whole, cut or lost."""
    shown: dict[str, Any] = {
        "row": row.row, "messages": row.messages, "text": row.text, "tools": row.tools, "rejected": row.rejected,
        "source": row.source, "problem": row.problem, "reason": "", "reason:ja": "", "tokens": [],
        "truncated": False, "answers": []}
    if row.problem or template is None:
        return shown
    try:
        pieces = (template.pieces_of_text(row.text) if row.text
                  else template.pieces(up_to_last_answer(row.messages), tools=row.tools or None))
    except TanrenError as error:
        return {**shown, "problem": "not_renderable", "reason": error.message("en"), "reason:ja": error.message("ja")}
    if row.text:
        return {**shown, "tokens": [piece._asdict() for piece in pieces]}
    tokens = [piece._asdict() for piece in pieces[:max_length]]
    problem = "" if any(piece.trained for piece in pieces[1:max_length]) else "answer_cut_off"
    return {**shown, "tokens": tokens, "truncated": len(pieces) > max_length, "problem": problem,
            "answers": _kept_answers(pieces, max_length)}


def _joined(examples: list[Example]) -> tuple[list[int], list[int]]:
    if len(examples) == 1:
        return examples[0].tokens, examples[0].trained
    return ([token for example in examples for token in example.tokens],
            [mark for example in examples for mark in example.trained])


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
