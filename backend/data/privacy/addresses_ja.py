"""Japanese addresses: from the prefecture or town down to the lot, the building and the room."""

import re
from collections.abc import Iterator

from backend.data.privacy.hit import CHECKED, CUED, SHAPED, Span
from backend.data.privacy.words import Word

_PREFECTURE = re.compile(
    r"北海道|(?:青森|岩手|宮城|秋田|山形|福島|茨城|栃木|群馬|埼玉|千葉|神奈川|新潟|富山|石川|福井|山梨|長野"
    r"|岐阜|静岡|愛知|三重|滋賀|兵庫|奈良|和歌山"
    r"|鳥取|島根|岡山|広島|山口|徳島|香川|愛媛|高知|福岡|佐賀|長崎|熊本|大分|宮崎|鹿児島|沖縄)県|東京都|京都府|大阪府"
)
_DIVISION = re.compile(r"[一-鿿々ヶケぁ-んァ-ヶ]{1,8}?[市区町村郡]")
_COUNT = r"(?:[0-9]{1,4}|[〇一二三四五六七八九十百]{1,4})"
_UNIT = r"(?:丁目|番地の|番地|番町|番|号|条(?:[東西南北])?|地割|線)"
_LOT = re.compile(
    rf"{_COUNT}(?:{_UNIT}|(?= ?[-の] ?[0-9]))(?: ?[-のノ]? ?{_COUNT}(?:{_UNIT}|(?![0-9年月日時分円%人個])))*"
)
_WARD_OF_NUMBERS = re.compile(rf"[北南東西]{_COUNT}(?:条|丁目|線)[東西南北]?(?:(?={_COUNT})|{_COUNT})")
_BUILDING = re.compile(
    r"[ \u3000]?(?:[一-鿿々ァ-ヶーA-Za-z・&'ぁ-ん第のノ]{2,24}?(?:[0-9]{1,2}号?館"
    r"|[A-Z]棟)?[ \u3000]?(?:[A-Z]-?)?[0-9]{1,5}(?:号室|号棟|号|階|F|室)(?:[ -]?[0-9]{1,4}号室?)?"
    r"|[一-鿿々ァ-ヶーA-Za-z・]{2,20}?(?:ビルディング|ビル|マンション|ハイツ|コーポ|荘|アパート|タワー"
    r"|レジデンス|メゾン|団地|ヒルズ|プラザ|会館|ハウス|パレス)(?:[ \u3000]?[0-9]{1,5}(?:号室|号|階|F)?)?"
    r"|(?<=[ \u3000])[一-鿿々ァ-ヶーA-Za-z・]{2,20}[ -]?[0-9]{3,4}(?![0-9]))"
)
_ROOM = re.compile(r"-[0-9]{1,4}(?![0-9-])|[ \u3000]?[0-9]{1,4}(?:号室|階|F)(?![0-9])")
_INSIDE = {"place", "noun", "suffix", "prefix", "proper", "surname", "given", "person", "number", "other"}
_JOINING = {
    "の",
    "が",
    "ノ",
    "ガ",
    "ケ",
    "ヶ",
    "つ",
    "ツ",
    "上る",
    "下る",
    "上ル",
    "下ル",
    "入る",
    "入ル",
    "東入",
    "西入",
    "之",
    "ヵ",
    "ヱ",
}
_JAPANESE = re.compile(r"[一-鿿々ぁ-んァ-ヶ]")
_CUE = re.compile(
    r"(?:住所|所在地?|送り先|届け?先|送付先|宛て?先|本籍|居住地|住まい|居所|勤務地|本店)[はが::\s「]{0,4}$"
)
_NO_TOWN = re.compile(
    r"(?:条例|[法令第約計全各]|合計|午前|午後|年|月|回|版|型|図|表|項|章|節|議題|別紙|定員|人口|面積|番号)$"
    r"|^(?:平成|昭和|令和|大正|明治|西暦|同)$"
)
WORDS_AT_MOST = 16


def addresses_ja(text: str, words: list[Word]) -> Iterator[Span]:
    """Addresses that reach the lot number; a city or a town alone is none."""
    after = -1
    for place, word in enumerate(words):
        if word.start < after or not _can_begin(text, words, place):
            continue
        cued = bool(_CUE.search(text[max(0, word.start - 8) : word.start]))
        end = _end_of(text, words, place, cued)
        if end is not None:
            after = end
            yield Span(
                word.start, end, "address", CHECKED if _PREFECTURE.match(text, word.start) else CUED if cued else SHAPED
            )


def _can_begin(text: str, words: list[Word], place: int) -> bool:
    word = words[place]
    if not _JAPANESE.match(word.text):
        return False
    if word.sort in ("place", "surname", "proper") or _PREFECTURE.match(text, word.start):
        return True
    cued = bool(_CUE.search(text[max(0, word.start - 8) : word.start]))
    following = words[place + 1].text if place + 1 < len(words) else ""
    return word.sort in ("noun", "prefix", "given", "person", "number", "other") and (
        cued or (following in ("市", "区", "町", "村", "郡") and word.sort != "number")
    )


def _end_of(text: str, words: list[Word], place: int, cued: bool) -> int | None:
    """Where the address that begins with this word ends; None when no lot follows its towns."""
    begin = words[place].start
    for word in words[place : place + WORDS_AT_MOST]:
        if word.start > begin:
            lot = _LOT.match(text, word.start)
            if lot and _is_lot(text, begin, word.start, lot, cued):
                return _with_building(text, lot.end())
            ward = _WARD_OF_NUMBERS.match(text, word.start)
            if ward:
                lot = _LOT.match(text, ward.end())
                return _with_building(text, lot.end() if lot else ward.end())
        inside = (
            word.sort in _INSIDE
            or word.text in _JOINING
            or (word.sort == "space" and "\n" not in word.text and word.start > begin and len(word.text) == 1)
        )
        if not inside or (word.sort == "number" and word.text.isdigit()):
            return None
    return None


def _is_lot(text: str, begin: int, start: int, lot: re.Match[str], cued: bool) -> bool:
    town = text[begin:start].strip()
    if _NO_TOWN.search(town):
        return False
    certain = cued or _PREFECTURE.match(town) or _DIVISION.match(town) or re.search(r"丁目|番地", lot[0])
    if text[lot.end() : lot.end() + 1].isdigit():
        return False
    return bool(certain) or (town != "" and lot[0].count("-") >= 2 and text[start - 1 : start] not in (" ", "　"))


def _with_building(text: str, end: int) -> int:
    room = _ROOM.match(text, end)
    if room:
        end = room.end()
    building = _BUILDING.match(text, end)
    return building.end() if building and "\n" not in building[0] else end
