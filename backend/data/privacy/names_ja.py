"""Japanese names: what the dictionary knows as one, and what stands where only a name can stand."""

import re
from collections.abc import Iterator

from backend.data.privacy.hit import CUED, GUESSED, SHAPED, Span
from backend.data.privacy.japanese_words import (
    AFTER_COMPANY,
    AMBIGUOUS,
    BEFORE_COMPANY,
    HONORIFICS,
    NO_GIVEN_NAME,
    NO_PERSON,
    OF_NAMES,
    ROLES,
    TITLES,
)
from backend.data.privacy.words import Word, sorts_of

_KANJI = "一-鿿々〆ヶ𠀀-𯿿"
_KANJI_RUN = re.compile(rf"[{_KANJI}]+")
_NAME_RUN = re.compile(rf"[{_KANJI}ぁ-んァ-ヶー]+")
_KATAKANA = re.compile(r"[ァ-ヶー]+")
_KATAKANA_CHAIN = re.compile(r"(?<![ァ-ヶー・])[ァ-ヶー]{1,12}(?:[・=][ァ-ヶー]{1,12}){1,4}(?![ァ-ヶー])")
_READING = re.compile(r"[ ]?[(（](?P<value>(?:[ァ-ヶー]{1,10}[ ]?[ァ-ヶー]{1,10}|[ぁ-ん]{2,10}[ ]?[ぁ-ん]{1,10}))[)）]")
_BLANK = re.compile(r"[ \u3000]?")
_WHO = (r"(?:者|人|社|院|部|課|係|署|所|会|店|業|電機|クリニック|製作所|僚|司|下|親|妻|夫|長|師|娘|息子|孫|弟|妹|兄|姉|産業|工業|商店|建設|市|当|出身|担当|友|客|医|役|員|士)")
_BEFORE_SINGLE = re.compile(
    rf"(?:{_WHO}の|(?:私|わたくし|僕|俺|こちら|旧姓|姓|名|担当者?|婚して|名前|氏名|名義人?|受取人|決裁|相手|連絡先|対応)(?:は|が|、)?"
    r"|[:「（(・→、]|(?:^|\n)|\)|・|と|【|/)[ \u3000]?$")
_AFTER_SINGLE = re.compile(r"(?:です|でございます|でし|だ(?:と|が|。)|と申|と言|と名|になり|に変わ|が担当|まで|より|から|宛|携帯|は|が|も|に|と(?!の)|を|の(?!方)|で、|[「」、。)）】/\n]|$)")
_FIELD = re.compile(
    r"(?:氏\s?名|お名前|(?<![一-鿿])名前|姓名|フリガナ|ふりがな|(?<![一-鿿])名義人?|受取人|宛名|担当者?|申請者|届出人|申出人|依頼者|依頼人|相談者|"
    r"契約者|患者名?|代表者|代表取締役|取締役|監査役|原告|被告|代理人弁護士|弁護士|受付者|出席者|欠席|記入者|作成者|報告者|責任者|現場代理人|送付先|"
    r"旧姓|お客様名|利用者|保護者|被相続人|相続人|債務者|債権者|署名|差出人|送信者|連絡者|参加者|出席|委員|メンバー|承認者?|確認者?|検査担当|照査|発行者|審査員?|立会人?|司会|書記|記録者?|議長|主治医|執刀医|名宛人|扶養親族|続柄|故|亡|母・|父・|妻・|夫・|わたくし、|私、)"
    r"(?:名|氏名)?(?:様)?(?:\s?[:：]\s?|[ \u3000]|は|が|、|\t)?"
    rf"(?P<value>[{_KANJI}ぁ-んァ-ヶー]{{1,12}}(?:[ \u3000・=][{_KANJI}ぁ-んァ-ヶー]{{1,8}}){{0,3}})")
_SPEAKER = re.compile(
    rf"(?P<value>[{_KANJI}ァ-ヶー]{{1,10}}(?:[ \u3000・=][{_KANJI}ァ-ヶー]{{1,8}}){{0,3}})(?=と申し|と申す|といいます|と言います|という者|と名乗)")
