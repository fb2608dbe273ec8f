"""What a tokenizer.json says that llama.cpp must know: its kind, its vocabulary, its way of splitting text."""

import json
from enum import IntEnum
from pathlib import Path
from typing import Any, NamedTuple

SPACE = "\u2581"  # the mark that SentencePiece writes for a space

# The expressions by which llama.cpp splits text for each `tokenizer.ggml.pre` (llama.cpp, src/llama-vocab.cpp).
# Only tokenizers whose own expression is one of these, to the letter, are converted: never a guess.
SPLITS = {
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)"
    r"|\s+": "qwen2",
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+"
    r"|\s+(?!\S)|\s+": "llama-bpe",
    r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+": "gpt-2",
}


class TokenType(IntEnum):
    """llama.cpp's token types (llama.h, enum llama_token_type)."""

    NORMAL = 1
    UNKNOWN = 2
    CONTROL = 3
    USER_DEFINED = 4
    UNUSED = 5
    BYTE = 6


class Piece(NamedTuple):
    """One row of a SentencePiece-style vocabulary as GGUF stores it."""

    text: str
    score: float
    kind: TokenType


def read_tokenizer(folder: Path) -> dict[str, Any] | None:
    """tokenizer.json of a model folder, or None when it has none."""
    path = folder / "tokenizer.json"
    return json.loads(path.read_bytes()) if path.is_file() else None


def is_sentencepiece_bpe(tokenizer: dict[str, Any]) -> bool:
    """Whether it is a SentencePiece BPE model as transformers writes it: BPE that falls back to byte tokens."""
    model = tokenizer["model"]
    return model.get("type") == "BPE" and bool(model.get("byte_fallback"))


def sentencepiece_pieces(tokenizer: dict[str, Any], size: int) -> list[Piece]:
    """The vocabulary of a SentencePiece BPE tokenizer for a model with `size` rows.

    llama.cpp merges the pair whose result has the highest score, tokenizers the pair of the lowest merge
    rank: so the score is the negative rank.
    """
    model = tokenizer["model"]
    scores: dict[str, float] = {}
    for rank, merge in enumerate(model["merges"]):
        left, right = merge.split(" ", 1) if isinstance(merge, str) else merge
        scores.setdefault(left + right, -float(rank))
    unmerged = -float(len(model["merges"]) + 1)
    pieces = [Piece(f"[PAD{number}]", -10000.0, TokenType.UNUSED) for number in range(size)]
    for text, number in model["vocab"].items():
        pieces[number] = Piece(text, scores.get(text, unmerged), _kind(text, model.get("unk_token")))
    for added in tokenizer.get("added_tokens", []):
        text = added["content"]
        if text == model.get("unk_token"):
            continue
        kind = TokenType.CONTROL if added["special"] or _looks_special(text) else TokenType.USER_DEFINED
        if kind == TokenType.USER_DEFINED:
            text = text.replace(SPACE, " ")
        pieces[added["id"]] = Piece(text, -1000.0, kind)
    return pieces


def largest_id(tokenizer: dict[str, Any]) -> int:
    """The highest token id."""
    vocabulary = tokenizer["model"]["vocab"]
    base = vocabulary.values() if isinstance(vocabulary, dict) else range(len(vocabulary))
    return max([*base, *(added["id"] for added in tokenizer.get("added_tokens", []))], default=-1)


def known_split(tokenizer: dict[str, Any]) -> str | None:
    """llama.cpp's name for the way this byte-level BPE splits text, or None when it is none of SPLITS."""
    if tokenizer["model"].get("type") != "BPE" or is_sentencepiece_bpe(tokenizer):
        return None
    step = tokenizer.get("pre_tokenizer") or {}
    match step:
        case {"type": "ByteLevel", "add_prefix_space": False}:
            return "gpt-2" if step.get("use_regex", True) else None
        case {"type": "Sequence", "pretokenizers": [
            {"type": "Split", "pattern": {"Regex": str(pattern)}, "behavior": "Isolated", "invert": False},
            {"type": "ByteLevel", "add_prefix_space": False, "use_regex": False},
        ]}:
            return SPLITS.get(pattern)
    return None


def _kind(text: str, unknown: str | None) -> TokenType:
    if text == unknown:
        return TokenType.UNKNOWN
    if len(text) == 6 and text.startswith("<0x") and text.endswith(">"):
        return TokenType.BYTE
    return TokenType.NORMAL


def _looks_special(text: str) -> bool:
    """Control tokens that their makers did not mark as special (the converter's own list)."""
    if text in ("<pad>", "<mask>", "<2mass>", "[@BOS@]"):
        return True
    pairs = (("<|", "|>"), ("<\uff5c", "\uff5c>"), ("<unused", ">"))
    return any(text.startswith(first) and text.endswith(last) for first, last in pairs)
