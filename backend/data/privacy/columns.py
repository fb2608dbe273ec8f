"""Tables in a text: what stands under a heading is what the heading says."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from backend.data.privacy.births import IS_DATE
from backend.data.privacy.hit import CHECKED, Span

HEADINGS: dict[str, str] = {
    "person_name": r"(?:ご?氏名|お?名前|姓|名|姓名|患者名?|患者氏名|担当者?(?:名|氏名)?|顧客名|社員名"
    r"|従業員名?|利用者名?|フリガナ|ふりがな|カナ|生徒名|会員名|保護者名?|契約者名?"
    r"|(?:full|first|last|given|family|patient|customer|employee|contact|client|student|member)?[ _]?name"
    r"|surname|patient|employee|contact|client)",
    "phone": r"(?:電話|電話番号|TEL|FAX|携帯|携帯電話|携帯番号|連絡先|緊急連絡先|(?:home |work |cell "
    r"|mobile )?phone(?: number| no\.?)?|mobile|cell|tel(?:ephone)?|fax)",
    "address": r"(?:ご?住所|所在地|現住所|届け先|送付先|(?:home |street |mailing )?address|street)",
    "postal_code": r"(?:郵便番号|〒|zip|zip ?code|post ?code|postal code)",
    "birth_date": r"(?:生年月日|誕生日|出生日|date of birth|d\.?o\.?b\.?|birth ?date|birthday|born)",
    "my_number": r"(?:マイナンバー|個人番号|my ?number|ssn|social security(?: number| no\.?)?|national id)",
    "corporate_number": r"(?:法人番号|登録番号|インボイス番号|corporate number)",
    "bank_account": r"(?:口座|口座番号|口座No\.?|account|account (?:number|no\.?)|acct|iban|routing(?: number)?)",
    "driver_licence": r"(?:免許証?番号|運転免許証?番号|driv(?:er'?s?|ing) licen[cs]e(?: no\.?| number)?)",
    "passport": r"(?:旅券番号|パスポート番号|在留カード番号|passport(?: no\.?| number)?)",
    "secret": r"(?:パスワード|暗証番号|password|pin|api ?key|token)",
}
_HEADINGS = {kind: re.compile(pattern, re.IGNORECASE) for kind, pattern in HEADINGS.items()}
_MARKS = ("\t", "|", ",", "、", ";")
_DIGITS = re.compile(r"[0-9]")
_NO_CELL = re.compile(r"[\s:|-]*|[-–—/]|なし|無し|不明|未定|同上|n/?a|none|null|unknown|-+", re.IGNORECASE)
CELL_AT_MOST = 80


class Cell(NamedTuple):
    """Characters start:end of a table's cell, without the blanks and quotes around it."""

    start: int
    end: int
    text: str


def columns(text: str) -> Iterator[Span]:
    """The cells under headings such as 氏名, Phone or DOB, as far as they have the form that the heading promises."""
    if "\n" not in text:
        return
    headings: dict[int, str] = {}
    mark, width = "", 0
    begin = 0
    for line in text.split("\n"):
        start, begin = begin, begin + len(line) + 1
        if headings:
            cells = _cells(line, mark, start)
            if len(cells) == width:
                for place, kind in headings.items():
                    if _fits(kind, cells[place].text):
                        yield Span(cells[place].start, cells[place].end, kind, CHECKED)
                continue
            headings = {}
        for candidate in _MARKS:
            if candidate not in line:
                continue
            cells = _cells(line, candidate, start)
            named = {
                place: kind
                for place, cell in enumerate(cells)
                for kind, pattern in _HEADINGS.items()
                if pattern.fullmatch(cell.text)
            }
            if named and len(cells) >= 2 and all(len(cell.text) <= 24 for cell in cells) and not _DIGITS.search(line):
                headings, mark, width = named, candidate, len(cells)
                break


def _cells(line: str, mark: str, start: int) -> list[Cell]:
    cells = []
    for part in line.split(mark):
        inner = part.strip(" \t\u3000\"'\r")
        begin = start + (part.index(inner) if inner else 0)
        cells.append(Cell(begin, begin + len(inner), inner))
        start += len(part) + len(mark)
    return cells


def _fits(kind: str, cell: str) -> bool:
    if not cell or len(cell) > CELL_AT_MOST or _NO_CELL.fullmatch(cell):
        return False
    if kind == "person_name":
        return len(cell) <= 40 and not _DIGITS.search(cell) and "@" not in cell
    if kind == "birth_date":
        return bool(IS_DATE.fullmatch(cell))
    if kind == "phone":
        return bool(re.fullmatch(r"\+?[0-9()\-. /]{6,22}", cell))
    if kind == "secret":
        return len(cell) >= 4 and " " not in cell
    return bool(_DIGITS.search(cell))
