"""Safetensors files looked at through their headers only: names, shapes, and whether the file is whole."""

import json
import math
from pathlib import Path
from typing import NamedTuple

from backend.protocol.errors import TanrenError

MAX_HEADER_BYTES = 100_000_000  # the limit of the safetensors format itself


class WeightsFile(NamedTuple):
    """One file: how many numbers and how many bytes it holds."""

    parameters: int
    bytes: int


def read_header(path: Path) -> WeightsFile:
    """Raises TanrenError model_weights_damaged when the header does not describe exactly this file."""
    size = path.stat().st_size
    with open(path, "rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if size < 8 or length < 2 or length > MAX_HEADER_BYTES or 8 + length > size:
            raise TanrenError("model_weights_damaged", path=path, detail=f"header of {length} bytes, file of {size}")
        raw = file.read(length)
    try:
        header = json.loads(raw)
        tensors = {name: entry for name, entry in header.items() if name != "__metadata__"}
        parameters = sum(math.prod(int(side) for side in entry["shape"]) for entry in tensors.values())
        end = max((int(entry["data_offsets"][1]) for entry in tensors.values()), default=0)
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
        raise TanrenError("model_weights_damaged", path=path, detail=f"header: {error}") from error
    if 8 + length + end != size or parameters < 0:
        raise TanrenError("model_weights_damaged", path=path, detail=f"tensors end at {end}, file has {size} bytes")
    return WeightsFile(parameters, size)
