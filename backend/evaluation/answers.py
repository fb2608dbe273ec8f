"""Greedy answers of a transformers model, in batches."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import torch

from backend.hardware.compute import Compute

ROWS_AT_ONCE = 16


def stop_ids_of(model: Any, tokenizer: Any, stop_id: int) -> list[int]:
    """The tokens that end an answer: the template's own, and those that the model's maker named."""
    named = model.generation_config.eos_token_id
    ids = [stop_id, tokenizer.eos_token_id, *(named if isinstance(named, list) else [named])]
    return sorted({token for token in ids if token is not None})


@torch.inference_mode()
def greedy_answers(
    model: Any, tokenizer: Any, prompts: Sequence[list[int]], stop_ids: list[int], max_tokens: int,
    compute: Compute, stop_asked: Callable[[], bool],
) -> Iterator[tuple[int, str]]:
    """Yields (index of the prompt, answer) batch by batch, short prompts first.

    Ends early, after the running batch's next token, when `stop_asked()`.
    """
    order = sorted(range(len(prompts)), key=lambda index: (len(prompts[index]), index))
    for start in range(0, len(order), ROWS_AT_ONCE):
        batch = order[start : start + ROWS_AT_ONCE]
        width = max(len(prompts[index]) for index in batch)
        tokens = torch.zeros(len(batch), width, dtype=torch.int64)
        mask = torch.zeros(len(batch), width, dtype=torch.int64)
        for at, index in enumerate(batch):
            tokens[at, width - len(prompts[index]) :] = torch.tensor(prompts[index])
            mask[at, width - len(prompts[index]) :] = 1
        with compute.autocast:
            whole = model.generate(
                input_ids=tokens.to(compute.device), attention_mask=mask.to(compute.device), do_sample=False,
                num_beams=1, temperature=None, top_p=None, top_k=None, repetition_penalty=None, use_cache=True,
                max_new_tokens=max_tokens, eos_token_id=stop_ids, pad_token_id=stop_ids[0],
                stopping_criteria=[lambda ids, scores, **_: torch.full((len(ids),), stop_asked(), device=ids.device)],
            )
        if stop_asked():
            return
        for at, index in enumerate(batch):
            yield index, text_of(tokenizer, whole[at, width:].tolist(), stop_ids)


def text_of(tokenizer: Any, tokens: list[int], stop_ids: list[int]) -> str:
    """The answer before its first stop token."""
    end = next((at for at, token in enumerate(tokens) if token in stop_ids), len(tokens))
    return str(tokenizer.decode(tokens[:end], skip_special_tokens=True, clean_up_tokenization_spaces=False))
