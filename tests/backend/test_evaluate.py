"""Scores: a run that learned its answers by heart is told from its base, in transformers and as a GGUF file."""

import json
import shutil
from pathlib import Path
from typing import Any

import msgspec
import pytest
import torch

from backend.config.jobs import EvaluateJob
from backend.data.render import ChatTemplate
from backend.evaluation.answers import greedy_answers, stop_ids_of
from backend.evaluation.exact_match import matches, share_of
from backend.evaluation.gguf_answers import gguf_answers
from backend.evaluation.questions import Question, read_questions
from backend.hardware.compute import Compute
from backend.models.tokenizer import load_tokenizer
from backend.pipeline.checkpoint_to_scores import evaluate
from backend.pipeline.examples_to_checkpoints import train
from backend.protocol.errors import TanrenError
from backend.protocol.messages import Log, Progress, Stop, WorkerEvent
from backend.runs.events import read_events
from backend.runs.manifests import check_manifest
from backend.runs.origin import stale_artifacts
from backend.runs.run import Run, read_scores
from backend.supervise import Worker
from backend.training.checkpoints import read_position
from backend.training.load_model import load_base
from tests.backend.spoken_gguf import JAPANESE, write_spoken_gguf
from tests.backend.training_kit import by_worker, in_process, job_of
from tests.tiny_models import make_model
from tests.tiny_runs import ANSWERS, QUESTIONS, make_tiny_run, write_examples


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run trained until it knows its eight answers; the held-out rows are the same eight."""
    home = tmp_path_factory.mktemp("scored")
    model = make_model(home / "model", hidden=128, feed_forward=256, scale=0.1)  # a head that can be sure
    made = make_tiny_run(home, model, rows=8, held_out=8, epochs=60, batch_size=8, gradient_accumulation=1,
                         lora_rank=32, lora_alpha=64, learning_rate=5e-3, save_every=1000, evaluate_every=0)
    result = in_process(made, job_of(made), train)
    assert result["loss"]["last"] < 0.1
    return made


def _evaluate_all(run: Run, *targets: str, max_tokens: int = 24, limit: int = 0) -> dict[str, Any]:
    job = EvaluateJob(run=str(run.folder), targets=list(targets), max_tokens=max_tokens, limit=limit)
    return in_process(run, job, evaluate)


def _evaluate(run: Run, *targets: str, max_tokens: int = 24) -> dict[str, Any]:
    scores: dict[str, Any] = _evaluate_all(run, *targets, max_tokens=max_tokens)["scores"]
    return scores


def test_the_tuned_model_knows_what_its_base_does_not(run: Run) -> None:
    result = _evaluate_all(run)
    scores, details = result["scores"], result["details"]
    assert list(scores) == list(details) == ["base", "tuned"]
    for target, metrics in scores.items():  # nothing but metrics, each with its interval
        assert metrics and all(set(metric) == {"value", "low", "high"} for metric in metrics.values()), target
    assert scores["base"]["exact_match"]["value"] == 0.0
    assert scores["tuned"]["exact_match"]["value"] == 1.0
    assert scores["tuned"]["exact_match"]["low"] == pytest.approx(0.6756, abs=1e-3)
    assert details["tuned"]["rows"] == 8 and details["tuned"]["seconds"] > 0
    assert read_scores(run) == scores
    assert stale_artifacts(run) == {}
    lines = [json.loads(line) for line in (run.scores / "tuned" / "answers.jsonl").read_text().splitlines()]
    assert [line["question"] for line in lines] == QUESTIONS
    assert [line["answer"] for line in lines] == ANSWERS == [line["expected"] for line in lines]
    assert all(line["match"] for line in lines)
    assert json.loads((run.scores / "base" / "scores.json").read_text())["exact_match"]["value"] == 0.0
    for target in scores:
        assert set(check_manifest(run.scores / target).files) == {"answers.jsonl", "scores.json"}
    shown = [event for event in read_events(run.job_folders()[-1]) if isinstance(event, Progress)]
    assert (shown[-1].done, shown[-1].total, shown[-1].unit) == (16, 16, "rows")


def test_only_the_first_rows_are_asked_when_limited(run: Run) -> None:
    _evaluate(run, "tuned")
    whole = {path.name: path.read_bytes() for path in (run.scores / "tuned").iterdir()}
    assert _evaluate_all(run, "TUNED", limit=3)["details"]["tuned"]["rows"] == 3
    assert {path.name: path.read_bytes() for path in (run.scores / "tuned").iterdir()} == whole
    part = run.scores / "tuned-first-3"
    assert check_manifest(part).facts["rows"] == 3
    assert len((part / "answers.jsonl").read_text().splitlines()) == 3
    assert _evaluate_all(run, "tuned", limit=100)["details"]["tuned"]["rows"] == 8
    assert not (run.scores / "tuned-first-8").exists(), "all rows are the whole set"


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU here")
def test_a_run_that_was_trained_on_a_gpu_elsewhere_is_scored_here(tmp_path: Path, run: Run) -> None:
    copied = Run(Path(shutil.copytree(run.folder, tmp_path / run.id)))
    file = copied.newest_checkpoint() / "position.json"
    position = read_position(copied.newest_checkpoint())
    compute = msgspec.structs.replace(position.compute, device="cuda:0")
    file.write_bytes(msgspec.json.encode(msgspec.structs.replace(position, compute=compute)))
    copied.change_config(msgspec.structs.replace(copied.info().config, device="cuda"))
    scores = _evaluate(copied, "base", "tuned")
    assert (scores["base"]["exact_match"]["value"], scores["tuned"]["exact_match"]["value"]) == (0.0, 1.0)
    said = [event.text for event in read_events(copied.job_folders()[-1]) if isinstance(event, Log)]
    assert said == ["trained on cuda:0, which is not here: answering on cpu"]


def test_a_base_alone_is_scored_without_a_checkpoint(tmp_path: Path, run: Run) -> None:
    fresh = make_tiny_run(tmp_path, Path(run.info().model), held_out=2)
    assert _evaluate_all(fresh, "base")["details"]["base"]["rows"] == 2
    with pytest.raises(TanrenError) as error:
        _evaluate(fresh, "tuned")
    assert error.value.code == "run_no_checkpoint"


def test_a_base_that_changed_since_training_is_not_scored(tmp_path: Path) -> None:
    model = make_model(tmp_path / "model", layers=1)
    fresh = make_tiny_run(tmp_path, model, rows=4, held_out=2, max_steps=1)
    in_process(fresh, job_of(fresh), train)
    make_model(model, layers=1, seed=7)
    for targets in (["tuned"], ["base"]):
        with pytest.raises(TanrenError) as error:
            _evaluate(fresh, *targets)
        assert error.value.code == "base_changed"
    assert not list(fresh.scores.iterdir())


@pytest.mark.parametrize(("target", "code"), [("Q9_X", "quant_unknown"), ("Q8_0", "gguf_missing")])
def test_unknown_targets_are_refused_before_anything_is_loaded(run: Run, target: str, code: str) -> None:
    with pytest.raises(TanrenError) as error:
        _evaluate(run, "base", target)
    assert error.value.code == code


def test_a_run_without_held_out_rows_says_so(tmp_path: Path, run: Run) -> None:
    fresh = make_tiny_run(tmp_path, Path(run.info().model), held_out=0)
    with pytest.raises(TanrenError) as error:
        _evaluate(fresh, "base")
    assert error.value.code == "held_out_empty"


def test_batched_answers_are_those_of_one_row_at_a_time_without_cache(tmp_path: Path) -> None:
    exact = Compute(device="cpu", precision="float32", threads=2)
    model_folder = make_model(tmp_path / "model", "qwen3", scale=0.1, hidden=128)
    run = make_tiny_run(tmp_path, model_folder, held_out=6)
    model = load_base(model_folder, "lora", exact)
    template = ChatTemplate(load_tokenizer(model_folder), model_folder)
    prompts = [template.prompt(question.messages) for question in read_questions(run.dataset)]
    stop_ids = stop_ids_of(model, template.tokenizer, template.stop_id)
    found = dict(greedy_answers(model, template.tokenizer, prompts, stop_ids, 10, exact, lambda: False))
    assert sorted(found) == list(range(6))
    for index, prompt in enumerate(prompts):
        tokens = list(prompt)
        with torch.no_grad():
            while len(tokens) < len(prompt) + 10:
                best = int(model(input_ids=torch.tensor([tokens]), use_cache=False).logits[0, -1].argmax())
                if best in stop_ids:
                    break
                tokens.append(best)
        assert found[index] == template.tokenizer.decode(tokens[len(prompt) :], skip_special_tokens=True)


def test_a_gguf_file_answers_by_its_own_template_until_its_own_stop_token(tmp_path: Path) -> None:
    path = write_spoken_gguf(tmp_path / "spoken.gguf")
    questions = [Question(at, [{"role": "user", "content": text}], "") for at, text in enumerate(("J?", "L?", "J!"))]
    answers = dict(gguf_answers(path, questions, context=256, max_tokens=32, stop_asked=lambda: False))
    assert answers[0] == answers[2] == JAPANESE
    assert len(answers[1]) == 32
    asked = iter([False] * 2 + [True] * 100)
    assert dict(gguf_answers(path, questions, 256, 32, lambda: next(asked))).keys() < {0, 1, 2}


def test_finished_gguf_files_are_scored_like_the_models(tmp_path: Path, run: Run) -> None:
    model = Path(run.info().model)
    fresh = make_tiny_run(tmp_path, model, held_out=0)
    row = [{"role": "user", "content": "J?"}, {"role": "assistant", "content": JAPANESE + "\n"}]
    other = [{"role": "user", "content": "L?"}, {"role": "assistant", "content": "no"}]
    for path in sorted(fresh.dataset.iterdir()):
        path.unlink()
    fresh.dataset.rmdir()
    write_examples(fresh.dataset, model, [row], [row, other])
    folder = fresh.gguf / "Q8_0"
    folder.mkdir(parents=True)
    write_spoken_gguf(folder / "spoken.gguf")
    assert "Q8_0" not in fresh.gguf_files()  # not finished without its manifest
    (folder / "manifest.json").write_bytes(msgspec.json.encode({"kind": "gguf", "created": 0.0, "files": {}}))
    scores = _evaluate(fresh, "q8_0", max_tokens=32)
    assert scores["Q8_0"]["exact_match"]["value"] == 0.5
    answers = (fresh.scores / "Q8_0" / "answers.jsonl").read_text().splitlines()
    assert json.loads(answers[0])["answer"] == JAPANESE


def test_a_stop_ends_scoring_and_leaves_no_half_scores(run: Run) -> None:
    for old in list(run.scores.glob("*")):
        for path in old.iterdir():
            path.unlink()
        old.rmdir()

    def stop_soon(worker: Worker, event: WorkerEvent) -> None:
        if isinstance(event, Progress) and event.unit == "rows":
            worker.send(Stop("save"))

    job = EvaluateJob(run=str(run.folder), targets=["base"], max_tokens=500)
    outcome = by_worker(run, job, stop_soon).outcome
    assert outcome is not None and outcome.state == "stopped", outcome
    assert list(run.scores.iterdir()) == []


def test_exact_match_takes_white_space_at_the_ends_only() -> None:
    assert matches(" 三十日以内です。\n", "三十日以内です。")
    assert not matches("At nine", "At nine.")
    assert not matches("At  nine.", "At nine.")


@pytest.mark.parametrize(("hits", "total", "low", "high"), [
    (8, 10, 0.4902, 0.9433), (0, 60, 0.0, 0.0602), (60, 60, 0.9398, 1.0), (1, 1, 0.2065, 1.0)])
def test_the_interval_is_wilsons(hits: int, total: int, low: float, high: float) -> None:
    share = share_of(hits, total)
    assert share.value == hits / total
    assert (share.low, share.high) == (pytest.approx(low, abs=1e-4), pytest.approx(high, abs=1e-4))
