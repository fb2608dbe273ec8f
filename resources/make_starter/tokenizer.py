"""Byte-level BPE for English and Japanese, with the pre-tokenizer of Qwen2, which llama.cpp knows."""

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers, processors, trainers

VOCABULARY = 4096
PAD, TURN, END = "<|endoftext|>", "<|im_start|>", "<|im_end|>"
# From tokenizer.json of Qwen/Qwen2-0.5B, unchanged; llama.cpp calls it "qwen2".
QWEN2_SPLIT = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
CHAT_TEMPLATE = (
    "{% for message in messages %}"
    "{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n' }}"
    "{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
)
# Japanese has no spaces, so the regex above hands whole sentences to BPE. The training text is cut where the script
# changes, after a particle and every two kanji; so no token spans words, and a word looks the same in every sentence.
_PIECE = re.compile(
    r"[ァ-ヶー]+|[一-龠々]{1,2}|(?<=[一-龠々ァ-ヶーA-Za-z0-9])[はがをにでのともへ]|[ぁ-ん]+"
    r"|[^ぁ-んァ-ヶー一-龠々]+"
)
_LONGEST_TOKEN = 15  # bytes: five kana, or a word of fourteen letters with its space


def pieces(texts: Iterable[str]) -> Iterator[str]:
    """The texts, cut where no token may reach across."""
    for text in texts:
        yield from _PIECE.findall(text)


def make_tokenizer(texts: Iterable[str]) -> Tokenizer:
    """A tokenizer of exactly VOCABULARY tokens, trained on `texts`."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(QWEN2_SPLIT), behavior="isolated", invert=False),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    special = [AddedToken(token, special=True, normalized=False) for token in (PAD, TURN, END)]
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        special_tokens=special,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        max_token_length=_LONGEST_TOKEN,
        show_progress=False,
    )
    tokenizer.train_from_iterator(pieces(texts), trainer)
    return tokenizer


def save_tokenizer(tokenizer: Tokenizer, folder: Path, longest: int) -> None:
    """Write tokenizer.json, tokenizer_config.json and chat_template.jinja; `longest` is the context in tokens."""
    tokenizer.save(str(folder / "tokenizer.json"))
    (folder / "chat_template.jinja").write_text(CHAT_TEMPLATE, encoding="utf-8")
    tokens = {
        str(tokenizer.token_to_id(token)): {
            "content": token,
            "lstrip": False,
            "normalized": False,
            "rstrip": False,
            "single_word": False,
            "special": True,
        }
        for token in (PAD, TURN, END)
    }
    config = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "added_tokens_decoder": tokens,
        "add_prefix_space": False,
        "bos_token": None,
        "clean_up_tokenization_spaces": False,
        "eos_token": END,
        "pad_token": PAD,
        "unk_token": None,
        "model_max_length": longest,
        "chat_template": CHAT_TEMPLATE,
    }
    text = json.dumps(config, ensure_ascii=False, indent=2) + "\n"
    (folder / "tokenizer_config.json").write_text(text, encoding="utf-8")
