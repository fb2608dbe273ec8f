"""Japanese surnames and given names alone."""

import re
from collections.abc import Iterator

from backend.data.privacy.hit import GUESSED, SHAPED, Span
from backend.data.privacy.japanese_words import (
    AFTER_COMPANY,
    AMBIGUOUS,
    HONORIFICS,
    NO_GIVEN_NAME,
    NO_PERSON,
    OF_NAMES,
    ROLES,
    TITLES,
)
from backend.data.privacy.name_words import (
    AFTER_SINGLE,
    BEFORE_SINGLE,
    KANJI,
    KANJI_RUN,
    KATAKANA,
    NAME_RUN,
    NAME_SORTS,
    ROLE_ENDINGS,
    WHO,
    honorific_at,
    is_common,
    is_company,
    is_family,
    is_given,
)
from backend.data.privacy.words import Word, sorts_of

_BEFORE_DEPARTMENT_HEAD = re.compile(rf"(?P<value>[{KANJI}]{{1,3}})部長")
"""森部長 is 森 and 部長, where the dictionary finds the place 森部."""
_SAYS_PERSON = r"(?:です|でございます|と申|より|携帯|になり|が担当|[)）]$)"
_OTHER_SORTS = frozenset({"noun", "other", "verb"})
_NUMBER_OF = re.compile(r"[一二三四五六七八九十百千数幾両半全諸][人列組個回度本枚匹頭名国杯番輪年日月]")
_DIRECTIONS = frozenset("前後上下中東西南北元本今新平")
_DOES = re.compile(
    r"[がはも](?:伺|対応|担当|参加|案内|ご案内|承|説明|訪問|同席|連絡|報告|電話|退職|入社|異動|休職|出張"
    r"|欠席|出席|相談|了解|不在|在席|留守|言[いうっ]|話し|述べ|答え|申し)"
)
_RELATIVE = re.compile(
    r"(?:長男|長女|次男|次女|三男|三女|母親?|父親?|妻|夫|息子|娘|孫|姉|妹|兄|弟|祖母|祖父|うち|本人|主人"
    r"|家内|婚約者|同級生|友人|同僚|彼女|彼氏?|主人公)(?:の|・|、|である|で、)"
    rf"(?P<value>[{KANJI}]{{1,3}}|[ぁ-ん]{{2,4}}?|[ァ-ヶー]{{2,6}})(?=が|は|を|に|と|も|の|、|です|より"
    rf"|から|へ|です|で[、す]|（|\()"
)


def single_name(text: str, words: list[Word], place: int) -> Iterator[Span]:
    """A surname or a given name alone: with さん, 課長 …, or where the sentence makes it likely."""
    word = words[place]
    if (
        not NAME_RUN.fullmatch(word.text)
        or word.sort in ("particle", "ending")
        or word.text in ROLES
        or (word.text in NO_PERSON and word.sort != "surname")
        or _NUMBER_OF.fullmatch(word.text)
        or not _may_begin(text, words, place)
    ):
        return
    head = _BEFORE_DEPARTMENT_HEAD.match(text, word.start)
    pieces = _in_pieces(words, place)
    if head and is_family(head["value"]):
        yield Span(*head.span("value"), "person_name", SHAPED)
    elif honorific_at(words, place + 1):
        if _takes_honorific(words, place):
            yield Span(word.start, word.end, "person_name", SHAPED)
    elif pieces:
        yield Span(word.start, pieces, "person_name", SHAPED)
    elif sorts_of(word.text) & NAME_SORTS and not is_company(words, place) and _is_likely(text, words, place):
        yield Span(word.start, word.end, "person_name", GUESSED)


def _takes_honorific(words: list[Word], place: int) -> bool:
    """Whether the word before さん, 課長 … is a person's name; 長崎市長 is of a city."""
    honorific = honorific_at(words, place + 1)
    if sorts_of(words[place].text) & NAME_SORTS:
        return not (honorific in TITLES and words[place].sort == "place" and honorific[0] in "市町村区都府県")
    return honorific in HONORIFICS and _is_rare_before_honorific(words, place)


