"""The error of a training whose dataset has findings that must be fixed or accepted first."""

from typing import Any

from backend.data.check_texts import CHECKS
from backend.protocol.errors import TanrenError
from backend.protocol.languages import Text


def blocked_error(path: str, found: dict[str, int]) -> TanrenError:
    """data_blocked, naming each finding with its count and its name for --accept."""
    en = "; ".join(f"{CHECKS[name].title.en}: {count} ({name})" for name, count in found.items())
    ja = "、".join(f"{CHECKS[name].title.ja} {count} 件（{name}）" for name, count in found.items())
    names = " ".join(f"--accept {name}" for name in found)
    return TanrenError("data_blocked", path=path, found=Text(en, ja), names=names)


def blockers_of(values: dict[str, Any]) -> list[str]:
    """The checks that a data_blocked error names."""
    return [name for name in str(values.get("names", "")).split() if name in CHECKS]
