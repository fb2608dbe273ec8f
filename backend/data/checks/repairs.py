"""Repairs of a row's texts, for the steps of the same names. A row that needs none comes back as the same object."""

import re
import unicodedata
from collections.abc import Callable, Iterable

from backend.data.checks.characters import without_invisible
from backend.data.checks.marks import with_marks, without_marks
from backend.data.checks.mojibake import mended
from backend.data.dataset import Row, with_texts

_HALF_WIDTH = re.compile("[｡-ﾟ]+")


def strip_invisible(row: Row) -> Row:
    """Without control, zero-width, direction and tag characters; what ends a line or page becomes a line feed."""
    return _changed(row, without_invisible)


def repair_mojibake(row: Row) -> Row:
    """Garbled parts decoded again, where that is certain."""
    return _changed(row, mended)


def escape_marks(row: Row, marks: Iterable[str] = ()) -> Row:
    """A space after the first character of every chat mark, so that no tokenizer takes it for one; `marks`: further
    ones of the model. unescape_marks takes it back."""
    own = tuple(marks)
    return _changed(row, lambda text: without_marks(text, own))


def unescape_marks(row: Row, marks: Iterable[str] = ()) -> Row:
    """The row as it was before escape_marks with the same `marks`."""
    own = tuple(marks)
    return _changed(row, lambda text: with_marks(text, own))


def widen_kana(row: Row) -> Row:
    """Half-width kana and their punctuation in full width (ｶﾞ → ガ); everything else stays."""
    return _changed(row, lambda text: _HALF_WIDTH.sub(lambda run: unicodedata.normalize("NFKC", run[0]), text))


def _changed(row: Row, change: Callable[[str], str]) -> Row:
    changed = with_texts(row, change)
    return row if changed == row else changed