_BEFORE_DEPARTMENT_HEAD = re.compile(rf"(?P<value>[{_KANJI}]{{1,3}})部長")
"""森部長 is 森 and 部長, where the dictionary finds the place 森部."""
_SAYS_PERSON = r"(?:です|でございます|と申|より|携帯|になり|が担当|[)）]$)"
_ROLE_ENDINGS = tuple(ROLES)
_OTHER_SORTS = frozenset({"noun", "other", "verb"})
_NUMBER_OF = re.compile(r"[一二三四五六七八九十百千数幾両半全諸][人列組個回度本枚匹頭名国杯番輪年日月]")
_DIRECTIONS = frozenset("前 後 上 下 中 東 西 南 北 元 本 今 新 平".split())
_DOES = re.compile(r"[がはも](?:伺|対応|担当|参加|案内|ご案内|承|説明|訪問|同席|連絡|報告|電話|退職|入社|異動|休職|出張|欠席|出席|相談|了解|不在|在席|留守|言[いうっ]|話し|述べ|答え|申し)")
_RELATIVE = re.compile(
    r"(?:長男|長女|次男|次女|三男|三女|母親?|父親?|妻|夫|息子|娘|孫|姉|妹|兄|弟|祖母|祖父|うち|本人|主人|家内|婚約者|同級生|友人|同僚|彼女|彼氏?|主人公)(?:の|・|、|である|で、)"
    rf"(?P<value>[{_KANJI}]{{1,3}}|[ぁ-ん]{{2,4}}?|[ァ-ヶー]{{2,6}})(?=が|は|を|に|と|も|の|、|です|より|から|へ|です|で[、す]|（|\()")
_PAIR_BEFORE_HONORIFIC = re.compile(r"(?<![ァ-ヶー])[ァ-ヶー]{2,8}[ \u3000][ァ-ヶー]{2,8}(?=[ \u3000]?(?:様|さま|さん|氏|殿|くん|ちゃん|と申))")
_NEXT_IN_LIST = re.compile(
    rf"(?:さん|様|氏)?[、,・/][ \u3000]?(?P<value>[{_KANJI}ァ-ヶー]{{1,8}}(?:[ \u3000][{_KANJI}ぁ-んァ-ヶー]{{1,6}})?)(?=さん|様|氏|[、,。・/\n(（)）の]|[ \u3000]|$)")
FAMILY_AT_MOST = 5
GIVEN_AT_MOST = 4


def is_family(text: str) -> bool:
    """Whether it can be a surname."""
    return "surname" in sorts_of(text)


def is_given(text: str) -> bool:
    """Whether it can be a given name."""
    return "given" in sorts_of(text)


def names_ja(text: str, words: list[Word]) -> Iterator[Span]:
    """Names of people; those of companies, places and stations that begin with one are left."""
    if not words:
        return
    by_start = {word.start: place for place, word in enumerate(words)}
    found = [*_full_names(text, words, by_start), *_chains(text, words, by_start), *_in_fields(text, words, by_start),
             *_relatives(text, words, by_start)]
    found += [Span(*match.span(), "person_name", SHAPED) for match in _PAIR_BEFORE_HONORIFIC.finditer(text)]
    taken = {number for span in found for number in range(span.start, span.end)}
    found += [span for place, word in enumerate(words) if word.start not in taken for span in _single(text, words, place)]
    for span in found:
        reading = _READING.match(text, span.end)
        if reading:
            yield Span(reading.start("value"), reading.end("value"), "person_name", CUED)
    found = [span for span in found if not any(
        other.start <= span.start and span.end <= other.end and other.end - other.start > span.end - span.start for other in found)]
    yield from found
    yield from _again(text, words, found)


def _full_names(text: str, words: list[Word], by_start: dict[int, int]) -> Iterator[Span]:
    """A surname and a given name side by side or with a blank between, as the dictionary knows both or one of them."""
    after = -1
    for place, word in enumerate(words):
        if word.start < after or word.sort in ("particle", "symbol", "space", "ending") or not _may_begin(text, words, place):
            continue
        end = _full_name_at(text, words, by_start, place)
        if end is not None:
            after = end
            yield Span(word.start, end, "person_name", SHAPED)


