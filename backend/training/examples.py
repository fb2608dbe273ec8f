"""Reads the rendered examples of a run: tokens, and which of them are trained."""

from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file

from backend.protocol.errors import TanrenError

EXAMPLES_FILE = "examples.safetensors"


class Examples:
    """The rows of one split. Row i: `tokens(i)` int64 [length], `trained(i)` bool [length]."""

    def __init__(self, tokens: torch.Tensor, trained: torch.Tensor, offsets: torch.Tensor) -> None:
        self._tokens = tokens
        self._trained = trained
        self._offsets: list[int] = offsets.tolist()

    def __len__(self) -> int:
        return len(self._offsets) - 1

    @property
    def lengths(self) -> list[int]:
        """Tokens of each row."""
        return [end - start for start, end in zip(self._offsets, self._offsets[1:], strict=False)]

    def tokens(self, row: int) -> torch.Tensor:
        """int64 [length]."""
        return self._tokens[self._offsets[row] : self._offsets[row + 1]].long()

    def trained(self, row: int) -> torch.Tensor:
        """bool [length]: True where the loss is taken. The first token is never predicted."""
        mask = self._trained[self._offsets[row] : self._offsets[row + 1]].bool()
        mask[:1] = False
        return mask

    @property
    def trained_ids(self) -> set[int]:
        """Every token id that is trained at least once."""
        return set(self._tokens[self._trained.bool()].unique().tolist())


def read_examples(dataset: Path) -> tuple[Examples, Examples]:
    """(training rows, held-out rows) of a run's dataset folder. Raises TanrenError artifact_damaged."""
    path = dataset / EXAMPLES_FILE
    try:
        tensors = load_file(path)
        train, held_out = (
            Examples(tensors[f"{split}_tokens"], tensors[f"{split}_trained"], tensors[f"{split}_offsets"])
            for split in ("train", "held_out")
        )
    except (OSError, SafetensorError, KeyError) as error:
        raise TanrenError("artifact_damaged", path=path, reason=str(error)) from error
    return train, held_out
