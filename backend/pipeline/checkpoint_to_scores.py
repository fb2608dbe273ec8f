"""checkpoint → scores: asks base model, tuned model and GGUF files the held-out questions, and counts."""

import contextlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from backend.config.export import check_quantization
from backend.config.jobs import EvaluateJob
from backend.data.render import ChatTemplate
from backend.evaluation.answers import greedy_answers, stop_ids_of
from backend.evaluation.exact_match import Share, matches, share_of
from backend.evaluation.questions import Answer, Question, read_questions
from backend.hardware.compute import Compute, choose_compute, use_compute
from backend.models.tokenizer import load_tokenizer
from backend.protocol.errors import TanrenError
from backend.report import Report
from backend.runs.atomic import remove_leftovers, staged_folder
from backend.runs.manifests import sha256_of, write_manifest
from backend.runs.run import Run
from backend.training.checkpoints import read_position

BASE, TUNED = "base", "tuned"
CONTEXT_MARGIN = 64


class Score(msgspec.Struct, frozen=True, kw_only=True):
    """scores.json: how one target did. `seconds` is the time of answering, without loading."""

    target: str
    exact_match: Share
    rows: int
    seconds: float


def evaluate(job: EvaluateJob, report: Report) -> dict[str, Any]:
    """Scores each target on the held-out rows and writes scores/<target>/; returns {"scores": {target: …}}.

    Raises TanrenError held_out_empty, run_no_checkpoint, gguf_missing, quant_unknown and those of loading.
    """
    run = Run(Path(job.run))
    targets = _targets(run, job.targets)
    questions = read_questions(run.dataset, job.limit)
    model_folder = Path(run.info().model)
    template = ChatTemplate(load_tokenizer(model_folder), model_folder)
    prompts = [template.prompt(question.messages) for question in questions]
    run.scores.mkdir(exist_ok=True)
    remove_leftovers(run.scores)

    total = len(targets) * len(questions)
    scores: dict[str, Score] = {}
    ours = [target for target in targets if target in (BASE, TUNED)]
    answering = _model_answers(run, ours, template, prompts, job.max_tokens, report) if ours else {}
    for target in targets:
        source = run.newest_checkpoint() if target == TUNED else run.gguf_files().get(target, model_folder)
        if target in answering:
            answers = answering[target]()
        else:
            from backend.evaluation.gguf_answers import gguf_answers

            report.phase("loading_gguf")
            context = max(len(prompt) for prompt in prompts) + job.max_tokens + CONTEXT_MARGIN
            answers = gguf_answers(source, questions, context, job.max_tokens, lambda: bool(report.stop_requested))
        report.phase("evaluating")
        started = time.perf_counter()
        rows: list[Answer | None] = [None] * len(questions)
        done = len(scores) * len(questions)
        report.progress(done, total, "rows")
        for index, text in answers:
            rows[index] = _answer(questions[index], text)
            done += 1
            report.progress(done, total, "rows")
        report.check_stop()
        whole = [row for row in rows if row is not None]
        hits = sum(row.match for row in whole)
        score = Score(target=target, exact_match=share_of(hits, len(whole)), rows=len(whole),
                      seconds=round(time.perf_counter() - started, 3))
        _write(run, score, whole, source, job.max_tokens)
        report.artifact("scores", run.scores / target)
        scores[target] = score
    return {"scores": {target: msgspec.to_builtins(score) for target, score in scores.items()}}


def _targets(run: Run, asked: list[str]) -> list[str]:
    """The targets in official spelling; none asked for = base, tuned and every finished GGUF file."""
    finished = run.gguf_files()
    if not asked:
        return [BASE, TUNED, *finished]
    targets = [name.lower() if name.lower() in (BASE, TUNED) else check_quantization(name) for name in asked]
    for target in targets:
        if target not in (BASE, TUNED, *finished):
            raise TanrenError("gguf_missing", run=run.id)
    return list(dict.fromkeys(targets))


def _model_answers(
    run: Run, targets: list[str], template: ChatTemplate, prompts: list[list[int]], max_tokens: int, report: Report
) -> dict[str, Callable[[], Iterator[tuple[int, str]]]]:
    """For base and tuned: functions that answer, over one loaded model, computing as the training did."""
    from backend.training.adapters import load_adapter
    from backend.training.load_model import load_base

    info = run.info()
    checkpoint = run.newest_checkpoint() if TUNED in targets or run.finished_checkpoints() else None
    position = read_position(checkpoint) if checkpoint else None
    compute: Compute = use_compute(position.compute if position else choose_compute(info.config.device))
    report.phase("loading_model")
    model = load_base(Path(info.model), info.config.method, compute)
    stop_ids = stop_ids_of(model, template.tokenizer, template.stop_id)
    if checkpoint and TUNED in targets:
        model = load_adapter(model, checkpoint)

    def answers(adapted: bool) -> Iterator[tuple[int, str]]:
        off = model.disable_adapter() if not adapted and TUNED in targets else contextlib.nullcontext()
        with off:
            yield from greedy_answers(model, template.tokenizer, prompts, stop_ids, max_tokens, compute,
                                      lambda: bool(report.stop_requested))

    return {BASE: lambda: answers(False), TUNED: lambda: answers(True)}


def _answer(question: Question, text: str) -> Answer:
    return Answer(row=question.row, question=question.text, expected=question.expected, answer=text.strip(),
                  match=matches(text, question.expected))


def _write(run: Run, score: Score, answers: list[Answer], source: Path, max_tokens: int) -> None:
    """scores/<target>/: answers.jsonl, scores.json and the manifest."""
    with staged_folder(run.scores / score.target) as folder:
        lines = b"".join(msgspec.json.encode(answer) + b"\n" for answer in answers)
        (folder / "answers.jsonl").write_bytes(lines)
        (folder / "scores.json").write_bytes(msgspec.json.format(msgspec.json.encode(score), indent=1))
        write_manifest(folder, "scores", sources={"model": str(source)}, facts={
            "max_tokens": max_tokens, "rows": score.rows,
            "held_out_sha256": sha256_of(run.dataset / "held_out.jsonl"),
        })
