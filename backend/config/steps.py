"""A step of preparing a dataset, as it is asked for: its name and its settings."""

from typing import Any

import msgspec


class StepSpec(msgspec.Struct, frozen=True, kw_only=True):
    """`name` is a key of backend.data.steps.STEPS; `settings` are its options that differ from their defaults."""

    name: str
    settings: dict[str, Any] = {}
