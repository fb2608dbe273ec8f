"""The trained part: LoRA matrices beside every linear layer (arXiv 2106.09685), in 32 bits."""

import warnings
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig, PeftModel, get_peft_model, set_peft_model_state_dict
from peft.utils import get_peft_model_state_dict
from safetensors.torch import load_file, save_file

from backend.config.train import TrainConfig
from backend.protocol.errors import TanrenError
from backend.protocol.languages import Text

WEIGHTS = "adapter_model.safetensors"
CONFIG = "adapter_config.json"


def add_adapter(base: Any, config: TrainConfig) -> Any:
    """A PEFT model around `base` with fresh adapters on all linear layers but the head; B starts at zero."""
    lora = LoraConfig(
        r=config.lora_rank, lora_alpha=config.lora_alpha, lora_dropout=config.lora_dropout, bias="none",
        task_type="CAUSAL_LM", target_modules="all-linear",
    )
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*is_gradient_checkpointing.*")  # PEFT 0.21 asks by its old name
        model = get_peft_model(base, lora)
    if config.gradient_checkpointing:
        base.activation_checkpointing_enable(activation_checkpointing_kwargs={"use_reentrant": False})
    for name, parameter in trained_parameters(model).items():
        if parameter.dtype != torch.float32:
            raise RuntimeError(f"{name} is {parameter.dtype}: adapters are trained in 32 bits")
    return model


def trained_parameters(model: Any) -> dict[str, torch.nn.Parameter]:
    """The parameters that the optimizer changes, by name, in a fixed order."""
    return {name: value for name, value in model.named_parameters() if value.requires_grad}


def write_adapter(model: Any, folder: Path) -> None:
    """Writes the adapter in PEFT's own format, so that other programs can read it."""
    state = get_peft_model_state_dict(model, save_embedding_layers=False)
    save_file({name: value.detach().cpu().contiguous() for name, value in state.items()}, folder / WEIGHTS)
    model.peft_config["default"].save_pretrained(folder)


def read_adapter(model: Any, folder: Path) -> None:
    """Puts saved adapter weights into `model`. Raises TanrenError resume_mismatch."""
    state = load_file(folder / WEIGHTS)
    expected = get_peft_model_state_dict(model, save_embedding_layers=False)
    if expected.keys() != state.keys() or any(expected[name].shape != state[name].shape for name in state):
        names = sorted(expected.keys() ^ state.keys())[:3]
        raise TanrenError("resume_mismatch", reason=Text(
            f"the adapters differ: {names or 'their shapes'}", f"アダプターが異なります: {names or 'テンソルの形'}"))
    set_peft_model_state_dict(model, state)


def load_adapter(base: Any, folder: Path) -> Any:
    """`base` with a checkpoint's adapter, for answering (no training). Raises TanrenError merge_failed."""
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("error", message=".*missing adapter keys.*")
            warnings.filterwarnings("ignore", message=".*is_gradient_checkpointing.*")
            return PeftModel.from_pretrained(base, str(folder), is_trainable=False, local_files_only=True).eval()
    except (RuntimeError, ValueError, UserWarning) as error:
        raise TanrenError("merge_failed", reason=str(error).splitlines()[0]) from error
