"""The pre-training recipe, read from top to bottom: model, optimizer, loop.

Two processes of one thread each meet once a step: with matrices so small that is faster than two threads that meet in
every operation.
"""

import math
import sys
import time
from dataclasses import dataclass

import torch
import torch.distributed as dist
from torch import nn
from transformers import Qwen3Config, Qwen3ForCausalLM

from resources.make_starter.batches import BATCHES_A_STEP, PROCESSES, Batch
from resources.make_starter.tokenizer import END, PAD, VOCABULARY

CONTEXT = 1024  # tokens
LEARNING_RATE = 4e-3
WARM_UP = 0.04  # share of the steps
WEIGHT_DECAY = 0.1


@dataclass(frozen=True)
class Training:
    """What was measured: real tokens, steps, seconds, and the mean loss of an answer token over the last 5 %.

    `cpu_seconds` is the work of both processes: twice `seconds` on a quiet computer with two cores.
    The loss is that of the first process's half.
    """

    tokens: int
    steps: int
    seconds: float
    cpu_seconds: float
    answer_loss: float


def make_model(ids: dict[str, int], seed: int) -> Qwen3ForCausalLM:
    """A fresh model of 7.9 million parameters; every size is a multiple of 256, as the K-quants need."""
    torch.manual_seed(seed)
    config = Qwen3Config(
        vocab_size=VOCABULARY,
        hidden_size=256,
        intermediate_size=1024,
        num_hidden_layers=7,
        num_attention_heads=4,
        num_key_value_heads=2,
        head_dim=64,
        max_position_embeddings=CONTEXT,
        rope_theta=10_000.0,
        tie_word_embeddings=True,
        attn_implementation="eager",  # on the CPU faster than fused attention for rows this short
        bos_token_id=None,
        eos_token_id=ids[END],
        pad_token_id=ids[PAD],
    )
    return Qwen3ForCausalLM(config)


class Optimizer:
    """Muon (https://kellerjordan.github.io/posts/muon/) for the matrices, AdamW for the embedding and the norms.

    It needs fewer tokens than AdamW, and leaves matrices without dominant directions: 4-bit keeps them better, and
    LoRA changes them faster. Each process updates every second matrix and sends it to the other.
    """

    def __init__(self, model: nn.Module, rank: int) -> None:
        named = list(model.named_parameters())
        matrices = [weight for name, weight in named if weight.ndim == 2 and "embed" not in name]
        others = [weight for name, weight in named if weight.ndim == 1 or "embed" in name]
        self.shares = [matrices[process::PROCESSES] for process in range(PROCESSES)]
        muon = torch.optim.Muon(
            self.shares[rank], lr=0.0, weight_decay=WEIGHT_DECAY, momentum=0.95, adjust_lr_fn="match_rms_adamw"
        )
        self.parts = [muon, torch.optim.AdamW(others, lr=0.0, betas=(0.9, 0.98), weight_decay=0.0, fused=True)]
        self.weights = [weight for _, weight in named]
        self.gradient = torch.zeros(sum(weight.numel() for weight in self.weights))
        pieces = self.gradient.split([weight.numel() for weight in self.weights])
        for weight, piece in zip(self.weights, pieces, strict=True):
            weight.grad = piece.view_as(weight)  # backward adds into it, so that one call sums all gradients

    def step(self, learning_rate: float) -> None:
        """Sum the gradients of the processes, clip them, and change the weights in all processes alike."""
        dist.all_reduce(self.gradient)
        nn.utils.clip_grad_norm_(self.weights, 1.0)
        for part in self.parts:
            for group in part.param_groups:
                group["lr"] = learning_rate
            part.step()
        self.gradient.zero_()
        for process, share in enumerate(self.shares):
            flat = torch.cat([weight.detach().flatten() for weight in share])
            dist.broadcast(flat, process)
            for weight, piece in zip(share, flat.split([weight.numel() for weight in share]), strict=True):
                weight.data.copy_(piece.view_as(weight))


def _loss(model: Qwen3ForCausalLM, batch: Batch) -> tuple[torch.Tensor, float]:
    """(weighted sum of the cross-entropies, sum over the answer tokens only)."""
    ids, weights = torch.from_numpy(batch.ids), torch.from_numpy(batch.weights)[:, 1:]
    with torch.autocast("cpu", torch.bfloat16):
        hidden = model.model(input_ids=ids, use_cache=False).last_hidden_state[:, :-1]
        targets = ids[:, 1:]
        learned = weights > 0
        logits = model.lm_head(hidden[learned])
    each = nn.functional.cross_entropy(logits.float(), targets[learned], reduction="none")
    weights = weights[learned]
    return (each * weights).sum(), float(each.detach()[weights == 1.0].sum())


def _scale(step: int, steps: int) -> float:
    """Learning rate over LEARNING_RATE: linear warm-up, then a cosine to zero."""
    warm = max(1, round(WARM_UP * steps))
    if step < warm:
        return (step + 1) / warm
    return 0.5 * (1 + math.cos(math.pi * (step - warm) / max(1, steps - warm)))


def train(model: Qwen3ForCausalLM, plan: list[Batch], rank: int) -> Training:
    """Train `model` in place, one pass over `plan`, as process `rank`; progress goes to stderr."""
    optimizer = Optimizer(model, rank)
    model.train()
    started, cpu_started = time.perf_counter(), time.process_time()
    steps = len(plan) // BATCHES_A_STEP
    history: list[tuple[float, float, int]] = []  # of each step: loss of the answers (sum), their tokens, all tokens
    for step in range(steps):
        batches = plan[step * BATCHES_A_STEP : (step + 1) * BATCHES_A_STEP]
        weight = sum(float(batch.weights[:, 1:].sum()) for batch in batches)
        answers = right = 0.0
        for batch in batches[rank::PROCESSES]:
            loss, of_answers = _loss(model, batch)
            (loss / weight).backward()
            answers += of_answers
            right += float((batch.weights[:, 1:] == 1.0).sum())
        optimizer.step(LEARNING_RATE * _scale(step, steps))
        history.append((answers, right, sum(batch.tokens for batch in batches)))
        if rank == 0 and ((step + 1) % 50 == 0 or step == steps - 1):
            seconds = time.perf_counter() - started
            recent = history[-50:]
            print(f"step {step + 1}/{steps}  answer loss {sum(h[0] for h in recent) / sum(h[1] for h in recent):.4f}  "
                  f"{sum(h[2] for h in history) / seconds:.0f} tokens/s  {seconds:.0f} s", file=sys.stderr, flush=True)
    last = history[-max(1, steps // 20) :]
    cpu_seconds = torch.tensor(time.process_time() - cpu_started)
    dist.all_reduce(cpu_seconds)
    return Training(sum(h[2] for h in history), steps, time.perf_counter() - started, float(cpu_seconds),
                    sum(h[0] for h in last) / sum(h[1] for h in last))
