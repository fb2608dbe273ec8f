"""The training stage: the loss falls, the same seed gives the same run, measuring changes nothing, stops save."""

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from backend.pipeline.examples_to_checkpoints import train
from backend.protocol.errors import TanrenError
from backend.protocol.messages import Artifact, Metric, Phase, Stop, WorkerEvent
from backend.runs.events import read_events
from backend.runs.run import Run
from backend.supervise import Worker
from tests.backend.training_kit import adapter_bytes, by_worker, in_process, job_of, metrics_of
from tests.tiny_models import make_model
from tests.tiny_runs import make_tiny_run


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_model(tmp_path_factory.mktemp("model"), hidden=128, feed_forward=256)


def _trained(home: Path, model: Path, **settings: object) -> tuple[Run, dict[str, object]]:
    home.mkdir(exist_ok=True)
    run = make_tiny_run(home, model, **{"learning_rate": 1e-2, "epochs": 4, **settings})
    return run, in_process(run, job_of(run), train)


@pytest.mark.parametrize("method", ["qlora", "lora"])
def test_the_loss_falls_and_the_same_seed_gives_the_same_sequence(tmp_path: Path, model: Path, method: str) -> None:
    one, result = _trained(tmp_path / "one", model, method=method, lora_dropout=0.1)
    two, _ = _trained(tmp_path / "two", model, method=method, lora_dropout=0.1)
    losses = metrics_of(one, "loss")
    assert [step for step, _ in losses] == list(range(1, 17))
    assert losses == metrics_of(two, "loss")
    assert losses[-1][1] < losses[0][1] * 0.9
    assert result["loss"] == {"first": losses[0][1], "last": losses[-1][1]}
    assert (result["state"], result["steps"], result["total_steps"]) == ("succeeded", 16, 16)
    assert metrics_of(one, "held_out_loss") == [(16, result["held_out_loss"])]
    assert adapter_bytes(one.newest_checkpoint()) == adapter_bytes(two.newest_checkpoint())
    other, _ = _trained(tmp_path / "other", model, method=method, lora_dropout=0.1, seed=18)
    assert metrics_of(other, "loss") != losses


def test_every_step_says_its_figures(tmp_path: Path, model: Path) -> None:
    run, _ = _trained(tmp_path, model, epochs=1)
    first = next(event for event in read_events(run.job_folders()[-1]) if isinstance(event, Metric))
    assert first.values.keys() == {"loss", "learning_rate", "grad_norm", "tokens_per_second", "epoch"}
    assert first.values["epoch"] == 0.25
    assert first.values["tokens_per_second"] > 0


def test_measuring_and_saving_between_steps_does_not_change_the_training(tmp_path: Path, model: Path) -> None:
    often, _ = _trained(tmp_path / "often", model, evaluate_every=1, save_every=1, epochs=2, lora_dropout=0.1)
    never, _ = _trained(tmp_path / "never", model, evaluate_every=0, save_every=1000, epochs=2, lora_dropout=0.1)
    assert len(metrics_of(often, "held_out_loss")) == 8
    assert len(metrics_of(never, "held_out_loss")) == 1
    assert metrics_of(often, "loss") == metrics_of(never, "loss")
    assert adapter_bytes(often.newest_checkpoint()) == adapter_bytes(never.newest_checkpoint())


def test_gradient_checkpointing_gives_the_same_losses(tmp_path: Path, model: Path) -> None:
    plain, _ = _trained(tmp_path / "plain", model, epochs=1)
    saving, _ = _trained(tmp_path / "saving", model, epochs=1, gradient_checkpointing=True)
    assert [loss for _, loss in metrics_of(saving, "loss")] == pytest.approx(
        [loss for _, loss in metrics_of(plain, "loss")], rel=1e-4)


def test_max_steps_ends_the_run_and_its_schedule_earlier(tmp_path: Path, model: Path) -> None:
    run, result = _trained(tmp_path, model, max_steps=5)
    assert (result["steps"], result["total_steps"]) == (5, 5)
    rates = [rate for _, rate in metrics_of(run, "learning_rate")]
    assert rates[-1] < rates[0] / 2


def test_a_loss_that_is_no_number_ends_the_run_before_it_harms_the_adapter(tmp_path: Path, model: Path) -> None:
    broken = tmp_path / "broken"
    broken.mkdir()
    for path in model.iterdir():
        (broken / path.name).write_bytes(path.read_bytes())
    weights = load_file(model / "model.safetensors")
    weights["model.norm.weight"][3] = float("inf")
    save_file(weights, broken / "model.safetensors", metadata={"format": "pt"})
    run = make_tiny_run(tmp_path, broken)
    with pytest.raises(TanrenError) as error:
        in_process(run, job_of(run), train)
    assert error.value.code == "loss_not_finite"
    assert error.value.values["step"] == "1"
    assert run.finished_checkpoints() == []


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU here")
def test_a_gpu_that_is_not_there_is_said_before_anything_is_loaded(tmp_path: Path, model: Path) -> None:
    run = make_tiny_run(tmp_path, model, device="cuda")
    with pytest.raises(TanrenError) as error:
        in_process(run, job_of(run), train)
    assert error.value.kind == "no_gpu"


def test_stop_saves_at_once_and_the_resumed_run_ends_like_one_never_stopped(tmp_path: Path, model: Path) -> None:
    settings = {"learning_rate": 5e-3, "epochs": 3, "save_every": 100, "lora_dropout": 0.1}
    whole, _ = _trained(tmp_path / "whole", model, **settings)
    (tmp_path / "stopped").mkdir()
    run = make_tiny_run(tmp_path / "stopped", model, **settings)

    def stop_at_step_4(worker: Worker, event: WorkerEvent) -> None:
        if isinstance(event, Metric) and event.step == 4:
            worker.send(Stop("save"))

    outcome = by_worker(run, job_of(run), stop_at_step_4).outcome
    assert outcome is not None and outcome.state == "stopped", outcome
    steps = outcome.result["steps"]
    assert 4 <= steps < 12
    assert run.newest_checkpoint().name == f"step-{steps:06d}"
    result = in_process(run, job_of(run, resume=True), train)
    assert (result["state"], result["steps"]) == ("succeeded", 12)
    assert result["loss"]["first"] == metrics_of(whole, "loss")[0][1]
    assert metrics_of(run, "loss") == metrics_of(whole, "loss")[steps:]
    assert adapter_bytes(run.newest_checkpoint()) == adapter_bytes(whole.newest_checkpoint())


def test_stop_and_discard_writes_no_checkpoint(tmp_path: Path, model: Path) -> None:
    run = make_tiny_run(tmp_path, model, epochs=400, save_every=100_000)

    def stop_at_step_2(worker: Worker, event: WorkerEvent) -> None:
        if isinstance(event, Metric) and event.step == 2:
            worker.send(Stop("discard"))

    outcome = by_worker(run, job_of(run), stop_at_step_2).outcome
    assert outcome is not None and outcome.state == "stopped", outcome
    events = list(read_events(run.job_folders()[-1]))
    assert not any(isinstance(event, Artifact) and event.kind == "checkpoint" for event in events)
    assert "saving" not in [event.name for event in events if isinstance(event, Phase)]
    assert run.finished_checkpoints() == []
