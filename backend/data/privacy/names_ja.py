"""Japanese names: what the dictionary knows as one, and what stands where only a name can stand."""

import re
from collections.abc import Iterator

from backend.data.privacy.full_names import full_names, katakana_chains
from backend.data.privacy.hit import CUED, GUESSED, Span
from backend.data.privacy.japanese_words import (
    NO_PERSON,
)
from backend.data.privacy.name_fields import names_in_fields
from backend.data.privacy.name_words import (
    AFTER_SINGLE,
    BEFORE_SINGLE,
    KANJI,
    KANJI_RUN,
    is_company,
    is_family,
)
from backend.data.privacy.single_names import relatives, single_name
from backend.data.privacy.words import Word

_READING = re.compile(r"[ ]?[(（](?P<value>(?:[ァ-ヶー]{1,10}[ ]?[ァ-ヶー]{1,10}|[ぁ-ん]{2,10}[ ]?[ぁ-ん]{1,10}))[)）]")


def names_ja(text: str, words: list[Word]) -> Iterator[Span]:
    """Names of people; those of companies, places and stations that begin with one are left."""
    if not words:
        return
    by_start = {word.start: place for place, word in enumerate(words)}
    found = [
        *full_names(text, words, by_start),
        *katakana_chains(text, words, by_start),
        *names_in_fields(text, words, by_start),
        *relatives(text, words, by_start),
    ]
    taken = {number for span in found for number in range(span.start, span.end)}
    found += [
        span for place, word in enumerate(words) if word.start not in taken for span in single_name(text, words, place)
    ]
    for span in found:
        reading = _READING.match(text, span.end)
        if reading:
            yield Span(reading.start("value"), reading.end("value"), "person_name", CUED)
    found = [
        span
        for span in found
        if not any(
            other.start <= span.start and span.end <= other.end and other.end - other.start > span.end - span.start
            for other in found
        )
    ]
    yield from found
    yield from _again(text, words, found)


def _again(text: str, words: list[Word], found: list[Span]) -> Iterator[Span]:
    """Parts of names that were found stand for the same person elsewhere in the text."""
    parts: set[str] = set()
    taken: set[int] = set()
    for span in found:
        whole = text[span.start : span.end]
        taken |= set(range(span.start, span.end))
        split = re.split(r"[ \u3000・=]", whole)
        parts |= (
            set(split)
            | {whole[:cut] for cut in range(1, len(whole)) if is_family(whole[:cut])}
            | {whole[cut:] for cut in range(1, len(whole)) if is_family(whole[:cut])}
        )
    for place, word in enumerate(words):
        if (
            word.text in parts
            and word.start not in taken
            and word.text not in NO_PERSON
            and not is_company(words, place)
            and (
                len(word.text) >= 2
                or (
                    AFTER_SINGLE.match(text, word.end)
                    and BEFORE_SINGLE.search(text[max(0, word.start - 8) : word.start])
                )
            )
        ):
            yield Span(word.start, word.end, "person_name", GUESSED)
    for part in parts:
        if len(part) >= 2 and KANJI_RUN.fullmatch(part) and part not in NO_PERSON:
            for match in re.finditer(rf"(?<![{KANJI}]){part}(?![{KANJI}])", text):
                if match.start() not in taken:
                    yield Span(*match.span(), "person_name", GUESSED)
