"""Seventy chat templates of real models: exactly the assistant's turns are trained, or the template is refused; and
the prompt for chatting is the one that training writes, to the letter."""

import re
from pathlib import Path
from typing import Any

import pytest
from transformers import PreTrainedTokenizerFast

from backend.chat.dialogue import DialogueWriter
from backend.chat.gguf_file import open_gguf
from backend.data.dataset import Message
from backend.data.render import ChatTemplate, Piece, fit, shows_system
from backend.data.rendering.proof import PREFIX
from backend.export.converter_pack import templates_folder
from backend.protocol.errors import TanrenError
from tests.backend.spoken_gguf import write_spoken_gguf
from tests.backend.template_cases import CASES, MARK
from tests.backend.template_table import DOCUMENT, document, row_of, template_for
from tests.tiny_models import make_tokenizer

USUAL = (
    "Qwen-Qwen2.5-7B-Instruct", "Qwen-Qwen3-0.6B", "meta-llama-Llama-3.1-8B-Instruct", "google-gemma-2-2b-it",
    "microsoft-Phi-3.5-mini-instruct", "mistralai-Mistral-Nemo-Instruct-2407", "HuggingFaceTB-SmolLM3-3B",
    "ibm-granite-granite-4.0", "deepseek-ai-DeepSeek-V3.1", "openai-gpt-oss-120b",
)
# what templates write around a call of find_weather(place, days), beside markers: never a word of anybody's turn
AROUND_CALLS = {"name", "arguments", "parameters", "place", "days", "function", "parameter", "param", "call", "string",
                "true", "false", "json", "number", "type", "key", "index", "argument", "tool_call_id", "tool_name",
                "id", "invoke", "functions", "tools", "0", "1"}
# what a template makes the model write of itself before and between the parts of a turn
OWN_WORDS = {
    "openai-gpt-oss-120b": {"final", "analysis", "commentary", "json", "to", "functions", "assistant"},
    "Kimi-K3": {"think", "response", "message", "tools", "tool", "call"},
    "MiniMax-M3": {"minimax"},
    "meetkai-functionary-medium-v3.2": {"all"},
    "muse-glimmer": {"to", "user", "self", "assistant", "atem", "function_calls"},
    "GigaChat3-10B-A1.8B": {"function", "call"},
    "deepseek-ai-DeepSeek-V3.2": {"DSML", "function_calls"},
    "deepseek-ai-DeepSeek-V4": {"DSML", "tool_calls"},
    "deepseek-ai-DeepSeek-V4-Flash-0731": {"DSML", "tool_calls"},
    "unsloth-Apriel-1.5": {"tool_calls"},
}
WORD = re.compile(r"[^\W_]+(?:_[^\W_]+)*")
IDS = re.compile(r"\b[0-9a-f]{9}\b")


def template_files() -> list[Any]:
    """Every template of the pinned llama-cpp-python source package, where set-up has put them."""
    return [pytest.param(file, id=file.stem, marks=[] if file.stem in USUAL else pytest.mark.slow)
            for file in sorted(templates_folder().glob("*.jinja"))]


@pytest.mark.parametrize("file", template_files())
def test_exactly_the_turns_of_the_assistant_are_trained(tmp_path: Path, file: Path) -> None:
    for case, (messages, tools) in CASES.items():
        try:
            template = template_for(tmp_path, file, case)
            pieces = template.pieces(messages, tools)
        except TanrenError as error:
            assert error.code == "template_unprovable" and error.values["reason"] and error.values["reason:ja"]
            continue
        turns = trained_turns(pieces)
        answers = [message for message in messages if message["role"] == "assistant"]
        assert len(turns) == len(answers), case
        for turn, answer in zip(turns, answers, strict=True):
            check_turn(template, turn, answer, OWN_WORDS.get(file.stem, set()))
        check_stops(template, turns, has_other_stops=file.stem == "openai-gpt-oss-120b")
        masked = "".join(piece.text for piece in pieces if not piece.trained)
        for answer in answers:
            for text in texts_of(answer):
                assert text not in masked, case
        check_text(template, pieces, messages, tools)
        check_prompts(template, pieces, messages, tools)
        template.close()


