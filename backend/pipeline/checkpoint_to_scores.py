"""checkpoint → scores: asks base model, tuned model and GGUF files the held-out questions, and counts."""

import contextlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import torch

from backend.config.export import check_quantization
from backend.config.jobs import EvaluateJob
from backend.data.render import ChatTemplate
from backend.evaluation.answers import greedy_answers, stop_ids_of
from backend.evaluation.exact_match import Share, matches, share_of
from backend.evaluation.questions import Answer, Question, read_questions
from backend.hardware.compute import Compute, choose_compute, use_compute
from backend.models.fingerprint import check_base
from backend.models.tokenizer import load_tokenizer
from backend.protocol.errors import TanrenError
from backend.protocol.languages import Text
from backend.report import Report
from backend.runs.atomic import make_folder, remove_leftovers, staged_folder
from backend.runs.manifests import read_manifest, sha256_of, write_manifest
from backend.runs.origin import handed_on, origin_facts
from backend.runs.run import Run
from backend.training.checkpoints import Position, read_position

BASE, TUNED = "base", "tuned"
CONTEXT_MARGIN = 64


class Score(msgspec.Struct, frozen=True, kw_only=True):
    """scores.json: how one target did, metric by metric."""

    exact_match: Share


class Details(msgspec.Struct, frozen=True, kw_only=True):
    """How a target was scored: on how many rows, in how many seconds of answering, without loading."""

    rows: int
    seconds: float


def evaluate(job: EvaluateJob, report: Report) -> dict[str, Any]:
    """Scores each target on the held-out rows and writes scores/<target>/ (of a part: scores/<target>-first-<rows>/).

    Returns {"scores": {target: {metric: …}}, "details": {target: {rows, seconds}}}.
    Raises TanrenError held_out_empty, run_no_checkpoint, base_changed, gguf_missing, quant_unknown and those of
    loading.
    """
    run = Run(Path(job.run))
    targets = _targets(run, job.targets)
    whole_set = read_questions(run.dataset)
    questions = whole_set[: job.limit] if job.limit else whole_set
    part = f"-first-{len(questions)}" if len(questions) < len(whole_set) else ""
    model_folder = Path(run.info().model)
    template = ChatTemplate(load_tokenizer(model_folder), model_folder)
    prompts = [template.prompt(question.messages, tools=question.tools or None) for question in questions]
    make_folder(run.scores)
    remove_leftovers(run.scores)

    total = len(targets) * len(questions)
    scores: dict[str, Score] = {}
    details: dict[str, Details] = {}
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
        scores[target] = Score(exact_match=share_of(hits, len(whole)))
        details[target] = Details(rows=len(whole), seconds=round(time.perf_counter() - started, 3))
        folder = run.scores / f"{target}{part}"
        _write(run, folder, scores[target], whole, source, {"max_tokens": job.max_tokens, **_origin(target, source),
                                                            **msgspec.to_builtins(details[target])})
        report.artifact("scores", folder)
    return {"scores": msgspec.to_builtins(scores), "details": msgspec.to_builtins(details)}


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
    if position:
        check_base(Path(info.model), position.base_fingerprint)
    compute = use_compute(_compute(position, info.config.device, report))
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


def _compute(position: Position | None, device: str, report: Report) -> Compute:
    """As the training computed; where its device is not (a run of another machine), the best that is here."""
    recorded = position.compute if position else None
    if recorded and recorded.is_here:
        return recorded
    compute = choose_compute(device if torch.cuda.is_available() else "auto")
    if recorded:
        report.log(Text(f"trained on {recorded.device}, which is not here: answering on {compute.device}",
                        f"学習時の {recorded.device} がないため、{compute.device} で回答します"), "warning")
    return compute


def _answer(question: Question, text: str) -> Answer:
    return Answer(row=question.row, question=question.text, expected=question.expected, answer=text.strip(),
                  match=matches(text, question.expected))


def _origin(target: str, source: Path) -> dict[str, Any]:
    """The checkpoint that the answers of `source` come from: a checkpoint folder, or a GGUF file of one."""
    if target == BASE:
        return {}
    manifest = read_manifest(source if target == TUNED else source.parent)
    if manifest is None:
        return {}
    return origin_facts(source.name, manifest) if target == TUNED else handed_on(manifest.facts)


def _write(run: Run, place: Path, score: Score, answers: list[Answer], source: Path, facts: dict[str, Any]) -> None:
    """A folder of scores: answers.jsonl, scores.json and the manifest."""
    with staged_folder(place) as folder:
        lines = b"".join(msgspec.json.encode(answer) + b"\n" for answer in answers)
        (folder / "answers.jsonl").write_bytes(lines)
        (folder / "scores.json").write_bytes(msgspec.json.format(msgspec.json.encode(score), indent=1))
        write_manifest(folder, "scores", sources={"model": str(source)}, facts={
            **facts, "held_out_sha256": sha256_of(run.dataset / "held_out.jsonl")})
