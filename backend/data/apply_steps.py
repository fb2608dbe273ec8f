"""Steps on a dataset: each is one entry of the journal, all of it or nothing, and is counted."""

from collections.abc import Callable
from typing import Any

import msgspec

from backend.config.option import check_bounds
from backend.config.steps import StepSpec
from backend.data.check_texts import CHECKS
from backend.data.checks.row_checks import row_checks
from backend.data.dataset import Row
from backend.data.dataset_folder import blocking
from backend.data.import_rows import check_across
from backend.data.journal import Change, change_rows
from backend.data.roles import problem_of
from backend.data.steps import named, step_kind
from backend.data.store import Store
from backend.protocol.errors import TanrenError
from backend.report import Report

PROGRESS_ROWS = 500
FIX = "fix"
SPLIT = "split"
ACROSS = ("duplicates", "near_duplicates", "conflicting_answers", "leakage", "near_leakage", "extreme_length",
          "language_mix", "answer_language")
"""Findings of all rows together that a fix may be asked for."""


def apply_steps(store: Store, steps: list[StepSpec], report: Report) -> list[dict[str, Any]]:
    """Does the steps in order; what each of them changed, removed and added. The last one is followed by a new look
    at all rows together. Raises TanrenError step_unknown, setting_unknown, setting_invalid, and what a step raises.
    """
    done: list[dict[str, Any]] = []
    for asked in steps:
        if asked.name != FIX:
            settings_of(asked)  # a wrong setting is told before the first step is done
    for asked in steps:
        if store.unchecked and _goes_by_all_rows(asked):
            check_across(store, report)  # what it goes by must be true of the rows as they are now
        if asked.name == FIX:
            done += [_apply(store, step, report) for step in _fixes(store)]
            done += [_apply(store, step, report) for step in _last_resort(store)]
        else:
            done.append(_apply(store, asked, report))
    if done:
        check_across(store, report)
    return done


def _goes_by_all_rows(step: StepSpec) -> bool:
    """Whether a step goes by findings of all rows together, or by their families (a drawn split does)."""
    return (step.name == FIX or step.settings.get("check") in ACROSS
            or (step.name == SPLIT and not step.settings.get("file")))


def _apply(store: Store, step: StepSpec, report: Report) -> dict[str, Any]:
    report.phase("changing_rows")
    run, settings = named(step_kind(step.name).run), settings_of(step)
    seed = {"seed": settings.seed} if hasattr(settings, "seed") else {}  # what was drawn must be known later
    given = {**seed, **step.settings}
    with change_rows(store, step.name, given) as change:
        run(store, change, settings, report)
    return {"name": step.name, "settings": given, **change.counts}


def settings_of(step: StepSpec) -> Any:
    """The settings of a step as its struct. Raises TanrenError setting_unknown or setting_invalid."""
    kind = step_kind(step.name)
    struct = named(kind.settings)
    unknown = set(step.settings) - {field.name for field in msgspec.structs.fields(struct)}
    if unknown:
        raise TanrenError("setting_unknown", name=f"{step.name}.{min(unknown)}", suggestion=", ".join(
            field.name for field in msgspec.structs.fields(struct)))
    lists = {field.name for field in msgspec.structs.fields(struct) if str(field.type).startswith("list[")}
    given = {name: value.split("+") if name in lists and isinstance(value, str) else value
             for name, value in step.settings.items()}
    try:
        settings = msgspec.convert(given, type=struct, strict=False)
    except msgspec.ValidationError as error:
        raise TanrenError("setting_invalid", name=step.name, value=str(step.settings), reason=str(error)) from error
    check_bounds(settings, kind.options)
    return settings


def change_each(store: Store, change: Change, alter: Callable[[Row], Row | None], report: Report,
                only: list[int] | None = None) -> None:
    """Applies `alter` to every row (or to those numbered `only`); None takes the row out."""
    total = store.count() if only is None else len(only)
    wanted = None if only is None else set(only)
    for place, row in enumerate(store.rows(), start=1):
        if place % PROGRESS_ROWS == 0:
            report.progress(min(place, total), total, "rows")
        if wanted is not None and row.row not in wanted:
            continue
        put(change, row, alter(row))
    report.progress(total, total, "rows")


def put(change: Change, before: Row, after: Row | None) -> None:
    """Puts a changed row in its place, judged anew; None takes it out."""
    if after is None:
        change.remove(before)
    elif after is not before:
        change.change(before, *judged(after))


def judged(row: Row) -> tuple[Row, tuple[str, ...]]:
    """A changed row with its problem decided anew, and its own checks."""
    again = msgspec.structs.replace(row, problem=problem_of(row))
    return again, row_checks(again)


def _fixes(store: Store) -> list[StepSpec]:
    """The steps that fix every blocking finding that can be fixed."""
    return [StepSpec(name=CHECKS[check].fix, settings={"check": check})
            for check in blocking(store) if CHECKS[check].fix]


def _last_resort(store: Store) -> list[StepSpec]:
    """What leaves out the rows that a repair could not mend (lost characters, say)."""
    return [StepSpec(name="drop_rows", settings={"check": check}) for check in blocking(store)
            if CHECKS[check].fix not in ("", "drop_rows")]
