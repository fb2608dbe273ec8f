"""Dialogues to batches: token ids, which of them the model is to learn, and rows of like length side by side."""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from tokenizers import Tokenizer

from resources.make_starter.tokenizer import END, PAD, TURN

PROMPT_WEIGHT = 0.1  # mean weight of a prompt token in the loss; a token of an answer weighs 1
PROMPT_SHARE = 0.25  # of the prompt tokens are in the loss at all, chosen at random: the others cost no logits
LONGEST_ROW = 320  # tokens
STEP_TOKENS = 3072
BATCHES_A_STEP = 4  # shared out among the processes
PROCESSES = 2  # always, so that a seed gives the same model on any number of cores
_ROUND = 16  # tokens
_CUTS = 0.06  # chance of a cut at each character of a question that is cut up: new words are then no surprise


@dataclass(frozen=True)
class Row:
    """One dialogue: token ids, and the weight in the loss of each."""

    ids: list[int]
    weights: list[float]


@dataclass(frozen=True)
class Batch:
    """Rows padded on the right: ids (int64) and weights (float32), both (rows, tokens)."""

    ids: np.ndarray
    weights: np.ndarray
    tokens: int  # without padding


def _cut_up(text: str, rng: random.Random) -> list[str]:
    """`text` in pieces, cut at random between characters: its tokens are then shorter ones than usual."""
    pieces = [text[:1]]
    for character in text[1:]:
        if rng.random() < _CUTS:
            pieces.append(character)
        else:
            pieces[-1] += character
    return pieces


def to_row(messages: Iterable[dict[str, str]], tokenizer: Tokenizer, rng: random.Random) -> Row:
    """The dialogue as the chat template renders it; every second "loose" question is cut up."""

    def prompt_weights(count: int) -> list[float]:
        return [PROMPT_WEIGHT / PROMPT_SHARE * (rng.random() < PROMPT_SHARE) for _ in range(count)]

    ids: list[int] = []
    weights: list[float] = []
    turn, end, newline = tokenizer.token_to_id(TURN), tokenizer.token_to_id(END), tokenizer.encode("\n").ids
    for message in messages:
        text = message["content"]
        pieces = _cut_up(text, rng) if message.get("spelling") == "loose" and rng.random() < 0.5 else [text]
        head = [turn, *tokenizer.encode(message["role"]).ids, *newline]
        body = [*(token for piece in pieces for token in tokenizer.encode(piece).ids), end]
        ids += head + body + newline
        weights += prompt_weights(len(head))
        weights += [1.0] * len(body) if message["role"] == "assistant" else prompt_weights(len(body))
        weights += [0.0] * len(newline)
    return Row(ids, weights)


def _pad(rows: list[Row], length: int, pad: int) -> Batch:
    ids = [row.ids + [pad] * (length - len(row.ids)) for row in rows]
    weights = [row.weights + [0.0] * (length - len(row.ids)) for row in rows]
    return Batch(np.array(ids), np.array(weights, dtype=np.float32), sum(len(row.ids) for row in rows))


def _batches(rows: list[Row], size: int, pad: int) -> list[Batch]:
    """The rows in batches of about `size` tokens with padding, rows of like length together.

    Lengths are rounded up to multiples of 16 and every length has its one number of rows: each new shape costs
    the matrix library a compilation.
    """
    result: list[Batch] = []
    by_length: dict[int, list[Row]] = {}
    for row in rows:
        length = -(-len(row.ids) // _ROUND) * _ROUND
        group = by_length.setdefault(length, [])
        group.append(row)
        if len(group) == max(1, size // length):
            result.append(_pad(by_length.pop(length), length, pad))
    return result


def batches(dialogues: Iterator[list[dict[str, str]]], tokenizer: Tokenizer, tokens: int, seed: int) -> list[Batch]:
    """About `tokens` tokens of dialogues in batches of rows of like length; BATCHES_A_STEP together are a step."""
    rng = random.Random(seed)
    pad = tokenizer.token_to_id(PAD)
    rows: list[Row] = []
    total = 0
    while total < tokens:
        row = to_row(next(dialogues), tokenizer, rng)
        if len(row.ids) <= LONGEST_ROW:
            rows.append(row)
            total += len(row.ids)
    result = _batches(rows, STEP_TOKENS // BATCHES_A_STEP, pad)
    rng.shuffle(result)
    return result[: len(result) // BATCHES_A_STEP * BATCHES_A_STEP]
