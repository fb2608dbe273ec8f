"""Which encoding a text file has: BOM, strict UTF-8, ISO-2022-JP, UTF-16, then CP932 or EUC-JP by plausibility.

Decided from a bounded part of the file that holds non-ASCII characters; the whole file is then decoded as it is read.
"""

import codecs
import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from backend.data.readers.japanese import LEGACY, legacy_decoder
from backend.protocol.errors import TanrenError
from backend.protocol.languages import Text

LOOK_BYTES = 256 << 10
SEARCH_BYTES = 64 << 20
PLAUSIBLE_SHARE = 0.85
PREVIEW_LINES = 5
PREVIEW_CHARACTERS = 500
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig", "utf-8"), (codecs.BOM_UTF32_LE, "utf-32", "utf-32-le"),
         (codecs.BOM_UTF32_BE, "utf-32", "utf-32-be"), (codecs.BOM_UTF16_LE, "utf-16", "utf-16-le"),
         (codecs.BOM_UTF16_BE, "utf-16", "utf-16-be"))
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_FOREIGN = re.compile(rb"[\x80-\xff]")
_FOREIGN_OR_ESCAPE = re.compile(rb"[\x80-\xff]|\x1b\$")
_UTF8_KANJI = re.compile(rb"[\xe1-\xef][\x80-\xbf]{2}")
_PLAUSIBLE = re.compile("[\u3041-\u3096\u30a1-\u30fe\u4e00-\u9fff\u3000-\u301f\uff01-\uff5e\uffe0-\uffe5\u2010-\u2030"
                        "\u2190-\u2193\u2460-\u2473\u3231\u2225]")
_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fc]")
_HALF_KANA = re.compile("[\uff61-\uff9f]")
_READABLE = re.compile("[\t\n\r -~\u00a0-\u024f\u0370-\u058f\u2010-\u2030\u2190-\u21ff\u2460-\u24ff\u25a0-\u27bf"
                       "\u3000-\u30ff\u3200-\u33ff\u4e00-\u9fff\uac00-\ud7a3\uff01-\uffe6\U0001f300-\U0001faff]")


class Encoding(NamedTuple):
    """`name` as people see it, `codec` for LEGACY or Python, `skip` the bytes of the BOM.

    `chosen`: set by the user, so that nothing else is tried. `reason`: why it is this one.
    """

    name: str
    codec: str
    skip: int
    reason: Text
    chosen: bool = False

    @property
    def by_line(self) -> bool:
        """Whether the bytes can be cut at line feeds before they are decoded."""
        return not self.codec.startswith(("utf-16", "utf-32"))


class Look(NamedTuple):
    """The first LOOK_BYTES of a file, and as many from the first line on that is more than ASCII (`foreign`)."""

    head: bytes
    foreign: bytes
    foreign_start: int
    size: int


def look_at(path: Path) -> Look:
    """Reads as little of `path` as tells its encoding.

    Raises TanrenError data_missing, data_unreadable or data_empty.
    """
    if not path.is_file():
        raise TanrenError("data_missing", path=path)
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(LOOK_BYTES)
            start, chunk = 0, head
            while chunk and chunk.isascii() and b"\x1b$" not in chunk and start < SEARCH_BYTES:
                start += len(chunk)
                chunk = file.read(LOOK_BYTES)
            found = _FOREIGN_OR_ESCAPE.search(chunk)
            if found is None:
                return Look(head, b"", 0, size)
            start += chunk.rfind(b"\n", 0, found.start()) + 1
            file.seek(start)
            return Look(head, file.read(LOOK_BYTES), start, size)
    except OSError as error:
        raise TanrenError("data_unreadable", path=path, detail=str(error)) from error


def decide(path: Path, look: Look, chosen: str = "") -> Encoding:
    """The encoding of a text file. Raises TanrenError data_empty, data_binary, data_bad_encoding,
    data_unknown_encoding."""
    if not look.head.strip():
        raise TanrenError("data_empty", path=path)
    for bom, name, codec in _BOMS:
        if look.head.startswith(bom) and (not chosen or _same(chosen, codec)):
            return Encoding(name, codec, len(bom), Text(f"{name}: the file begins with its byte order mark",
                                                        f"{name}: 先頭に BOM があります"), bool(chosen))
    if chosen:
        return _chosen(path, chosen)
    wide = _utf16(look.head)
    if wide:
        return Encoding(wide, wide, 0, Text(f"{wide}: every second byte of plain characters is zero",
                                            f"{wide}: 英数字の 1 バイトおきに 0 があります"))
    if len(_CONTROL.findall(look.head)) * 100 > len(look.head):
        raise TanrenError("data_binary", path=path)
    ascii_only = look.foreign.isascii()
    if b"\x1b$" in look.foreign and ascii_only and decoded(look.foreign, "iso-2022-jp") is not None:
        return _found("iso-2022-jp", Text("its escape sequences switch to kanji", "漢字に切り替える符号があります"))
    if ascii_only:
        return _found("utf-8", Text("only ASCII characters", "半角英数字だけです"))
    if decoded(look.foreign, "utf-8") is not None:
        return _found("utf-8", Text("every character fits", "すべての文字が合います"))
    guess = japanese(look.foreign) or _commonest(look.foreign)
    if guess is None:
        raise _undecodable(path, look)
    if guess == "utf-8":
        return _found("utf-8", Text("most lines fit", "ほとんどの行が合います"))
    return _found(guess, Text("it gives the more natural Japanese", "日本語として最も自然に読めます"))


