"""Dates that the text says are a birth."""

import re
from collections.abc import Iterator

from backend.data.privacy.hit import CUED, Span

_MONTH = (r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
          r"|Nov(?:ember)?|Dec(?:ember)?)\.?")
DATE = (
    r"(?:(?:(?:明治|大正|昭和|平成|令和)\s?|[MTSHR]\.?)(?:元|[0-9]{1,2})(?:\s?年\s?[0-9]{1,2}\s?月\s?[0-9]{1,2}\s?日|[./-][0-9]{1,2}[./-][0-9]{1,2})"
    r"|(?:18|19|20)[0-9]{2}(?:\s?年\s?[0-9]{1,2}\s?月\s?[0-9]{1,2}\s?日|(?P<mark>[./-]) ?[0-9]{1,2}(?P=mark) ?[0-9]{1,2})(?![0-9])"
    r"|(?:18|19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])(?![0-9])"
    r"|[0-9]{1,2}(?P<sign>[./-])[0-9]{1,2}(?P=sign)(?:[0-9]{4}|[0-9]{2})(?![0-9])"
    rf"|(?:the )?[0-9]{{1,2}}(?:st|nd|rd|th)?[ -](?:of )?{_MONTH}[ ,-]{{1,2}}(?:[0-9]{{4}}|[0-9]{{2}})(?![0-9])"
    rf"|{_MONTH} [0-9]{{1,2}}(?:st|nd|rd|th)?,? [0-9]{{4}}(?![0-9]))")
IS_DATE = re.compile(DATE, re.IGNORECASE)
_DATE = re.compile(rf"(?<![0-9A-Za-z])(?<![0-9][./-])(?P<value>{DATE})", re.IGNORECASE)
_BEFORE = re.compile(
    r"(?:生年月日|誕生日|生れ年|出生(?:日|年月日)?|誕生年月日|\bD\.?O\.?B\b\.?|\bbirth\s?(?:date|day)?|\bborn|\bb\.)"
    r"[^\n。;；]{0,24}$", re.IGNORECASE)
_AFTER = re.compile(r"\s?[)）]?\s?(?:に|、|,)?\s?(?:生まれ|生れ|出生|生(?![産活徒命態成息地保])|誕生|[(（]?(?:birthday|DOB|date of birth|born))", re.IGNORECASE)
_OTHER_DATE = re.compile(r"没|死亡|死去|更新|発行|有効|交付|\bdied|\bissued|\bexpir|\badmitted|\bhired|\bappointment", re.IGNORECASE)


def births(text: str) -> Iterator[Span]:
    """Dates of birth; a date without a word of birth near it is not one."""
    for match in _DATE.finditer(text):
        start, end = match.span("value")
        before = text[max(0, start - 45):start]
        cue = _BEFORE.search(before)
        if (cue and not _OTHER_DATE.search(cue[0]) and not IS_DATE.search(cue[0])) or _AFTER.match(text, end):
            yield Span(start, end, "birth_date", CUED)
