"""A process of its own that opens a new GGUF file in llama.cpp and compares it with the trained model."""

import argparse
import sys
from pathlib import Path
from typing import Any

import msgspec
import numpy

from backend.chat.dialogue import DialogueWriter
from backend.chat.gguf_file import default_threads, look_at_gguf, open_gguf
from backend.export.child_side import run_child
from backend.export.reference import LOGITS_FILE, REFERENCE_FILE, Reference
from backend.protocol.errors import TanrenError
from backend.protocol.languages import Text

GGML_TYPE_F32 = 0
# mean KL divergence (nats a token) up to which a file counts as close to the trained model; F16 and BF16 differ by
# rounding only, the others by what their bits can hold
GREEN_KL = {"F16": 1e-3, "BF16": 1e-3, "Q8_0": 5e-3, "Q4_K_M": 0.15}


def check(file: Path, quant: str, folder: Path) -> dict[str, Any]:
    """verdict (green, yellow or unchecked), tokens, and with reference logits max_logit_diff and kl.

    unchecked: memory did not allow the trained model's logits, only prompts and tokens were compared; `needed_mib`
    says how much would have.

    Raises TanrenError export_differs when the file cannot be what was trained.
    """
    reference = msgspec.json.decode((folder / REFERENCE_FILE).read_bytes(), type=Reference)
    facts = look_at_gguf(file)
    if not facts.template:
        raise TanrenError("export_differs", quant=quant, reason=Text(
            "it has no chat template", "チャットテンプレートがありません"))
    length = len(reference.dialogues[0].tokens)
    model = open_gguf(
        file, n_ctx=length + 8, n_batch=length + 8, n_threads=default_threads(), logits_all=reference.has_logits,
        type_k=GGML_TYPE_F32, type_v=GGML_TYPE_F32,
    )
    try:
        _compare_tokens(DialogueWriter(model, facts.template), reference, quant)
        if not reference.has_logits:
            return {"verdict": "unchecked", "tokens": "equal", "max_logit_diff": None, "kl": None,
                    "needed_mib": reference.needed_mib}
        model.eval(reference.dialogues[0].tokens)
        ours = numpy.array(model.scores[:length], dtype=numpy.float64)
    finally:
        model.close()
    theirs = numpy.load(folder / LOGITS_FILE, mmap_mode="r").astype(numpy.float64)
    if not numpy.isfinite(ours).all():
        raise TanrenError("export_differs", quant=quant, reason=Text(
            "it computes values that are not finite", "計算結果が有限の値になりません"))
    size = min(ours.shape[1], theirs.shape[1])  # rows of padding have no meaning
    difference, kl = compare_logits(theirs[:, :size], ours[:, :size])
    return {"verdict": "green" if kl <= GREEN_KL[quant] else "yellow", "tokens": "equal",
            "max_logit_diff": round(difference, 6), "kl": round(kl, 8)}


def compare_logits(theirs: numpy.ndarray[Any, Any], ours: numpy.ndarray[Any, Any]) -> tuple[float, float]:
    """(largest absolute difference, mean KL(theirs || ours) in nats) of logits of shape (tokens, vocabulary)."""
    p, q = _log_softmax(theirs), _log_softmax(ours)
    kl = (numpy.exp(p) * (p - q)).sum(axis=1)
    return float(numpy.abs(theirs - ours).max()), float(max(0.0, kl.mean()))


def _log_softmax(logits: numpy.ndarray[Any, Any]) -> numpy.ndarray[Any, Any]:
    shifted = logits - logits.max(axis=1, keepdims=True)
    return shifted - numpy.log(numpy.exp(shifted).sum(axis=1, keepdims=True))  # type: ignore[no-any-return]


def _compare_tokens(writer: DialogueWriter, reference: Reference, quant: str) -> None:
    for dialogue in reference.dialogues:
        text = writer.text(dialogue.messages)
        if text != dialogue.text:
            raise TanrenError("export_differs", quant=quant, reason=Text(
                "its chat template writes another prompt", "チャットテンプレートが別のプロンプトを作ります"),
                              detail=f"trained: {dialogue.text!r}\nfile:    {text!r}")
        tokens = writer.tokens(dialogue.messages)
        if tokens != dialogue.tokens:
            last = dialogue.messages[-1]["content"]
            raise TanrenError("export_differs", quant=quant, reason=Text(
                f"it splits {last!r} into other tokens", f"{last!r} を別のトークンに分けます"),
                              detail=f"trained: {dialogue.tokens}\nfile:    {tokens}")
    if not writer.is_stop(reference.stop):
        raise TanrenError("export_differs", quant=quant, reason=Text(
            f"it does not stop at token {reference.stop}", f"トークン {reference.stop} で終了しません"))


def main() -> int:
    """The command line: the file, its quantization, the folder of the reference."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("quant")
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    return run_child(lambda _voice: check(options.file, options.quant, options.folder))


if __name__ == "__main__":
    sys.exit(main())
