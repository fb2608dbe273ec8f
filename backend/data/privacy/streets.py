"""Streets with a number, as in English addresses."""

import re
from collections.abc import Iterator

from backend.data.privacy.hit import CUED, SHAPED, Span

_KIND = (
    r"(?:Street|St|Avenue|Ave|Av|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Dr|Court|Ct|Place|Pl|Square|Sq|Terrace"
    r"|Ter|Way|Parkway"
    r"|Pkwy|Circle|Cir|Highway|Hwy|Close|Crescent|Cres|Gardens|Gdns|Grove|Gate|Row|Mews|Trail|Trl|Loop|Walk"
    r"|Hill|Green|Park|Plaza"
    r"|Alley|Broadway|Turnpike|Pike|Quay|Wharf|Mount|Rise|View|Heights)"
)
_UNIT = r"(?:,? (?:#|(?:Apt|Apartment|Suite|Ste|Unit|Flat|Floor|Fl|Room|Rm|Bldg|Building)\.? ?#?)[0-9A-Za-z-]{1,6})?"
_NAME = (
    r"(?:(?:[NSEW]|NE|NW|SE|SW|North|South|East|West|[A-ZÀ-Þ][a-zà-ÿ']+|[0-9]{1,3}(?:st|nd|rd|th)|of|the"
    r"|la|del|de)\.? ){1,4}?"
)
_STREET = re.compile(
    rf"(?<![0-9A-Za-z$€£#.,:/-])(?:(?:Flat|Unit|Apt\.?"
    rf"|Suite) [0-9A-Za-z]{{1,5}},? )?[0-9]{{1,5}}[A-Za-z]?(?:-[0-9]{{1,4}})? "
    rf"{_NAME}{_KIND}\b\.?(?: [NSEW]{{1,2}}\b)?{_UNIT}"
)
_BOX = re.compile(r"\bP\.? ?O\.? Box [0-9]{1,6}\b", re.IGNORECASE)
_EUROPEAN = re.compile(
    r"(?<![0-9A-Za-z])(?:[A-ZÀ-Þ][a-zà-ÿß]+(?:straße|strasse|str\.|weg|platz|gasse|allee|ufer|straat|laan)"
    r"|(?:Rue|rue|Avenue|Via|Calle|Rua|Plaza|Place|Boulevard) (?:(?:de|du|des|della|di|da|do|del|la|le|l'"
    r"|d')\s?)*[A-ZÀ-Þ][A-Za-zÀ-ÿ'-]+(?: [A-ZÀ-Þ][A-Za-zÀ-ÿ'-]+)?),? [0-9]{1,4}[a-z]?\b"
    r"|(?<![0-9A-Za-z])[0-9]{1,4}(?: bis)?,? rue (?:(?:de|du|des|la|le|l'"
    r"|d')\s?)*[A-ZÀ-Þ][A-Za-zÀ-ÿ'-]+(?: [A-ZÀ-Þ][A-Za-zÀ-ÿ'-]+)?"
)
_CUE = re.compile(
    r"\b(?:address|resid(?:es|ing) at|lives? at|living at|home)[ \t]{0,2}(?:is"
    r"|:)?[ \t]{0,3}(?P<value>[0-9]{1,5}[A-Za-z]? (?:[A-ZÀ-Þ][\w'.-]*|of|the|de)(?: (?:[A-ZÀ-Þ0-9#][\w'.-]*"
    r"|of|the|de)){0,5})",
    re.IGNORECASE,
)


def streets(text: str) -> Iterator[Span]:
    """Number and street, with the flat; the town after it is no secret and stays."""
    for pattern, rank in ((_STREET, CUED), (_BOX, SHAPED), (_EUROPEAN, SHAPED)):
        for match in pattern.finditer(text):
            end = match.end()
            if text[end - 1] == "." and not _is_short(match[0]):
                end -= 1
            yield Span(match.start(), end, "address", rank)
    for match in _CUE.finditer(text):
        yield Span(match.start("value"), match.start("value") + len(match["value"].rstrip(". ")), "address", SHAPED)


def _is_short(street: str) -> bool:
    return bool(re.search(r"\b(?:St|Ave|Av|Rd|Blvd|Ln|Dr|Ct|Pl|Sq|Ter|Pkwy|Cir|Hwy|Cres|Trl|Gdns)\.$", street))
