"""The quantizations that export offers, and what is said about each."""

from typing import NamedTuple

from backend.protocol.errors import TanrenError
from backend.protocol.languages import Text

VERY_CLOSE_KL = 0.02  # nats a token: up to here a file's words say "very close", beyond it, while green, "close"


class Quantization(NamedTuple):
    """One GGUF file type: its llama.cpp name and a word for people."""

    name: str
    why: Text


QUANTIZATIONS: dict[str, Quantization] = {
    "F16": Quantization("F16", Text("16 bits: the reference, largest file", "16 ビット：基準となる最大のファイル")),
    "BF16": Quantization("BF16", Text("16 bits as trained (wider range than F16)", "学習時と同じ 16 ビット（F16 より広い範囲）")),
    "Q8_0": Quantization("Q8_0", Text("8 bits: nearly the same answers, half the size", "8 ビット：ほぼ同じ回答で半分の大きさ")),
    "Q4_K_M": Quantization("Q4_K_M", Text("about 4.8 bits: the usual choice", "約 4.8 ビット：一般的な選択")),
}


def check_quantization(name: str) -> str:
    """`name` in its official spelling. Raises TanrenError quant_unknown."""
    upper = name.upper()
    if upper not in QUANTIZATIONS:
        raise TanrenError("quant_unknown", quant=name, known=", ".join(QUANTIZATIONS))
    return upper
