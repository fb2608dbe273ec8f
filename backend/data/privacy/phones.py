"""Phone and fax numbers, of Japan and of other countries."""

import re
from collections.abc import Iterator

import phonenumbers

from backend.data.privacy.births import IS_DATE
from backend.data.privacy.cues import digits_of, named_otherwise
from backend.data.privacy.hit import CHECKED, CUED, SHAPED, Span
from backend.data.privacy.words import HAS_JAPANESE

_OPEN = r"(?<![0-9A-Za-z_+])(?<![0-9][-./,:])(?<![A-Za-z]-)"
_CLOSE = r"(?![0-9A-Za-z_])(?![-./,:][0-9])"
_EXTENSION = r"(?:\s?(?:内線|ext\.?|x)\s?[0-9]{1,5})?"
_JAPANESE = re.compile(
    _OPEN + r"(?:0[0-9]{1,4}[-. ・][0-9]{1,4}[-. ・][0-9]{3,4}|0[0-9]{1,4}\([0-9]{1,4}\)[0-9]{3,4}"
    r"|\(0[0-9]{1,4}\)\s?[0-9]{1,4}[- ][0-9]{3,4}|0[5789]0-?[0-9]{4}-?[0-9]{4}|0[5789]0[0-9]{8}|0[0-9]{9})" + _CLOSE
)
_INTERNATIONAL = re.compile(r"(?<![0-9A-Za-z_+])\+[1-9](?:[ .\-/]?\(?[0-9]{1,5}\)?){2,6}" + _CLOSE)
_AMERICAN = re.compile(
    _OPEN
    + r"(?:1[-. ])?(?:\([2-9][0-9]{2}\)\s?[0-9]{3}|[2-9][0-9]{2}[-. ][2-9][0-9]{2}|555[-. ][0-9]{3})[-. ][0-9]{4}"
    + _CLOSE
)
_BRITISH = re.compile(_OPEN + r"\(?0[0-9]{2,4}\)? [0-9]{3,4} ?[0-9]{3,4}" + _CLOSE)
_FRENCH = re.compile(_OPEN + r"0[1-9](?:[ .][0-9]{2}){4}" + _CLOSE)
_BARE_AMERICAN = re.compile(_OPEN + r"[2-9][0-9]{2}[2-9][0-9]{6}" + _CLOSE)
_BESIDE = re.compile(r"[ \t]?[:,;|(\t-][ \t]?(?P<value>[2-9][0-9]{2}[2-9][0-9]{6})" + _CLOSE)
_LINE_OF_CONTACT = re.compile(r"@|\b(?:tel|phone|mobile|cell|call|fax|reach|ring|contact|number is)", re.IGNORECASE)
_CUE = re.compile(
    r"(?:電話(?:番号)?|TEL|Tel|℡|FAX|Fax|ファク(?:ス|シミリ)|ファックス|携帯(?:電話|番号)?|スマホ|連絡先|内線|折り返し"
    r"|\b(?i:tel(?:ephone)?|phone|mobile|cell|call(?:back)?|fax|reach|ring|pager|dial|whatsapp))"
    r"(?:番号|number|no\.?|me|us|him|her|them|back)?[^0-9+\n。]{0,16}?(?<![0-9A-Za-z-])"
    r"(?P<value>\+?\(?[0-9][0-9()\-. ]{3,17}[0-9])" + _CLOSE
)


def phones(text: str) -> Iterator[Span]:
    """Phone and fax numbers. Without a word like "Tel" before it, a number must have the form of one."""
    for match in _JAPANESE.finditer(text):
        digits = digits_of(match[0])
        long_enough = len(digits) == 11 if re.match(r"0[5789]0|0800", digits) else len(digits) == 10
        bare = match[0].isdigit() and len(digits) == 10 and not _is_valid(digits, "JP")
        if long_enough and not bare and not named_otherwise(text, match.start()):
            yield Span(match.start(), match.end(), "phone", SHAPED)
    for match in _INTERNATIONAL.finditer(text):
        if _is_valid(match[0], None):
            yield Span(match.start(), match.end(), "phone", CHECKED)
    for pattern in (_AMERICAN, _BRITISH, _FRENCH):
        for match in pattern.finditer(text):
            if not named_otherwise(text, match.start()):
                yield Span(match.start(), match.end(), "phone", SHAPED)
    for match in _BARE_AMERICAN.finditer(text):
        line = text[text.rfind("\n", 0, match.start()) + 1 : match.start()][-120:]
        if _LINE_OF_CONTACT.search(line) and _is_valid(match[0], "US") and not named_otherwise(text, match.start()):
            yield Span(match.start(), match.end(), "phone", SHAPED)
    for match in _CUE.finditer(text):
        least = 4 if HAS_JAPANESE.match(match[0]) or match[0][:3].isupper() else 7
        if (
            least <= len(digits_of(match["value"])) <= 15
            and not IS_DATE.fullmatch(match["value"])
            and (not named_otherwise(text, match.start("value")))
        ):
            yield Span(match.start("value"), match.end("value"), "phone", CUED)


def phones_beside(text: str, names: list[Span]) -> Iterator[Span]:
    """Ten digits without any mark right after a name, as in lists of people: "- Olga García: 4155182199"."""
    for name in names:
        match = _BESIDE.match(text, name.end)
        if match and _is_valid(match["value"], "US"):
            yield Span(match.start("value"), match.end("value"), "phone", SHAPED)


def _is_valid(number: str, region: str | None) -> bool:
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(number, region))
    except phonenumbers.NumberParseException:
        return False
