"""A base model folder looked at without loading it and without torch: what it is, and whether it may be used."""

import math
import re
from pathlib import Path
from typing import Any, Literal

import msgspec

from backend.models.json_of_model import read_json
from backend.models.weights import Entry, pickle_files, read_header, weight_files
from backend.protocol.errors import TanrenError

TOKENIZER_FILES = ("tokenizer.json", "tokenizer.model", "vocab.json", "spiece.model", "tekken.json")
_LICENSE = re.compile(r"^license:\s*(.+?)\s*$", re.MULTILINE)


class Refusal(msgspec.Struct, frozen=True):
    """Why a folder is refused: an error code and its values, to be said in any language."""

    code: str
    values: dict[str, str]


class ModelLook(msgspec.Struct, frozen=True, kw_only=True):
    """What a model folder holds. `parameters` are counted from the weights, `bytes` is their size on disk,
    `max_length` in tokens (0 = not said)."""

    path: str
    family: str = ""
    parameters: int = 0
    bytes: int = 0
    vocab_size: int = 0
    max_length: int = 0
    layers: int = 0
    hidden_size: int = 0
    has_template: bool = False
    license: str = ""
    verdict: Literal["ok", "refused"] = "ok"
    reasons: list[str] = []
    refusals: list[Refusal] = []


def look_at_model(path: Path) -> ModelLook:
    """Everything that can be told about the folder; problems become `reasons`. Never raises for a bad folder."""
    look, problems = _look(path)
    return msgspec.structs.replace(
        look,
        verdict="refused" if problems else "ok",
        reasons=[problem.message("en") for problem in problems],
        refusals=[Refusal(problem.code, problem.values) for problem in problems],
    )


def check_model(path: Path) -> ModelLook:
    """The look at a folder that may be used. Raises the first problem, unsafe ones before missing pieces."""
    look, problems = _look(path)
    for problem in sorted(problems, key=lambda problem: problem.kind != "model_unsafe"):
        raise problem
    return look


def _look(path: Path) -> tuple[ModelLook, list[TanrenError]]:
    look = ModelLook(path=str(path))
    if not path.is_dir():
        return look, [TanrenError("model_no_folder", path=path)]
    problems = _links_outside(path)
    if problems:  # nothing is read through such a link
        return look, problems
    if not (path / "config.json").is_file():
        pickles = pickle_files(path)
        return look, [TanrenError("model_no_config", path=path)] if not pickles else [
            TanrenError("model_no_config", path=path), TanrenError("model_pickle", path=path, files=", ".join(pickles))]
    try:
        config = read_json(path / "config.json")
        tokenizer = read_json(path / "tokenizer_config.json") if (path / "tokenizer_config.json").exists() else {}
    except TanrenError as error:
        return look, [error]
    weights: dict[Path, dict[str, Entry]] = {}
    try:
        weights = {file: read_header(file) for file in weight_files(path)}
    except TanrenError as error:
        problems.append(error)
    if not any((path / name).is_file() for name in TOKENIZER_FILES):
        problems.append(TanrenError("model_no_tokenizer", path=path))
    if config.get("quantization_config"):
        method = config["quantization_config"]
        name = method.get("quant_method", "?") if isinstance(method, dict) else "?"
        problems.append(TanrenError("model_quantized", path=path, method=name))
    problems += [TanrenError("model_custom_code", path=path / name)
                 for name, content in (("config.json", config), ("tokenizer_config.json", tokenizer))
                 if content.get("auto_map")]
    text = config["text_config"] if isinstance(config.get("text_config"), dict) else config
    look = ModelLook(
        path=str(path),
        family=str(config.get("model_type", "")),
        parameters=sum(math.prod(entry.shape) for header in weights.values() for entry in header.values()),
        bytes=sum(file.stat().st_size for file in weights),
        vocab_size=_number(text, "vocab_size"),
        max_length=_number(text, "max_position_embeddings"),
        layers=_number(text, "num_hidden_layers"),
        hidden_size=_number(text, "hidden_size"),
        has_template=bool(tokenizer.get("chat_template")) or any(
            (path / name).is_file() for name in ("chat_template.jinja", "chat_template.json")),
        license=_license(path),
    )
    return look, problems


def _links_outside(path: Path) -> list[TanrenError]:
    """Links that leave the folder; the blobs beside a snapshot of a Hugging Face cache are allowed."""
    root = path.resolve()
    allowed = [root]
    if root.parent.name == "snapshots":
        allowed.append(root.parent.parent / "blobs")
    return [
        TanrenError("model_link_escape", path=entry, target=entry.resolve())
        for entry in sorted(path.iterdir())
        if entry.is_symlink() and not any(entry.resolve().is_relative_to(place) for place in allowed)
    ]


def _number(config: dict[str, Any], name: str) -> int:
    value = config.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def _license(path: Path) -> str:
    """The license named in the front matter of README.md, or empty."""
    try:
        with open(path / "README.md", encoding="utf-8", errors="replace") as file:
            text = file.read(20_000)
    except OSError:
        return ""
    if not text.startswith("---"):
        return ""
    found = _LICENSE.search(text[3:].split("\n---", 1)[0])
    return found[1].strip("\"'") if found else ""
