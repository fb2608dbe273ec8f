"""The pre-training recipe, read from top to bottom: model, optimizer, loop.

Many small steps rather than few large ones: so small a model learns most from a text of a few million tokens that way.
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

from resources.make_starter.batches import PROCESSES, Batch
from resources.make_starter.tokenizer import END, PAD, VOCABULARY

CONTEXT = 1024  # tokens
LEARNING_RATE = 1.5e-3
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


def make_optimizer(model: nn.Module) -> torch.optim.AdamW:
    """AdamW; weight decay on the matrices only, which keeps them free of outliers for 4-bit to trip over."""
    named = list(model.named_parameters())
    matrices = [weight for name, weight in named if weight.ndim == 2 and "embed" not in name]
    others = [weight for name, weight in named if weight.ndim == 1 or "embed" in name]
    groups = [{"params": matrices, "weight_decay": WEIGHT_DECAY}, {"params": others, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, lr=0.0, betas=(0.9, 0.98), fused=True)


def one_gradient(model: nn.Module) -> torch.Tensor:
    """All gradients of `model` as views into one tensor, so that one call sums them over the processes."""
    parameters = list(model.parameters())
    gradient = torch.zeros(sum(weight.numel() for weight in parameters))
    pieces = gradient.split([weight.numel() for weight in parameters])
    for weight, piece in zip(parameters, pieces, strict=True):
        weight.grad = piece.view_as(weight)
    return gradient


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
    optimizer, gradient = make_optimizer(model), one_gradient(model)
    model.train()
    started, cpu_started = time.perf_counter(), time.process_time()
    steps = len(plan) // PROCESSES
    history: list[tuple[float, float, int]] = []  # of each step: loss of the answers (sum), their tokens, all tokens
    for step in range(steps):
        for group in optimizer.param_groups:
            group["lr"] = LEARNING_RATE * _scale(step, steps)
        batches = plan[step * PROCESSES : (step + 1) * PROCESSES]
        loss, answers = _loss(model, batches[rank])
        (loss / sum(float(batch.weights[:, 1:].sum()) for batch in batches)).backward()
        dist.all_reduce(gradient)
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        gradient.zero_()
        right = float((batches[rank].weights[:, 1:] == 1.0).sum())
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
