"""Everything personal in one text."""

import bisect
import re

from backend.data.privacy.addresses_ja import addresses_ja
from backend.data.privacy.births import births, births_beside
from backend.data.privacy.columns import columns
from backend.data.privacy.hit import Hit, Span
from backend.data.privacy.identifiers import identifiers
from backend.data.privacy.kinds import KINDS
from backend.data.privacy.money import money
from backend.data.privacy.names_ja import names_ja
from backend.data.privacy.names_latin import names_latin
from backend.data.privacy.network import network
from backend.data.privacy.phones import phones, phones_beside
from backend.data.privacy.postal_codes import postal_codes, postal_codes_after
from backend.data.privacy.secret_keys import secret_keys
from backend.data.privacy.streets import streets
from backend.data.privacy.user_list import UserNames
from backend.data.privacy.view import view_of
from backend.data.privacy.words import words_of

_PLACEHOLDER = re.compile(
    "[\\[〔](?:" + "|".join({word for kind in KINDS.values() for word in kind.marker}) + ")(?:-[a-z2-7]{8})?[\\]〕]"
)
"""What an earlier pass put into the text."""
_FORMS = (phones, identifiers, money, births, network, secret_keys, postal_codes, streets, columns)


def find(text: str, kinds: frozenset[str], names: UserNames) -> list[Hit]:
    """What of these kinds is in the text, in order and without overlaps; places are those of `text` itself.

    All kinds are always looked for, so that a number is told as what it is most likely; then the wanted ones are kept.
    """
    view = view_of(text)
    spans = [span for form in _FORMS for span in form(view.text)]
    spans += list(postal_codes_after(view.text, spans))
    if kinds & {"person_name", "address", "birth_date", "phone"}:
        words = words_of(view.text)
        spans += addresses_ja(view.text, words)
        people = [*names_latin(view.text), *names_ja(view.text, words)]
        spans += people
        spans += [*births_beside(view.text, people), *phones_beside(view.text, people)]
    spans += names.spans(view.text) if "user_list" in kinds else []
    hits = []
    placeholders = [match.span() for match in _PLACEHOLDER.finditer(view.text)]
    for span in _without_overlaps([span for span in spans if not _cuts_word(view.text, span)], placeholders):
        if span.kind in kinds:
            start, end = _within_brackets(text, *view.span(span.start, span.end))
            hits.append(Hit(start, end, span.kind, text[start:end]))
    return hits


def _within_brackets(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without a bracket at its edge whose partner is outside it."""
    found = text[start:end]
    for opening, closing in ("()", "（）", "[]", "「」"):
        if found.startswith(opening) and closing not in found:
            start += 1
        if found.endswith(closing) and opening not in found:
            end -= 1
    return start, end


def _without_overlaps(spans: list[Span], taken: list[tuple[int, int]]) -> list[Span]:
    """Of overlapping candidates the higher rank, then the longer one, then the earlier; none in `taken`."""
    kept: list[Span] = []
    starts = sorted(start for start, _ in taken)
    ends = sorted(end for _, end in taken)
    for span in sorted(spans, key=lambda span: (-span.rank, span.start - span.end, span.start)):
        place = bisect.bisect_right(ends, span.start)  # the kept ones are disjoint: only this one can overlap
        if span.start < span.end and (place == len(starts) or span.end <= starts[place]):
            kept.append(span)
            bisect.insort(starts, span.start)
            bisect.insort(ends, span.end)
    return sorted(kept)


def _cuts_word(text: str, span: Span) -> bool:
    """Whether an end of the span lies inside a word of Latin letters or a number."""
    return _joined(text, span.start) or _joined(text, span.end)


def _joined(text: str, place: int) -> bool:
    if not 0 < place < len(text):
        return False
    left, right = text[place - 1], text[place]
    return left.isascii() and right.isascii() and left.isalnum() and right.isalnum()
