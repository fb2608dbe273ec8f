"""Write the model folder, whole or not at all."""

import importlib.metadata
import json
import platform
import shutil
from pathlib import Path

import torch
from tokenizers import Tokenizer
from transformers import Qwen3ForCausalLM

from resources.make_starter.batches import PROCESSES
from resources.make_starter.tokenizer import save_tokenizer
from resources.make_starter.train import Training

CARD = Path(__file__).parent / "model_card.md"


def save_model(
    model: Qwen3ForCausalLM, tokenizer: Tokenizer, folder: Path, training: Training, seed: int, seconds: float
) -> None:
    """Write `model` in bfloat16 beside `folder`, then put it in the place of `folder`."""
    part = folder.parent / ".starter_tmp"
    old = folder.parent / ".starter_old"
    for leftover in (part, old):
        shutil.rmtree(leftover, ignore_errors=True)
    part.mkdir(parents=True)
    model.to(torch.bfloat16).save_pretrained(part)
    save_tokenizer(tokenizer, part, model.config.max_position_embeddings)
    made = {
        "seed": seed,
        "parameters": sum(weight.numel() for weight in model.parameters()),
        "tokens": training.tokens,
        "steps": training.steps,
        "answer_loss": round(training.answer_loss, 4),
        "training_seconds": round(training.seconds, 1),
        "training_cpu_seconds": round(training.cpu_seconds, 1),
        "total_seconds": round(seconds, 1),
        "processes": PROCESSES,
        "python": platform.python_version(),
        **{name: importlib.metadata.version(name) for name in ("torch", "transformers", "tokenizers")},
    }
    (part / "how_it_was_made.json").write_text(json.dumps(made, indent=2) + "\n", encoding="utf-8")
    shutil.copyfile(CARD, part / "README.md")
    if folder.exists():
        folder.rename(old)
    part.rename(folder)
    shutil.rmtree(old, ignore_errors=True)
