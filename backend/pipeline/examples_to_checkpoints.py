"""examples → checkpoints: loads the base model, adapts it, trains it step by step, saves what it learned."""

import random
from pathlib import Path
from typing import Any

import msgspec
import torch

from backend.config.jobs import TrainJob
from backend.hardware.compute import choose_compute, compute_of_run, use_compute
from backend.models.fingerprint import base_fingerprint
from backend.protocol.errors import TanrenError
from backend.protocol.languages import Text
from backend.protocol.messages import Phase
from backend.report import Report, Stopped
from backend.runs.manifests import MANIFEST, sha256_of
from backend.runs.run import Run
from backend.training.adapters import add_adapter
from backend.training.batches import groups_of_epoch, total_steps
from backend.training.checkpoints import (
    DAMAGED,
    Position,
    check_belongs,
    newest_intact_checkpoint,
    read_position,
    restore,
    save_checkpoint,
    tidy_checkpoints,
)
from backend.training.examples import EXAMPLES_FILE, read_examples
from backend.training.load_model import load_base
from backend.training.loop import held_out_loss, make_optimizer, train_step
from backend.training.loss import Head
from backend.training.schedule import learning_rate_at

COMPUTE_FILE = "compute.json"


def train(job: TrainJob, report: Report) -> dict[str, Any]:
    """Fine-tunes and returns the result described in docs/architecture.md; stopping with `save` is a result too.

    Raises TanrenError loss_not_finite, resume_mismatch, data_nothing_to_train, no_gpu and those of loading.
    """
    run, config = Run(Path(job.run)), job.config

    report.phase("reading_data")
    tidy_checkpoints(run)
    train_rows, held_out_rows = read_examples(run.dataset)
    if len(train_rows) == 0:
        raise TanrenError("data_nothing_to_train", path=job.data, max_length=config.max_length)
    base, examples = base_fingerprint(Path(job.model)), sha256_of(run.dataset / EXAMPLES_FILE)
    saved = _checkpoint_to_resume(run, job.resume, report)
    if saved is None:
        compute = compute_of_run(run.folder / COMPUTE_FILE, config.device)
        position = Position(rows=len(train_rows), examples_sha256=examples, base_fingerprint=base, compute=compute,
                            config=config)
    else:
        position = read_position(saved)
        check_belongs(position, config, len(train_rows), examples, base)
        compute = position.compute if position.compute.is_on(config.device) else choose_compute(config.device)
        position = msgspec.structs.replace(position, config=config, compute=compute)
    rows_at_once, accumulation = config.batch_size, config.gradient_accumulation
    total = total_steps(len(train_rows), rows_at_once, accumulation, config.epochs, config.max_steps)
    if total < position.step:
        raise TanrenError("resume_mismatch", reason=Text(
            f"it is at step {position.step} already, and these settings end at step {total}",
            f"すでにステップ {position.step} まで進んでいますが、この設定ではステップ {total} で終わります"))
    use_compute(compute)
    run.change_config(config)

    report.phase("loading_model")
    torch.manual_seed(config.seed)
    random.seed(config.seed)
    base = load_base(Path(job.model), config.method, compute)
    head = Head(base)
    model = add_adapter(base, config)
    optimizer = make_optimizer(model, config.learning_rate, config.weight_decay)
    if saved is not None:
        restore(saved, model, optimizer)
        report.log(Text(f"going on from {saved.name}", f"{saved.name} から再開します"))
    model.train()

    state, measured, newest = "succeeded", None, saved
    tokens, seconds = 0, 0.0

    report.phase("training")
    report.log(Text(
        f"{compute.device}, {compute.precision}, {compute.threads} threads, {len(train_rows)} rows, {total} steps",
        f"{compute.device}、{compute.precision}、{compute.threads} スレッド、{len(train_rows)} 件、{total} ステップ"))
    try:
        report.progress(position.step, total, "steps")
        while position.step < total:
            groups = groups_of_epoch(train_rows.lengths, rows_at_once, accumulation, config.seed, position.epoch)
            for group in groups[position.group : position.group + total - position.step]:
                rate = learning_rate_at(position.step, total, config.learning_rate, config.warmup_ratio)
                figures = train_step(
                    model, head, optimizer, train_rows, group, step=position.step + 1, learning_rate=rate,
                    max_grad_norm=config.max_grad_norm, compute=compute, check_stop=report.check_stop,
                )
                position = _after(position, len(groups), figures.loss)
                tokens, seconds = tokens + figures.tokens, seconds + figures.seconds
                report.metric(position.step, {
                    "loss": figures.loss, "learning_rate": rate, "grad_norm": figures.grad_norm,
                    "tokens_per_second": figures.tokens / figures.seconds,
                    "epoch": position.epoch + position.group / len(groups),
                })
                report.progress(position.step, total, "steps")
                if config.evaluate_every and position.step % config.evaluate_every == 0 and position.step < total:
                    measured = _measure(model, head, held_out_rows, compute, position.step, report)
                if position.step % config.save_every == 0 and position.step < total:
                    newest = _save(run, model, optimizer, position, report)
        newest = _save(run, model, optimizer, position, report)
        report.phase("measuring")
        measured = _measure(model, head, held_out_rows, compute, position.step, report)
    except Stopped as stop:
        if stop.mode == "discard":
            raise
        state = "stopped"
        if position.step:
            newest = _save(run, model, optimizer, position, report)
    return {
        "run": run.id, "state": state, "steps": position.step, "total_steps": total,
        "loss": {"first": position.first_loss, "last": position.last_loss}, "held_out_loss": measured,
        "tokens_per_second": round(tokens / seconds, 2) if seconds else 0.0,
        "checkpoint": str(newest) if newest else "",
    }


def _checkpoint_to_resume(run: Run, resume: bool, report: Report) -> Path | None:
    """The checkpoint to go on from; None starts at step 0 (also when a run was killed before its first one)."""
    if not resume:
        if run.finished_checkpoints():
            raise TanrenError("resume_mismatch", reason=Text(
                "this run already has checkpoints; resume it instead",
                "この学習にはすでにチェックポイントがあります。再開してください"))
        return None
    found = newest_intact_checkpoint(run)
    if found is None:
        return None
    for damaged in found[1]:
        report.log(Text(f"{damaged.name} is damaged and is passed over",
                        f"{damaged.name} は壊れているため使いません"), "warning")
        (damaged / MANIFEST).rename(damaged / DAMAGED)
    return found[0]


def _after(position: Position, groups: int, loss: float) -> Position:
    """The position one step later."""
    epoch, group = divmod(position.epoch * groups + position.group + 1, groups)
    first = loss if position.first_loss is None else position.first_loss
    return msgspec.structs.replace(
        position, step=position.step + 1, epoch=epoch, group=group, first_loss=first, last_loss=loss
    )


def _save(run: Run, model: Any, optimizer: torch.optim.Optimizer, position: Position, report: Report) -> Path:
    """Saves a checkpoint; a stop that was asked for meanwhile waits until it is whole."""
    report.send(Phase(name="saving"))  # not report.phase: that would raise Stopped
    folder = save_checkpoint(run, model, optimizer, position, position.config.keep_checkpoints)
    report.artifact("checkpoint", folder)
    report.send(Phase(name="training"))
    return folder


def _measure(model: Any, head: Head, rows: Any, compute: Any, step: int, report: Report) -> float | None:
    """The held-out loss, shown as a metric."""
    loss = held_out_loss(model, head, rows, compute, report.check_stop)
    if loss is not None:
        report.metric(step, {"held_out_loss": loss})
    return loss
