"""Seventy chat templates of real models: the prompt for chatting is the one that training writes, to the letter."""

from pathlib import Path

import pytest
from transformers import PreTrainedTokenizerFast

from backend.chat.dialogue import DialogueWriter
from backend.chat.gguf_file import open_gguf
from backend.data.render import fit, shows_system
from backend.export.converter_pack import templates_folder
from backend.protocol.errors import TanrenError
from tests.backend.spoken_gguf import write_spoken_gguf
from tests.tiny_models import make_tokenizer

QUESTION = {"role": "user", "content": "返品できますか。 <b>&\"quoted\"</b>\n"}
DIALOGUES = [
    [QUESTION],
    [QUESTION, {"role": "assistant", "content": "  はい。\n"}, {"role": "user", "content": "Thanks {{ x }} {% y %}"}],
    [{"role": "system", "content": "簡潔に。"}, QUESTION],
]


@pytest.mark.slow
def test_chat_renders_as_training_does(tmp_path: Path) -> None:
    make_tokenizer(tmp_path)
    tokenizer = PreTrainedTokenizerFast(tokenizer_file=str(tmp_path / "tokenizer.json"), eos_token="<|im_end|>")
    model = open_gguf(write_spoken_gguf(tmp_path / "spoken.gguf"), n_ctx=64, n_threads=1)
    compared, refused = 0, []
    try:
        for path in sorted(templates_folder().glob("*.jinja")):
            tokenizer.chat_template = path.read_text(encoding="utf-8")
            writer = DialogueWriter(model, tokenizer.chat_template)

            def by_transformers(messages: list[dict[str, str]]) -> str:
                try:
                    return str(tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True))
                except Exception as error:
                    raise TanrenError("prompt_refused", reason=str(error)) from error

            has_system = shows_system(by_transformers)
            for messages in DIALOGUES:
                try:
                    expected = by_transformers(fit(messages, has_system))
                except TanrenError:
                    refused.append(path.name)  # training refuses it too, so there is nothing to chat with
                    continue
                assert writer.text(messages) == expected, path.name
                compared += 1
    finally:
        model.close()
    assert compared > 180, refused
