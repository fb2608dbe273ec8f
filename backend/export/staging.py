"""The folder that the converter reads: links to the merged model, and a tokenizer_config that says everything."""

import json
import os
import shutil
from pathlib import Path
from typing import Any

from backend.export.tokenizer_json import largest_id, read_tokenizer
from backend.models.weights import read_header, weight_files
from backend.protocol.errors import TanrenError
from backend.protocol.languages import Text
from backend.runs.manifests import MANIFEST


def stage(merged: Path, folder: Path) -> None:
    """Fills `folder` with links to the files of `merged`; tokenizer_config.json gets `added_tokens_decoder`.

    transformers 5 writes added tokens to tokenizer.json only; the converter looks for them in
    tokenizer_config.json and would split them into pieces.
    """
    folder.mkdir(parents=True)
    for path in sorted(merged.iterdir()):
        if path.is_file() and path.name not in (MANIFEST, "tokenizer_config.json"):
            _link(path, folder / path.name)
    config = _read_json(merged / "tokenizer_config.json")
    tokenizer = read_tokenizer(merged)
    if tokenizer is not None:
        config["added_tokens_decoder"] = {
            str(added["id"]): {key: value for key, value in added.items() if key != "id"}
            for added in tokenizer.get("added_tokens", [])
        }
    (folder / "tokenizer_config.json").write_text(json.dumps(config, ensure_ascii=False), encoding="utf-8")


def check_before(merged: Path) -> None:
    """Refuses what the converter would fail on without a clear word, or convert wrongly.

    Raises TanrenError model_missing, export_vocabulary, export_quantized and those of weight_files.
    """
    config = _read_json(merged / "config.json")
    if not config:
        raise TanrenError("model_missing", path=merged, reason=Text(
            "config.json is missing", "config.json がありません"))
    weight_files(merged)
    text = config.get("text_config", config)
    if config.get("quantization_config") or text.get("quantization_config"):
        raise TanrenError("export_quantized", path=merged)
    tokenizer = read_tokenizer(merged)
    rows = text.get("vocab_size")
    if tokenizer is not None and isinstance(rows, int) and largest_id(tokenizer) >= rows:
        raise TanrenError("export_vocabulary", tokens=largest_id(tokenizer) + 1, rows=rows)


def master_kind(merged: Path) -> str:
    """BF16 or F16: what the model's matrices are stored as (BF16 for anything wider)."""
    for path in weight_files(merged):
        for tensor in read_header(path).values():
            if len(tensor.shape) == 2:
                return "F16" if tensor.dtype == "F16" else "BF16"
    return "BF16"


def weight_bytes(merged: Path) -> int:
    """The size of the weights: the size of the 16-bit GGUF file, nearly."""
    return sum(path.stat().st_size for path in weight_files(merged))


def _read_json(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_bytes())
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise TanrenError("model_missing", path=path, reason=str(error)) from error
    return content if isinstance(content, dict) else {}


def _link(source: Path, target: Path) -> None:
    """A link where the file system has them, else a copy."""
    try:
        os.symlink(source.resolve(), target)
    except OSError:
        shutil.copyfile(source, target)
