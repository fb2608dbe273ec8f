"""Which rows make up which step: a pure function of seed and epoch, so that a resumed run needs no history."""

import math
from collections.abc import Sequence

import torch

from backend.training.examples import Examples

Group = list[list[int]]


def groups_of_epoch(
    lengths: Sequence[int], batch_size: int, accumulation: int, seed: int, epoch: int
) -> list[Group]:
    """The epoch's steps in order; each is a group of batches, each batch a list of row numbers.

    Rows are shuffled by (seed, epoch), and `batch_size * accumulation` of them make a group. Inside a group they
    are sorted by length and cut into batches of as many padded tokens as `batch_size` of the longest rows have:
    the memory is the same, short rows need fewer passes, and the group's summed gradient is what it was.
    """
    generator = torch.Generator().manual_seed(seed * 1_000_003 + epoch)
    order = torch.randperm(len(lengths), generator=generator).tolist()
    size = batch_size * accumulation
    budget = batch_size * max(lengths, default=0)
    return [_batches(order[start : start + size], lengths, budget) for start in range(0, len(order), size)]


def _batches(rows: list[int], lengths: Sequence[int], budget: int) -> Group:
    batches: Group = [[]]
    for row in sorted(rows, key=lambda row: (-lengths[row], row)):
        if batches[-1] and (len(batches[-1]) + 1) * lengths[batches[-1][0]] > budget:
            batches.append([])
        batches[-1].append(row)
    return batches


def total_steps(rows: int, batch_size: int, accumulation: int, epochs: int, max_steps: int) -> int:
    """Optimizer steps of the whole run; `max_steps` 0 = no limit."""
    steps = epochs * math.ceil(rows / (batch_size * accumulation))
    return min(steps, max_steps) if max_steps else steps


class Batch:
    """Rows padded at the right: `tokens` int64 [rows, length], and the trained places.

    `predicting` int64 [trained]: index into the flattened [rows * length] hidden states of the place that
    predicts a trained token; `targets` int64 [trained]: that token. No attention mask is needed: with causal
    attention and padding at the right no real token ever sees a padded one.
    """

    def __init__(self, tokens: torch.Tensor, predicting: torch.Tensor, targets: torch.Tensor, real: int) -> None:
        self.tokens = tokens
        self.predicting = predicting
        self.targets = targets
        self.real_tokens = real

    @property
    def trained_tokens(self) -> int:
        """Tokens that the loss is taken at."""
        return int(self.targets.numel())


def make_batch(examples: Examples, rows: Sequence[int], device: str = "cpu") -> Batch:
    """The batch of `rows` on `device`."""
    token_rows = [examples.tokens(row) for row in rows]
    length = max(len(tokens) for tokens in token_rows)
    tokens = torch.zeros(len(rows), length, dtype=torch.int64)
    trained = torch.zeros(len(rows), length, dtype=torch.bool)
    for at, (row, values) in enumerate(zip(rows, token_rows, strict=True)):
        tokens[at, : len(values)] = values
        trained[at, : len(values)] = examples.trained(row)
    places = trained.flatten().nonzero().squeeze(1)
    return Batch(
        tokens.to(device), (places - 1).to(device), tokens.flatten()[places].to(device),
        sum(len(values) for values in token_rows),
    )
