"""The rows that became examples, as a run keeps them beside their tokens: train.jsonl and held_out.jsonl."""

from array import array
from collections.abc import Iterable
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


class KeptRows:
    """The rows of train.jsonl or held_out.jsonl by number, read when they are asked for: 10^5 of them take some MB.

    Raises TanrenError artifact_damaged.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lines: dict[int, int] = {}  # row → line; of a document in several pieces the line of the first
        self._starts = array("q")
        try:
            with open(path, "rb") as file:
                start = 0
                for line in file:
                    if line.strip():
                        place = msgspec.json.decode(line, type=_Place)
                        if not place.part:
                            self._lines[place.row] = len(self._starts)
                        self._starts.append(start)
                    start += len(line)
        except (OSError, msgspec.MsgspecError) as error:
            raise TanrenError("artifact_damaged", path=path, reason=str(error)) from error

    def line_of(self, row: int) -> int:
        """The line of a row in the file, from 1, blank lines not counted; 0 when it is not there."""
        return self._lines.get(row, -1) + 1

    def rows(self, numbers: Iterable[int]) -> dict[int, RenderedRow]:
        """Those of these rows that are there, as they were trained."""
        found = {}
        try:
            with open(self.path, "rb") as file:
                for number in numbers:
                    if (line := self._lines.get(number)) is not None:
                        file.seek(self._starts[line])
                        found[number] = msgspec.json.decode(file.readline(), type=RenderedRow)
        except (OSError, msgspec.MsgspecError) as error:
            raise TanrenError("artifact_damaged", path=self.path, reason=str(error)) from error
        return found


class _Place(msgspec.Struct, frozen=True):
    row: int
    part: int = 0
