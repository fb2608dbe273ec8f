"""Numbers that states give to people and companies: My Number, corporate numbers, passports, licences."""

import re
from collections.abc import Iterator

from backend.data.privacy.check_digits import is_corporate_number, is_my_number, is_product_code
from backend.data.privacy.cues import cued, digits_of, named_otherwise
from backend.data.privacy.hit import CHECKED, CUED, SHAPED, Span

_OPEN = r"(?<![0-9A-Za-z_])(?<![0-9A-Za-z][-.])"
_CLOSE = r"(?![0-9A-Za-z_])(?![-.][0-9])"
_GAP = r"[^0-9A-Za-z\n。]{0,10}?"
_GAP_EN = r"(?:[\s:=#.\-,(\"']|\bnumber\b|\bno\b|\bis\b|\bwas\b|\bof\b|\bmy\b|\bhas\b|\bwith\b|\bthe\b|\bID\b){0,6}?"
_TWELVE = re.compile(_OPEN + r"(?<![0-9] )[0-9]{4}([- ]?)[0-9]{4}\1[0-9]{4}" + _CLOSE + r"(?! [0-9])")
_THIRTEEN = re.compile(
    r"(?<![0-9A-SU-Za-z_])(?<![0-9][-.])(?P<value>(?:T[- ]?)?[0-9]([- ]?)[0-9]{4}\2[0-9]{4}\2[0-9]{4})" + _CLOSE
)
_MY_NUMBER_CUE = re.compile(
    r"(?:マイナンバー|個人番号|my\s?number)(?:カード)?(?:の番号)?"
    + _GAP
    + r"(?P<value>[0-9]{4}[- ]?[0-9]{4}[- ]?[0-9]{4})"
    + _CLOSE,
    re.IGNORECASE,
)
_SSN = re.compile(_OPEN + r"(?!000|666|9)[0-9]{3}-(?!00)[0-9]{2}-(?!0000)[0-9]{4}" + _CLOSE)
_SSN_CUE = re.compile(
    r"(?:\bSSN\b|\bsocial security\b|\bSSN?\s?#|\bITIN\b|\btax(?:payer)? id)"
    + _GAP_EN
    + r"(?P<value>[0-9]{3}[- ]?[0-9]{2}[- ]?[0-9]{4})"
    + _CLOSE,
    re.IGNORECASE,
)
_BRITISH = re.compile(
    _OPEN + r"(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[A-D]" + _CLOSE
)
_CORPORATE_CUE = re.compile(
    r"(?:法人番号|登録番号|インボイス番号|corporate (?:number|no\.?)|registration (?:number|no\.?))"
    + _GAP
    + r"(?P<value>(?:T[- ]?)?[0-9][- ]?[0-9]{4}[- ]?[0-9]{4}[- ]?[0-9]{4})"
    + _CLOSE,
    re.IGNORECASE,
)
_PASSPORT_CUE = re.compile(
    r"(?:旅券|パスポート|passport)(?:番号|の番号|ナンバー)?(?:"
    + _GAP
    + "|"
    + _GAP_EN
    + r")(?P<value>[A-Z]{0,2} ?[0-9]{6,9}[A-Z]?)"
    + _CLOSE,
    re.IGNORECASE,
)
_RESIDENCE_CARD = re.compile(_OPEN + r"[A-Z]{2}[0-9]{8}[A-Z]{2}" + _CLOSE)
_LICENCE_CUE_JA = re.compile(
    r"免許証?(?:証)?(?:の)?(?:番号|ナンバー|No\.?)?"
    + _GAP
    + r"(?:第\s?)?(?P<value>[0-9]{4}[- ]?[0-9]{4}[- ]?[0-9]{4})"
    + _CLOSE
)
_LICENCE_CUE_EN = re.compile(
    r"(?:\bdriv(?:er'?s?|ing)['s]* ?licen[cs]e|\bDLN?\b|\blicen[cs]e (?:no|num(?:ber)?)\b)"
    + _GAP_EN
    + r"(?P<value>(?=[A-Z0-9 -]*[0-9]{3})[A-Z]{0,5}[0-9][A-Z0-9]{1,17}(?:[- ][A-Z0-9]{2,6}){0,4})"
    + _CLOSE,
    re.IGNORECASE,
)
_LICENCE_BRITISH = re.compile(_OPEN + r"[A-Z9]{5}[0-9]{6}[A-Z9]{2}[0-9][A-Z]{2}" + _CLOSE)


def identifiers(text: str) -> Iterator[Span]:
    """My Number and its kin, corporate numbers, passports and residence cards, driving licences."""
    for match in _TWELVE.finditer(text):
        if (
            is_my_number(digits_of(match[0]))
            and not _in_arithmetic(text, match)
            and not named_otherwise(text, match.start())
        ):
            yield Span(match.start(), match.end(), "my_number", SHAPED)
    for match in _THIRTEEN.finditer(text):
        digits = digits_of(match["value"])
        prefixed = text[match.start()] == "T"
        if (
            is_corporate_number(digits)
            and (prefixed or _is_no_product(digits))
            and not named_otherwise(text, match.start())
        ):
            yield Span(match.start("value"), match.end("value"), "corporate_number", CHECKED if prefixed else SHAPED)
    yield from cued(text, _MY_NUMBER_CUE, "my_number", CHECKED)
    for match in _SSN.finditer(text):
        if not named_otherwise(text, match.start()):
            yield Span(match.start(), match.end(), "my_number", SHAPED)
    yield from cued(text, _SSN_CUE, "my_number", CHECKED)
    for match in _BRITISH.finditer(text):
        yield Span(match.start(), match.end(), "my_number", SHAPED)
    yield from cued(text, _CORPORATE_CUE, "corporate_number", CHECKED)
    yield from cued(text, _PASSPORT_CUE, "passport", CUED)
    for match in _RESIDENCE_CARD.finditer(text):
        yield Span(match.start(), match.end(), "passport", CHECKED)
    yield from cued(text, _LICENCE_CUE_JA, "driver_licence", CHECKED)
    yield from cued(text, _LICENCE_CUE_EN, "driver_licence", CUED)
    for match in _LICENCE_BRITISH.finditer(text):
        yield Span(match.start(), match.end(), "driver_licence", CHECKED)


def _is_no_product(digits: str) -> bool:
    """Books (978, 979) and Japanese products (45, 49) with a correct check digit, and times in milliseconds, stay."""
    if digits.startswith(("978", "979", "45", "49")) and is_product_code(digits):
        return False
    return not ("16" <= digits[:2] <= "19" and digits[2] != "0")


def _in_arithmetic(text: str, match: re.Match[str]) -> bool:
    return bool(
        re.search(r"[-+*/=×÷<>^±≈$¥€£] ?$", text[max(0, match.start() - 2) : match.start()])
        or re.match(r" ?[+*/=×÷<>^±≈%]", text[match.end() : match.end() + 2])
    )
