"""Payment cards and bank accounts."""

import re
from collections.abc import Iterator

from backend.data.privacy.check_digits import is_iban, is_routing_number, passes_luhn
from backend.data.privacy.cues import cued, digits_of, named_otherwise
from backend.data.privacy.hit import CHECKED, CUED, SHAPED, Span

_OPEN = r"(?<![0-9A-Za-z_])(?<![0-9A-Za-z][-.])"
_CLOSE = r"(?![0-9A-Za-z_])(?![-.][0-9])"
_CARD = re.compile(
    _OPEN
    + r"(?:[0-9]{4}([- ]?)[0-9]{4}\1[0-9]{4}\1[0-9]{4}(?:\1[0-9]{1,3})?|3[0-9]{3}([- ]?)[0-9]{6}\2[0-9]{4,5})"
    + _CLOSE
)
_ISSUERS = re.compile(
    r"4[0-9]{15}(?:[0-9]{3})?$|5[1-5][0-9]{14}$|2(?:22[1-9]|2[3-9][0-9]|[3-6][0-9]{2}|7[01][0-9]|720)[0-9]{12}$"
    r"|3[47][0-9]{13}$|3(?:0[0-5]|[68][0-9])[0-9]{11,13}$|35(?:2[89]|[3-8][0-9])[0-9]{12}$|35[0-9]{14}$"
    r"|6(?:011|5[0-9]{2}|4[4-9][0-9])[0-9]{12}$|62[0-9]{14,17}$|(?:50|5[6-9]|6[0-9])[0-9]{14,17}$"
)
_ACCOUNT_JA = re.compile(
    r"(?:(?:普通|当座|貯蓄)(?:預金|口座)?|[(（](?:普|当)[)）]|口座番号|口座No\.?|貯金番号)"
    r"(?:[^0-9A-Za-z\n。]|No\.?){0,8}?(?<![0-9-])(?P<value>[0-9]{6,8}|[0-9]{3}-[0-9]{4})" + _CLOSE
)
_YUCHO = re.compile(
    r"記号\s?(?:番号)?[^0-9\n。]{0,4}(?P<value>1[0-9]{4})(?:-[0-9])?[^0-9\n。]{0,3}(?:番号)?[^0-9\n。]{0,4}(?P<number>[0-9]{2,8})"
    + _CLOSE
)
_ACCOUNT_EN = re.compile(
    r"(?:\b(?:bank |savings |checking |current )?(?:account|acct)(?:\s?(?:number|num|no)\b)?|\bA/C\b)"
    r"(?:[\s:=#.,(]|\bnumber\b|\bno\b|\bis\b|\bending in\b){0,6}?(?<![0-9A-Za-z-])(?P<value>[0-9]{6,17}"
    r"|[0-9]{2,4}(?:[- ][0-9]{2,5}){1,4})" + _CLOSE,
    re.IGNORECASE,
)
_ROUTING = re.compile(
    r"(?:\brouting|\bABA|\bRTN)(?:[\s:=#.,(]|\btransit\b|\bnumber\b|\bnum\b|\bno\b|\bis\b"
    r"|\bcode\b){0,6}?(?P<value>[0-9]{9})" + _CLOSE,
    re.IGNORECASE,
)
_SORT_CODE = re.compile(r"\bsort[- ]code[^0-9\n]{0,10}(?P<value>[0-9]{2}-?[0-9]{2}-?[0-9]{2})" + _CLOSE, re.IGNORECASE)
_IBAN = re.compile(_OPEN + r"[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?" + _CLOSE)


def money(text: str) -> Iterator[Span]:
    """Cards by issuer and check digit; accounts where the text says so, IBAN by their check digits."""
    for match in _CARD.finditer(text):
        digits = digits_of(match[0])
        if _ISSUERS.match(digits) and passes_luhn(digits) and not named_otherwise(text, match.start()):
            yield Span(match.start(), match.end(), "card", CHECKED)
    yield from cued(text, _ACCOUNT_JA, "bank_account", CUED)
    for match in _YUCHO.finditer(text):
        yield Span(match.start("value"), match.end("value"), "bank_account", CHECKED)
        yield Span(match.start("number"), match.end("number"), "bank_account", CHECKED)
    for match in _ACCOUNT_EN.finditer(text):
        if len(digits_of(match["value"])) >= 6:
            yield Span(match.start("value"), match.end("value"), "bank_account", CUED)
    for match in _ROUTING.finditer(text):
        right = is_routing_number(match["value"])
        yield Span(match.start("value"), match.end("value"), "bank_account", CHECKED if right else SHAPED)
    yield from cued(text, _SORT_CODE, "bank_account", CUED)
    for match in _IBAN.finditer(text):
        whole = match[0].replace(" ", "")
        if 15 <= len(whole) <= 34 and is_iban(whole):
            yield Span(match.start(), match.end(), "bank_account", CHECKED)
