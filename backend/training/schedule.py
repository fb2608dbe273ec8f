"""The learning rate as a pure function of the step: linear warm-up, then half a cosine down to zero."""

import math


def learning_rate_at(step: int, total: int, highest: float, warmup_ratio: float) -> float:
    """The rate of step `step` (0-based) of `total` (SGDR, arXiv 1608.03983, without restarts)."""
    warmup = math.ceil(total * warmup_ratio)
    if step < warmup:
        return highest * (step + 1) / warmup
    if total <= warmup:
        return highest
    return highest * 0.5 * (1.0 + math.cos(math.pi * (step - warmup) / (total - warmup)))
