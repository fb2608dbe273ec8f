"""Words before or after a number that say what it is."""

import re
from collections.abc import Iterator

from backend.data.privacy.hit import CUED, Span

NOT_PERSONAL = re.compile(
    r"(?:注文|受注|発注|伝票|品番|型番|型式|製造番号|シリアル|製品|商品|ロット|部品|管理番号|受付番号"
    r"|整理番号|請求書|見積|案件|追跡|問い?合わ?せ番号|"
    r"荷物|図書|図面|バーコード|JAN|EAN|GTIN|ISBN|ISSN|DOI|契約番号|診察券|予約番号|社員番号|学籍番号"
    r"|お客様番号|バージョン|"
    r"\border|\binvoice|\btracking|\bserial|\bpart|\bparcel|\blot|\bsku|\bbarcode|\bmodel|\bticket|\bcase"
    r"|\bclaim|\bversion|\bref|\breference|"
    r"\brelease|\bpages?|\bMRN|\bPO)"
    r"(?:コード|番号|ナンバー|number|num|code|no)?[\s::：#＃.はがのof「(]{0,4}(?:No\.?|番号|コード|number"
    r"|num|code|#|is)?[\s::：#はが「(.]{0,4}$",
    re.IGNORECASE,
)
BEFORE = 28


def named_otherwise(text: str, start: int) -> bool:
    """Whether the words before a number say that it is an order, a product, a parcel …"""
    return bool(NOT_PERSONAL.search(text[max(0, start - BEFORE) : start]))


def digits_of(text: str) -> str:
    """The digits of a text."""
    return "".join(char for char in text if char.isdigit())


def cued(text: str, pattern: re.Pattern[str], kind: str, rank: int = CUED) -> Iterator[Span]:
    """The group "value" of every match."""
    for match in pattern.finditer(text):
        yield Span(match.start("value"), match.end("value"), kind, rank)