def _may_begin(text: str, words: list[Word], place: int) -> bool:
    """A name begins a run of characters, or follows a word of what people are (担当, 弁護士, 母 …)."""
    start = words[place].start
    if start == 0 or not _NAME_RUN.match(text[start - 1]):
        return True
    before = words[place - 1]
    if before.text in BEFORE_COMPANY or (before.sort == "place" and words[place].sort != "surname"):
        return False
    return (before.text in ROLES or before.sort in ("particle", "ending", "suffix", "verb") or before.text in OF_NAMES
            or words[place].sort in ("surname", "given") and before.sort not in ("surname", "place", "prefix"))


def _full_name_at(text: str, words: list[Word], by_start: dict[int, int], place: int) -> int | None:
    """Where the full name that begins with this word ends."""
    start = words[place].start
    run = _NAME_RUN.match(text, start)
    if run is None:
        return None
    first = words[place]
    least = len(first.text) if first.known else 1  # a known word is not cut: 森林 is no 森 and 林
    if first.sort == "number" or first.sort == "suffix":
        least = 2
    for length in range(min(FAMILY_AT_MOST, run.end() - start), least - 1, -1):
        family = text[start:start + length]
        known = is_family(family)
        if not known and not (2 <= length <= 4 and _KANJI_RUN.fullmatch(family) and _is_rare(family, words, place, length)):
            continue
        blank = _BLANK.match(text, start + length)
        begin = blank.end() if blank else start + length
        end = _given_end(text, words, by_start, begin, known, begin > start + length, start)
        if end is not None and not _holds_common(words, place, end):
            return end
    return None


def _is_common(word: Word) -> bool:
    """A known word of two characters or more that is never a name."""
    return word.known and len(word.text) >= 2 and not sorts_of(word.text) & {"surname", "given", "person", "place"}


def _holds_common(words: list[Word], place: int, end: int) -> bool:
    """Whether a common word, other than a whole first one, lies within what looks like a name: 登 録番号."""
    return any(_is_common(word) for word in words[place + 1:place + 9] if word.start < end)


def _is_rare(family: str, words: list[Word], place: int, length: int) -> bool:
    """A surname that the dictionary has not as such: whole words that are no role and no company (薬袋, 一ノ瀬)."""
    covered, number = 0, place
    while number < len(words) and covered < length:
        word = words[number]
        if word.text in ROLES or word.text in AFTER_COMPANY or word.text in HONORIFICS or word.sort in ("particle", "verb"):
            return False
        covered += len(word.text)
        number += 1
    return covered == length and family not in NO_PERSON and not family.endswith(_ROLE_ENDINGS) and (
        "place" not in sorts_of(family))


def _given_end(text: str, words: list[Word], by_start: dict[int, int], begin: int, known_family: bool, blank: bool,
               family_start: int) -> int | None:
    """Where the given name that begins here ends; None when none does."""
    for length in range(GIVEN_AT_MOST, 0, -1):
        given = text[begin:begin + length]
        if len(given) < length or not _NAME_RUN.fullmatch(given) or not _ends(text, words, by_start, begin + length):
            continue
        if given in NO_GIVEN_NAME or given in ROLES or given in HONORIFICS or given in AFTER_COMPANY or given in TITLES:
            continue
        kana = not _KANJI_RUN.fullmatch(given)
        if kana and not (begin in by_start and len(words[by_start[begin]].text) == length):
            continue
        rare = length >= 2 and not blank and (
            "noun" not in sorts_of(given) or bool(re.match(r"[:「]", text[family_start - 1:family_start])))
        if is_given(given) and (known_family or rare or _closes(text, words, by_start, begin + length)):
            return begin + length
        if known_family and _is_unknown_given(given, words, by_start, begin, blank):
            return begin + length
    return None


def _closes(text: str, words: list[Word], by_start: dict[int, int], end: int) -> bool:
    """Whether an honorific or と申します follows."""
    return bool(re.match(r"[ \u3000]?(?:様|さん|氏|殿|先生|と申)", text[end:end + 5]))


