"""The loss of each row: what training measured, taken apart; written whole, worst first, of the right model only."""

import json
import math
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest
import torch

from backend.config.jobs import RowLossesJob
from backend.data.rendered_rows import KeptRows, read_rows
from backend.data.row_losses import RowLoss, read_row_losses
from backend.models.fingerprint import base_fingerprint
from backend.pipeline.checkpoint_to_row_losses import measure_rows
from backend.pipeline.examples_to_checkpoints import train
from backend.protocol.errors import TanrenError
from backend.protocol.messages import Progress, Stop, WorkerEvent
from backend.runs.atomic import TEMPORARY_PREFIX
from backend.runs.events import read_events
from backend.runs.manifests import check_manifest
from backend.runs.origin import stale, stale_artifacts
from backend.runs.run import Run
from backend.supervise import Worker
from backend.training.adapters import load_adapter
from backend.training.checkpoints import read_position
from backend.training.examples import read_examples
from backend.training.load_model import load_base
from tests.backend.training_kit import by_worker, in_process, job_of
from tests.tiny_models import make_model
from tests.tiny_runs import make_tiny_run


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, dict[str, Any]]:
    """A run that is half way to knowing its rows, and what its training reported."""
    home = tmp_path_factory.mktemp("measured")
    run = make_tiny_run(home, make_model(home / "model", hidden=64, feed_forward=128, scale=0.1), rows=24, held_out=7,
                        epochs=4, learning_rate=5e-3, lora_dropout=0.1)
    return run, in_process(run, job_of(run), train)


def _measure(run: Run) -> list[RowLoss]:
    in_process(run, RowLossesJob(run=str(run.folder)), measure_rows)
    return read_row_losses(run.row_losses)


def test_the_rows_add_up_to_the_loss_that_training_reported(trained: tuple[Run, dict[str, Any]]) -> None:
    run, result = trained
    losses = _measure(run)
    held_out = [row for row in losses if row.split == "held_out"]
    assert (len(losses), len(held_out)) == (31, 7)
    mean = sum(row.loss * row.tokens for row in held_out) / sum(row.tokens for row in held_out)
    assert mean == pytest.approx(result["held_out_loss"], rel=1e-3)
    assert [row.loss for row in losses] == sorted((row.loss for row in losses), reverse=True), "the worst first"
    assert losses[0].loss > losses[-1].loss > 0
    for split, numbers in (("train", range(24)), ("held_out", range(7))):
        assert sorted(row.row for row in losses if row.split == split) == list(numbers)


def test_each_row_has_the_loss_that_a_plain_forward_gives_it(trained: tuple[Run, dict[str, Any]]) -> None:
    run, _ = trained
    by_place = {(row.split, row.row): row for row in _measure(run)}
    position = read_position(run.newest_checkpoint())
    base = load_base(Path(run.info().model), run.info().config.method, position.compute)
    model = load_adapter(base, run.newest_checkpoint())
    for split, examples in zip(("train", "held_out"), read_examples(run.dataset), strict=True):
        for place in range(len(examples)):
            tokens, mask = examples.tokens(place), examples.trained(place)
            with torch.no_grad(), position.compute.autocast:
                logits = model(input_ids=tokens.unsqueeze(0)).logits[0, :-1].float()
            chances = torch.log_softmax(logits, dim=-1)[mask[1:], tokens[1:][mask[1:]]]
            row = by_place[split, place]
            assert row.tokens == int(mask.sum())
            assert row.loss == pytest.approx(-float(chances.mean()), rel=5e-3, abs=1e-3)


def test_a_row_is_known_by_its_number_and_its_file(trained: tuple[Run, dict[str, Any]]) -> None:
    run, _ = trained
    kept = KeptRows(run.dataset / "train.jsonl")
    written = read_rows(run.dataset / "train.jsonl")
    assert kept.rows([*range(23, -1, -1), 99]) == {row.row: row for row in written}
    assert [kept.line_of(row.row) for row in written] == list(range(1, 25))
    assert kept.line_of(99) == 0


def test_what_was_measured_of_an_older_checkpoint_says_so(tmp_path: Path) -> None:
    run = make_tiny_run(tmp_path, make_model(tmp_path / "model"), rows=8, held_out=2, epochs=1)
    assert read_row_losses(run.row_losses) == []
    in_process(run, job_of(run, max_steps=1), train)
    first = _measure(run)
    manifest = check_manifest(run.row_losses)
    assert manifest.facts["checkpoint"] == run.newest_checkpoint().name == "step-000001"
    assert stale_artifacts(run) == {}
    in_process(run, job_of(run, resume=True, max_steps=0), train)
    assert stale_artifacts(run).keys() == {"row_losses"}
    assert stale(run, run.row_losses) == stale_artifacts(run)["row_losses"]
    for flags, told in ((["--json"], '"row_losses"'), ([], "made from step 1;")):
        shown = subprocess.run([sys.executable, "main.py", "runs", "show", run.id, *flags], capture_output=True,
                               text=True, check=True, env={**os.environ, "TANREN_HOME": str(tmp_path)})
        assert str(run.row_losses) in shown.stdout + shown.stderr and told in shown.stdout + shown.stderr
    again = _measure(run)
    assert stale_artifacts(run) == {}
    assert {(row.split, row.row) for row in again} == {(row.split, row.row) for row in first} and again != first


def test_a_stop_leaves_the_older_measurement_whole(tmp_path: Path) -> None:
    run = make_tiny_run(tmp_path, make_model(tmp_path / "model"), rows=400, held_out=2, max_steps=1)
    in_process(run, job_of(run), train)
    _measure(run)
    before = check_manifest(run.row_losses)

    def stop_soon(worker: Worker, event: WorkerEvent) -> None:
        if isinstance(event, Progress) and event.unit == "rows":
            worker.send(Stop())

    worker = by_worker(run, RowLossesJob(run=str(run.folder)), stop_soon)
    assert worker.outcome is not None and getattr(worker.outcome, "state", "") == "stopped"
    shown = [event for event in read_events(run.job_folders()[-1]) if isinstance(event, Progress)]
    assert 0 < shown[0].done < shown[0].total == 402
    assert check_manifest(run.row_losses) == before
    assert not list(run.folder.glob(f"{TEMPORARY_PREFIX}*"))


def test_another_base_model_is_refused(tmp_path: Path) -> None:
    model = make_model(tmp_path / "model")
    run = make_tiny_run(tmp_path, model, rows=4, held_out=1, max_steps=1)
    with pytest.raises(TanrenError) as none_yet:
        _measure(run)
    assert none_yet.value.code == "run_no_checkpoint"
    in_process(run, job_of(run), train)
    config = json.loads((model / "config.json").read_text())
    before = base_fingerprint(model)
    (model / "config.json").write_text(json.dumps({**config, "rope_theta": 12345.0}))
    assert base_fingerprint(model) != before
    with pytest.raises(TanrenError) as refused:
        _measure(run)
    assert refused.value.code == "base_changed"
    assert not run.row_losses.exists()


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    whole = msgspec.json.encode(RowLoss(split="train", row=1, part=0, loss=math.pi, tokens=3))
    (tmp_path / "losses.jsonl").write_bytes(whole + b"\n")
    assert read_row_losses(tmp_path)[0].loss == math.pi
    (tmp_path / "losses.jsonl").write_bytes(whole + b"\n" + whole[:-5])
    with pytest.raises(TanrenError) as told:
        read_row_losses(tmp_path)
    assert told.value.code == "artifact_damaged" and "losses.jsonl" in told.value.message("en")
