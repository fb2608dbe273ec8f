"""Exact match: the share of answers that are the expected text, with its 95 % interval."""

import math

import msgspec

Z95 = 1.959963984540054


class Share(msgspec.Struct, frozen=True):
    """A share between 0 and 1 and its 95 % Wilson interval."""

    value: float
    low: float
    high: float


def matches(answer: str, expected: str) -> bool:
    """Whether the texts are the same, white space at both ends aside."""
    return answer.strip() == expected.strip()


def share_of(hits: int, total: int) -> Share:
    """`hits` of `total` (at least 1) with the interval of Wilson (1927, doi.org/10.2307/2276774)."""
    if not 0 <= hits <= total or total < 1:
        raise ValueError(f"{hits} hits of {total}")
    value = hits / total
    spread = Z95 * Z95 / total
    centre = (value + spread / 2) / (1 + spread)
    half = Z95 * math.sqrt(value * (1 - value) / total + spread / (4 * total)) / (1 + spread)
    return Share(value, 0.0 if hits == 0 else centre - half, 1.0 if hits == total else centre + half)
