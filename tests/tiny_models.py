"""Tiny base models made on the spot: random weights in the shape of real families, with their own tokenizer."""

import json
from pathlib import Path
from typing import Literal

import torch
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers
from transformers import (
    AutoModelForCausalLM,
    Gemma2Config,
    Gemma3TextConfig,
    LlamaConfig,
    PretrainedConfig,
    Qwen2Config,
    Qwen3Config,
)

Family = Literal["llama", "qwen2", "qwen3", "gemma", "gemma2"]
FAMILIES: tuple[Family, ...] = ("llama", "qwen2", "qwen3", "gemma", "gemma2")

QWEN2_SPLIT = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+"
    r"|\s+(?!\S)|\s+"
)

CHATML_TEMPLATE = (
    "{% for message in messages %}"
    "{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>\n' }}"
    "{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)

GEMMA_TEMPLATE = (
    "{{ bos_token }}"
    "{% if messages[0]['role'] == 'system' %}"
    "{% set first = messages[0]['content'] | trim + '\n\n' %}{% set turns = messages[1:] %}"
    "{% else %}{% set first = '' %}{% set turns = messages %}{% endif %}"
    "{% for message in turns %}"
    "{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}"
    "{{ raise_exception('Conversation roles must alternate user/assistant/user/assistant/...') }}"
    "{% endif %}"
    "{% set role = 'model' if message['role'] == 'assistant' else message['role'] %}"
    "{{ '<start_of_turn>' + role + '\n' + (first if loop.first else '') + message['content'] | trim"
    " + '<end_of_turn>\n' }}"
    "{% endfor %}"
    "{% if add_generation_prompt %}{{ '<start_of_turn>model\n' }}{% endif %}"
)

CORPUS = [
    "Hello! How can I help you today? The delivery takes three to five working days within the country.",
    "Please restart the machine, hold the green button for ten seconds, then open the settings again.",
    "What is the capital of France? The capital of France is Paris. Thank you very much for your question.",
    "instruction input output answer question summary translate explain describe write a short list of",
    "返品は商品の到着から三十日以内にお願いします。保証書とレシートをご用意ください。",
    "こんにちは。ご質問をどうぞ。営業時間は平日の午前九時から午後六時までです。",
    "ボタンを押しても電源が入らないときは、ケーブルと電池を確認してください。よろしくお願いいたします。",
    "0 1 2 3 4 5 6 7 8 9 10 20 50 100 2024 km kg % ( ) [ ] { } : ; , . ! ? - + = / * # @ & \" ' ` ~ | \\ \n\n",
]


def make_model(
    folder: Path, family: Family = "llama", *, hidden: int = 256, feed_forward: int = 512, layers: int = 2,
    heads: int = 4, kv_heads: int = 2, vocab: int = 640, tied: bool | None = None, seed: int = 0,
    dtype: torch.dtype = torch.bfloat16, max_shard_size: str = "50GB", scale: float = 0.02,
) -> Path:
    """Writes a base model folder (config, safetensors, tokenizer with chat template) and returns it.

    `vocab` is the size wanted for the tokenizer; the model has exactly as many rows. `tied` defaults to
    what the family does. `scale` is the standard deviation of the random weights; `max_shard_size`
    such as "200KB" makes a sharded model.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tokens = make_tokenizer(folder, gemma=family.startswith("gemma"), vocab=vocab)
    config = _config(
        family, tied, vocab_size=len(tokens), hidden_size=hidden, intermediate_size=feed_forward,
        num_hidden_layers=layers, num_attention_heads=heads, num_key_value_heads=kv_heads,
        head_dim=hidden // heads, max_position_embeddings=2048, initializer_range=scale,
        bos_token_id=tokens.get("<bos>"), eos_token_id=_stop_ids(tokens), pad_token_id=_pad_id(tokens),
        dtype=str(dtype).removeprefix("torch."),
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = AutoModelForCausalLM.from_config(config).to(dtype)
    model.generation_config.do_sample = False
    model.save_pretrained(folder, max_shard_size=max_shard_size)
    return folder


def make_tokenizer(folder: Path, *, gemma: bool = False, vocab: int = 640) -> dict[str, int]:
    """Trains a byte-level BPE tokenizer (Qwen2's split) on CORPUS, writes its files, returns its tokens."""
    special = (
        ["<pad>", "<eos>", "<bos>", "<unk>", "<start_of_turn>", "<end_of_turn>"]
        if gemma else ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
    )
    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(QWEN2_SPLIT), behavior="isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
    ])
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.train_from_iterator(CORPUS, trainers.BpeTrainer(
        vocab_size=vocab, special_tokens=[AddedToken(text, special=True, normalized=False) for text in special],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False,
    ))
    tokenizer.save(str(folder / "tokenizer.json"))
    names = (
        {"bos_token": "<bos>", "eos_token": "<eos>", "pad_token": "<pad>", "unk_token": "<unk>"}
        if gemma else {"eos_token": "<|im_end|>", "pad_token": "<|endoftext|>"}
    )
    settings = {
        **names, "tokenizer_class": "PreTrainedTokenizerFast", "clean_up_tokenization_spaces": False,
        "model_max_length": 2048, "chat_template": GEMMA_TEMPLATE if gemma else CHATML_TEMPLATE,
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(settings, indent=1), encoding="utf-8")
    return tokenizer.get_vocab()


def _config(family: Family, tied: bool | None, **values: object) -> PretrainedConfig:
    kinds = {"llama": LlamaConfig, "qwen2": Qwen2Config, "qwen3": Qwen3Config, "gemma": Gemma3TextConfig,
             "gemma2": Gemma2Config}
    if family == "qwen2":
        values.pop("head_dim")
    if family.startswith("gemma"):
        values["query_pre_attn_scalar"] = values["head_dim"]
        values["sliding_window"] = 512
    ties = family.startswith("gemma") if tied is None else tied
    return kinds[family](**values, tie_word_embeddings=ties)  # type: ignore[arg-type]


def _stop_ids(tokens: dict[str, int]) -> int | list[int]:
    return [tokens["<eos>"], tokens["<end_of_turn>"]] if "<eos>" in tokens else tokens["<|im_end|>"]


def _pad_id(tokens: dict[str, int]) -> int:
    return tokens.get("<pad>", tokens.get("<|endoftext|>", 0))
