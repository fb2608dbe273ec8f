"""The loss at the trained tokens only: the head and the softmax are never computed for the other places."""

from typing import Any

import torch
from torch.nn.functional import cross_entropy
from torch.utils.checkpoint import checkpoint

from backend.training.batches import Batch

LOGITS_AT_ONCE = 2**24


class Head:
    """How a model turns hidden states into logits; found out by trying, because families differ.

    `cap` is the soft cap of the logits (Gemma 2) or None; `own` True: only the model's own forward is right.
    """

    def __init__(self, causal: Any) -> None:
        self._linear = causal.get_output_embeddings()
        self._backbone = causal.base_model
        self._causal = causal
        self._cap = getattr(causal.config.get_text_config(), "final_logit_softcapping", None)
        self.own = not self._agrees()

    @property
    def vocabulary(self) -> int:
        """Tokens that the head knows."""
        return int(self._linear.weight.shape[0])

    def hidden_states(self, tokens: torch.Tensor) -> torch.Tensor:
        """[rows * length, hidden] of tokens [rows, length]."""
        hidden: torch.Tensor = self._backbone(input_ids=tokens, use_cache=False).last_hidden_state
        return hidden.flatten(0, 1)

    def logits(self, hidden: torch.Tensor) -> torch.Tensor:
        """[places, vocabulary] in 32 bits."""
        logits: torch.Tensor = self._linear(hidden).float()
        return logits if self._cap is None else torch.tanh(logits / self._cap) * self._cap

    def own_logits(self, tokens: torch.Tensor) -> torch.Tensor:
        """[rows * length, vocabulary] by the model's own forward: more memory, always right."""
        logits: torch.Tensor = self._causal(input_ids=tokens, use_cache=False).logits
        return logits.flatten(0, 1)

    @torch.no_grad()
    def _agrees(self) -> bool:
        tokens = torch.arange(4, device=self._linear.weight.device).unsqueeze(0)
        ours, own = self.logits(self.hidden_states(tokens)), self.own_logits(tokens).float()
        if not bool(torch.isfinite(own).all()):
            return True  # a broken model: its loss will say so
        return bool(torch.allclose(ours, own, rtol=0.02, atol=0.02 * float(own.abs().max())))


def summed_loss(head: Head, batch: Batch) -> torch.Tensor:
    """The sum of the cross-entropies of the trained tokens (natural logarithm), in 32 bits, differentiable."""
    if head.own:
        return _summed(head.own_logits(batch.tokens).index_select(0, batch.predicting).float(), batch.targets)
    chosen = head.hidden_states(batch.tokens).index_select(0, batch.predicting)
    piece = max(1, LOGITS_AT_ONCE // head.vocabulary)
    if len(chosen) <= piece:
        return _summed(head.logits(chosen), batch.targets)
    sums = [
        checkpoint(_summed_piece, head, hidden, targets, use_reentrant=False)
        for hidden, targets in zip(chosen.split(piece), batch.targets.split(piece), strict=True)
    ]
    return torch.stack(sums).sum()


def row_losses(head: Head, batch: Batch, rows: int) -> list[tuple[float, int]]:
    """For each of the batch's `rows`: the summed cross-entropy of its trained tokens, and how many they are."""
    length = batch.tokens.shape[1]
    owners = batch.predicting // length
    sums = torch.zeros(rows, dtype=torch.float64)
    counts = torch.bincount(owners.cpu(), minlength=rows)
    piece = max(1, LOGITS_AT_ONCE // head.vocabulary)
    hidden = None if head.own else head.hidden_states(batch.tokens).index_select(0, batch.predicting)
    own = head.own_logits(batch.tokens).index_select(0, batch.predicting) if hidden is None else None
    for start in range(0, len(owners), piece):
        part = slice(start, start + piece)
        logits = own[part].float() if own is not None else head.logits(hidden[part])  # type: ignore[index]
        losses = cross_entropy(logits, batch.targets[part], reduction="none")
        sums.index_add_(0, owners[part].cpu(), losses.double().cpu())
    return list(zip(sums.tolist(), counts.tolist(), strict=True))


def _summed_piece(head: Head, hidden: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    return _summed(head.logits(hidden), targets)


def _summed(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    return cross_entropy(logits, targets, reduction="sum")
