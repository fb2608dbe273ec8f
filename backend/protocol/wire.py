"""Lines on the pipe: encoding, and a decoder that a hostile peer cannot hurt."""

import msgspec

from backend.protocol.messages import Request, WorkerEvent

MAX_LINE_BYTES = 1024 * 1024

_encoder = msgspec.json.Encoder()
_event_decoder: msgspec.json.Decoder[WorkerEvent] = msgspec.json.Decoder(WorkerEvent)
_request_decoder: msgspec.json.Decoder[Request] = msgspec.json.Decoder(Request)


class BadLine(ValueError):
    """A line that is no message: not JSON, of an unknown type, or longer than MAX_LINE_BYTES."""


def encode_line(message: msgspec.Struct) -> bytes:
    """One message as UTF-8 JSON with its newline."""
    return _encoder.encode(message) + b"\n"


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

    def feed(self, data: bytes) -> list[bytes]:
        """The lines completed by `data`, without newlines. Raises BadLine on an overlong line."""
        lines = (self._rest + data).split(b"\n")
        self._rest = lines.pop()
        if len(self._rest) > self._limit or any(len(line) > self._limit for line in lines):
            raise BadLine(f"a line is longer than {self._limit} bytes")
        return [line for line in lines if line]
