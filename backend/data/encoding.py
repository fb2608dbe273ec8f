"""The bytes of a dataset file as text: BOM, strict UTF-8, ISO-2022-JP, then Shift_JIS or EUC-JP by plausibility."""

import codecs
import re
from pathlib import Path

from backend.protocol.errors import TanrenError

MAX_FILE_BYTES = 1 << 30
PLAUSIBLE_SHARE = 0.85
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_PLAUSIBLE = re.compile("[\u3041-\u3096\u30a1-\u30fe\u4e00-\u9fff\u3000-\u301f\uff01-\uff5e\u2010-\u2030\u2190-\u2193]")
_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fc]")


def read_text(path: Path) -> tuple[str, str]:
    """The text of `path` without its BOM, and the name of its encoding.

    Raises TanrenError data_missing, data_empty, data_binary, data_too_large or data_bad_encoding.
    """
    if not path.is_file():
        raise TanrenError("data_missing", path=path)
    if path.stat().st_size > MAX_FILE_BYTES:
        raise TanrenError("data_too_large", path=path, limit=f"{MAX_FILE_BYTES >> 20} MiB")
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise TanrenError("data_missing", path=path, detail=str(error)) from error
    if not raw.strip():
        raise TanrenError("data_empty", path=path)
    return _decoded(raw, path)


def _decoded(raw: bytes, path: Path) -> tuple[str, str]:
    for bom, name in _BOMS:
        if raw.startswith(bom):
            try:
                text = raw.decode(name).removeprefix("\ufeff")
            except UnicodeDecodeError as error:
                line = raw[: error.start].decode(name, "ignore").count("\n") + 1
                raise TanrenError("data_bad_encoding", path=path, line=line, detail=str(error)) from error
            return text, "utf-8-sig" if name == "utf-8-sig" else "utf-16"
    if b"\x00" in raw or len(_CONTROL.findall(raw[:65536])) * 100 > len(raw[:65536]):
        raise TanrenError("data_binary", path=path)
    if b"\x1b$" in raw and raw.isascii():
        try:
            return raw.decode("iso2022_jp"), "iso-2022-jp"
        except UnicodeDecodeError:
            pass  # an escape character in plain ASCII text
    try:
        return raw.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        guess = _japanese(raw)
        if guess:
            return guess
        raise _undecodable(raw, error.start, path) from error


def _japanese(raw: bytes) -> tuple[str, str] | None:
    """The more plausible of Shift_JIS (as Windows writes it) and EUC-JP, or None when neither is."""
    candidates = []
    for codec in ("cp932", "euc_jp"):
        try:
            text = raw.decode(codec)
        except UnicodeDecodeError:
            continue
        score = plausibility(text)
        if score >= PLAUSIBLE_SHARE:
            candidates.append((score, text, codec.replace("_", "-")))
    if not candidates:
        return None
    _, text, name = max(candidates, key=lambda candidate: candidate[0])
    return text, name


def plausibility(text: str) -> float:
    """How much of the non-ASCII part of `text` is ordinary Japanese, 0 to 1; text without any kana scores low."""
    foreign = [character for character in text if ord(character) > 127]
    if not foreign:
        return 0.0
    joined = "".join(foreign)
    share = len(_PLAUSIBLE.findall(joined)) / len(foreign)
    kana = len(_KANA.findall(joined)) / len(foreign)
    return share if kana >= 0.1 or len(foreign) < 20 else share * 0.5


def _undecodable(raw: bytes, position: int, path: Path) -> TanrenError:
    detail = f"not UTF-8 at byte {position}"
    if len(_CONTROL.findall(raw[:65536])) * 1000 > len(raw[:65536]):
        return TanrenError("data_binary", path=path, detail=detail)
    return TanrenError("data_bad_encoding", path=path, line=raw.count(b"\n", 0, position) + 1, detail=detail)
