"""Names and sentences of the set: one text file per language and half.

Sentences with slots (chats, letters, forms, tables of clinics, law firms, makers and public offices) and the people in
them were written by hand; no name was taken from a dictionary or a list that the finder uses. The files named open are
what the finder may be tuned on, those named held_out are only measured.
"""

from functools import cache
from pathlib import Path

WORDS = ("surnames", "given names")
"""Sections with several entries on a line."""


@cache
def material(language: str, half: str) -> dict[str, list[str]]:
    """The entries of every section ("surnames", "given names", "sentences", "nothing personal" …) of a file."""
    sections: dict[str, list[str]] = {}
    for line in (Path(__file__).parent / f"{language}_{half}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            section = sections.setdefault(line[2:], [])
            name = line[2:]
        elif line:
            section += line.split() if name in WORDS else [line]
    return sections
