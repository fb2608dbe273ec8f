"""Texts without differences that do not matter: width, case, white space; in bounded time, whatever they hold."""

import re
import unicodedata
from typing import Literal

# No writing needs more than 30 marks on a letter (UAX 15, stream-safe text); to sort more takes the square of their
# number in time.
_PILED_MARKS = re.compile(
    "([\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u064b-\u065f\u1dc0-\u1dff\u20d0-\u20f0\u3099\u309a\ufe20-\ufe2f]{31,})")


def normalized(text: str, form: Literal["NFC", "NFKC"]) -> str:
    """`text` in Unicode's normal form; piles of more than 30 marks stay as they are."""
    if text.isascii():
        return text
    return "".join(part if place % 2 else unicodedata.normalize(form, part)
                   for place, part in enumerate(_PILED_MARKS.split(text)))


def folded(text: str) -> str:
    """`text` without differences of width and case, as search compares it."""
    return normalized(text, "NFKC").casefold()


def compact(text: str) -> str:
    """`text` without differences of width, case and white space."""
    return " ".join(folded(text).split())
