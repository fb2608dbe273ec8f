"""What the GGUF files must agree with: the merged model, asked in transformers."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import psutil

from backend.data.render import ChatTemplate
from backend.export.hard_texts import HARD_TEXTS
from backend.export.staging import weight_bytes
from backend.protocol.errors import TanrenError
from backend.protocol.languages import Text

REFERENCE_FILE = "reference.json"
LOGITS_FILE = "logits.npy"
DIALOGUE = [
    {"role": "user", "content": "こんにちは。What can you do?"},
    {"role": "assistant", "content": "ご質問にお答えします。 I answer questions."},
    {"role": "user", "content": "2 + 3 はいくつですか。Explain in one sentence."},
]
FP32_HEADROOM = 1.3  # of the weights in fp32: what a forward pass over one short dialogue needs beside them


class Rendered(msgspec.Struct, frozen=True):
    """A dialogue, the prompt that training's renderer writes for it, and its token ids."""

    messages: list[dict[str, str]]
    text: str
    tokens: list[int]


class Reference(msgspec.Struct, frozen=True):
    """What the trained model's own tokenizer does. `stop` is the token that ends an answer.

    `needed_mib` is what computing the logits takes; without `has_logits` so much memory was not free.
    """

    dialogues: list[Rendered]
    stop: int
    has_logits: bool
    needed_mib: int


def write_reference(model: Path, tokenizer: Any, folder: Path, log: Callable[[Text], None]) -> None:
    """Writes reference.json and, where memory allows, logits.npy (tokens, vocabulary) in fp32 for DIALOGUE."""
    template = ChatTemplate(tokenizer, model)
    dialogues = [_rendered(template, DIALOGUE)]
    dialogues += [_rendered(template, [{"role": "user", "content": text}]) for text in HARD_TEXTS]
    dialogues.append(_rendered(template, [{"role": "system", "content": "簡潔に。Be brief."}, *DIALOGUE]))
    needed = 2 * weight_bytes(model) * FP32_HEADROOM
    has_logits = psutil.virtual_memory().available > needed
    if has_logits:
        _write_logits(model, dialogues[0].tokens, folder / LOGITS_FILE)
    else:
        log(Text(f"logits not compared: {needed / 2**30:.1f} GiB of memory would be needed",
                 f"logit の比較を省きます: メモリーが {needed / 2**30:.1f} GiB 必要です"))
    reference = Reference(dialogues, template.stop_id, has_logits, round(needed / 2**20))
    (folder / REFERENCE_FILE).write_bytes(msgspec.json.encode(reference))


def _rendered(template: ChatTemplate, messages: list[dict[str, str]]) -> Rendered:
    return Rendered(messages, template.prompt_text(messages), template.prompt(messages))


def _write_logits(model: Path, tokens: list[int], target: Path) -> None:
    import numpy
    import torch
    from transformers import AutoModelForCausalLM

    loaded = AutoModelForCausalLM.from_pretrained(model, dtype=torch.float32)
    loaded.eval()
    with torch.inference_mode():
        logits = loaded(torch.tensor([tokens])).logits[0].float()
    if not bool(torch.isfinite(logits).all()):
        raise TanrenError("merge_failed", reason=Text(
            "the merged model computes values that are not finite", "統合済みモデルの計算結果が有限の値になりません"))
    numpy.save(target, logits.numpy())

