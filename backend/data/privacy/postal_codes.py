"""Postal codes of Japan, the United States, Britain and Canada."""

import re
from collections.abc import Iterator

from backend.data.privacy.cues import cued, named_otherwise
from backend.data.privacy.hit import CHECKED, CUED, GUESSED, Span
from backend.data.privacy.words import HAS_JAPANESE

_MARKED = re.compile(r"(?:〒|郵便番号)[^0-9\n。]{0,6}(?P<value>[0-9]{3}-?[0-9]{4})(?![0-9-])")
_JAPANESE = re.compile(r"(?<![0-9A-Za-z_)])(?<![0-9A-Za-z)][-./])(?P<value>[0-9]{3}-[0-9]{4})(?![0-9A-Za-z_]|-[0-9])")
_JAPANESE_BEFORE_TOWN = re.compile(r"\s{0,2}[一-鿿々ぁ-んァ-ヶ]{1,6}[都道府県市区郡町村]")
_STATE = (
    r"(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|P[AR]|RI|S[CD]"
    r"|T[NX]|UT|V[AT]|W[AIVY])"
)
_ZIP = re.compile(
    rf"(?<![A-Za-z])(?:(?<=, ){_STATE}\.?,? |(?<=,){_STATE}\.?,? |(?!ID|IN|OR|ME|HI|OK|OH|PA|MA|LA|AL|DE"
    rf"|CO)(?<=[a-z] ){_STATE}\.?,? |(?i:\bZIP|postal|post)[ -]?(?i:codes?)?(?i:\s?(?:is|was|:|="
    rf"|#)){{0,2}}\s?)(?P<value>[0-9]{{5}}(?:-[0-9]{{4}})?)(?![0-9A-Za-z-])"
)
_ENDS_LINE = re.compile(r"(?<![0-9A-Za-z.:#-])(?P<value>[0-9]{5}(?:-[0-9]{4})?)[ \t,]*$")
_LINES_BELOW = 5
_CHARACTERS_BELOW = 240
_BRITISH = re.compile(
    r"(?<![A-Za-z0-9-])(?:[A-PR-UWYZ][0-9]{1,2}|[A-PR-UWYZ][A-HK-Y][0-9]{1,2}|[A-PR-UWYZ][0-9][A-HJKPSTUW]"
    r"|[A-PR-UWYZ][A-HK-Y][0-9][ABEHMNPRVWXY])"
    r" [0-9][ABD-HJLNP-UW-Z]{2}(?![A-Za-z0-9-])"
)
_CANADIAN = re.compile(
    r"(?<![A-Za-z0-9-])[ABCEGHJ-NPRSTVXY][0-9][ABCEGHJ-NPRSTV-Z] ?[0-9][ABCEGHJ-NPRSTV-Z][0-9](?![A-Za-z0-9-])"
)


def postal_codes(text: str) -> Iterator[Span]:
    """Codes with their mark, or before a town; three and four digits alone are weighed against other finds."""
    yield from cued(text, _MARKED, "postal_code", CHECKED)
    japanese = bool(HAS_JAPANESE.search(text))
    for match in _JAPANESE.finditer(text):
        before_town = _JAPANESE_BEFORE_TOWN.match(text, match.end())
        if before_town or (japanese and not named_otherwise(text, match.start()) and not _is_range(text, match)):
            yield Span(match.start(), match.end(), "postal_code", CUED if before_town else GUESSED)
    yield from cued(text, _ZIP, "postal_code", CUED)
    for pattern in (_BRITISH, _CANADIAN):
        for match in pattern.finditer(text):
            yield Span(match.start(), match.end(), "postal_code", CUED)


def postal_codes_after(text: str, addresses: list[Span]) -> Iterator[Span]:
    """Five digits that end a line within four lines below a street: the code of a country that needs no other mark."""
    for address in addresses:
        if address.kind != "address":
            continue
        start = address.end
        for line in text[start : start + _CHARACTERS_BELOW].split("\n")[:_LINES_BELOW]:
            match = _ENDS_LINE.search(line)
            if match:
                yield Span(start + match.start("value"), start + match.end("value"), "postal_code", CUED)
            if match or any(char.isdigit() for char in line):
                break
            start += len(line) + 1


def _is_range(text: str, match: re.Match[str]) -> bool:
    """From 500 to 1000 of something."""
    unit = re.match(
        r" ?(?:[A-Za-z%℃]|円|人|個|件|名|台|本|枚|回|万|千|年|点|歩|社|店|日|時間|ドル|メートル|グラム|キロ|ミリ)",
        text[match.end() : match.end() + 4],
    )
    return bool(unit) or (match["value"][1:3] == "00" and match["value"].endswith("00"))
