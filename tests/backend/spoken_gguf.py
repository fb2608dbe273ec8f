"""A GGUF file that says what a test wants: each token leads to the next, whatever came before.

One layer that adds nothing, random ±1 embeddings, and an output matrix whose row for a token is the sum of
the embeddings of those that lead to it. The first letter of the last message chooses what is said.
"""

import itertools
import sys
from pathlib import Path

import numpy

from backend.export.converter_pack import find_converter

JAPANESE = "あ本語鍛中😀"  # no two bytes alike, so that each leads to exactly one
LOOP = "abcdefgh"
DIGITS = "0123456789"
SPECIAL = ["<|im_start|>", "<|im_end|>", "<|endoftext|>"]
TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n{{ message['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{{ messages[-1]['content'][0] }}{% endif %}"
)
HIDDEN = 256


def write_spoken_gguf(path: Path, template: str | None = TEMPLATE, context: int = 16384) -> Path:
    """J says JAPANESE and stops; L repeats LOOP for ever; R draws DIGITS for ever, all equally likely."""
    converter = find_converter(path.parent)
    sys.path.insert(0, str(converter / "gguf-py"))
    try:
        import gguf
    finally:
        sys.path.pop(0)
    tokens = [*SPECIAL, *_byte_alphabet()]
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_name("spoken")
    writer.add_context_length(context)
    writer.add_embedding_length(HIDDEN)
    writer.add_block_count(1)
    writer.add_feed_forward_length(HIDDEN)
    writer.add_head_count(4)
    writer.add_head_count_kv(4)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(tokens)
    writer.add_token_types([3] * len(SPECIAL) + [1] * 256)
    writer.add_token_merges(["ÿ þ"])  # llama.cpp wants one; these bytes are in no text
    writer.add_eos_token_id(1)
    writer.add_add_bos_token(False)
    if template is not None:
        writer.add_chat_template(template)
    for name, matrix in _tensors(_successors(), len(tokens)).items():
        writer.add_tensor(name, matrix.astype(numpy.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _successors() -> dict[int, list[int]]:
    byte = {value: len(SPECIAL) + value for value in range(256)}
    said: dict[int, list[int]] = {}
    japanese = [byte[ord("J")], *(byte[value] for value in JAPANESE.encode()), 1]
    said.update({first: [second] for first, second in itertools.pairwise(japanese)})
    loop = [byte[ord("L")], *(byte[ord(letter)] for letter in LOOP), byte[ord(LOOP[0])]]
    said.update({first: [second] for first, second in itertools.pairwise(loop)})
    digits = [byte[ord(digit)] for digit in DIGITS]
    said.update({first: digits for first in [byte[ord("R")], *digits]})
    return said


def _tensors(successors: dict[int, list[int]], vocabulary: int) -> dict[str, numpy.ndarray]:
    random = numpy.random.default_rng(0)
    embedding = random.choice([-1.0, 1.0], size=(vocabulary, HIDDEN))
    output = numpy.zeros((vocabulary, HIDDEN))
    for token, following in successors.items():
        for successor in following:
            output[successor] += embedding[token] * 0.25
    zeros = numpy.zeros((HIDDEN, HIDDEN))
    ones = numpy.ones(HIDDEN)
    layer = {f"blk.0.{name}.weight": zeros for name in
             ("attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down")}
    return {"token_embd.weight": embedding, "output.weight": output, "output_norm.weight": ones,
            "blk.0.attn_norm.weight": ones, "blk.0.ffn_norm.weight": ones, **layer}


def _byte_alphabet() -> list[str]:
    """The characters by which byte-level tokenizers write the 256 bytes (GPT-2, encoder.py)."""
    printable = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)]
    hidden = [value for value in range(256) if value not in printable]
    return [chr(value) if value in printable else chr(256 + hidden.index(value)) for value in range(256)]
