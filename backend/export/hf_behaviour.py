"""How the tokenizer that the model was trained with behaves, asked of itself: BOS, EOS, spaces, end of a turn."""

from typing import Any, NamedTuple

from backend.export.tokenizer_json import SPACE


class Behaviour(NamedTuple):
    """What transformers does with plain text, and the token with which the template ends an answer."""

    adds_bos: bool
    adds_eos: bool
    adds_space: bool
    turn_end: int | None


def behaviour_of(tokenizer: Any) -> Behaviour:
    """Asks a transformers tokenizer by letting it encode a word and render a dialogue."""
    ids = tokenizer("x").input_ids
    bare = tokenizer("x", add_special_tokens=False).input_ids
    first = tokenizer.convert_ids_to_tokens(bare[:1])
    return Behaviour(
        adds_bos=bool(ids) and ids[0] == tokenizer.bos_token_id and ids[0] not in bare,
        adds_eos=bool(ids) and ids[-1] == tokenizer.eos_token_id and ids[-1] not in bare,
        adds_space=bool(first) and first[0].startswith(SPACE),
        turn_end=turn_end_of(tokenizer),
    )


def turn_end_of(tokenizer: Any) -> int | None:
    """The special token that follows the assistant's words in the chat template, or None without one."""
    if not getattr(tokenizer, "chat_template", None):
        return None
    mark = "Zx9"
    messages = [{"role": "user", "content": "a"}, {"role": "assistant", "content": mark}]
    text = tokenizer.apply_chat_template(messages, tokenize=False)
    after = tokenizer(text.rpartition(mark)[2].lstrip(), add_special_tokens=False).input_ids
    return after[0] if after and after[0] in tokenizer.all_special_ids + _added_special(tokenizer) else None


def _added_special(tokenizer: Any) -> list[int]:
    return [number for number, token in tokenizer.added_tokens_decoder.items() if token.special]
