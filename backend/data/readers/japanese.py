"""Japanese encodings that Python's codecs read too narrowly or differently from each other, as one reading.

CP932 and EUC-JP hold the same JIS X 0208 characters, but Python maps six of them to different code points. Here they
are the same from CP932, EUC-JP and ISO-2022-JP: 〜 is U+301C WAVE DASH, the character that JIS defines; the others
are the full-width forms － U+FF0D, ∥ U+2225, ￠ U+FFE0, ￡ U+FFE1 and ￢ U+FFE2, as Windows and the WHATWG Encoding
Standard have them, since nobody types U+2212, U+2016, U+00A2, U+00A3 and U+00AC in Japanese. A file in CP932 cannot
tell 〜 from ～ (U+FF5E): rows with it are noted as wave_dash. UTF-8 and UTF-16 files know both and keep what they
hold. Half-width kana are kept.

EUC-JP and ISO-2022-JP also hold the NEC and IBM characters (①, ㈱, 髙) that Windows writes in them.
"""

import codecs
import re
from collections.abc import Callable

LEGACY = {"cp932": "cp932", "euc-jp": "euc_jp", "iso-2022-jp": "iso2022_jp_ext"}
WAVE_DASH = "〜"
_FULL_WIDTH = {"\u2212": "－", "\u2016": "∥", "\u00a2": "￠", "\u00a3": "￡", "\u00ac": "￢"}
_NO_CHARACTERS = re.compile("[\x80\xa0\uf8f0-\uf8f3]")  # what Python makes of the unused bytes 80, A0 and FD to FF
_ERRORS = "tanren_nec_characters"


def unified(text: str, name: str) -> str:
    """Decoded text of the encoding `name` with the six ambiguous characters as described above.

    Raises UnicodeDecodeError for bytes that CP932 does not use.
    """
    if text.isascii():
        return text
    if name == "cp932":
        unused = _NO_CHARACTERS.search(text)
        if unused:
            before = text[: unused.start()].encode("cp932")
            raw = before + unused[0].encode("cp932")
            raise UnicodeDecodeError("cp932", raw, len(before), len(raw), "unused byte")
        return text.replace("～", WAVE_DASH)
    for narrow, wide in _FULL_WIDTH.items():
        text = text.replace(narrow, wide)
    return text


def legacy_decoder(name: str) -> Callable[[bytes, bool], str]:
    """An incremental decoder (bytes, whether they are the last) of one of LEGACY; raises UnicodeDecodeError."""
    inner = codecs.getincrementaldecoder(LEGACY[name])(_ERRORS)
    return lambda raw, last: unified(inner.decode(raw, last), name)


def legacy_text(raw: bytes, name: str) -> str:
    """All of `raw` in one of LEGACY; raises UnicodeDecodeError."""
    return unified(raw.decode(LEGACY[name], _ERRORS), name)


def _nec_characters(error: UnicodeError) -> tuple[str, int]:
    """Two bytes that the codec does not know, by the place that CP932 gives to the same row and cell."""
    if isinstance(error, UnicodeDecodeError) and error.encoding != "cp932":
        high, low = (byte & 0x7F for byte in error.object[error.start : error.start + 2].ljust(2, b"\0"))
        if 0x21 <= high <= 0x7E and 0x21 <= low <= 0x7E:
            lead = (high + 1) // 2 + (0x70 if high < 0x5F else 0xB0)
            trail = low + (0x1F if low < 0x60 else 0x20) if high % 2 else low + 0x7E
            try:
                return bytes((lead, trail)).decode("cp932"), error.start + 2
            except UnicodeDecodeError:
                raise error from None
    raise error


codecs.register_error(_ERRORS, _nec_characters)