def _is_unknown_given(given: str, words: list[Word], by_start: dict[int, int], begin: int, blank: bool) -> bool:
    """One to three kanji, or kana after a blank, that are no common word: 心春, 颯真."""
    if not _KANJI_RUN.fullmatch(given):
        return blank and 2 <= len(given) <= 4 and bool(re.fullmatch(r"[ぁ-ん]+|[ァ-ヶー]+", given)) and not (
            sorts_of(given) & {"noun", "particle", "verb", "ending", "other", "pronoun"})
    if len(given) > 3 or (len(given) == 1 and not blank):
        return False
    if sorts_of(given) & {"noun", "place", "proper", "suffix"} and len(given) >= 2:
        return False
    if begin in by_start and any(word.known and len(word.text) >= 2 for word in words[by_start[begin]:by_start[begin] + 3]
                                 if word.end <= begin + len(given)):
        return False
    return not any(given[place:place + 2] in AFTER_COMPANY or given[place:place + 2] in ROLES for place in range(len(given) - 1))


def _ends(text: str, words: list[Word], by_start: dict[int, int], end: int) -> bool:
    """Whether a name can end here: before another script, a particle, an honorific, a word such as 携帯."""
    if end >= len(text) or not _NAME_RUN.match(text[end]):
        return True
    place = by_start.get(end)
    if place is None:
        return any(text.startswith(word, end) for word in ("さん", "様", "氏", "君", "くん", "ちゃん", "先生", "殿"))
    word = words[place]
    return word.sort in ("particle", "ending", "symbol") or word.text in HONORIFICS or word.text in TITLES or word.text in OF_NAMES


def _chains(text: str, words: list[Word], by_start: dict[int, int]) -> Iterator[Span]:
    """Foreign names in katakana: parts joined by middle dots, one of them a known name or followed by さん …"""
    for match in _KATAKANA_CHAIN.finditer(text):
        parts = re.split(r"[・=]", match[0])
        person = [bool(sorts_of(part) & {"person", "given", "surname"}) for part in parts]
        common = ["noun" in sorts_of(part) and not named for part, named in zip(parts, person, strict=True)]
        if (any(person) and not any(common)) or _honorific(words, by_start.get(match.end(), len(words))):
            yield Span(match.start(), match.end(), "person_name", SHAPED)


def _honorific(words: list[Word], place: int) -> str:
    """The honorific or title that this word (after one blank) is."""
    if place < len(words) and words[place].text in (" ", "\u3000"):
        place += 1
    text = words[place].text if place < len(words) else ""
    return text if text in HONORIFICS or text in TITLES else ""


def _single(text: str, words: list[Word], place: int) -> Iterator[Span]:
    """A surname or a given name alone: with さん, 課長 …, or where the sentence makes it likely."""
    word = words[place]
    if not _NAME_RUN.fullmatch(word.text) or word.sort in ("particle", "ending") or word.text in ROLES or (
            word.text in NO_PERSON and word.sort != "surname") or _NUMBER_OF.fullmatch(word.text) or not _may_begin_single(text, words, place):
        return
    before_title = _BEFORE_DEPARTMENT_HEAD.match(text, word.start)
    if before_title and is_family(before_title["value"]):
        yield Span(*before_title.span("value"), "person_name", SHAPED)
        return
    sorts = sorts_of(word.text)
    honorific = _honorific(words, place + 1)
    person = bool(sorts & {"surname", "given", "person"})
    span = Span(word.start, word.end, "person_name", SHAPED if honorific else GUESSED)
    if honorific:
        if person and not (honorific in TITLES and word.sort == "place" and honorific[0] in "市町村区都府県"):
            yield span
        elif honorific in HONORIFICS and _is_rare_before_honorific(words, place):
            yield span
        return
    pieces = _in_pieces(text, words, place)
    if pieces:
        yield Span(word.start, pieces, "person_name", SHAPED)
        return
    following = words[place + 1].text if place + 1 < len(words) else ""
    if not person or _is_company(words, place):
        return
    before, after = text[max(0, word.start - 8):word.start], text[word.end:word.end + 6]
    if "surname" in sorts and word.text not in _DIRECTIONS and (
            _DOES.match(after) and word.sort != "place" or len(word.text) == 1 and _strictly(before) and re.match(_SAYS_PERSON, after)
            or word.sort == "surname" and re.search("[「【]$", before) and re.match("[」】]", after)):
        yield span
        return
    if word.text in AMBIGUOUS and not word.sort == "surname":
        return
    cued = bool(_BEFORE_SINGLE.search(before)) and bool(_AFTER_SINGLE.match(after))
    if word.sort == "surname" and len(word.text) >= 2 and not _KATAKANA.fullmatch(word.text) and (
            not re.match(rf"[0-9{_KANJI}]", after) or following in OF_NAMES):
        yield span
    elif "surname" in sorts and len(word.text) == 1 and (following in ("携帯", "宅") or word.sort == "surname" and cued and _strictly(before)):
        yield span
    elif "surname" in sorts and len(word.text) >= 2 and not _KATAKANA.fullmatch(word.text) and cued and _strictly(before):
        yield span
    elif word.sort in ("given", "person") and cued and (len(word.text) >= 2 and "noun" not in sorts or _strictly(before)):
        yield span
    elif word.sort == "given" and len(word.text) >= 2 and not sorts & _OTHER_SORTS and _AFTER_SINGLE.match(after):
        yield span
    elif "surname" in sorts and len(word.text) >= 2 and "place" not in sorts and cued and re.match("です", after):
        yield span


