"""The loss of each row of a run, as it lies on disk: read by the command line and the window."""

from pathlib import Path

import msgspec

from backend.protocol.errors import TanrenError

LOSSES_FILE = "losses.jsonl"


class RowLoss(msgspec.Struct, frozen=True, kw_only=True):
    """A row of train or held_out: mean cross-entropy in nats over its `tokens` trained tokens. `part` counts the
    pieces of a long document."""

    split: str
    row: int
    part: int
    loss: float
    tokens: int


def read_row_losses(folder: Path) -> list[RowLoss]:
    """The rows of a run's row_losses folder, the worst first; none when it was not measured.

    Raises TanrenError artifact_damaged.
    """
    path = folder / LOSSES_FILE
    if not path.is_file():
        return []
    try:
        return [msgspec.json.decode(line, type=RowLoss) for line in path.read_bytes().splitlines()]
    except msgspec.MsgspecError as error:
        raise TanrenError("artifact_damaged", path=path, reason=str(error)) from error
