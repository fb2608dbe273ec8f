"""Japanese names after the words of forms (氏名, 担当者 …) and before と申します."""

import re
from collections.abc import Iterator

from backend.data.privacy.hit import CUED, Span
from backend.data.privacy.japanese_words import (
    AFTER_COMPANY,
    BEFORE_COMPANY,
    HONORIFICS,
    NO_GIVEN_NAME,
    NO_PERSON,
    ROLES,
)
from backend.data.privacy.name_words import (
    KANJI,
    is_common,
    is_family,
)
from backend.data.privacy.words import Word, sorts_of

_FIELD = re.compile(
    r"(?:氏\s?名|お名前|(?<![一-鿿])名前|姓名|フリガナ|ふりがな|(?<![一-鿿])名義人?|受取人|宛名|担当者?"
    r"|申請者|届出人|申出人|依頼者|依頼人|相談者|"
    r"契約者|患者名?|代表者|代表取締役|取締役|監査役|原告|被告|代理人弁護士|弁護士|受付者|出席者|欠席|記入者"
    r"|作成者|報告者|責任者|現場代理人|送付先|"
    r"旧姓|お客様名|利用者|保護者|被相続人|相続人|債務者|債権者|署名|差出人|送信者|連絡者|参加者|出席|委員"
    r"|メンバー|承認者?|確認者?|検査担当|照査|発行者|審査員?|立会人?|司会|書記|記録者?|議長|主治医|執刀医"
    r"|名宛人|扶養親族|続柄|故|亡|母・|父・|妻・|夫・|わたくし、|私、)"
    r"(?:名|氏名)?(?:様)?(?:\s?[:：]\s?|[ \u3000]|は|が|、|\t)?"
    rf"(?P<value>[{KANJI}ぁ-んァ-ヶー]{{1,12}}(?:[ \u3000・=][{KANJI}ぁ-んァ-ヶー]{{1,8}}){{0,3}})"
)
_SPEAKER = re.compile(
    rf"(?P<value>[{KANJI}ァ-ヶー]{{1,10}}(?:[ \u3000・=][{KANJI}ァ-ヶー]{{1,8}}){{0,3}})(?=と申し|と申す"
    rf"|といいます|と言います|という者|と名乗)"
)
_NEXT_IN_LIST = re.compile(
    rf"(?:さん|様|氏)?[、,・/][ \u3000]?(?P<value>[{KANJI}ァ-ヶー]{{1,8}}(?:[ \u3000][{KANJI}ぁ-んァ-ヶー]{{1,6}})?)"
    r"(?=さん|様|氏|[、,。・/\n(（)）の]|[ \u3000]|$)"
)


def names_in_fields(text: str, words: list[Word], by_start: dict[int, int]) -> Iterator[Span]:
    """What follows 氏名, 担当者 … or comes before と申します, where it is built like a name."""
    for match in [*_FIELD.finditer(text), *_SPEAKER.finditer(text)]:
        start, end = match.span("value")
        while start < end and start not in by_start:
            start += 1
        inside: list[Word] = []
        for word in words[by_start[start] :] if start < end else []:
            if (
                word.start >= end
                or (inside and (word.text in HONORIFICS or (word.text in ROLES and len(word.text) >= 2)))
                or (word.sort in ("particle", "ending", "symbol") and word.text not in ("・", "=", "ノ"))
            ):
                break
            inside.append(word)
        while inside and (
            inside[0].text in ROLES
            or inside[0].sort == "space"
            or inside[0].text in ("私", "わたくし", "・")
            or (len(inside) > 1 and is_common(inside[0]) and match.re is _FIELD)
        ):
            inside.pop(0)
        while inside and (inside[-1].sort == "space" or inside[-1].text in ROLES):
            inside.pop()
        marked = (
            bool(re.search(r"[:：、・\s]$", text[: match.start("value")][-1:]))
            or match.re is _SPEAKER
            or (match[0].startswith("旧姓"))
        )
        sure = match[0].startswith("旧姓")
        if inside and (_is_name_field(text, inside, marked) or (sure and len(inside) == 1)):
            yield Span(inside[0].start, inside[-1].end, "person_name", CUED)
            yield from _rest_of_list(text, words, by_start, inside[-1].end)


def _rest_of_list(text: str, words: list[Word], by_start: dict[int, int], end: int) -> Iterator[Span]:
    """The names that follow the first of a list: 出席者：森、日下部、久保田悠人."""
    while True:
        match = _NEXT_IN_LIST.match(text, end)
        place = by_start.get(match.start("value")) if match else None
        if match is None or place is None:
            return
        inside = [word for word in words[place : place + 6] if word.start < match.end("value")]
        if not _is_name_field(text, inside, True):
            return
        end = match.end("value")
        yield Span(match.start("value"), end, "person_name", CUED)


def _is_name_field(text: str, inside: list[Word], marked: bool) -> bool:
    whole = text[inside[0].start : inside[-1].end]
    if not 1 <= len(whole) <= 24 or whole in NO_PERSON or whole in ROLES or whole in NO_GIVEN_NAME:
        return False
    if any(word.text in BEFORE_COMPANY or word.text in AFTER_COMPANY for word in inside):
        return False
    parts = [word for word in inside if word.sort != "space"]
    common = [
        word
        for word in parts
        if len(word.text) >= 2 and word.known and not (sorts_of(word.text) & {"surname", "given", "person"})
    ]
    if any(sorts_of(word.text) & {"surname", "given", "person"} and len(word.text) >= 2 for word in parts):
        return len(common) == 0 or len(parts) - len(common) >= 2
    return (
        marked
        and (len(whole) >= 2 or is_family(whole))
        and not common
        and not any(word.sort in ("verb", "number") for word in parts)
    )