def _relatives(text: str, words: list[Word], by_start: dict[int, int]) -> Iterator[Span]:
    """Given names after 長男の, うちの, 本人の …"""
    for match in _RELATIVE.finditer(text):
        name, place = match["value"], by_start.get(match.start("value"))
        if place is None or name in AMBIGUOUS or name in NO_PERSON or name in ROLES or name in NO_GIVEN_NAME:
            continue
        inside = [word for word in words[place:place + 4] if word.start < match.end("value")]
        pieces = len(inside) > 1 and len(name) >= 2 and _KANJI_RUN.fullmatch(name) and not any(
            _is_common(word) or word.sort in ("suffix", "prefix", "number", "place") for word in inside)
        if is_given(name) or pieces or (is_family(name) and len(name) >= 2):
            yield Span(*match.span("value"), "person_name", GUESSED)


def _strictly(before: str) -> bool:
    """Whether what stands before says that a person follows, not only that a part of the sentence begins."""
    return bool(re.search(rf"(?:{_WHO}の|旧姓は?|姓は|担当者?(?:は|が|:|：)|婚して|受取人は|決裁は|名義人は|[「])[ \u3000]?$", before))


def _may_begin_single(text: str, words: list[Word], place: int) -> bool:
    start = words[place].start
    if start == 0 or not re.match(rf"[{_KANJI}ァ-ヶー]", text[start - 1]):
        return True
    before = words[place - 1]
    return before.text in ROLES or before.sort in ("suffix", "particle", "verb", "ending") and before.text not in AFTER_COMPANY or (
        before.text in OF_NAMES)


def _in_pieces(text: str, words: list[Word], place: int) -> int:
    """The end of a name that the dictionary takes to pieces, before さん, ちゃん, 様 …: 颯 真 ちゃん. 0: there is none."""
    end = place
    while end < len(words) and end - place < 4 and _KANJI_RUN.fullmatch(words[end].text) and words[end].text not in HONORIFICS and (
            not _is_common(words[end])) and words[end].text not in ROLES and words[end].sort not in ("prefix", "number", "place"):
        end += 1
    length = words[end - 1].end - words[place].start if end > place else 0
    if end - place >= 2 and length <= 4 and end < len(words) and words[end].text in HONORIFICS and words[end - 1].sort != "suffix":
        return words[end - 1].end
    return 0


def _is_rare_before_honorific(words: list[Word], place: int) -> bool:
    """Two to four kanji or katakana that are no role, no trade and no company: 薬袋さん."""
    text = words[place].text
    if text.endswith(_ROLE_ENDINGS) or text in AFTER_COMPANY or "place" in sorts_of(text):
        return False
    return bool(_KANJI_RUN.fullmatch(text)) and 2 <= len(text) <= 4 or bool(_KATAKANA.fullmatch(text)) and 2 <= len(text) <= 10 and (
        "noun" not in sorts_of(text) or not words[place].known)


def _is_company(words: list[Word], place: int) -> bool:
    before = words[place - 1].text if place else ""
    after = words[place + 1].text if place + 1 < len(words) else ""
    return before in BEFORE_COMPANY or after in AFTER_COMPANY


