"""Japanese names of two parts, and foreign ones in katakana."""

import re
from collections.abc import Iterator

from backend.data.privacy.hit import SHAPED, Span
from backend.data.privacy.japanese_words import (
    AFTER_COMPANY,
    BEFORE_COMPANY,
    HONORIFICS,
    NO_GIVEN_NAME,
    NO_PERSON,
    OF_NAMES,
    ROLES,
    TITLES,
)
from backend.data.privacy.name_words import (
    KANJI_RUN,
    NAME_RUN,
    ROLE_ENDINGS,
    honorific_at,
    is_common,
    is_family,
    is_given,
)
from backend.data.privacy.words import Word, sorts_of

_KATAKANA_CHAIN = re.compile(r"(?<![ァ-ヶー・])[ァ-ヶー]{1,12}(?:[・=][ァ-ヶー]{1,12}){1,4}(?![ァ-ヶー])")
_PAIR_BEFORE_HONORIFIC = re.compile(
    r"(?<![ァ-ヶー])[ァ-ヶー]{2,8}[ \u3000][ァ-ヶー]{2,8}(?=[ \u3000]?(?:様|さま|さん|氏|殿|くん|ちゃん|と申))"
)
_BLANK = re.compile(r"[ \u3000]?")
FAMILY_AT_MOST = 5
GIVEN_AT_MOST = 4


def full_names(text: str, words: list[Word], by_start: dict[int, int]) -> Iterator[Span]:
    """A surname and a given name side by side or with a blank between, as the dictionary knows both or one of them."""
    after = -1
    for place, word in enumerate(words):
        if (
            word.start < after
            or word.sort in ("particle", "symbol", "space", "ending")
            or not _may_begin(text, words, place)
        ):
            continue
        end = _full_name_at(text, words, by_start, place)
        if end is not None:
            after = end
            yield Span(word.start, end, "person_name", SHAPED)


def _may_begin(text: str, words: list[Word], place: int) -> bool:
    """A name begins a run of characters, or follows a word of what people are (担当, 弁護士, 母 …)."""
    start = words[place].start
    if start == 0 or not NAME_RUN.match(text[start - 1]):
        return True
    before = words[place - 1]
    if before.text in BEFORE_COMPANY or (before.sort == "place" and words[place].sort != "surname"):
        return False
    return (
        before.text in ROLES
        or before.sort in ("particle", "ending", "suffix", "verb")
        or before.text in OF_NAMES
        or (words[place].sort in ("surname", "given") and before.sort not in ("surname", "place", "prefix"))
    )


def _full_name_at(text: str, words: list[Word], by_start: dict[int, int], place: int) -> int | None:
    """Where the full name that begins with this word ends."""
    start = words[place].start
    run = NAME_RUN.match(text, start)
    if run is None:
        return None
    first = words[place]
    least = len(first.text) if first.known else 1  # a known word is not cut: 森林 is no 森 and 林
    if first.sort == "number" or first.sort == "suffix":
        least = 2
    for length in range(min(FAMILY_AT_MOST, run.end() - start), least - 1, -1):
        family = text[start : start + length]
        known = is_family(family)
        if not known and not (
            2 <= length <= 4 and KANJI_RUN.fullmatch(family) and _is_rare(family, words, place, length)
        ):
            continue
        blank = _BLANK.match(text, start + length)
        begin = blank.end() if blank else start + length
        end = _given_end(text, words, by_start, begin, known, begin > start + length, start)
        if end is not None and not _holds_common(words, place, end):
            return end
    return None


def _holds_common(words: list[Word], place: int, end: int) -> bool:
    """Whether a common word, other than a whole first one, lies within what looks like a name: 登 録番号."""
    return any(is_common(word) for word in words[place + 1 : place + 9] if word.start < end)


def _is_rare(family: str, words: list[Word], place: int, length: int) -> bool:
    """A surname that the dictionary has not as such: whole words that are no role and no company (薬袋, 一ノ瀬)."""
    covered, number = 0, place
    while number < len(words) and covered < length:
        word = words[number]
        if (
            word.text in ROLES
            or word.text in AFTER_COMPANY
            or word.text in HONORIFICS
            or word.sort in ("particle", "verb")
        ):
            return False
        covered += len(word.text)
        number += 1
    return (
        covered == length
        and family not in NO_PERSON
        and not family.endswith(ROLE_ENDINGS)
        and ("place" not in sorts_of(family))
    )


