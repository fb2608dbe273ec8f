"""The checkpoint store: plain readable files, kept few, checked before they are used."""

import json
from pathlib import Path

import msgspec
import pytest
import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM

from backend.config.toml import from_toml
from backend.config.train import TrainConfig
from backend.pipeline.examples_to_checkpoints import train
from backend.protocol.errors import TanrenError
from backend.protocol.messages import Artifact, Log, Metric, Phase
from backend.runs import atomic
from backend.runs.events import read_events
from backend.runs.manifests import check_manifest, write_manifest
from backend.runs.run import Run
from backend.training.checkpoints import read_position
from tests.backend.training_kit import adapter_bytes, in_process, job_of
from tests.tiny_models import make_model
from tests.tiny_runs import make_tiny_run


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_model(tmp_path_factory.mktemp("model"), hidden=64, feed_forward=64)


@pytest.fixture
def run(tmp_path: Path, model: Path) -> Run:
    """16 rows, 4 a step: 8 steps, saved at 2, 4, 6 and 8, the last three kept."""
    made = make_tiny_run(tmp_path, model, method="lora", epochs=2, save_every=2, keep_checkpoints=3)
    in_process(made, job_of(made), train)
    return made


def _refused(run: Run, **settings: object) -> TanrenError:
    with pytest.raises(TanrenError) as error:
        in_process(run, job_of(run, resume=True, **settings), train)
    return error.value


def test_the_newest_are_kept_and_hold_no_pickles(run: Run) -> None:
    assert [path.name for path in sorted(run.checkpoints.iterdir())] == ["step-000004", "step-000006", "step-000008"]
    manifest = check_manifest(run.newest_checkpoint())
    assert set(manifest.files) == {
        "adapter_config.json", "adapter_model.safetensors", "optimizer.safetensors", "position.json",
        "random.safetensors", "random.json",
    }
    position = json.loads((run.newest_checkpoint() / "position.json").read_text())
    assert (position["step"], position["epoch"], position["group"]) == (8, 2, 0)


@pytest.mark.filterwarnings("ignore:.*is_gradient_checkpointing:FutureWarning")  # PEFT 0.21 asks by its old name
def test_the_adapter_is_one_that_peft_itself_opens(run: Run, model: Path) -> None:
    base = AutoModelForCausalLM.from_pretrained(model)
    opened = PeftModel.from_pretrained(base, run.newest_checkpoint())
    ours = adapter_bytes(run.newest_checkpoint())
    theirs = {name.replace(".default", ""): value.detach().numpy().tobytes()
              for name, value in opened.named_parameters() if "lora_" in name}
    assert ours == theirs != {}


def test_a_damaged_checkpoint_is_passed_over_and_said(run: Run) -> None:
    wanted = adapter_bytes(run.newest_checkpoint())
    with open(run.newest_checkpoint() / "adapter_model.safetensors", "r+b") as file:
        file.seek(-5, 2)
        file.write(b"\xff")
    (run.checkpoints / "step-000006" / "optimizer.safetensors").unlink()
    result = in_process(run, job_of(run, resume=True), train)
    said = [event.text for event in read_events(run.job_folders()[-1]) if isinstance(event, Log)]
    assert "step-000008 is damaged and is passed over" in said
    assert "going on from step-000004" in said
    assert result["steps"] == 8
    assert adapter_bytes(run.newest_checkpoint()) == wanted


def test_a_folder_without_manifest_is_no_checkpoint(run: Run) -> None:
    (run.checkpoints / "step-000008" / "manifest.json").unlink()
    (run.checkpoints / ".partial-step-000010-77").mkdir()
    assert run.newest_checkpoint().name == "step-000006"
    in_process(run, job_of(run, resume=True), train)
    assert run.newest_checkpoint().name == "step-000008"
    assert not list(run.checkpoints.glob(".partial-*"))


def test_a_deletion_that_was_cut_short_is_finished_and_damaged_ones_are_kept(run: Run) -> None:
    cut, damaged = run.checkpoints / "step-000002", run.checkpoints / "step-000004"
    cut.mkdir()
    (cut / "adapter_model.safetensors").write_bytes(b"the manifest went first")
    (damaged / "manifest.json").rename(damaged / "manifest.damaged.json")
    in_process(run, job_of(run, resume=True, epochs=3, keep_checkpoints=2), train)
    assert sorted(path.name for path in run.checkpoints.iterdir()) == ["step-000004", "step-000010", "step-000012"]
    assert (damaged / "optimizer.safetensors").is_file()


