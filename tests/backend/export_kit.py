"""Runs that are ready to be exported: a tiny base model and a checkpoint with a real adapter, made on the spot."""

import json
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

from backend.config.train import TrainConfig
from backend.models.fingerprint import base_fingerprint
from backend.runs.manifests import write_manifest
from backend.runs.run import Run, create_run
from tests.backend.spm_tokenizer import Style, replace_tokenizer
from tests.tiny_models import Family, make_model

RANK = 4


def make_base(folder: Path, family: Family, style: Style | None = None, seed: int = 0) -> Path:
    """A base model; with `style` its tokenizer is a SentencePiece-style one."""
    make_model(folder, family, seed=seed, vocab=800 if style else 640, scale=0.08)
    if style:
        rows = json.loads((folder / "config.json").read_text())["vocab_size"]
        replace_tokenizer(folder, style, rows)
    return folder


def make_trained_run(home: Path, base: Path, name: str = "お試し run/1") -> Run:
    """A run of `base` with one finished checkpoint whose adapter, as PEFT writes it, changes every linear layer."""
    run = create_run(home, base, home / "rows.jsonl", TrainConfig(), name=name)
    checkpoint = run.checkpoints / "step-000001"
    checkpoint.mkdir(parents=True)
    random = torch.Generator().manual_seed(1)
    adapter = {}
    for name, tensor in load_file(base / "model.safetensors").items():
        if name.endswith("_proj.weight"):
            rows, columns = tensor.shape
            module = "base_model.model." + name.removesuffix(".weight")
            adapter[f"{module}.lora_A.weight"] = torch.randn(RANK, columns, generator=random) * 0.1
            adapter[f"{module}.lora_B.weight"] = torch.randn(rows, RANK, generator=random) * 0.1
    save_file(adapter, checkpoint / "adapter_model.safetensors")
    (checkpoint / "adapter_config.json").write_text(json.dumps({
        "peft_type": "LORA", "r": RANK, "lora_alpha": 2 * RANK, "bias": "none", "target_modules": "all-linear",
    }))
    write_manifest(checkpoint, "checkpoint", facts={"base_fingerprint": base_fingerprint(base)})
    return run
