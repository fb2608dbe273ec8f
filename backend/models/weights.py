"""The safetensors files of a model folder: which they are, and what their headers say, without torch.

Format: https://huggingface.co/docs/safetensors (8 bytes header length, JSON header, data).
"""

import json
import math
from pathlib import Path
from typing import NamedTuple

from backend.models.json_of_model import read_json
from backend.protocol.errors import TanrenError

SINGLE = "model.safetensors"
INDEX = "model.safetensors.index.json"
PICKLE_SUFFIXES = (".bin", ".pt", ".pth", ".pkl", ".ckpt")
MAX_HEADER_BYTES = 100_000_000  # the limit of the safetensors format itself
# bytes of one number; of other types (sub-byte floats) the size is not checked
ITEM_BYTES = {"F64": 8, "F32": 4, "F16": 2, "BF16": 2, "I64": 8, "I32": 4, "I16": 2, "I8": 1, "U64": 8, "U32": 4,
              "U16": 2, "U8": 1, "BOOL": 1, "F8_E4M3": 1, "F8_E5M2": 1}


class Entry(NamedTuple):
    """One tensor of a file: its dtype as the format names it, its shape, and where its bytes lie in the file."""

    dtype: str
    shape: tuple[int, ...]
    start: int
    end: int


def weight_files(folder: Path) -> list[Path]:
    """The files that hold a model's weights, by the rule of the library that trains it (transformers).

    model.safetensors when it is there, else what the index names; files of other names are none of the model.
    Raises TanrenError model_path_escape, model_file_missing, model_file_unreadable, model_no_weights, model_pickle.
    """
    named = _indexed(folder)
    if (folder / SINGLE).is_file():
        return [folder / SINGLE]
    for name in named:
        if not (folder / name).is_file():
            raise TanrenError("model_file_missing", path=folder, file=name)
    if named:
        return [folder / name for name in named]
    if pickles := pickle_files(folder):
        raise TanrenError("model_pickle", path=folder, files=", ".join(pickles))
    raise TanrenError("model_no_weights", path=folder)


def pickle_files(folder: Path) -> list[str]:
    """The names of files in formats that can run code when opened, five at most."""
    return sorted(file.name for file in folder.iterdir() if file.suffix in PICKLE_SUFFIXES)[:5]


def read_header(path: Path) -> dict[str, Entry]:
    """The tensors of a file in the order of their bytes.

    Raises TanrenError model_weights_damaged when the header does not describe exactly this file.
    """
    size = path.stat().st_size
    with open(path, "rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if size < 8 or length < 2 or length > MAX_HEADER_BYTES or 8 + length > size:
            raise _damaged(path, f"header of {length} bytes, file of {size}")
        raw = file.read(length)
    try:
        entries = {name: _entry(value, 8 + length) for name, value in json.loads(raw).items() if name != "__metadata__"}
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
        raise _damaged(path, f"header: {error}") from error
    for name, entry in entries.items():
        if not 8 + length <= entry.start <= entry.end <= size or any(side < 0 for side in entry.shape):
            raise _damaged(path, f"{name} lies outside the file")
        if entry.dtype in ITEM_BYTES and entry.end - entry.start != bytes_of(entry.dtype, entry.shape):
            raise _damaged(path, f"{name} has the wrong size")
    end = max((entry.end for entry in entries.values()), default=8 + length)
    if end != size:
        raise _damaged(path, f"tensors end at {end}, file has {size} bytes")
    return dict(sorted(entries.items(), key=lambda item: item[1].start))


def bytes_of(dtype: str, shape: tuple[int, ...]) -> int:
    """The size of a tensor in bytes; `dtype` is a key of ITEM_BYTES."""
    return math.prod(shape) * ITEM_BYTES[dtype]


def _entry(value: dict[str, object], data: int) -> Entry:
    """One entry of a header whose data begins at byte `data` of the file."""
    shape, offsets = value["shape"], value["data_offsets"]
    if not isinstance(shape, list) or not isinstance(offsets, list):
        raise TypeError("shape and data_offsets must be lists")
    start, end = (data + int(at) for at in offsets)
    return Entry(str(value["dtype"]), tuple(int(side) for side in shape), start, end)


def _indexed(folder: Path) -> list[str]:
    """The names in the index, sorted; none without an index. A name that leaves the folder is refused, used or not."""
    index = folder / INDEX
    if not index.is_file():
        return []
    weight_map = read_json(index).get("weight_map")
    if not isinstance(weight_map, dict) or not weight_map:
        raise TanrenError("model_file_unreadable", path=index)
    names = sorted({str(value) for value in weight_map.values()})
    for name in names:
        if Path(name).name != name or "\\" in name or name in ("", ".", ".."):
            raise TanrenError("model_path_escape", path=index, target=name)
    return names


def _damaged(path: Path, detail: str) -> TanrenError:
    return TanrenError("model_weights_damaged", path=path, detail=detail)
