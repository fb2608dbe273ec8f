"""The GGUF files that can be talked to: those of all runs, newest first."""

from pathlib import Path

import msgspec

from backend.protocol.errors import TanrenError
from backend.runs.run import Run, list_runs


class GgufChoice(msgspec.Struct, frozen=True):
    """One file, the name to show, and the run it belongs to (None when it came from elsewhere)."""

    file: Path
    title: str
    run: Run | None


def gguf_choices(home: Path, extra: list[Path]) -> list[GgufChoice]:
    """Every finished GGUF file below `home`, then the files of `extra` that are none of them."""
    choices = []
    for run in list_runs(home):
        try:
            name = run.info().name
        except TanrenError:
            continue
        choices += [GgufChoice(file, f"{name}  ·  {quant}", run) for quant, file in run.gguf_files().items()]
    known = {choice.file for choice in choices}
    return [*choices, *(GgufChoice(file, file.name, None) for file in extra if file not in known)]