def _is_likely(text: str, words: list[Word], place: int) -> bool:
    """Whether the sentence speaks of a person where a word that can be a name stands alone."""
    word = words[place]
    sorts = sorts_of(word.text)
    before, after = text[max(0, word.start - 8) : word.start], text[word.end : word.end + 6]
    family = "surname" in sorts and not KATAKANA.fullmatch(word.text)
    chosen = word.sort == "surname"  # in this very sentence, not only in the dictionary
    said = _strictly(before)
    if family and word.text not in _DIRECTIONS:
        if _DOES.match(after) and word.sort != "place":
            return True
        if len(word.text) == 1 and said and re.match(_SAYS_PERSON, after):
            return True
        if chosen and re.search("[「【]$", before) and re.match("[」】]", after):
            return True
    if word.text in AMBIGUOUS and not chosen:
        return False
    cued = bool(BEFORE_SINGLE.search(before) and AFTER_SINGLE.match(after))
    following = words[place + 1].text if place + 1 < len(words) else ""
    if len(word.text) == 1:
        if family and (following in ("携帯", "宅") or (chosen and cued and said)):
            return True
        return word.sort in ("given", "person") and cued and said
    if chosen and family and (not re.match(rf"[0-9{KANJI}]", after) or following in OF_NAMES):
        return True
    if family and cued and (said or ("place" not in sorts and after.startswith("です"))):
        return True
    if word.sort in ("given", "person") and cued and ("noun" not in sorts or said):
        return True
    return word.sort == "given" and not sorts & _OTHER_SORTS and bool(AFTER_SINGLE.match(after))


def _strictly(before: str) -> bool:
    """Whether what stands before says that a person follows, not only that a part of the sentence begins."""
    return bool(
        re.search(
            rf"(?:{WHO}の|旧姓は?|姓は|担当者?(?:は|が|:|：)|婚して|受取人は|決裁は|名義人は|[「])[ \u3000]?$", before
        )
    )


def _may_begin(text: str, words: list[Word], place: int) -> bool:
    start = words[place].start
    if start == 0 or not re.match(rf"[{KANJI}ァ-ヶー]", text[start - 1]):
        return True
    before = words[place - 1]
    return (
        before.text in ROLES
        or (before.sort in ("suffix", "particle", "verb", "ending") and before.text not in AFTER_COMPANY)
        or (before.text in OF_NAMES)
    )


def _in_pieces(words: list[Word], place: int) -> int:
    """The end of a name that the dictionary takes to pieces, before さん, 様 …: 颯 真 ちゃん. 0: there is none."""
    end = place
    while (
        end < len(words)
        and end - place < 4
        and KANJI_RUN.fullmatch(words[end].text)
        and words[end].text not in HONORIFICS
        and (not is_common(words[end]))
        and words[end].text not in ROLES
        and words[end].sort not in ("prefix", "number", "place")
    ):
        end += 1
    length = words[end - 1].end - words[place].start if end > place else 0
    if (
        end - place >= 2
        and length <= 4
        and end < len(words)
        and words[end].text in HONORIFICS
        and words[end - 1].sort != "suffix"
    ):
        return words[end - 1].end
    return 0


def _is_rare_before_honorific(words: list[Word], place: int) -> bool:
    """Two to four kanji or katakana that are no role, no trade and no company: 薬袋さん."""
    text = words[place].text
    if text.endswith(ROLE_ENDINGS) or text in AFTER_COMPANY or "place" in sorts_of(text):
        return False
    return (bool(KANJI_RUN.fullmatch(text)) and 2 <= len(text) <= 4) or (
        bool(KATAKANA.fullmatch(text))
        and 2 <= len(text) <= 10
        and ("noun" not in sorts_of(text) or not words[place].known)
    )


def relatives(text: str, words: list[Word], by_start: dict[int, int]) -> Iterator[Span]:
    """Given names after 長男の, うちの, 本人の …"""
    for match in _RELATIVE.finditer(text):
        name, place = match["value"], by_start.get(match.start("value"))
        if place is None or name in AMBIGUOUS or name in NO_PERSON or name in ROLES or name in NO_GIVEN_NAME:
            continue
        inside = [word for word in words[place : place + 4] if word.start < match.end("value")]
        pieces = (
            len(inside) > 1
            and len(name) >= 2
            and KANJI_RUN.fullmatch(name)
            and not any(is_common(word) or word.sort in ("suffix", "prefix", "number", "place") for word in inside)
        )
        if is_given(name) or pieces or (is_family(name) and len(name) >= 2):
            yield Span(*match.span("value"), "person_name", GUESSED)
