"""A text file from front to back: bytes counted, decoded as it is read, as lines or as pieces of any length."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from backend.data.readers.encoding import Encoding, decoded, decoder_of, japanese, plausibility
from backend.data.readers.japanese import LEGACY, WAVE_DASH, legacy_text
from backend.data.readers.record import MAX_ROW_BYTES
from backend.protocol.errors import TanrenError

CHUNK_BYTES = 1 << 20


class Line(NamedTuple):
    """`text` with its line end; `notes` as in Record."""

    number: int
    text: str
    notes: tuple[str, ...]


class TextSource:
    """One reading of a text file. `done` counts the bytes that were read, `total` those there are."""

    def __init__(self, path: Path, encoding: Encoding) -> None:
        self.path = path
        self.encoding = encoding
        self.total = path.stat().st_size
        self._done = 0

    def done(self) -> int:
        """Bytes read so far."""
        return self._done

    def pieces(self) -> Iterator[str]:
        """The text in pieces of about CHUNK_BYTES. Raises TanrenError data_bad_encoding, data_wrong_encoding."""
        decode = decoder_of(self.encoding.codec)
        line = 1
        for chunk in self._chunks():
            try:
                text = decode(chunk, not chunk)
            except UnicodeDecodeError as error:
                before = decoded(error.object[: error.start], self.encoding.codec) or ""
                raise self._wrong(line + before.count("\n"), str(error)) from error
            line += text.count("\n")
            yield text

    def lines(self) -> Iterator[Line]:
        """The lines, ended by LF or CRLF (by CR where the file has no LF at its beginning).

        In a file that mixes encodings each line is read in its own and noted, unless the user chose the encoding.
        Raises TanrenError data_line_too_long, data_bad_encoding, data_wrong_encoding.
        """
        if not self.encoding.by_line:
            for number, text in enumerate(self._long_lines(), start=1):
                yield Line(number, text, ("raw_bytes",) if "\x00" in text else ())
            return
        legacy = self.encoding.codec in LEGACY
        for number, raw in enumerate(self._raw_lines(), start=1):
            text, mixed = self._line(raw, number)
            notes: tuple[str, ...] = ("mixed_encoding",) if mixed else ()
            if "\x00" in text:
                notes += ("raw_bytes",)
            if (legacy or mixed) and WAVE_DASH in text:
                notes += ("wave_dash",)
            yield Line(number, text, notes)

    def _line(self, raw: bytes, number: int) -> tuple[str, bool]:
        """The text of one line, and whether it was in another encoding than the file."""
        own = self.encoding.codec
        if own == "utf-8":
            try:
                return raw.decode(), False
            except UnicodeDecodeError as error:
                other = None if self.encoding.chosen else japanese(raw)
                if other is None:
                    raise self._wrong(number, str(error)) from error
                return self._whole(raw, other, number), True
        if raw.isascii() and own != "iso-2022-jp":
            return raw.decode(), False
        if not self.encoding.chosen and (text := _as_utf8(raw, own)) is not None:
            return text, True
        return self._whole(raw, own, number), False

    def _whole(self, raw: bytes, codec: str, number: int) -> str:
        try:
            return legacy_text(raw, codec) if codec in LEGACY else raw.decode(codec)
        except UnicodeDecodeError as error:
            raise self._wrong(number, str(error)) from error

    def _wrong(self, line: int, detail: str) -> TanrenError:
        if self.encoding.chosen:
            return TanrenError("data_wrong_encoding", path=self.path, line=line, encoding=self.encoding.name,
                               detail=detail)
        return TanrenError("data_bad_encoding", path=self.path, line=line, detail=detail)

    def _chunks(self) -> Iterator[bytes]:
        """The bytes after the BOM; an empty chunk at the end."""
        try:
            with self.path.open("rb", buffering=0) as file:
                file.seek(self.encoding.skip)
                self._done = self.encoding.skip
                while chunk := file.read(CHUNK_BYTES):
                    self._done += len(chunk)
                    yield chunk
        except OSError as error:
            raise TanrenError("data_unreadable", path=self.path, detail=str(error)) from error
        yield b""

    def _raw_lines(self) -> Iterator[bytes]:
        ending = b""
        carry = b""
        number = 0
        for chunk in self._chunks():
            ending = ending or (b"\r" if b"\r" in chunk and b"\n" not in chunk else b"\n")
            parts = (carry + chunk).split(ending)
            carry = parts.pop()
            for part in parts:
                number += 1
                if len(part) > MAX_ROW_BYTES:
                    raise self._too_long(number)
                yield part + ending
            if len(carry) > MAX_ROW_BYTES:
                raise self._too_long(number + 1)
        if carry:
            yield carry

    def _long_lines(self) -> Iterator[str]:
        """The lines of UTF-16 and UTF-32, whose bytes cannot be cut before they are decoded."""
        ending = ""
        carry = ""
        number = 0
        for piece in self.pieces():
            ending = ending or ("\r" if "\r" in piece and "\n" not in piece else "\n")
            parts = (carry + piece).split(ending)
            carry = parts.pop()
            for part in parts:
                number += 1
                yield part + ending
            if len(carry) > MAX_ROW_BYTES:
                raise self._too_long(number + 1)
        if carry:
            yield carry

    def _too_long(self, line: int) -> TanrenError:
        return TanrenError("data_line_too_long", path=self.path, line=line, limit=f"{MAX_ROW_BYTES >> 20} MiB")


def _as_utf8(raw: bytes, own: str) -> str | None:
    """A line of a CP932 or EUC-JP file that is UTF-8 in truth: bytes of CP932 are valid UTF-8 only by rare chance."""
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        return None
    if own == "iso-2022-jp":
        return None
    read = decoded(raw, own)
    return text if read is None or plausibility(text) >= plausibility(read) else None
