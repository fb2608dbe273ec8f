"""Safetensors files read and written tensor by tensor: memory does not grow with the size of the model.

Format: https://huggingface.co/docs/safetensors (8 bytes header length, JSON header, data).
"""

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import torch

from backend.models.weights import Entry, bytes_of
from backend.protocol.errors import TanrenError

DTYPES: dict[str, torch.dtype] = {
    "F64": torch.float64, "F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16, "I64": torch.int64,
    "I32": torch.int32, "I16": torch.int16, "I8": torch.int8, "U8": torch.uint8, "BOOL": torch.bool,
}
PIECE_BYTES = 2 * 2**20  # with the copies in 32 bits and what the allocator keeps, some 30 MiB are used


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


def _too_short(path: Path) -> TanrenError:
    return TanrenError("model_weights_damaged", path=path, detail="it ends too early")


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
            raise ValueError(f"{self._path.name}: {written} bytes were written instead of {self._expected}")
