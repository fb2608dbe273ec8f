"""Raw text for continued pretraining: tokens without a template, the document's end trained, nothing cut off."""

from typing import Any, NamedTuple


class TextTokens(NamedTuple):
    """A document: its token ids, and for each the characters it stands for (none for what is added at its ends)."""

    tokens: list[int]
    offsets: list[tuple[int, int]]


def tokens_of_text(tokenizer: Any, text: str) -> TextTokens:
    """BOS where the tokenizer writes one, the text, EOS where the tokenizer has one."""
    encoded = tokenizer(text, add_special_tokens=False, return_offsets_mapping=True, verbose=False)
    tokens, offsets = list(encoded["input_ids"]), list(encoded["offset_mapping"])
    bos, eos = tokenizer.bos_token_id, tokenizer.eos_token_id
    if bos is not None and list(tokenizer("x").input_ids)[:1] == [bos] and tokens[:1] != [bos]:
        tokens.insert(0, bos)
        offsets.insert(0, (0, 0))
    if eos is not None and tokens[-1:] != [eos]:
        tokens.append(eos)
        offsets.append((len(text), len(text)))
    return TextTokens(tokens, offsets)
