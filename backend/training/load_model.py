"""Loads a base model from its folder: 4-bit NF4 for qlora, 16-bit for lora; never from anywhere but the disk."""

from pathlib import Path
from typing import Any

import torch
from transformers import AutoConfig, AutoModelForCausalLM, BitsAndBytesConfig
from transformers.utils import logging

from backend.hardware.compute import Compute
from backend.protocol.errors import TanrenError
from backend.protocol.languages import Text


def load_base(folder: Path, method: str, compute: Compute) -> Any:
    """The base model as a transformers causal LM, frozen, in eval mode.

    `method` qlora: every linear layer but the head in NF4 with double quantization (QLoRA, arXiv 2305.14314).
    Raises TanrenError model_missing or model_unsupported.
    """
    logging.disable_progress_bar()  # type: ignore[no-untyped-call, unused-ignore]
    config = _config_of(folder)
    quantization = BitsAndBytesConfig(
        load_in_4bit=True, bnb_4bit_quant_type="nf4", bnb_4bit_use_double_quant=True,
        bnb_4bit_compute_dtype=compute.dtype,
    ) if method == "qlora" else None
    try:
        model = AutoModelForCausalLM.from_pretrained(
            folder, config=config, dtype=compute.dtype, device_map={"": compute.device},
            quantization_config=quantization, attn_implementation=_attention_of(config),
            local_files_only=True, use_safetensors=True, trust_remote_code=False,
        )
    except OSError as error:
        raise TanrenError("model_missing", path=folder, reason=str(error).splitlines()[0]) from error
    except ValueError as error:
        reason = str(error).splitlines()[0]
        raise TanrenError("model_unsupported", family=config.model_type, reason=reason) from error
    keep_4bit_trainable(model)
    model.requires_grad_(False)
    model.config.use_cache = False
    return model.eval()


def keep_4bit_trainable(model: torch.nn.Module) -> int:
    """Keeps bitsandbytes from repacking 4-bit weights for inference; returns the number of 4-bit layers.

    On CPUs with avx512_bf16 a forward pass in eval mode repacks each weight in place, and from then on
    the layer has no gradient: training goes on silently with wrong ones. (bitsandbytes 0.50,
    nn/modules.py, Linear4bit.forward.)
    """
    from bitsandbytes.nn import Linear4bit

    layers = [module for module in model.modules() if isinstance(module, Linear4bit)]
    for layer in layers:
        if not hasattr(layer, "support_avx512bf16_for_cpu"):
            raise RuntimeError("this bitsandbytes has no support_avx512bf16_for_cpu: the guard must be made anew")
        layer.support_avx512bf16_for_cpu = False
    return len(layers)


def _config_of(folder: Path) -> Any:
    if not (folder / "config.json").is_file():
        raise TanrenError("model_missing", path=folder, reason=Text(
            "config.json is not there", "config.json がありません"))
    if (folder / "adapter_config.json").exists():
        # transformers would follow it to another folder
        raise TanrenError("model_missing", path=folder, reason=Text(
            "it is an adapter, not a base model", "ベースモデルではなくアダプターです"))
    try:
        return AutoConfig.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
    except (OSError, ValueError, KeyError) as error:
        raise TanrenError("model_missing", path=folder, reason=str(error).splitlines()[0]) from error


def _attention_of(config: Any) -> str:
    """The fused kernel, except for models that cap their attention scores (Gemma 2): it would leave the cap out."""
    return "eager" if getattr(config, "attn_logit_softcapping", None) else "sdpa"
