"""Runs with rendered examples, made on the spot for tests of training, merging and evaluating."""

from pathlib import Path
from typing import Any

import msgspec
import torch
from safetensors.torch import save_file
from transformers import AutoTokenizer

from backend.config.train import TrainConfig
from backend.runs.manifests import write_manifest
from backend.runs.run import Run, create_run

QUESTIONS = ["When does the shop open?", "How do I restart the machine?", "保証書はどこですか。", "What is 2 + 3?",
             "Where is the green button?", "返品できますか。", "Which cable do I need?", "営業時間を教えて。"]
ANSWERS = ["At nine.", "Hold the button.", "箱の中です。", "5", "On the left.", "三十日以内です。", "The short one.",
           "九時から六時です。"]


def dialogues(count: int) -> list[list[dict[str, str]]]:
    """`count` short dialogues of different lengths; every answer belongs to its question."""
    rows = []
    for number in range(count):
        at = number % len(QUESTIONS)
        question = QUESTIONS[at] + " please" * (number // len(QUESTIONS) % 4)
        rows.append([{"role": "user", "content": question}, {"role": "assistant", "content": ANSWERS[at]}])
    return rows


def make_tiny_run(home: Path, model: Path, *, rows: int = 16, held_out: int = 4, **settings: Any) -> Run:
    """A run of `model` with its dataset folder as the stage before training leaves it.

    Its held-out rows are rows that are trained on too (so that little training shows), which is accepted.
    """
    config = TrainConfig(**{"batch_size": 2, "gradient_accumulation": 2, "lora_rank": 4, "lora_alpha": 8,
                            "device": "cpu", **settings})
    data, held_out_data = home / f"rows-{rows}.jsonl", home / f"held-out-{held_out}.jsonl"
    _write_lines(data, [{"messages": messages} for messages in dialogues(rows)])
    _write_lines(held_out_data, [{"messages": messages} for messages in dialogues(held_out)])
    run = create_run(home, model, data, config, held_out=held_out_data, accepted=["leakage"])
    write_examples(run.dataset, model, dialogues(rows), dialogues(held_out))
    return run


def write_examples(folder: Path, model: Path, train: list[Any], held_out: list[Any]) -> None:
    """train.jsonl, held_out.jsonl, examples.safetensors and their manifest."""
    folder.mkdir(parents=True)
    tokenizer = AutoTokenizer.from_pretrained(model)
    tensors: dict[str, torch.Tensor] = {}
    for split, rows in (("train", train), ("held_out", held_out)):
        _write_lines(folder / f"{split}.jsonl", [{"row": at, "messages": row} for at, row in enumerate(rows)])
        tensors |= {f"{split}_{name}": value for name, value in _rendered(tokenizer, rows).items()}
    save_file(tensors, folder / "examples.safetensors")
    write_manifest(folder, "dataset")


def _write_lines(path: Path, values: list[Any]) -> None:
    path.write_bytes(b"".join(msgspec.json.encode(value) + b"\n" for value in values))


def _rendered(tokenizer: Any, rows: list[Any]) -> dict[str, torch.Tensor]:
    tokens: list[int] = []
    trained: list[int] = []
    offsets = [0]
    for messages in rows:
        question = tokenizer.apply_chat_template(messages[:-1], add_generation_prompt=True, return_dict=False)
        whole = tokenizer.apply_chat_template(messages, return_dict=False)
        assert whole[: len(question)] == question
        tokens += whole
        # everything after the question but the line break behind the stop token
        trained += [0] * len(question) + [1] * (len(whole) - len(question) - 1) + [0]
        offsets.append(len(tokens))
    return {
        "tokens": torch.tensor(tokens, dtype=torch.int32), "trained": torch.tensor(trained, dtype=torch.uint8),
        "offsets": torch.tensor(offsets, dtype=torch.int64),
    }
