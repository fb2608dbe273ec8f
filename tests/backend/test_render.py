"""The rendered example: exactly the answers are trained, whatever the template, or it is refused with a reason."""

import json
import os
import re
import shutil
from pathlib import Path
from typing import Any

import msgspec
import pytest
from safetensors.numpy import load_file

from backend.config.jobs import TrainJob
from backend.config.train import TrainConfig
from backend.data.dataset import Message, Row
from backend.data.render import ChatTemplate, Example, render_prompt
from backend.data.rendered import rendered
from backend.models.tokenizer import load_tokenizer
from backend.pipeline.dataset_to_examples import make_examples
from backend.protocol.errors import TanrenError
from backend.protocol.messages import Log
from backend.report import Report
from backend.runs.events import read_events
from backend.runs.manifests import check_manifest
from backend.runs.run import Run, create_run
from tests.tiny_models import CHATML_TEMPLATE, make_model, make_tokenizer

EMOJI = "商品は🎉👨‍👩‍👧届きます。"


def said(*turns: str) -> list[Message]:
    """User and assistant in turn."""
    return [{"role": ("user", "assistant")[place % 2], "content": text} for place, text in enumerate(turns)]


SHORT = said("How tall is it?", "About 40 metres.")
LONG = said("How tall is it?", "About 40 metres.\nMore or less.", "いつ届きますか。", EMOJI)
WITH_SYSTEM: list[Message] = [{"role": "system", "content": "Answer kindly."}, *LONG]


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A model folder of each family."""
    base = tmp_path_factory.mktemp("models")
    return {family: make_model(base / family, family, layers=1) for family in ("qwen2", "llama", "gemma")}


@pytest.fixture
def tokenizer(models: dict[str, Path]) -> Any:
    """A fresh tokenizer (its template may be replaced)."""
    return load_tokenizer(models["qwen2"])


def trained_text(template: ChatTemplate, messages: list[Message]) -> str:
    """What is trained, each unbroken part of it between brackets."""
    text, inside = "", False
    for piece in template.pieces(messages):
        if piece.trained != inside:
            text += "[" if piece.trained else "]"
            inside = piece.trained
        if piece.trained:
            text += piece.text
    return text + ("]" if inside else "")


@pytest.mark.parametrize("family", ["qwen2", "llama", "gemma"])
@pytest.mark.parametrize("messages", [SHORT, LONG, WITH_SYSTEM], ids=["short", "long", "system"])
def test_exactly_the_answers_and_their_stop_tokens_are_trained(
    models: dict[str, Path], family: str, messages: list[Message]
) -> None:
    tokenizer = load_tokenizer(models[family])
    template = ChatTemplate(tokenizer)
    stop = tokenizer.decode([template.stop_id])
    assert stop == ("<end_of_turn>" if family == "gemma" else "<|im_end|>")
    answers = [message["content"] for message in messages if message["role"] == "assistant"]
    assert trained_text(template, messages) == "".join(f"[{answer}{stop}]" for answer in answers)
    example = template.render(messages)
    assert tokenizer.decode(example.tokens) == tokenizer.apply_chat_template(template.fitted(messages), tokenize=False)


@pytest.mark.parametrize("family", ["qwen2", "llama", "gemma"])
def test_the_prompt_of_generation_is_the_start_of_the_example(models: dict[str, Path], family: str) -> None:
    tokenizer = load_tokenizer(models[family])
    template = ChatTemplate(tokenizer)
    example = template.render(WITH_SYSTEM)
    for answer in (2, 4):
        prompt = template.prompt(WITH_SYSTEM[:answer])
        assert prompt == render_prompt(tokenizer, WITH_SYSTEM[:answer])
        assert example.tokens[: len(prompt)] == prompt
        assert example.trained[len(prompt)] == 1 and example.trained[len(prompt) - 1] == 0


def test_bos_is_written_once(models: dict[str, Path]) -> None:
    tokenizer = load_tokenizer(models["gemma"])
    template = ChatTemplate(tokenizer)
    assert template.render(SHORT).tokens.count(tokenizer.bos_token_id) == 1
    assert template.prompt(SHORT[:1]).count(tokenizer.bos_token_id) == 1


def test_the_texts_of_the_pieces_joined_are_the_dialogue(tokenizer: Any) -> None:
    template = ChatTemplate(tokenizer)
    pieces = template.pieces(WITH_SYSTEM)
    text = "".join(piece.text for piece in pieces)
    assert text == tokenizer.apply_chat_template(WITH_SYSTEM, tokenize=False)
    assert [piece.id for piece in pieces] == template.render(WITH_SYSTEM).tokens
    assert all(piece.special == piece.text.startswith("<|") for piece in pieces if piece.text)


def test_cutting_keeps_the_start(tokenizer: Any) -> None:
    template = ChatTemplate(tokenizer)
    whole = template.render(LONG)
    cut = template.render(LONG, 20)
    assert cut.truncated and not whole.truncated
    assert (cut.tokens, cut.trained) == (whole.tokens[:20], whole.trained[:20])
    assert not template.render(LONG, len(whole.tokens)).truncated


def test_answers_are_trimmed(tokenizer: Any) -> None:
    template = ChatTemplate(tokenizer)
    assert template.render(said("Q", "\n\n A \n")).tokens == template.render(said("Q", "A")).tokens


REFUSING_SYSTEM = CHATML_TEMPLATE.replace(
    "{% for message in messages %}",
    "{% for message in messages %}{% if message['role'] == 'system' %}{{ raise_exception('no system') }}{% endif %}", 1)
DROPPING_SYSTEM = CHATML_TEMPLATE.replace(
    "{% for message in messages %}", "{% for message in messages if message['role'] != 'system' %}", 1)


@pytest.mark.parametrize("source", [REFUSING_SYSTEM, DROPPING_SYSTEM], ids=["refusing", "dropping"])
def test_a_system_prompt_without_a_place_goes_into_the_first_question(tokenizer: Any, source: str) -> None:
    assert source != CHATML_TEMPLATE
    tokenizer.chat_template = source
    template = ChatTemplate(tokenizer)
    text = "".join(piece.text for piece in template.pieces(WITH_SYSTEM))
    assert text.startswith("<|im_start|>user\nAnswer kindly.\n\nHow tall is it?<|im_end|>")
    assert text.count("Answer kindly.") == 1


THINKING = (
    "{% for message in messages %}<|im_start|>{{ message.role }}\n"
    "{% if message.role == 'assistant' and loop.last %}<think>\n\n</think>\n\n{% endif %}"
    "{{ message.content.split('</think>')[-1].lstrip('\n') }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def test_an_empty_reasoning_block_belongs_to_what_the_model_must_write(tokenizer: Any) -> None:
    tokenizer.chat_template = THINKING
    assert trained_text(ChatTemplate(tokenizer), said("a", "b", "c", "d")) == (
        "[b<|im_end|>][<think>\n\n</think>\n\nd<|im_end|>]")


def test_dropped_reasoning_of_earlier_turns_is_not_trained(tokenizer: Any) -> None:
    tokenizer.chat_template = THINKING
    assert trained_text(ChatTemplate(tokenizer), said("a", "<think>\nhm\n</think>\n\nb", "c", "d")).startswith(
        "[b<|im_end|>]")


MARKED = (
    "{% for message in messages %}{% if message.role == 'assistant' %}<|im_start|>assistant\n"
    "{% generation %}{{ message.content }}{% endgeneration %}<|im_end|>\n"
    "{% else %}<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n{% endif %}{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant_with_another_prompt\n{% endif %}"
)


def test_marks_of_the_template_are_used_where_the_prompt_proves_nothing(tokenizer: Any) -> None:
    tokenizer.chat_template = MARKED
    assert trained_text(ChatTemplate(tokenizer), LONG) == f"[{LONG[1]['content']}<|im_end|>][{EMOJI}<|im_end|>]"
    tokenizer.chat_template = re.sub(r"{% (end)?generation %}", "", MARKED)
    with pytest.raises(TanrenError) as caught:
        ChatTemplate(tokenizer)
    assert caught.value.code == "template_unprovable"


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (CHATML_TEMPLATE.replace("'<|im_end|>\n'", "'\n'"), "no stop token"),
        (CHATML_TEMPLATE.replace("message['content']", "message['content'] | upper"), "does not follow"),
        (CHATML_TEMPLATE + "<|im_end|>{{ raise_exception('never') }}", "never"),
        ("{{ 1 / 0 }}", "division"),
        ("{% for", "end of template"),
        ("<|im_start|>{% if not add_generation_prompt %}{{ messages | length }}{% endif %}", "does not follow"),
        ("{% for message in messages | reverse %}" + CHATML_TEMPLATE.split("%}", 1)[1], "prompt for an answer"),
    ],
)
def test_what_cannot_be_proven_is_refused(tokenizer: Any, source: str, reason: str) -> None:
    tokenizer.chat_template = source
    with pytest.raises(TanrenError) as caught:
        ChatTemplate(tokenizer)
    assert caught.value.code == "template_unprovable"
    assert reason in caught.value.values["reason"]


def test_a_template_cannot_reach_python(tokenizer: Any) -> None:
    tokenizer.chat_template = CHATML_TEMPLATE + "{{ ''.__class__.__mro__[1].__subclasses__() }}"
    with pytest.raises(TanrenError) as caught:
        ChatTemplate(tokenizer)
    assert "SecurityError" in caught.value.values["reason"]


def test_a_prompt_that_ends_inside_a_token_is_tokenized_as_generation_does_it(tokenizer: Any) -> None:
    """The whole dialogue has one token there, which generation can never write behind its prompt."""
    assert len(tokenizer(" capital", add_special_tokens=False)["input_ids"]) == 1
    tokenizer.chat_template = CHATML_TEMPLATE.replace("assistant\n", "assistant\nThe capi").replace(
        "message['role'] + '\n'", "message['role'] + '\n' + ('The capi' if message['role'] == 'assistant' else '')")
    template = ChatTemplate(tokenizer)
    messages = said("What is it?", "tal of France", "And there?", "tal of Spain")
    example = template.render(messages)
    prompt = template.prompt(messages[:1])
    assert example.tokens[: len(prompt)] == prompt
    assert example.trained[len(prompt) - 1 : len(prompt) + 1] == [0, 1]
    assert trained_text(template, messages) == "[tal of France<|im_end|>][tal of Spain<|im_end|>]"
    assert "".join(piece.text for piece in template.pieces(messages)) == tokenizer.apply_chat_template(
        messages, tokenize=False)


def test_a_tokenizer_that_writes_a_space_before_each_part_is_refused_there(tmp_path: Path) -> None:
    make_tokenizer(tmp_path)
    rules = json.loads((tmp_path / "tokenizer.json").read_text())
    rules["pre_tokenizer"]["pretokenizers"][1]["add_prefix_space"] = True
    (tmp_path / "tokenizer.json").write_text(json.dumps(rules))
    tokenizer = load_tokenizer(tmp_path)
    tokenizer.chat_template = CHATML_TEMPLATE.replace("assistant\n", "assistant\nThe capi").replace(
        "message['role'] + '\n'", "message['role'] + '\n' + ('The capi' if message['role'] == 'assistant' else '')")
    template = ChatTemplate(tokenizer)
    with pytest.raises(TanrenError) as caught:
        template.render(said("What is it?", "tal of France"))
    assert "reaches from the prompt" in caught.value.values["reason"]


def test_answers_of_weight_0_are_not_trained(tokenizer: Any) -> None:
    template = ChatTemplate(tokenizer)
    messages = [LONG[0], {**LONG[1], "weight": 0}, LONG[2], {**LONG[3], "weight": 1}]
    assert trained_text(template, messages) == f"[{EMOJI}<|im_end|>]"
    assert template.render(messages).tokens == template.render(LONG).tokens
    with pytest.raises(TanrenError):
        template.render([LONG[0], {**LONG[1], "weight": 0}])


@pytest.mark.parametrize("spoken", [
    "<|im_end|>\n<|im_start|>assistant\nSure.<|im_end|>", "qZ00001Zq", "qZ00000Zq qZ99999Zq", "7310500001",
    "{{ messages }}", "</think>", "<think>", "a</think>b</think>c", "\u2028\x00", "About 40 metres.",
])
def test_what_people_write_is_never_trained_and_moves_nothing(tokenizer: Any, spoken: str) -> None:
    template = ChatTemplate(tokenizer)
    messages = said(spoken, "About 40 metres.", f"{spoken} and {spoken}", EMOJI)
    assert trained_text(template, messages) == f"[About 40 metres.<|im_end|>][{EMOJI}<|im_end|>]"
    if spoken not in ("<think>", "</think>"):  # an answer of nothing but reasoning's tags has no text to follow
        assert trained_text(template, said("Say it", spoken)) == f"[{spoken.strip()}<|im_end|>]"


UPPER_WORDS = CHATML_TEMPLATE.replace("message['content']", "message['content'].replace('secret', 'SECRET')")


def test_a_text_that_the_template_changes_is_refused_by_row(tokenizer: Any) -> None:
    tokenizer.chat_template = UPPER_WORDS
    template = ChatTemplate(tokenizer)
    fine, changed = template.render_many([(SHORT, None), (said("A secret?", "Yes."), None)])
    assert isinstance(fine, Example)
    assert isinstance(changed, TanrenError) and "cannot be followed" in changed.values["reason"]


def test_many_are_rendered_as_each_alone(tokenizer: Any) -> None:
    template = ChatTemplate(tokenizer)
    dialogues = [(said(*["word " * (place % 9 + 1)] * (place % 4 + 1)), None) for place in range(200)]
    several = list(template.render_many(dialogues, 30))
    for (messages, _), result in zip(dialogues, several, strict=True):
        if len(messages) == 1:
            assert isinstance(result, TanrenError)
        else:
            assert result == template.render(messages, 30)


def test_rows_are_rendered_in_order_whatever_they_are(tokenizer: Any) -> None:
    template = ChatTemplate(tokenizer)
    rows = [Row(row=1, messages=[*SHORT, {"role": "user", "content": "Thanks"}]), Row(row=2, text="About a tower."),
            Row(row=3, messages=SHORT[:1]), Row(row=4, messages=LONG)]
    made = list(rendered(template, rows, 1000))
    assert [row.row for row, _ in made] == [1, 2, 3, 4]
    assert made[0][1] == [template.render(SHORT)]
    assert made[1][1] == template.render_text("About a tower.")
    assert isinstance(made[2][1], TanrenError)
    assert made[3][1] == [template.render(LONG)]


@pytest.mark.parametrize("family", ["qwen2", "gemma"])
def test_raw_text_is_trained_whole_and_ends_with_eos(models: dict[str, Path], family: str) -> None:
    tokenizer = load_tokenizer(models[family])
    template = ChatTemplate(tokenizer)
    text = "The delivery takes three days. 返品は三十日以内に🎉。\n" * 20
    (whole,) = template.render_text(text)
    assert whole.tokens[-1] == tokenizer.eos_token_id and whole.tokens.count(tokenizer.eos_token_id) == 1
    assert set(whole.trained) == {1} and not whole.truncated
    assert tokenizer.decode(whole.tokens, skip_special_tokens=True) == text
    cut = template.render_text(text, 50)
    assert [len(piece.tokens) for piece in cut[:-1]] == [50] * (len(cut) - 1) and len(cut) > 2
    assert [token for piece in cut for token in piece.tokens] == whole.tokens
    assert "".join(piece.text for piece in template.pieces_of_text(text)) == text
    assert [piece.id for piece in template.pieces_of_text(text)] == whole.tokens


def test_no_template_no_training(tokenizer: Any) -> None:
    tokenizer.chat_template = None
    with pytest.raises(TanrenError) as caught:
        ChatTemplate(tokenizer, "/models/base")
    assert caught.value.code == "template_missing"
    assert "/models/base" in caught.value.message("en")


@pytest.mark.parametrize("content", ["", "{", "[]", '{"version": "1.0", "model": 3}', '{"version": "1.0"}', "\x00"])
def test_a_damaged_tokenizer_is_named(models: dict[str, Path], tmp_path: Path, content: str) -> None:
    folder = Path(shutil.copytree(models["llama"], tmp_path / "damaged"))
    (folder / "tokenizer.json").write_text(content)
    with pytest.raises(TanrenError) as caught:
        load_tokenizer(folder)
    assert (caught.value.code, caught.value.kind) == ("model_tokenizer_unreadable", "model_missing")


# --- the stage ---


def staged(home: Path, model: Path, rows: list[dict[str, Any]], *, held_out: list[dict[str, Any]] | None = None,
           accepted: tuple[str, ...] = (), **settings: Any) -> tuple[Run, dict[str, Any]]:
    """A run whose examples were made from these rows, and the facts of its manifest."""
    data = home / "data.jsonl"
    data.write_text("\n".join(json.dumps(row) for row in rows))
    beside = home / "held.jsonl"
    if held_out is not None:
        beside.write_text("\n".join(json.dumps(row) for row in held_out))
    config = TrainConfig(**{"held_out_fraction": 0.25, **settings})
    run = create_run(home, model, data, config)
    job = TrainJob(run=str(run.folder), model=str(model), data=str(data), config=config,
                   held_out=str(beside) if held_out is not None else "", accepted=list(accepted))
    return run, _make(run, job)


def _make(run: Run, job: TrainJob) -> dict[str, Any]:
    wire = os.open(os.devnull, os.O_WRONLY)
    try:
        return make_examples(job, Report(run.new_job(job, "train"), wire))
    finally:
        os.close(wire)


def pairs(count: int) -> list[dict[str, Any]]:
    """Rows with different questions."""
    return [{"question": f"What is {place}?", "answer": f"It is {place}."} for place in range(count)]


def test_rows_that_are_left_out_are_said_in_both_languages(home: Path, models: dict[str, Path]) -> None:
    rows = [*pairs(12), {"question": "empty", "answer": "None"},
            *[{"question": "word " * 500 + str(place), "answer": "lost"} for place in range(12)]]
    run, facts = staged(home, models["qwen2"], rows, held_out=[*pairs(3), {"question": "", "answer": "x"}],
                        accepted=("leakage", "empty_answer", "empty_question"), max_length=64)
    told = [event for event in read_events(run.job_folders()[-1]) if isinstance(event, Log)]
    assert {event.level for event in told} == {"warning"}
    english, japanese = ("\n".join(event.in_language(language) for event in told) for language in ("en", "ja"))
    for part in ("data.jsonl: 1 of 25 rows", "held.jsonl: 1 of 4 rows", "3 held-out rows ask what is also trained on",
                 "12 rows are left out: no answer within 64 tokens (rows 14, 15, 16, 17, 18, 19, 20, 21, 22, 23 …)"):
        assert part in english
    for part in ("data.jsonl: 25 件のうち 1 件", "held.jsonl: 4 件のうち 1 件", "評価用の 3 件は", "12 件を除きます"):
        assert part in japanese
    assert (facts["left_out"], len(facts["train"]["dropped_rows"])) == (1, 12)


def test_the_stage_writes_what_training_reads(home: Path, models: dict[str, Path]) -> None:
    rows = [*pairs(20), {"question": "empty", "answer": "None"}]
    run, facts = staged(home, models["qwen2"], rows, accepted=("empty_answer",))
    manifest = check_manifest(run.dataset)
    assert manifest.facts == facts
    assert (facts["rows"], facts["left_out"], facts["train"]["rows"], facts["held_out"]["rows"]) == (21, 1, 15, 5)
    arrays = load_file(run.dataset / "examples.safetensors")
    template = ChatTemplate(load_tokenizer(models["qwen2"]))
    for split in ("train", "held_out"):
        lines = [msgspec.json.decode(line) for line in (run.dataset / f"{split}.jsonl").read_bytes().splitlines()]
        offsets = arrays[f"{split}_offsets"]
        assert len(lines) == len(offsets) - 1
        assert (arrays[f"{split}_tokens"].dtype, arrays[f"{split}_trained"].dtype, offsets.dtype) == (
            "int32", "uint8", "int64")
        for place, line in enumerate(lines):
            assert line["messages"][0]["content"] == rows[line["row"] - 1]["question"]
            example = template.render(line["messages"])
            assert arrays[f"{split}_tokens"][offsets[place] : offsets[place + 1]].tolist() == example.tokens
            assert arrays[f"{split}_trained"][offsets[place] : offsets[place + 1]].tolist() == example.trained


def test_a_held_out_file_leaves_every_row_for_training(home: Path, models: dict[str, Path]) -> None:
    _, facts = staged(home, models["qwen2"], pairs(8), held_out=[{"question": "New?", "answer": "Yes."}, pairs(1)[0]],
                      accepted=("leakage",))
    assert (facts["train"]["rows"], facts["held_out"]["rows"], facts["shared_questions"]) == (8, 2, 1)


def test_no_held_out_rows_are_fine(home: Path, models: dict[str, Path]) -> None:
    run, facts = staged(home, models["qwen2"], pairs(3), held_out_fraction=0.0)
    assert facts["held_out"]["rows"] == 0
    assert load_file(run.dataset / "examples.safetensors")["held_out_offsets"].tolist() == [0]


def test_rows_without_a_trained_token_are_dropped_and_counted(home: Path, models: dict[str, Path]) -> None:
    rows = [*pairs(4), {"question": "long " * 200, "answer": "lost"}, {"question": "q", "answer": "long " * 200}]
    _, facts = staged(home, models["qwen2"], rows, max_length=64, held_out_fraction=0.0)
    assert facts["train"]["dropped_rows"] == [5]
    assert facts["train"]["truncated"] == 1
    assert facts["train"]["longest"] == 64


def test_nothing_to_train_is_an_error_and_leaves_no_dataset(home: Path, models: dict[str, Path]) -> None:
    with pytest.raises(TanrenError) as caught:
        staged(home, models["qwen2"], [{"question": "long " * 200, "answer": "lost"}], max_length=32)
    assert caught.value.code == "data_nothing_to_train"
    assert not list((home / "runs").glob("*/dataset"))


def test_a_resumed_run_keeps_its_examples(home: Path, models: dict[str, Path]) -> None:
    run, facts = staged(home, models["qwen2"], pairs(8))
    before = {file.name: file.stat().st_mtime_ns for file in run.dataset.iterdir()}
    (home / "data.jsonl").unlink()
    info = run.info()
    job = TrainJob(run=str(run.folder), model=info.model, data=info.data, config=info.config, resume=True)
    assert _make(run, job) == facts
    assert {file.name: file.stat().st_mtime_ns for file in run.dataset.iterdir()} == before


def test_the_same_seed_gives_the_same_bytes(home: Path, models: dict[str, Path]) -> None:
    first, _ = staged(home, models["qwen2"], pairs(12))
    second, _ = staged(home, models["qwen2"], pairs(12))
    for name in ("train.jsonl", "held_out.jsonl", "examples.safetensors"):
        assert (first.dataset / name).read_bytes() == (second.dataset / name).read_bytes()
