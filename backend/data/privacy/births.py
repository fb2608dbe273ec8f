"""Dates that the text says are a birth."""

import re
from collections.abc import Iterator

from backend.data.privacy.hit import CUED, GUESSED, Span

_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
DATE = (
    r"(?:(?:(?:明治|大正|昭和|平成|令和)\s?|[MTSHR]\.?)(?:元"
    r"|[0-9]{1,2})(?:\s?年\s?[0-9]{1,2}\s?月\s?[0-9]{1,2}\s?日|[./-][0-9]{1,2}[./-][0-9]{1,2})"
    r"|(?:18|19|20)[0-9]{2}(?:\s?年\s?[0-9]{1,2}\s?月\s?[0-9]{1,2}\s?日"
    r"|(?P<mark>[./-]) ?[0-9]{1,2}(?P=mark) ?[0-9]{1,2})(?![0-9])"
    r"|(?:18|19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])(?![0-9])"
    r"|[0-9]{1,2}(?P<sign>[./-])[0-9]{1,2}(?P=sign)(?:[0-9]{4}|[0-9]{2})(?![0-9])"
    rf"|(?:the )?[0-9]{{1,2}}(?:st|nd|rd|th)?[ -](?:of )?{_MONTH}[ ,-]{{1,2}}(?:[0-9]{{4}}|[0-9]{{2}})(?![0-9])"
    rf"|{_MONTH} [0-9]{{1,2}}(?:st|nd|rd|th)?,? [0-9]{{4}}(?![0-9]))"
)
IS_DATE = re.compile(DATE, re.IGNORECASE)
_DATE = re.compile(rf"(?<![0-9A-Za-z])(?<![0-9][./-])(?P<value>{DATE})", re.IGNORECASE)
_BEFORE = re.compile(
    r"(?:生年月日|誕生日|生れ年|出生(?:日|年月日)?|誕生年月日|\bD\.?O\.?B\b\.?|\bbirth\s?(?:date|day)?"
    r"|\bborn|[(,] ?b\.)"
    r"[^\n。;；]{0,24}$",
    re.IGNORECASE,
)
BESIDE_DATE = re.compile(rf"[ \t\u3000]?[,、;|(\t\u3000 ][ \t]?(?P<value>{DATE})(?![0-9A-Za-z-])", re.IGNORECASE)
RECORD = re.compile(
    rf"^[ \t]{{0,8}}(?P<who>[^\s,;|0-9][^\n,;|\t0-9]{{1,39}})[,;|\t][ \t]{{0,8}}(?P<value>{DATE})"
    r"[ \t]{0,8}[,;|\t][ \t]{0,8}(?=[+(0-9]|[\w.+-]{1,64}@)",
    re.IGNORECASE | re.MULTILINE,
)
"""A line of a list without headings: who, a date, a number or an e-mail address."""
_BEFORE_REIWA = r"明治|大正|昭和|平成|[MTSH]\.?[0-9]"
FIRST_OF_LETTERS = 2020
_AFTER = re.compile(
    r"\s?[)）]?\s?(?:に|、|,)?\s?(?:生まれ|生れ|出生|生(?![産活徒命態成息地保])|誕生|[(（]?(?:birthday|DOB"
    r"|date of birth|born))",
    re.IGNORECASE,
)
_OTHER_DATE = re.compile(
    r"没|死亡|死去|更新|発行|有効|交付|\bdied|\bissued|\bexpir|\badmitted|\bhired|\bappointment", re.IGNORECASE
)


def births(text: str) -> Iterator[Span]:
    """Dates of birth; a date without a word of birth near it is not one."""
    for match in _DATE.finditer(text):
        start, end = match.span("value")
        before = text[max(0, start - 45) : start]
        cue = _BEFORE.search(before)
        if (cue and not _OTHER_DATE.search(cue[0]) and not IS_DATE.search(cue[0])) or _AFTER.match(text, end):
            yield Span(start, end, "birth_date", CUED)

    for match in RECORD.finditer(text):
        if is_before_letters(match["value"]):
            yield Span(match.start("value"), match.end("value"), "birth_date", GUESSED)


def births_beside(text: str, names: list[Span]) -> Iterator[Span]:
    """Dates right after a name, as in lists of people: "Okafor, Chidinma (1969-06-16)", "山田太郎 S40.5.3".

    What was written since 2020 is more often the date of a letter.
    """
    for name in names:
        match = BESIDE_DATE.match(text, name.end)
        if match and is_before_letters(match["value"]):
            yield Span(match.start("value"), match.end("value"), "birth_date", GUESSED)


def is_before_letters(date: str) -> bool:
    """Whether a date is of an older era or year than FIRST_OF_LETTERS."""
    return bool(re.match(_BEFORE_REIWA, date, re.IGNORECASE)) or _year_of(date) < FIRST_OF_LETTERS


def _year_of(date: str) -> int:
    year = re.search(r"(?:18|19|20)[0-9]{2}", date)
    short = re.search(r"[./-]([0-9]{2})$", date)
    if year:
        return int(year[0])
    if not short:
        return FIRST_OF_LETTERS
    return 2000 + int(short[1]) if int(short[1]) < 30 else 1900 + int(short[1])
