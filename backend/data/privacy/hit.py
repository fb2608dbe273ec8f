"""What a search in one text found."""

from typing import NamedTuple


class Hit(NamedTuple):
    """Characters start:end of the original text, which are `text`."""

    start: int
    end: int
    kind: str
    text: str


class Span(NamedTuple):
    """A candidate in the normalised text. Of overlapping ones the higher `rank` stays, then the longer one."""

    start: int
    end: int
    kind: str
    rank: int


CHECKED = 5
"""Form and check digit, or the form of a known service's key."""
CUED = 4
"""What the text itself says it is: "Tel: …", 口座番号…"""
SHAPED = 3
"""The form alone."""
GUESSED = 2
