"""SentencePiece-style tokenizers as transformers saves them: BPE with byte fallback, and no tokenizer.model."""

import json
from pathlib import Path
from typing import Any, Literal

from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

from tests.tiny_models import CORPUS, GEMMA_TEMPLATE

Style = Literal["gemma", "llama", "mistral"]
"""gemma: no space is added; llama: before each run of text; mistral: at the start of the text only."""

LLAMA_TEMPLATE = (
    "{{ bos_token }}{% for message in messages %}"
    "{% if message['role'] == 'user' %}{{ '[INST] ' + message['content'] + ' [/INST]' }}"
    "{% else %}{{ ' ' + message['content'] + eos_token }}{% endif %}{% endfor %}"
)
SPECIAL = {
    "gemma": ["<pad>", "<eos>", "<bos>", "<unk>", "<start_of_turn>", "<end_of_turn>"],
    "llama": ["<unk>", "<s>", "</s>", "[INST]", "[/INST]"],
    "mistral": ["<unk>", "<s>", "</s>", "[INST]", "[/INST]"],
}


def replace_tokenizer(folder: Path, style: Style, size: int) -> None:
    """Gives the model in `folder` a trained SentencePiece-style tokenizer of at most `size` tokens."""
    special = SPECIAL[style]
    unknown = "<unk>"
    byte_tokens = [f"<0x{byte:02X}>" for byte in range(256)]
    trained = Tokenizer(models.BPE(unk_token=unknown))
    trained.normalizer = normalizers.Replace(" ", "▁")
    trained.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="never")
    trained.train_from_iterator(CORPUS * 3, trainers.BpeTrainer(
        vocab_size=size - len(special) - len(byte_tokens), special_tokens=[], show_progress=False,
    ))
    content = json.loads(trained.to_str())
    pieces = [*special, *byte_tokens, *sorted(content["model"]["vocab"], key=content["model"]["vocab"].__getitem__)]
    vocabulary = {piece: number for number, piece in enumerate(dict.fromkeys(pieces))}
    merges = [tuple(merge) for merge in content["model"]["merges"]]
    tokenizer = Tokenizer(models.BPE(vocabulary, merges, unk_token=unknown, byte_fallback=True, fuse_unk=True))
    tokenizer.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()])
    if style == "mistral":
        tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="first", split=False)
    else:
        steps: list[Any] = [normalizers.Replace(" ", "▁")]
        tokenizer.normalizer = normalizers.Sequence(
            [normalizers.Prepend("▁"), *steps] if style == "llama" else steps
        )
    tokenizer.add_special_tokens([AddedToken(text, special=True, normalized=False) for text in special])
    tokenizer.save(str(folder / "tokenizer.json"))
    settings = {
        "tokenizer_class": "PreTrainedTokenizerFast", "clean_up_tokenization_spaces": False, "unk_token": unknown,
        "bos_token": special[2] if style == "gemma" else "<s>",
        "eos_token": "<eos>" if style == "gemma" else "</s>",
        "chat_template": GEMMA_TEMPLATE if style == "gemma" else LLAMA_TEMPLATE, "model_max_length": 2048,
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(settings), encoding="utf-8")
