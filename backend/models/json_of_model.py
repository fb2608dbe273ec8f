"""The JSON files of a model folder."""

import json
from pathlib import Path
from typing import Any

from backend.protocol.errors import TanrenError


def read_json(file: Path) -> dict[str, Any]:
    """The object in `file`. Raises TanrenError model_file_unreadable."""
    try:
        value = json.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise TanrenError("model_file_unreadable", path=file, detail=str(error)) from error
    if not isinstance(value, dict):
        raise TanrenError("model_file_unreadable", path=file, detail="no object")
    return value
