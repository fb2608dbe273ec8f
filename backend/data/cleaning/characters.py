"""One way to write a character: Unicode's NFKC, with what it would spoil in Japanese left to a choice."""

import functools
import re
import unicodedata
from typing import Literal

import msgspec

from backend.config.option import Option
from backend.data.cleaning.code_blocks import outside_code
from backend.data.dataset import Row, with_texts
from backend.data.folding import normalized
from backend.protocol.languages import Text

WAVES = {"wave_dash": "\u301c", "fullwidth_tilde": "\uff5e", "tilde": "~"}
_WAVE = re.compile("[\u301c\uff5e]")
_LETTERS = "\uff10-\uff19\uff21-\uff3a\uff41-\uff5a"
_PUNCTUATION = "\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff5d\uff5f\uff60\uffe0-\uffe6"
_KANA = "\uff61-\uff9f"


class Nfkc(msgspec.Struct, frozen=True, kw_only=True):
    """`wave_dash`: how 〜 (U+301C) and ～ (U+FF5E) are written afterwards; `symbols`: ①, ㍻, ², ™ and the like too."""

    kana: Literal["full", "keep"] = "full"
    punctuation: Literal["keep", "ascii"] = "keep"
    wave_dash: Literal["keep", "wave_dash", "fullwidth_tilde", "tilde"] = "keep"
    symbols: bool = False


OPTIONS: dict[str, Option] = {
    "kana": Option(
        Text("Half-width kana", "半角カナ"),
        Text("full writes them as full-width kana, with their voicing marks; keep leaves them.",
             "full は濁点も含めて全角カナにします。keep はそのまま残します。"),
        choices=("full", "keep")),
    "punctuation": Option(
        Text("Full-width punctuation", "全角の記号"),
        Text("keep leaves ！？（）： as Japanese text has them; ascii makes them !?():.",
             "keep は日本語の文章どおり ！？（）： を残します。ascii は !?(): にします。"),
        choices=("keep", "ascii")),
    "wave_dash": Option(
        Text("Wave dash", "波ダッシュ"),
        Text("Files from Windows have ～ (U+FF5E) where others have 〜 (U+301C). keep leaves both; the others write "
             "one everywhere.",
             "Windows のファイルでは 〜（U+301C）の代わりに ～（U+FF5E）が使われます。keep は両方を残し、"
             "ほかの選択は 1 つにそろえます。"),
        choices=("keep", *WAVES)),
    "symbols": Option(
        Text("Symbols too", "記号も分解"),
        Text("Also takes apart ①, ㍻, ², ½ and ™. Meaning can be lost: x² becomes x2.",
             "①、㍻、²、½、™ なども分解します。x² が x2 になるなど、意味が失われることがあります。"),
        advanced=True),
}


def nfkc(row: Row, settings: Nfkc) -> Row:
    """The row with full-width letters and digits made ASCII, and the rest as the settings say. Composed characters
    are always made one (か + ゛ → が, as macOS file names need). White space and code blocks stay."""
    return with_texts(row, lambda text: outside_code(text, lambda part: normalised(part, settings)))


def normalised(text: str, settings: Nfkc) -> str:
    """The text of one cell after `nfkc`."""
    if settings.wave_dash != "keep":
        text = _WAVE.sub(WAVES[settings.wave_dash], text)
    if text.isascii():
        return text
    text = _forms(settings).sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)
    if settings.symbols:
        text = "".join(map(_without_form, text))
    return normalized(text, "NFC")


@functools.lru_cache(maxsize=16)
def _forms(settings: Nfkc) -> re.Pattern[str]:
    ranges = _LETTERS
    if settings.kana == "full":
        ranges += _KANA
    if settings.punctuation == "ascii":
        ranges += _PUNCTUATION
    return re.compile(f"[{ranges}]+")


def _without_form(char: str) -> str:
    if char.isspace() or "\uff00" <= char <= "\uffef":
        return char
    return unicodedata.normalize("NFKC", char)