def _given_end(
    text: str,
    words: list[Word],
    by_start: dict[int, int],
    begin: int,
    known_family: bool,
    blank: bool,
    family_start: int,
) -> int | None:
    """Where the given name that begins here ends; None when none does."""
    for length in range(GIVEN_AT_MOST, 0, -1):
        given = text[begin : begin + length]
        if len(given) < length or not NAME_RUN.fullmatch(given) or not _ends(text, words, by_start, begin + length):
            continue
        if given in NO_GIVEN_NAME or given in ROLES or given in HONORIFICS or given in AFTER_COMPANY or given in TITLES:
            continue
        kana = not KANJI_RUN.fullmatch(given)
        if kana and not (begin in by_start and len(words[by_start[begin]].text) == length):
            continue
        rare = (
            length >= 2
            and not blank
            and ("noun" not in sorts_of(given) or bool(re.match(r"[:「]", text[family_start - 1 : family_start])))
        )
        if is_given(given) and (known_family or rare or _closes(text, words, by_start, begin + length)):
            return begin + length
        if known_family and _is_unknown_given(given, words, by_start, begin, blank):
            return begin + length
    return None


def _closes(text: str, words: list[Word], by_start: dict[int, int], end: int) -> bool:
    """Whether an honorific or と申します follows."""
    return bool(re.match(r"[ \u3000]?(?:様|さん|氏|殿|先生|と申)", text[end : end + 5]))


def _is_unknown_given(given: str, words: list[Word], by_start: dict[int, int], begin: int, blank: bool) -> bool:
    """One to three kanji, or kana after a blank, that are no common word: 心春, 颯真."""
    if not KANJI_RUN.fullmatch(given):
        return (
            blank
            and 2 <= len(given) <= 4
            and bool(re.fullmatch(r"[ぁ-ん]+|[ァ-ヶー]+", given))
            and not (sorts_of(given) & {"noun", "particle", "verb", "ending", "other", "pronoun"})
        )
    if len(given) > 3 or (len(given) == 1 and not blank):
        return False
    if sorts_of(given) & {"noun", "place", "proper", "suffix"} and len(given) >= 2:
        return False
    if begin in by_start and any(
        word.known and len(word.text) >= 2
        for word in words[by_start[begin] : by_start[begin] + 3]
        if word.end <= begin + len(given)
    ):
        return False
    return not any(
        given[place : place + 2] in AFTER_COMPANY or given[place : place + 2] in ROLES
        for place in range(len(given) - 1)
    )


def _ends(text: str, words: list[Word], by_start: dict[int, int], end: int) -> bool:
    """Whether a name can end here: before another script, a particle, an honorific, a word such as 携帯."""
    if end >= len(text) or not NAME_RUN.match(text[end]):
        return True
    place = by_start.get(end)
    if place is None:
        return any(text.startswith(word, end) for word in ("さん", "様", "氏", "君", "くん", "ちゃん", "先生", "殿"))
    word = words[place]
    return (
        word.sort in ("particle", "ending", "symbol")
        or word.text in HONORIFICS
        or word.text in TITLES
        or word.text in OF_NAMES
    )


def katakana_chains(text: str, words: list[Word], by_start: dict[int, int]) -> Iterator[Span]:
    """Foreign names in katakana: parts joined by middle dots, one of them a known name or followed by さん …; two parts
    with a blank before 様."""
    for match in _PAIR_BEFORE_HONORIFIC.finditer(text):
        yield Span(*match.span(), "person_name", SHAPED)
    for match in _KATAKANA_CHAIN.finditer(text):
        parts = re.split(r"[・=]", match[0])
        person = [bool(sorts_of(part) & {"person", "given", "surname"}) for part in parts]
        common = ["noun" in sorts_of(part) and not named for part, named in zip(parts, person, strict=True)]
        if (any(person) and not any(common)) or honorific_at(words, by_start.get(match.end(), len(words))):
            yield Span(match.start(), match.end(), "person_name", SHAPED)