@pytest.mark.parametrize("file", template_files())
def test_the_table_says_what_the_code_does(file: Path) -> None:
    assert row_of(file) in DOCUMENT.read_text(encoding="utf-8").splitlines()


@pytest.mark.skipif(not templates_folder().is_dir(), reason="the templates are fetched at set-up")
def test_the_page_of_templates_is_made_from_its_lines() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    rows = text.splitlines()[-len(list(templates_folder().glob("*.jinja"))) :]
    assert [row.split(" | ")[0].strip("| ") for row in rows] == [
        file.stem for file in sorted(templates_folder().glob("*.jinja"))]
    assert text == document(rows)
    assert set(USUAL) <= {row.split(" | ")[0].strip("| ") for row in rows if "| prefix |" in row}


def trained_turns(pieces: list[Piece]) -> list[list[Piece]]:
    """The unbroken runs of trained tokens."""
    turns: list[list[Piece]] = []
    inside = False
    for piece in pieces:
        if piece.trained:
            if not inside:
                turns.append([])
            turns[-1].append(piece)
        inside = piece.trained
    return turns


def texts_of(answer: Message) -> list[str]:
    """What this turn alone says, and no template writes anew."""
    return [answer["content"]] if answer["content"] else []


def check_turn(template: ChatTemplate, turn: list[Piece], answer: Message, own: set[str]) -> None:
    """The run is this answer: its reasoning (or none of it), its text, its calls, and no word besides."""
    text = template.tokenizer.decode([piece.id for piece in turn])
    assert "�" not in text
    rest = text
    for said in [*texts_of(answer), answer.get("reasoning_content", "")]:
        assert said in text or said == answer.get("reasoning_content")
        rest = rest.replace(said, " ", 1) if said else rest
    allowed = set(own)
    for call in answer.get("tool_calls", ()):
        allowed |= AROUND_CALLS | {"find_weather"}
        assert "find_weather" in text
        for value in call["function"]["arguments"].values():
            escaped = str(value).replace('"', '\\"')
            ascii_escaped = escaped.encode("ascii", "backslashreplace").decode()
            written = next((way for way in (str(value), escaped, ascii_escaped) if way in rest), None)
            assert written is not None, (text, value)
            rest = rest.replace(written, " ", 1)
        rest = IDS.sub(" ", rest)
    assert set(WORD.findall(MARK.sub(" ", rest))) <= allowed, text


def check_stops(template: ChatTemplate, turns: list[list[Piece]], has_other_stops: bool) -> None:
    """Each run ends with a special token, and with no second one of its kind; the last with the template's own."""
    assert turns[-1][-1].id == template.stop_id
    for turn in turns:
        assert turn[-1].special or (has_other_stops and turn is not turns[-1])


def check_text(template: ChatTemplate, pieces: list[Piece], messages: list[Message], tools: Any) -> None:
    """The tokens stand for what transformers itself writes."""
    expected = template.tokenizer.apply_chat_template(template.fitted(messages), tools=tools, tokenize=False)
    assert "".join(piece.text for piece in pieces) == expected
    assert template.tokenizer.decode([piece.id for piece in pieces]) == template.tokenizer.decode(
        template.tokenizer(expected, add_special_tokens=False).input_ids)


def check_prompts(template: ChatTemplate, pieces: list[Piece], messages: list[Message], tools: Any) -> None:
    """Where the first prompt is the start of the dialogue, training begins right behind it."""
    first = next(place for place, message in enumerate(messages) if message["role"] == "assistant")
    prompt = template.tokenizer.apply_chat_template(
        template.fitted(messages)[: first - len(messages)], tools=tools, tokenize=False, add_generation_prompt=True)
    masked = ""
    for piece in pieces:
        if piece.trained:
            break
        masked += piece.text
    if template.proof(messages, tools).method == PREFIX:
        assert masked == prompt


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
