"""Text that was read in the wrong encoding: noticed by its patterns, and decoded again where that is certain."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

# Every trace holds one of these, so one cheap search settles most texts.
_SUSPECT = re.compile("[\x82\x83¤¥ÂÃâãïðƒ‚\ufffd｡-ﾟ縺繧繝銇銈銉锟]")
# Each pattern is what Japanese or accented text looks like after one particular mistake: UTF-8 read as Latin-1 or
# cp1252, Shift_JIS as cp1252, UTF-8 as Shift_JIS, EUC-JP as Shift_JIS, EUC-JP as Latin-1, UTF-8 as GBK.
_LOST = re.compile("\ufffd|ï¿½|锟斤拷")
_AS_LATIN = re.compile(
    "(?:â[€\x80][\x80-\xbf\u0152-\u2122]|ã[\x80-\xbf\u0152-\u2122]{2}"
    "|(?<![A-ZÀ-Þ])[ÂÃ][\x80-\xbf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u2122]"
    "|ðŸ[\x80-\xbf\u0152-\u2122])")
_SJIS_AS_LATIN = re.compile("(?:[‚ƒ\x82\x83][!-\x7e\x80-\xff\u0152-\u2122]){3}")
_AS_CP932 = re.compile("[縺繧繝][^れらりるろっ\\s]|[一-龥][｡-ﾟ]{1,2}[一-龥]")
_EUC_AS_CP932 = re.compile("[､･][｡-ﾟ]")
_EUC_AS_LATIN = re.compile("(?:[¤¥][¡-þ]){3}")
_AS_GBK = re.compile("[銇銈銉]")
_BEYOND_ASCII = re.compile("[^\x00-\x7f]+")
_KANA = re.compile("[ぁ-んァ-ヶ]")
_JAPANESE = re.compile("[ぁ-ヶ一-龥々ー、。「」・！-～]")
_CP1252 = {bytes([byte]).decode("cp1252"): bytes([byte]) for byte in range(0x80, 0xA0)
           if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)}
_ROUTES = (("cp1252", "utf-8"), ("cp932", "utf-8"), ("gb18030", "utf-8"), ("cp932", "euc_jp"), ("cp1252", "cp932"),
           ("cp1252", "euc_jp"))
_UTF8_ROUTES = _ROUTES[:3]


def is_garbled(text: str) -> bool:
    """Whether the text shows the traces of a wrong decoding, or of bytes that were lost in one."""
    if text.isascii() or _SUSPECT.search(text) is None:
        return False
    return _LOST.search(text) is not None or _signs(text) > 0


def mended(text: str) -> str:
    """The text with garbled parts decoded as they should have been.

    A part is the whole text, else a line, else a run beyond ASCII. It is changed only when the bytes that the mistake
    came from are certain (encoding the result and misreading it again gives the part exactly) and when the result
    shows no traces any more. What was lost (U+FFFD) cannot come back.
    """
    if text.isascii() or not _signs(text):
        return text
    whole = _decoded_again(text)
    if whole is not None:
        return whole
    return "".join(_mended_line(line) for line in text.splitlines(keepends=True))


def _mended_line(line: str) -> str:
    if line.isascii() or not _signs(line):
        return line
    whole = _decoded_again(line)
    if whole is not None:
        return whole
    return _BEYOND_ASCII.sub(lambda run: _decoded_again(run[0], _UTF8_ROUTES) or run[0], line)


def _decoded_again(part: str, routes: tuple[tuple[str, str], ...] = _ROUTES) -> str | None:
    before = _signs(part)
    if not before:
        return None
    for wrong, right in routes:
        for result in _misread(part, wrong, right):
            if result != part and not _LOST.search(result) and _signs(result) < before and _plausible(result, right):
                return mended(result) if _signs(result) else result
    return None


def _misread(part: str, wrong: str, right: str) -> Iterator[str]:
    """What the part was, if its bytes in `right` were read as `wrong`."""
    try:
        raw = _cp1252(part) if wrong == "cp1252" else part.encode(wrong)
        result = raw.decode(right)
        again = result.encode(right)
    except (UnicodeError, ValueError):
        return
    if again == raw and not (wrong == "cp932" and _ambiguous().intersection(part)):
        yield result


@lru_cache(maxsize=1)
def _ambiguous() -> frozenset[str]:
    """Characters that stand in Shift_JIS (cp932) at more than one place: which bytes they were read from is unknown."""
    places: Counter[str] = Counter()
    for first in (*range(0x81, 0xA0), *range(0xE0, 0xFD)):
        for second in range(0x40, 0xFD):
            # an undefined pair gives two characters, or the mark of one
            places[bytes((first, second)).decode("cp932", "replace")] += 1
    return frozenset(char for char, count in places.items() if count > 1 and len(char) == 1)


def _cp1252(part: str) -> bytes:
    """cp1252 as browsers read it: its five free bytes are the controls of Latin-1."""
    return b"".join(_CP1252.get(char) or char.encode("latin-1") for char in part)


def _plausible(result: str, right: str) -> bool:
    if any((ord(char) < 32 and char not in "\t\r\n") or 0x7F <= ord(char) < 0xA0 for char in result):
        return False
    if right == "utf-8":  # other encodings' text is practically never valid UTF-8
        return True
    beyond = [char for char in result if ord(char) > 127]
    return len(_JAPANESE.findall(result)) >= 0.8 * len(beyond)


def _signs(text: str) -> int:
    """How many traces of a wrong decoding there are, single ones that real text may hold left out."""
    if text.isascii() or _SUSPECT.search(text) is None:
        return 0
    latin = len(_AS_LATIN.findall(text)) + 2 * len(_SJIS_AS_LATIN.findall(text)) + 2 * len(_EUC_AS_LATIN.findall(text))
    return latin + _as_cp932(text) + _euc_as_cp932(text) + _as_gbk(text)


def _as_cp932(text: str) -> int:
    found = len(_AS_CP932.findall(text))
    if not found:
        return 0
    # Old bank records join kanji by single half-width kana too, so the bytes decide: a wrong reading is UTF-8.
    return found if any(_mostly_utf8(run, "cp932") for run in _BEYOND_ASCII.findall(text)) else 0


def _euc_as_cp932(text: str) -> int:
    found = len(_EUC_AS_CP932.findall(text))
    if found < 2:
        return 0
    # Half-width kana read as EUC-JP are kanji; kana come out only where EUC-JP was misread.
    for run in _BEYOND_ASCII.findall(text):
        result = run.encode("cp932", "ignore").decode("euc_jp", "replace")
        if len(_KANA.findall(result)) >= 0.4 * len(result) and result.count("\ufffd") <= 0.25 * len(result):
            return found
    return 0


def _as_gbk(text: str) -> int:
    found = len(_AS_GBK.findall(text))
    return found if found and any(_mostly_utf8(run, "gb18030") for run in _BEYOND_ASCII.findall(text)) else 0


def _mostly_utf8(run: str, wrong: str) -> bool:
    raw = run.encode(wrong, "ignore")
    result = raw.decode("utf-8", "replace")
    return len(raw) >= 4 and result.count("\ufffd") <= 0.25 * len(result)
