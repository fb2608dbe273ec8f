"""A text as the finders read it: half width, one kind of hyphen; every place leads back to the original."""

import re
import unicodedata
from typing import NamedTuple

_HYPHENS = "‐‑‒–—―−﹣－⁃─"
_SAME_LENGTH = {
    **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)},
    0x3000: " ",
    0xA0: " ",
    0x2007: " ",
    0x202F: " ",
    **{ord(char): "-" for char in _HYPHENS},
    ord("’"): "'",
    ord("‘"): "'",
    ord("＇"): "'",
    # the same names in rarer forms of their characters, which the dictionary does not have
    **dict(zip(map(ord, "髙﨑栁德濵濱槗𠮷邊嶋嶌冨槇凜曻禎"), "高崎柳徳浜浜橋吉辺島島富槙凛昇禎", strict=True)),
}
_DASH_OF_KANA = re.compile(r"(?<=[0-9])[ーｰ](?=[0-9])")
_KEPT = re.compile(r"[①-⓿❶-➓²³¹⁰-₟¼-¾⅐-↋]")
"""NFKC would turn these into digits that the writer did not mean as such."""
_GONE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_CLUSTER = re.compile("[^\uff9e\uff9f\u3099\u309a\u0300-\u036f][\uff9e\uff9f\u3099\u309a\u0300-\u036f]*|.", re.DOTALL)


class View(NamedTuple):
    """`places[i]` is where character i begins in the original, places[-1] its length; None: the same places."""

    text: str
    original: str
    places: list[int] | None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The place of view characters start:end in the original."""
        if self.places is None:
            return start, end
        return self.places[start], self.places[end]


def view_of(text: str) -> View:
    """The normalised view of a text."""
    if text.isascii():
        return View(text, text, None)
    wide = text.translate(_SAME_LENGTH)
    if unicodedata.is_normalized("NFKC", wide) and not _GONE.search(wide):
        return View(_DASH_OF_KANA.sub("-", wide), text, None)
    parts: list[str] = []
    places: list[int] = []
    for cluster in _CLUSTER.finditer(wide):
        raw = _GONE.sub("", cluster[0])
        plain = raw if _KEPT.match(raw) else unicodedata.normalize("NFKC", raw)
        parts.append(plain)
        places += [cluster.start()] * len(plain)
    places.append(len(text))
    return View(_DASH_OF_KANA.sub("-", "".join(parts)), text, places)
