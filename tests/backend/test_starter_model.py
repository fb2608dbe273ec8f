"""The starter model: what its folder promises, and 60 fixed questions from its little world."""

import json
import unicodedata
from itertools import islice
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STARTER = ROOT / "resources" / "starter_model"
QUESTIONS = json.loads((Path(__file__).parent / "starter_questions.json").read_text(encoding="utf-8"))
ENOUGH = 54  # of 60


def _plain(question: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFKC", question).casefold() if letter.isalnum())


def test_the_folder_is_small_and_whole() -> None:
    files = {path.name: path.stat().st_size for path in STARTER.iterdir()}
    assert sum(files.values()) <= 18_000_000
    assert {"config.json", "generation_config.json", "model.safetensors", "README.md"} <= files.keys()
    assert {"tokenizer.json", "tokenizer_config.json", "chat_template.jinja", "how_it_was_made.json"} <= files.keys()
    assert "demonstration, not an assistant" in (STARTER / "README.md").read_text(encoding="utf-8")


def test_sizes_are_multiples_of_256_as_the_k_quants_need() -> None:
    config = json.loads((STARTER / "config.json").read_text(encoding="utf-8"))
    assert config["model_type"] == "qwen3"
    for name in ("hidden_size", "intermediate_size"):
        assert config[name] % 256 == 0, name
    assert config["num_attention_heads"] * config["head_dim"] % 256 == 0


def test_weights_are_finite_bfloat16() -> None:
    torch = pytest.importorskip("torch")
    from safetensors.torch import load_file

    weights = load_file(STARTER / "model.safetensors")
    assert {weight.dtype for weight in weights.values()} == {torch.bfloat16}
    assert all(bool(weight.isfinite().all()) for weight in weights.values())
    assert 7_000_000 < sum(weight.numel() for weight in weights.values()) < 9_000_000


def test_the_tokenizer_keeps_the_regex_that_llama_cpp_knows() -> None:
    transformers = pytest.importorskip("transformers")
    from resources.make_starter.tokenizer import END, PAD, QWEN2_SPLIT, VOCABULARY

    tokenizer = transformers.AutoTokenizer.from_pretrained(STARTER)
    state = json.loads(tokenizer.backend_tokenizer.to_str())
    assert state["pre_tokenizer"]["pretokenizers"][0]["pattern"]["Regex"] == QWEN2_SPLIT
    assert state["normalizer"] is None
    assert len(tokenizer) == VOCABULARY
    assert (tokenizer.eos_token, tokenizer.pad_token, tokenizer.bos_token) == (END, PAD, None)
    for text in ("Hello, Hana's 12 kettles!\n\tOK  ", "送料は550円です。ｶﾀｶﾅ🍵", "<|im_end|>"):
        ids = tokenizer(text, add_special_tokens=False).input_ids
        assert tokenizer.decode(ids, skip_special_tokens=False, clean_up_tokenization_spaces=False) == text


def test_the_chat_template_adds_no_system_turn() -> None:
    transformers = pytest.importorskip("transformers")
    tokenizer = transformers.AutoTokenizer.from_pretrained(STARTER)
    chat = [
        {"role": "system", "content": "Be short."},
        {"role": "user", "content": "Hi"},
        {"role": "assistant", "content": "Hello!"},
        {"role": "user", "content": "Bye"},
    ]
    body = "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\nHello!<|im_end|>\n<|im_start|>user\nBye<|im_end|>\n"
    assert tokenizer.apply_chat_template(chat[1:], tokenize=False) == body
    with_system = "<|im_start|>system\nBe short.<|im_end|>\n" + body + "<|im_start|>assistant\n"
    assert tokenizer.apply_chat_template(chat, tokenize=False, add_generation_prompt=True) == with_system


def test_training_sees_the_dialogue_that_the_chat_template_renders() -> None:
    transformers = pytest.importorskip("transformers")
    import random

    from resources.make_starter import batches, corpus

    tokenizer = transformers.AutoTokenizer.from_pretrained(STARTER)
    for dialogue in islice(corpus.dialogues(7), 100):
        chat = [{"role": message["role"], "content": message["content"]} for message in dialogue]
        row = batches.to_row(chat, tokenizer.backend_tokenizer, random.Random(0))
        rendered = tokenizer.apply_chat_template(chat, tokenize=False)
        assert row.ids == tokenizer(rendered, add_special_tokens=False).input_ids


def test_a_seed_gives_one_training_text() -> None:
    """The tokenizer library's own BPE dropout cannot be seeded; this once gave two processes two plans."""
    pytest.importorskip("torch")
    from tokenizers import Tokenizer

    from resources.make_starter import corpus
    from resources.make_starter.batches import batches

    tokenizer = Tokenizer.from_file(str(STARTER / "tokenizer.json"))
    first, second = ([batch.ids.tolist() for batch in batches(corpus.dialogues(3), tokenizer, 20_000, 3)] for _ in "ab")
    assert first == second


def test_the_training_text_holds_no_sample_question_and_no_asked_question() -> None:
    from resources.make_sample.support_desk import questions
    from resources.make_starter import corpus

    asked = {_plain(row["question"]) for row in QUESTIONS if row["kind"] != "greeting"}
    kept_out = asked | {_plain(question) for question in questions()}
    for dialogue in islice(corpus.dialogues(2), 20_000):
        for message in dialogue:
            if message["role"] == "user":
                assert _plain(message["content"]) not in kept_out


def test_sixty_fixed_questions() -> None:
    torch = pytest.importorskip("torch")
    transformers = pytest.importorskip("transformers")
    assert len(QUESTIONS) == 60
    tokenizer = transformers.AutoTokenizer.from_pretrained(STARTER, padding_side="left")
    model = transformers.AutoModelForCausalLM.from_pretrained(STARTER, dtype=torch.float32).eval()
    prompts = [
        tokenizer.apply_chat_template(
            [{"role": "user", "content": row["question"]}], tokenize=False, add_generation_prompt=True
        )
        for row in QUESTIONS
    ]
    wrong = []
    inputs = tokenizer(prompts, return_tensors="pt", padding=True, add_special_tokens=False)
    with torch.inference_mode():
        output = model.generate(**inputs, max_new_tokens=40, do_sample=False)
    replies = tokenizer.batch_decode(output[:, inputs["input_ids"].shape[1] :], skip_special_tokens=True)
    for row, reply in zip(QUESTIONS, replies, strict=True):
        if reply.strip() != row["answer"]:
            wrong.append(f"{row['question']!r} -> {reply!r}, not {row['answer']!r}")
    assert len(QUESTIONS) - len(wrong) >= ENOUGH, "\n".join(wrong)
