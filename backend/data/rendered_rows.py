"""The rows that became examples, as a run keeps them beside their tokens: train.jsonl and held_out.jsonl."""

from pathlib import Path
from typing import Any

import msgspec

from backend.protocol.errors import TanrenError


class RenderedRow(msgspec.Struct, frozen=True):
    """One line of train.jsonl or held_out.jsonl; a document has text (empty behind its first piece), no messages."""

    row: int
    messages: list[dict[str, Any]]
    tools: list[dict[str, Any]] = []
    text: str = ""
    part: int = 0


def read_rows(path: Path) -> list[RenderedRow]:
    """The dialogues of train.jsonl or held_out.jsonl. Raises TanrenError artifact_damaged."""
    try:
        lines = path.read_bytes().splitlines()
        return [msgspec.json.decode(line, type=RenderedRow) for line in lines if line.strip()]
    except (OSError, msgspec.MsgspecError) as error:
        raise TanrenError("artifact_damaged", path=path, reason=str(error)) from error