def _in_fields(text: str, words: list[Word], by_start: dict[int, int]) -> Iterator[Span]:
    """What follows 氏名, 担当者 … or comes before と申します, where it is built like a name."""
    for match in [*_FIELD.finditer(text), *_SPEAKER.finditer(text)]:
        start, end = match.span("value")
        while start < end and start not in by_start:
            start += 1
        inside: list[Word] = []
        for word in words[by_start[start]:] if start < end else []:
            if word.start >= end or inside and (word.text in HONORIFICS or word.text in ROLES and len(word.text) >= 2) or (
                    word.sort in ("particle", "ending", "symbol") and word.text not in ("・", "=", "ノ")):
                break
            inside.append(word)
        while inside and (inside[0].text in ROLES or inside[0].sort == "space" or inside[0].text in ("私", "わたくし", "・") or (
                len(inside) > 1 and _is_common(inside[0]) and match.re is _FIELD)):
            inside.pop(0)
        while inside and (inside[-1].sort == "space" or inside[-1].text in ROLES):
            inside.pop()
        marked = bool(re.search(r"[:：、・\s]$", text[:match.start("value")][-1:])) or match.re is _SPEAKER or (
            match[0].startswith("旧姓"))
        sure = match[0].startswith("旧姓")
        if inside and (_is_name_field(text, inside, marked) or sure and len(inside) == 1):
            yield Span(inside[0].start, inside[-1].end, "person_name", CUED)
            yield from _rest_of_list(text, words, by_start, inside[-1].end)


def _rest_of_list(text: str, words: list[Word], by_start: dict[int, int], end: int) -> Iterator[Span]:
    """The names that follow the first of a list: 出席者：森、日下部、久保田悠人."""
    while True:
        match = _NEXT_IN_LIST.match(text, end)
        place = by_start.get(match.start("value")) if match else None
        if match is None or place is None:
            return
        inside = [word for word in words[place:place + 6] if word.start < match.end("value")]
        if not _is_name_field(text, inside, True):
            return
        end = match.end("value")
        yield Span(match.start("value"), end, "person_name", CUED)


def _is_name_field(text: str, inside: list[Word], marked: bool) -> bool:
    whole = text[inside[0].start:inside[-1].end]
    if not 1 <= len(whole) <= 24 or whole in NO_PERSON or whole in ROLES or whole in NO_GIVEN_NAME:
        return False
    if any(word.text in BEFORE_COMPANY or word.text in AFTER_COMPANY for word in inside):
        return False
    parts = [word for word in inside if word.sort != "space"]
    common = [word for word in parts if len(word.text) >= 2 and word.known and not (
        sorts_of(word.text) & {"surname", "given", "person"})]
    if any(sorts_of(word.text) & {"surname", "given", "person"} and len(word.text) >= 2 for word in parts):
        return len(common) == 0 or len(parts) - len(common) >= 2
    return marked and (len(whole) >= 2 or is_family(whole)) and not common and not any(word.sort in ("verb", "number") for word in parts)


def _again(text: str, words: list[Word], found: list[Span]) -> Iterator[Span]:
    """Parts of names that were found stand for the same person elsewhere in the text."""
    parts: set[str] = set()
    taken: set[int] = set()
    for span in found:
        whole = text[span.start:span.end]
        taken |= set(range(span.start, span.end))
        split = re.split(r"[ \u3000・=]", whole)
        parts |= set(split) | {whole[:cut] for cut in range(1, len(whole)) if is_family(whole[:cut])} | {
            whole[cut:] for cut in range(1, len(whole)) if is_family(whole[:cut])}
    for place, word in enumerate(words):
        if word.text in parts and word.start not in taken and word.text not in NO_PERSON and not _is_company(words, place) and (
                len(word.text) >= 2 or _AFTER_SINGLE.match(text, word.end) and _BEFORE_SINGLE.search(text[max(0, word.start - 8):word.start])):
            yield Span(word.start, word.end, "person_name", GUESSED)
    for part in parts:
        if len(part) >= 2 and _KANJI_RUN.fullmatch(part) and part not in NO_PERSON:
            for match in re.finditer(rf"(?<![{_KANJI}]){part}(?![{_KANJI}])", text):
                if match.start() not in taken:
                    yield Span(*match.span(), "person_name", GUESSED)
