"""The arithmetic of merging: W + scaling · B·A in 32 bits, stored in 16 bits."""

import json
import math
from collections.abc import Iterable
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file

from backend.protocol.errors import TanrenError
from backend.protocol.languages import Text

ADAPTER_PREFIX = "base_model.model."
STORED_AS = {"F64": "BF16", "F32": "BF16", "F16": "F16", "BF16": "BF16"}
UNSUPPORTED = ("use_dora", "rank_pattern", "alpha_pattern", "modules_to_save", "trainable_token_indices")


class Delta:
    """What an adapter adds to one weight: `left` [rows, r] times `right` [r, columns], scaling included."""

    def __init__(self, left: torch.Tensor, right: torch.Tensor) -> None:
        self._left = left
        self._right = right

    @property
    def shape(self) -> tuple[int, int]:
        """[rows, columns] of the weight it belongs to."""
        return self._left.shape[0], self._right.shape[1]

    def added_to(self, block: torch.Tensor, first_row: int) -> torch.Tensor:
        """A block of rows of the weight with its part of the delta, in 32 bits."""
        rows = self._left[first_row : first_row + block.shape[0]]
        return torch.addmm(block.float(), rows, self._right)


def read_deltas(adapter: Path) -> dict[str, Delta]:
    """The deltas of a PEFT LoRA adapter folder by module name. Raises TanrenError merge_failed."""
    try:
        config = json.loads((adapter / "adapter_config.json").read_text(encoding="utf-8"))
        state = load_file(adapter / "adapter_model.safetensors")
    except (OSError, ValueError, SafetensorError) as error:
        raise TanrenError("merge_failed", reason=str(error)) from error
    for name in UNSUPPORTED:
        if config.get(name):
            raise TanrenError("merge_failed", reason=Text(
                f"{name} cannot be merged", f"{name} は統合できません"))
    if config.get("peft_type") != "LORA" or config.get("bias", "none") != "none":
        kind, bias = config.get("peft_type"), config.get("bias")
        raise TanrenError("merge_failed", reason=Text(
            f"it is {kind} with bias {bias}", f"種類が {kind}、bias が {bias} です"))
    rank = config["r"]
    scaling = config["lora_alpha"] / (math.sqrt(rank) if config.get("use_rslora") else rank)
    deltas = {}
    modules = {key.removesuffix(".lora_A.weight") for key in state if key.endswith(".lora_A.weight")}
    for module in sorted(modules):
        down = state.pop(f"{module}.lora_A.weight").float()
        up = state.pop(f"{module}.lora_B.weight", torch.empty(0)).float() * scaling
        if up.ndim != 2 or up.shape[1] != down.shape[0]:
            raise TanrenError("merge_failed", reason=Text(
                f"{module} has no fitting lora_B", f"{module} に合う lora_B がありません"))
        name = module.removeprefix(ADAPTER_PREFIX)
        transposed = config.get("fan_in_fan_out", False)  # GPT-2 keeps its weights as [in, out]
        deltas[name] = Delta(down.T.contiguous(), up.T.contiguous()) if transposed else Delta(up, down)
    if state or not deltas:
        raise TanrenError("merge_failed", reason=Text(
            f"unknown tensors: {sorted(state)[:3]}", f"不明なテンソルがあります: {sorted(state)[:3]}"))
    return deltas


def deltas_by_tensor(deltas: dict[str, Delta], shapes: dict[str, tuple[int, ...]]) -> dict[str, Delta]:
    """The deltas by the name of the base's tensor. Raises TanrenError merge_failed for one without a tensor.

    Some families have other module names in memory than in their files: then the part from `layers.` on decides.
    """
    found: dict[str, Delta] = {}
    for module, delta in deltas.items():
        name = _tensor_of(module, shapes)
        if name is None:
            raise TanrenError("merge_failed", reason=Text(
                f"the base model has no weight for {module}", f"ベースモデルに {module} の重みがありません"))
        if shapes[name] != delta.shape:
            raise TanrenError("merge_failed", reason=Text(
                f"{name} is {list(shapes[name])}, the adapter wants {list(delta.shape)}",
                f"{name} の形は {list(shapes[name])} ですが、アダプターは {list(delta.shape)} です"))
        found[name] = delta
    return found


def stored(block: torch.Tensor, dtype: torch.dtype, name: str) -> torch.Tensor:
    """`block` rounded to `dtype`. Raises TanrenError merge_failed when a value does not fit or is no number."""
    rounded = block.to(dtype)
    if not bool(torch.isfinite(rounded).all()):
        raise TanrenError("merge_failed", reason=Text(
            f"{name} would hold infinite values", f"{name} に無限大の値が入ります"))
    return rounded


def _tensor_of(module: str, names: Iterable[str]) -> str | None:
    exact = f"{module}.weight"
    if exact in names:
        return exact
    at = module.find("layers.")
    if at < 0:
        return None
    matches = [name for name in names if name.endswith("." + exact[at:])]
    return matches[0] if len(matches) == 1 else None
