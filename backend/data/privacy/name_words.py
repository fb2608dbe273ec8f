"""What the dictionary and the word lists say about single words of Japanese names."""

import re

from backend.data.privacy.japanese_words import (
    AFTER_COMPANY,
    BEFORE_COMPANY,
    HONORIFICS,
    ROLES,
    TITLES,
)
from backend.data.privacy.words import Word, sorts_of

KANJI = "一-鿿々〆ヶ𠀀-𯿿"
KANJI_RUN = re.compile(rf"[{KANJI}]+")
NAME_RUN = re.compile(rf"[{KANJI}ぁ-んァ-ヶー]+")
KATAKANA = re.compile(r"[ァ-ヶー]+")
NAME_SORTS = frozenset({"surname", "given", "person"})
ROLE_ENDINGS = tuple(ROLES)
WHO = (
    r"(?:者|人|社|院|部|課|係|署|所|会|店|業|電機|クリニック|製作所|僚|司|下|親|妻|夫|長|師|娘|息子|孫|弟"
    r"|妹|兄|姉|産業|工業|商店|建設|市|当|出身|担当|友|客|医|役|員|士)"
)
BEFORE_SINGLE = re.compile(
    rf"(?:{WHO}の|(?:私|わたくし|僕|俺|こちら|旧姓|姓|名|担当者?|婚して|名前|氏名|名義人?|受取人|決裁|相手"
    rf"|連絡先|対応)(?:は|が|、)?"
    r"|[:「（(・→、]|(?:^|\n)|\)|・|と|【|/)[ \u3000]?$"
)
AFTER_SINGLE = re.compile(
    r"(?:です|でございます|でし|だ(?:と|が|。)|と申|と言|と名|になり|に変わ|が担当|まで|より|から|宛|携帯|は"
    r"|が|も|に|と(?!の)|を|の(?!方)|で、|[「」、。)）】/\n]|$)"
)


def is_family(text: str) -> bool:
    """Whether it can be a surname."""
    return "surname" in sorts_of(text)


def is_given(text: str) -> bool:
    """Whether it can be a given name."""
    return "given" in sorts_of(text)


def is_common(word: Word) -> bool:
    """A known word of two characters or more that is never a name."""
    return word.known and len(word.text) >= 2 and not sorts_of(word.text) & {"surname", "given", "person", "place"}


def honorific_at(words: list[Word], place: int) -> str:
    """The honorific or title that this word (after one blank) is."""
    if place < len(words) and words[place].text in (" ", "\u3000"):
        place += 1
    text = words[place].text if place < len(words) else ""
    return text if text in HONORIFICS or text in TITLES else ""


def is_company(words: list[Word], place: int) -> bool:
    before = words[place - 1].text if place else ""
    after = words[place + 1].text if place + 1 < len(words) else ""
    return before in BEFORE_COMPANY or after in AFTER_COMPANY
