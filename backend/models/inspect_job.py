"""The job that looks at a base model folder."""

from pathlib import Path
from typing import Any

import msgspec

from backend.config.jobs import ModelsInspectJob
from backend.models.inspect import look_at_model
from backend.report import Report


def inspect_model(job: ModelsInspectJob, report: Report) -> dict[str, Any]:
    """The folder's look as a result; a refused model is a result too, not a failure."""
    report.phase("checking")
    result: dict[str, Any] = msgspec.to_builtins(look_at_model(Path(job.model)))
    return result