def test_a_new_checkpoints_folder_is_forced_to_the_disk(
    tmp_path: Path, model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[tuple[Path, bool]] = []
    made = make_tiny_run(tmp_path, model, method="lora", max_steps=1)
    monkeypatch.setattr(atomic, "sync_folder", lambda path: synced.append((path, made.checkpoints.is_dir())))
    in_process(made, job_of(made), train)
    assert (made.folder, True) in synced[: synced.index((made.checkpoints, True))]


def test_the_phase_after_a_save_is_not_saving(run: Run) -> None:
    """While saving, a supervisor is patient for ten minutes: what comes after it must not be taken for it."""
    events = [event for event in read_events(run.job_folders()[-1])]
    phase, measured_in = "", []
    for event in events:
        if isinstance(event, Phase):
            phase = event.name
        elif isinstance(event, Metric) and "held_out_loss" in event.values:
            measured_in.append(phase)
    assert measured_in == ["measuring"]
    saved = [at for at, event in enumerate(events) if isinstance(event, Artifact)]
    assert [event.name for at in saved for event in events[at + 1 : at + 2] if isinstance(event, Phase)] == [
        "training"] * len(saved)


def test_when_all_are_damaged_it_is_said(run: Run) -> None:
    for folder in run.finished_checkpoints():
        (folder / "position.json").write_text("{}")
    assert _refused(run).code == "artifact_damaged"


@pytest.mark.parametrize(("name", "value"), [("lora_rank", 8), ("seed", 5), ("method", "qlora"), ("batch_size", 3),
                                            ("max_length", 64), ("held_out_fraction", 0.3)])
def test_settings_that_would_make_another_run_are_refused(run: Run, name: str, value: object) -> None:
    error = _refused(run, **{name: value})
    assert error.code == "resume_mismatch"
    assert name in error.values["reason"]


def test_settings_that_help_after_a_failure_may_change(run: Run) -> None:
    result = in_process(run, job_of(run, resume=True, learning_rate=1e-5, epochs=3, batch_size=1,
                                    gradient_accumulation=4), train)
    assert (result["steps"], result["total_steps"]) == (12, 12)
    config = run.info().config
    assert config == from_toml(run.folder / "config.toml", TrainConfig)
    assert (config.learning_rate, config.epochs, config.batch_size) == (1e-5, 3, 1)


def test_fewer_steps_than_are_done_already_are_refused(run: Run) -> None:
    before = run.info()
    error = _refused(run, max_steps=1)
    assert error.code == "resume_mismatch"
    assert "end at step 1" in error.values["reason"]
    assert run.info() == before


def test_refused_settings_are_not_recorded(run: Run) -> None:
    before = run.info()
    _refused(run, lora_rank=8, learning_rate=1e-5)
    assert run.info() == before


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU here")
def test_a_run_of_a_gpu_that_is_gone_goes_on_when_the_device_is_set(run: Run) -> None:
    _trained_elsewhere(run)
    error = _refused(run, device="auto", epochs=3)
    assert error.code == "no_gpu"
    assert "runs resume RUN --set device=cpu" in error.hint("en")
    assert in_process(run, job_of(run, resume=True, device="cpu", epochs=3), train)["steps"] == 12
    assert read_position(run.newest_checkpoint()).compute.device == "cpu"


def _trained_elsewhere(run: Run) -> None:
    """Makes the newest checkpoint say that it was computed on a GPU."""
    folder = run.newest_checkpoint()
    position = read_position(folder)
    compute = msgspec.structs.replace(position.compute, device="cuda:0")
    (folder / "position.json").write_bytes(msgspec.json.encode(msgspec.structs.replace(position, compute=compute)))
    write_manifest(folder, "checkpoint")


def test_another_base_model_is_refused(run: Run, tmp_path: Path) -> None:
    model = Path(run.info().model)
    shard = model / "model.safetensors"
    before = shard.read_bytes()
    try:
        shard.write_bytes(before[:-2] + b"\x01\x02")
        assert _refused(run).code == "resume_mismatch"
    finally:
        shard.write_bytes(before)


def test_a_run_with_checkpoints_is_not_begun_again(run: Run) -> None:
    with pytest.raises(TanrenError) as error:
        in_process(run, job_of(run), train)
    assert error.value.code == "resume_mismatch"
    assert len(run.finished_checkpoints()) == 3
