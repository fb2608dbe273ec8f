"""One JSON value at a time from a text, with what strict JSON forbids or leaves open told as notes.

Python's scanner is used and not a faster one, since it names repeated keys, NaN and the place of an error.
"""

import json
import math
from typing import Any

from backend.data.readers.record import MAX_DEPTH

MAX_DIGITS = 18  # every such number fits 64 bits, which is what the files of a run can hold


class Malformed(Exception):
    """Not JSON: `position` in the text; `unfinished` when more text could complete it."""

    def __init__(self, reason: str, position: int, unfinished: bool = False) -> None:
        super().__init__(reason)
        self.position = position
        self.unfinished = unfinished


class JsonValues:
    """Decodes values; `notes` are those of the last one.

    duplicate_keys: the last one counts. not_finite: NaN, Infinity or a number beyond a double, read as null.
    big_numbers: an integer beyond 64 bits, kept as text. lone_surrogates: half of a character, read as U+FFFD.
    raw_control: a line break or tab inside a string that is not escaped.
    """

    def __init__(self) -> None:
        self.notes: set[str] = set()
        self._strict = self._decoder(True)
        self._lenient = self._decoder(False)

    def value_at(self, text: str, start: int = 0) -> tuple[Any, int]:
        """The value that begins at `start`, and where it ends. Raises Malformed."""
        self.notes.clear()
        try:
            value, end = self._strict.raw_decode(text, start)
        except json.JSONDecodeError as error:
            if "control character" not in error.msg:
                raise _malformed(error, len(text)) from error
            value, end = self._with_control(text, start, error)
        except RecursionError as error:
            raise Malformed(f"nested deeper than {MAX_DEPTH} levels", start) from error
        except ValueError as error:  # an integer of more than 4,300 digits
            raise Malformed(str(error), start) from error
        if text.count("[", start, end) + text.count("{", start, end) > MAX_DEPTH and _depth(value) > MAX_DEPTH:
            raise Malformed(f"nested deeper than {MAX_DEPTH} levels", start)
        if text.find("\\ud", start, end) >= 0 or text.find("\\uD", start, end) >= 0:
            value = self._without_surrogates(value)
        if text.find("\x00", start, end) >= 0:
            self.notes.add("raw_bytes")
        return value, end

    def _with_control(self, text: str, start: int, first: json.JSONDecodeError) -> tuple[Any, int]:
        self.notes.clear()
        try:
            value, end = self._lenient.raw_decode(text, start)
        except json.JSONDecodeError as error:
            unfinished = _malformed(error, len(text)).unfinished
            raise Malformed(first.msg, first.pos, unfinished) from error
        except (RecursionError, ValueError) as error:
            raise Malformed(str(error), start) from error
        self.notes.add("raw_control")
        return value, end

    def _decoder(self, strict: bool) -> json.JSONDecoder:
        return json.JSONDecoder(strict=strict, object_pairs_hook=self._object, parse_constant=self._constant,
                                parse_float=self._float, parse_int=self._integer)

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        value = dict(pairs)
        if len(value) != len(pairs):
            self.notes.add("duplicate_keys")
        return value

    def _constant(self, _word: str) -> None:
        self.notes.add("not_finite")

    def _float(self, digits: str) -> float | None:
        value = float(digits)
        if math.isfinite(value):
            return value
        self.notes.add("not_finite")
        return None

    def _integer(self, digits: str) -> int | str:
        if len(digits) <= MAX_DIGITS:
            return int(digits)
        value = int(digits)
        if -(2**63) <= value < 2**63:
            return value
        self.notes.add("big_numbers")
        return digits

    def _without_surrogates(self, value: Any) -> Any:
        if isinstance(value, str):
            try:
                value.encode()
            except UnicodeEncodeError:
                self.notes.add("lone_surrogates")
                return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
            return value
        if isinstance(value, list):
            return [self._without_surrogates(part) for part in value]
        if isinstance(value, dict):
            return {self._without_surrogates(name): self._without_surrogates(part) for name, part in value.items()}
        return value


def _malformed(error: json.JSONDecodeError, length: int) -> Malformed:
    """More text can only help where the text ended inside a string or right at the error."""
    return Malformed(error.msg, error.pos, "Unterminated" in error.msg or error.pos >= length - 16)


def _depth(value: Any) -> int:
    """How many lists and objects lie inside each other."""
    depth = 0
    level = [value]
    while level := [part for part in level if isinstance(part, (dict, list))]:
        depth += 1
        level = [inner for part in level for inner in (part.values() if isinstance(part, dict) else part)]
    return depth
