"""Lines on the pipe: encoding, and a decoder that a hostile peer cannot hurt."""

import msgspec

from backend.protocol.errors import TanrenError
from backend.protocol.messages import Generate, Request, WorkerEvent

MAX_LINE_BYTES = 1024 * 1024

_encoder = msgspec.json.Encoder()
_event_decoder: msgspec.json.Decoder[WorkerEvent] = msgspec.json.Decoder(WorkerEvent)
_request_decoder: msgspec.json.Decoder[Request] = msgspec.json.Decoder(Request)


class BadLine(ValueError):
    """A line that is no message: not JSON, of an unknown type, or longer than MAX_LINE_BYTES."""


def encode_line(message: msgspec.Struct) -> bytes:
    """One message as UTF-8 JSON with its newline."""
    return _encoder.encode(message) + b"\n"


def encode_request(request: Request) -> bytes:
    """A message for a worker as a line. Raises TanrenError dialogue_too_large where a line cannot hold it."""
    line = encode_line(request)
    if isinstance(request, Generate) and is_too_long(line):
        raise TanrenError("dialogue_too_large", kib=len(line) // 1024, limit=MAX_LINE_BYTES // 1024)
    return line


def is_too_long(line: bytes) -> bool:
    """Whether the peer would refuse this line for its length."""
    return len(line) - 1 > MAX_LINE_BYTES


def decode_event(line: bytes) -> WorkerEvent:
    """A line of a worker. Raises BadLine."""
    try:
        return _event_decoder.decode(line)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise BadLine(f"{error}: {line[:200]!r}") from error


def decode_request(line: bytes) -> Request:
    """A line of the window. Raises BadLine."""
    try:
        return _request_decoder.decode(line)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise BadLine(f"{error}: {line[:200]!r}") from error


class LineSplitter:
    """Cuts a byte stream into lines; never holds more than MAX_LINE_BYTES of an unfinished one."""

    def __init__(self, limit: int = MAX_LINE_BYTES) -> None:
        self._limit = limit
        self._rest = b""
        self._dropping = False

    def feed(self, data: bytes) -> list[bytes]:
        """The lines completed by `data`, without newlines.

        Raises BadLine once for each overlong line, which is dropped with what came along; reading goes on after it.
        """
        if self._dropping:
            _, newline, data = data.partition(b"\n")
            if not newline:
                return []
            self._dropping = False
        lines = (self._rest + data).split(b"\n")
        self._rest = lines.pop()
        if len(self._rest) > self._limit:
            self._rest, self._dropping = b"", True
        if self._dropping or any(len(line) > self._limit for line in lines):
            raise BadLine(f"a line is longer than {self._limit} bytes")
        return [line for line in lines if line]
