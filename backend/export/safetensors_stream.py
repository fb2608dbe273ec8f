"""Safetensors files read and written tensor by tensor: memory does not grow with the size of the model.

Format: https://huggingface.co/docs/safetensors (8 bytes header length, JSON header, data).
"""

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

import torch

from backend.protocol.languages import Text

DTYPES: dict[str, torch.dtype] = {
    "F64": torch.float64, "F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16, "I64": torch.int64,
    "I32": torch.int32, "I16": torch.int16, "I8": torch.int8, "U8": torch.uint8, "BOOL": torch.bool,
}
MAX_HEADER_BYTES = 100_000_000
PIECE_BYTES = 8 * 2**20


class Entry(NamedTuple):
    """One tensor of a file: its dtype as the format names it, its shape, and where its bytes lie in the file."""

    dtype: str
    shape: tuple[int, ...]
    start: int
    end: int


class BadSafetensors(ValueError):
    """The file is not what the safetensors format allows; `text` says why."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


def read_header(path: Path) -> dict[str, Entry]:
    """The tensors of a file in the order of their bytes. Raises BadSafetensors."""
    size = path.stat().st_size
    with open(path, "rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if length > min(MAX_HEADER_BYTES, size - 8):
            raise BadSafetensors(Text(
                f"{path.name}: the header is longer than the file",
                f"{path.name}: ヘッダーがファイルより長くなっています"))
        try:
            header = json.loads(file.read(length))
            entries = {
                name: Entry(value["dtype"], tuple(value["shape"]), *(8 + length + at for at in value["data_offsets"]))
                for name, value in header.items() if name != "__metadata__"
            }
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise BadSafetensors(Text(
                f"{path.name}: the header is damaged: {error}",
                f"{path.name}: ヘッダーが壊れています: {error}")) from error
    for name, entry in entries.items():
        if not 8 + length <= entry.start <= entry.end <= size:
            raise BadSafetensors(Text(
                f"{path.name}: {name} lies outside the file", f"{path.name}: {name} がファイルの外にあります"))
        if entry.dtype in DTYPES and entry.end - entry.start != bytes_of(entry.dtype, entry.shape):
            raise BadSafetensors(Text(
                f"{path.name}: {name} has the wrong size", f"{path.name}: {name} の大きさが正しくありません"))
    return dict(sorted(entries.items(), key=lambda item: item[1].start))


def bytes_of(dtype: str, shape: tuple[int, ...]) -> int:
    """The size of a tensor in bytes; `dtype` is a key of DTYPES."""
    return math.prod(shape) * DTYPES[dtype].itemsize


def pieces_of(path: Path, entry: Entry) -> Iterator[bytes]:
    """The bytes of a tensor in pieces of at most PIECE_BYTES."""
    with open(path, "rb") as file:
        file.seek(entry.start)
        left = entry.end - entry.start
        while left:
            piece = file.read(min(PIECE_BYTES, left))
            if not piece:
                raise _too_short(path)
            left -= len(piece)
            yield piece


def row_blocks_of(path: Path, entry: Entry) -> Iterator[tuple[int, torch.Tensor]]:
    """A tensor in blocks of whole rows of about PIECE_BYTES: (first row, block). A scalar is one row."""
    rows = entry.shape[0] if entry.shape else 1
    if math.prod(entry.shape) == 0:
        return
    row_bytes = (entry.end - entry.start) // rows
    at_once = max(1, PIECE_BYTES // row_bytes)
    with open(path, "rb") as file:
        file.seek(entry.start)
        for first in range(0, rows, at_once):
            count = min(at_once, rows - first)
            data = bytearray(count * row_bytes)
            if file.readinto(data) != len(data):
                raise _too_short(path)
            shape = (count, *entry.shape[1:]) if entry.shape else ()
            yield first, torch.frombuffer(data, dtype=DTYPES[entry.dtype]).reshape(shape)


def _too_short(path: Path) -> BadSafetensors:
    return BadSafetensors(Text(f"{path.name} ends too early", f"{path.name} が途中で終わっています"))


class SafetensorsWriter:
    """Writes one file whose tensors are known beforehand and come one after another.

    `tensors`: name → (dtype, shape), in the order in which `append` will be called for them.
    """

    def __init__(self, path: Path, tensors: dict[str, tuple[str, tuple[int, ...]]]) -> None:
        header: dict[str, object] = {"__metadata__": {"format": "pt"}}
        at = 0
        for name, (dtype, shape) in tensors.items():
            size = bytes_of(dtype, shape)
            header[name] = {"dtype": dtype, "shape": list(shape), "data_offsets": [at, at + size]}
            at += size
        text = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
        text += b" " * (-len(text) % 8)
        self._expected = 8 + len(text) + at
        self._path = path
        self._file: BinaryIO = open(path, "wb")  # noqa: SIM115 - closed by __exit__
        self._file.write(len(text).to_bytes(8, "little") + text)

    def append(self, data: bytes | torch.Tensor) -> None:
        """The next bytes, or the next whole tensor or block of rows (contiguous, on CPU)."""
        if isinstance(data, torch.Tensor):
            flat = data.detach().contiguous().reshape(-1).view(torch.uint8)
            self._file.write(flat.numpy().data)
        else:
            self._file.write(data)

    def __enter__(self) -> "SafetensorsWriter":
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        written = self._file.tell()
        self._file.close()
        if kind is None and written != self._expected:
            raise BadSafetensors(Text(
                f"{self._path.name}: {written} bytes were written instead of {self._expected}",
                f"{self._path.name}: {self._expected} バイトのはずが {written} バイト書き込まれました"))