def japanese(raw: bytes) -> str | None:
    """The more plausible of CP932 and EUC-JP, or None when neither is."""
    foreign = len(_FOREIGN.findall(raw))
    if 3 * len(_UTF8_KANJI.findall(raw)) >= 0.6 * foreign:
        return None  # damaged UTF-8, which CP932 decodes to rare kanji
    scores = []
    for name in ("euc-jp", "cp932"):
        text = decoded(raw, name)
        if text is not None and (score := plausibility(text)) >= PLAUSIBLE_SHARE:
            scores.append((score, name))
    return max(scores, key=lambda pair: pair[0])[1] if scores else None


def decoded(raw: bytes, name: str) -> str | None:
    """A part of a file in the encoding `name`; a last character may be cut. None when a byte does not fit."""
    try:
        return decoder_of(name)(raw, False)
    except (UnicodeDecodeError, LookupError):
        return None


def decoder_of(codec: str) -> Callable[[bytes, bool], str]:
    """An incremental decoder: (bytes, whether they are the last) to text. Raises UnicodeDecodeError when it is used,
    LookupError for an unknown name."""
    if codec in LEGACY:
        return legacy_decoder(codec)
    inner = codecs.getincrementaldecoder(codec)("strict")
    return lambda raw, last: inner.decode(raw, last)


def plausibility(text: str) -> float:
    """How much of the non-ASCII part of `text` is ordinary Japanese, 0 to 1; text without any kana scores low.

    Half-width kana score a little lower than others, since EUC-JP read as CP932 is full of them, and a few of them
    among kanji are no sign of Japanese: CP932 read as EUC-JP looks so.
    """
    foreign = "".join(character for character in text if ord(character) > 127)
    if not foreign:
        return 0.0
    half = len(_HALF_KANA.findall(foreign))
    share = (len(_PLAUSIBLE.findall(foreign)) + 0.9 * half) / len(foreign)
    kana = (len(_KANA.findall(foreign)) + (half if half >= 0.3 * len(foreign) else 0)) / len(foreign)
    return share if kana >= 0.1 or len(foreign) < 20 else share * 0.5


def encodings_of(path: Path) -> list[tuple[str, str, float]]:
    """Every encoding that `path` can be read in: its name, the first lines in it, how plausible it is (0 to 1); best
    first. Raises TanrenError data_missing, data_unreadable, data_empty."""
    look = look_at(path)
    if not look.head.strip():
        raise TanrenError("data_empty", path=path)
    best: Encoding | None
    try:
        best = decide(path, look)
    except TanrenError:
        best = None
    found = []
    for name in ("utf-8", "cp932", "euc-jp", "iso-2022-jp", "utf-16-le", "utf-16-be"):
        texts = [decoded(part, name) for part in (look.head, look.foreign)]
        if texts[0] is None or texts[1] is None:
            continue
        is_best = best is not None and best.codec == name
        shown = (best.name if best and is_best else name)
        score = 1.0 if is_best else min(0.99, _readable(texts[1] or texts[0]))
        found.append((shown, _preview(texts[1] or texts[0]), score))
    return sorted(found, key=lambda entry: -entry[2])


def _readable(text: str) -> float:
    return len(_READABLE.findall(text)) / len(text) if text else 0.0


def _preview(text: str) -> str:
    return "\n".join(text.removeprefix("\ufeff").splitlines()[:PREVIEW_LINES])[:PREVIEW_CHARACTERS]


def _found(name: str, why: Text) -> Encoding:
    return Encoding(name, name, 0, Text(f"{name}: {why.en}", f"{name}: {why.ja}"))


def _same(chosen: str, codec: str) -> bool:
    return chosen == codec or (chosen in ("utf-16", "utf-32") and codec.startswith(chosen))


def _chosen(path: Path, name: str) -> Encoding:
    codec = {"utf-16": "utf-16-le", "utf-8-sig": "utf-8", "utf-32": "utf-32-le"}.get(name, name)
    try:
        decoder_of(codec)
    except LookupError:
        raise TanrenError("data_unknown_encoding", path=path, encoding=name) from None
    return Encoding(name, codec, 0, Text(f"{name}: chosen by hand", f"{name}: 手動で選択"), True)


def _utf16(head: bytes) -> str | None:
    """UTF-16 without a BOM: zero bytes on one side, and readable text when it is decoded so."""
    sides = head[0::2].count(0), head[1::2].count(0)
    if max(sides) * 100 < len(head):
        return None
    name = "utf-16-le" if sides[1] > sides[0] else "utf-16-be"
    text = decoded(head, name)
    return name if text and _readable(text) >= 0.95 else None


def _commonest(raw: bytes) -> str | None:
    """Of a file that mixes encodings: the one that most lines have; None when no line of it fits any."""
    counts = dict.fromkeys(("utf-8", "cp932", "euc-jp"), 0)
    for line in raw.split(b"\n")[:-1] or [raw]:
        if line.isascii():
            continue
        fits = "utf-8" if decoded(line, "utf-8") is not None else japanese(line)
        if fits:
            counts[fits] += 1
    best = max(counts, key=lambda name: counts[name])
    return best if counts[best] else None


def _undecodable(path: Path, look: Look) -> TanrenError:
    try:
        look.foreign.decode("utf-8")
        position = 0
    except UnicodeDecodeError as error:
        position = error.start
    detail = f"not UTF-8 at byte {look.foreign_start + position}"
    if len(_CONTROL.findall(look.head)) * 1000 > len(look.head):
        return TanrenError("data_binary", path=path, detail=detail)
    line = lines_before(path, look.foreign_start) + look.foreign.count(b"\n", 0, position) + 1
    return TanrenError("data_bad_encoding", path=path, line=line, detail=detail)


def lines_before(path: Path, position: int) -> int:
    """How many line feeds lie before a byte of the file."""
    lines = 0
    with path.open("rb") as file:
        while position > 0 and (chunk := file.read(min(position, 1 << 20))):
            lines += chunk.count(b"\n")
            position -= len(chunk)
    return lines
