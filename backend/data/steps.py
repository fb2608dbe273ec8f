"""Everything that can be done to a dataset as a whole: one registry serves the command line, the window and replay."""

import importlib
from collections.abc import Callable
from typing import Any, NamedTuple

from backend.config.option import Option
from backend.protocol.errors import TanrenError
from backend.protocol.languages import Text


class StepKind(NamedTuple):
    """One kind of step.

    `group`: fix, clean, privacy, augment or split: where the window shows it. `run` names the function that does it,
    "module:function" taking (store, change, settings, report); it is imported when it is needed, because the window
    reads this table too. `settings` names the frozen struct of its settings and `options` their words and bounds.
    """

    group: str
    title: Text
    what: Text
    run: str
    settings: str
    options: dict[str, Option]


STEPS: dict[str, StepKind] = {}


def step_kind(name: str) -> StepKind:
    """The kind of a step. Raises TanrenError step_unknown."""
    if name not in STEPS:
        raise TanrenError("step_unknown", name=name, known=", ".join(STEPS))
    return STEPS[name]


def named(place: str) -> Callable[..., Any]:
    """The object at "module:name"."""
    module, _, name = place.partition(":")
    found: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return found
