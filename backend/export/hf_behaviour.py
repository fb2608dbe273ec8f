"""How the tokenizer that the model was trained with behaves, asked of itself: BOS, EOS, spaces, end of a turn."""

from typing import Any, NamedTuple

from backend.data.render import ChatTemplate
from backend.export.tokenizer_json import SPACE
from backend.protocol.errors import TanrenError

QUESTION = [{"role": "user", "content": "a"}]


class Behaviour(NamedTuple):
    """What the file must say so that llama.cpp reads a dialogue as training did.

    `adds_space`: a SentencePiece tokenizer writes a space before the first word. `turn_end`: the token
    that ends an answer.
    """

    adds_bos: bool
    adds_eos: bool
    adds_space: bool
    turn_end: int | None


def behaviour_of(tokenizer: Any) -> Behaviour:
    """Asks a transformers tokenizer by letting it encode a word and render a dialogue."""
    ids = tokenizer("x").input_ids
    bare = tokenizer("x", add_special_tokens=False).input_ids
    try:
        template = ChatTemplate(tokenizer)
    except TanrenError:  # without a template that training could use there is no turn to end
        template = None
    return Behaviour(
        adds_bos=bool(ids) and ids[0] == tokenizer.bos_token_id and ids[:1] != bare[:1],
        adds_eos=bool(ids) and ids[-1] == tokenizer.eos_token_id and ids[-1:] != bare[-1:],
        adds_space=_adds_space(tokenizer, template),
        turn_end=template.stop_id if template else None,
    )


def _adds_space(tokenizer: Any, template: ChatTemplate | None) -> bool:
    """Whether a space comes before words where dialogues have them.

    llama.cpp writes it at the start of the text and behind every special token, or never; some tokenizers
    write it at the start only. A dialogue that starts with a special token has no such start.
    """
    before = ""
    if template is not None:
        first = template.prompt(QUESTION)[:1]
        if first and first[0] in template.added_ids:
            before = tokenizer.convert_ids_to_tokens(first)[0]
    pieces = tokenizer.convert_ids_to_tokens(tokenizer(before + "x", add_special_tokens=False).input_ids)
    return bool(pieces[bool(before):]) and pieces[bool(before)].startswith(SPACE)
