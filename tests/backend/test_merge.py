"""Merging: the numbers of PEFT's own merge in 32 bits, in the memory of a shard, the base's files untouched."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from transformers import AutoModelForCausalLM, GPT2Config, GPT2LMHeadModel

import backend.export.safetensors_stream
from backend.config.jobs import MergeJob
from backend.export.merge_adapter import Delta, deltas_by_tensor, read_deltas, stored
from backend.export.safetensors_stream import SafetensorsWriter, row_blocks_of
from backend.launch import REPOSITORY
from backend.models.fingerprint import base_fingerprint
from backend.models.weights import read_header
from backend.pipeline.checkpoint_to_merged import merge
from backend.protocol.errors import TanrenError
from backend.runs.manifests import check_manifest, write_manifest
from backend.runs.run import Run
from tests.backend.training_kit import in_process
from tests.tiny_models import Family, make_model
from tests.tiny_runs import make_tiny_run

pytestmark = pytest.mark.filterwarnings("ignore:.*is_gradient_checkpointing:FutureWarning")


def _run_with_adapter(folder: Path, model: Path, step: int = 3, seed: int = 0) -> Run:
    """A run with one checkpoint, whose adapter is random: as if it had been trained hard."""
    folder.mkdir(exist_ok=True)
    run = make_tiny_run(folder, model)
    _add_checkpoint(run, step, seed)
    return run


def _add_checkpoint(run: Run, step: int, seed: int) -> None:
    torch.manual_seed(seed)
    base = AutoModelForCausalLM.from_pretrained(run.info().model, dtype=torch.float32)
    adapted = get_peft_model(base, LoraConfig(r=4, lora_alpha=12, target_modules="all-linear", task_type="CAUSAL_LM"))
    for name, parameter in adapted.named_parameters():
        if "lora_" in name:
            torch.nn.init.normal_(parameter, std=0.1)
    folder = run.checkpoints / f"step-{step:06d}"
    adapted.save_pretrained(folder)
    write_manifest(folder, "checkpoint", facts={"base_fingerprint": base_fingerprint(Path(run.info().model))})


def _merge(run: Run) -> dict[str, Any]:
    return in_process(run, MergeJob(run=str(run.folder)), merge)


def _merged_by_peft(run: Run) -> dict[str, torch.Tensor]:
    base = AutoModelForCausalLM.from_pretrained(run.info().model, dtype=torch.float32)
    model = PeftModel.from_pretrained(base, run.newest_checkpoint()).merge_and_unload()
    return {name: value.float() for name, value in model.state_dict().items()}


def _weights(folder: Path) -> dict[str, torch.Tensor]:
    return {name: value for path in folder.glob("*.safetensors") for name, value in load_file(path).items()}


@pytest.mark.parametrize(("family", "dtype", "shard"), [
    ("llama", torch.bfloat16, "50GB"), ("qwen2", torch.bfloat16, "300KB"), ("gemma", torch.float16, "50GB"),
    ("gemma2", torch.float32, "600KB"),
])
def test_it_is_what_peft_merges_in_32_bits_rounded_once(
    tmp_path: Path, family: Family, dtype: torch.dtype, shard: str
) -> None:
    model = make_model(tmp_path / "model", family, dtype=dtype, max_shard_size=shard, hidden=128, feed_forward=256)
    run = _run_with_adapter(tmp_path, model)
    result = _merge(run)
    kept = torch.bfloat16 if dtype == torch.float32 else dtype
    merged, base, expected = _weights(run.merged), _weights(model), _merged_by_peft(run)
    assert merged.keys() == base.keys()
    assert {value.dtype for value in merged.values()} == {kept}
    changed = 0
    for name, value in merged.items():
        # one unit in the last place where the two sums in 32 bits fall on both sides of a rounding border
        torch.testing.assert_close(value.float(), expected[name].to(kept).float(), rtol=2**-7, atol=1e-6)
        assert float((value.float() != expected[name].to(kept).float()).float().mean()) < 1e-3
        changed += not torch.equal(value, base[name].to(kept))
    assert changed == 14  # seven linear layers in each of two blocks
    assert sorted(path.name for path in run.merged.glob("*.safetensors")) == sorted(
        path.name for path in model.glob("*.safetensors"))
    assert result == {"path": str(run.merged), "bytes": sum(e.bytes for e in check_manifest(run.merged).files.values())}
    opened = AutoModelForCausalLM.from_pretrained(run.merged)
    assert opened.dtype == kept


def test_the_sum_in_32_bits_is_within_1e_6_of_pefts(tmp_path: Path) -> None:
    run = _run_with_adapter(tmp_path, make_model(tmp_path / "model", hidden=128))
    base, expected = _weights(Path(run.info().model)), _merged_by_peft(run)
    deltas = deltas_by_tensor(read_deltas(run.newest_checkpoint()), {k: tuple(v.shape) for k, v in base.items()})
    assert len(deltas) == 14
    for name, delta in deltas.items():
        rows = base[name].shape[0]
        halves = [delta.added_to(base[name][: rows // 2], 0), delta.added_to(base[name][rows // 2 :], rows // 2)]
        torch.testing.assert_close(torch.cat(halves), expected[name], rtol=1e-6, atol=1e-6)


def test_transposed_weights_of_gpt2_are_merged_the_right_way_round(tmp_path: Path) -> None:
    torch.manual_seed(0)
    model = GPT2LMHeadModel(GPT2Config(
        vocab_size=64, n_positions=32, n_embd=32, n_layer=1, n_head=2, bos_token_id=0, eos_token_id=0
    ))
    before = {name: value.clone() for name, value in model.state_dict().items()}
    adapted = get_peft_model(model, LoraConfig(r=2, target_modules=["c_attn", "c_fc"], fan_in_fan_out=True))
    for name, parameter in adapted.named_parameters():
        if "lora_" in name:
            torch.nn.init.normal_(parameter)
    adapted.save_pretrained(tmp_path)
    expected = adapted.merge_and_unload().state_dict()
    deltas = deltas_by_tensor(read_deltas(tmp_path), {name: tuple(value.shape) for name, value in before.items()})
    assert len(deltas) == 2
    for name, delta in deltas.items():
        torch.testing.assert_close(delta.added_to(before[name], 0), expected[name], rtol=1e-5, atol=1e-5)


def test_the_bases_own_files_are_carried_over_untouched_and_nothing_that_runs(tmp_path: Path) -> None:
    model = make_model(tmp_path / "model", "qwen3", hidden=128)
    (model / "modeling_own.py").write_text("raise SystemExit\n")
    (model / "tokenizer.model").write_bytes(b"\x00sentences\xff")
    (model / "LICENSE").write_text("terms")
    (model / "pytorch_model.bin").write_bytes(b"pickle")
    run = _run_with_adapter(tmp_path, model)
    _merge(run)
    for name in ("config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json", "tokenizer.model",
                 "LICENSE"):
        assert (run.merged / name).read_bytes() == (model / name).read_bytes()
    assert not (run.merged / "modeling_own.py").exists()
    assert not (run.merged / "pytorch_model.bin").exists()


def test_a_second_merge_of_the_same_checkpoint_does_nothing_and_of_a_newer_one_replaces(tmp_path: Path) -> None:
    run = _run_with_adapter(tmp_path, make_model(tmp_path / "model", hidden=128))
    first = _merge(run)
    made = (run.merged / "manifest.json").read_bytes()
    assert _merge(run) == first
    assert (run.merged / "manifest.json").read_bytes() == made
    _add_checkpoint(run, step=6, seed=1)
    _merge(run)
    assert check_manifest(run.merged).facts["checkpoint"] == "step-000006"
    assert [path.name for path in run.folder.glob(".partial-*")] == []


def test_a_merged_model_that_was_damaged_is_made_again(tmp_path: Path) -> None:
    make_model(tmp_path / "model", "llama")
    run = _run_with_adapter(tmp_path, tmp_path / "model")
    _merge(run)
    file = run.merged / "model.safetensors"
    whole = file.read_bytes()
    file.write_bytes(whole[:-4] + b"oops")
    _merge(run)
    assert file.read_bytes() == whole
    check_manifest(run.merged)


@pytest.mark.parametrize("change", ["weights", "middle", "template"])
def test_a_base_that_changed_since_training_is_refused(tmp_path: Path, change: str) -> None:
    model = make_model(tmp_path / "model", hidden=128)
    run = _run_with_adapter(tmp_path, model)
    if change == "weights":
        make_model(model, hidden=128, seed=7)
    elif change == "middle":  # as large as before, both ends of the file as before
        raw = bytearray((model / "model.safetensors").read_bytes())
        raw[len(raw) // 2 - 100_000 : len(raw) // 2 + 100_000] = bytes(200_000)
        (model / "model.safetensors").write_bytes(raw)
    else:
        (model / "chat_template.jinja").write_text("{{ messages[0].content }}")
    with pytest.raises(TanrenError) as error:
        _merge(run)
    assert error.value.code == "base_changed"
    assert str(model) in error.value.message("ja")
    assert not run.merged.exists()


def test_a_merged_model_of_another_base_is_made_again(tmp_path: Path) -> None:
    model = make_model(tmp_path / "model", hidden=128)
    run = _run_with_adapter(tmp_path, model)
    _merge(run)
    before = (run.merged / "model.safetensors").read_bytes()
    make_model(model, hidden=128, seed=7)
    assert _merge(run)["path"] == str(run.merged)  # whole, and of the base that was trained on: still right
    assert (run.merged / "model.safetensors").read_bytes() == before
    write_manifest(run.newest_checkpoint(), "checkpoint", facts={"base_fingerprint": base_fingerprint(model)})
    _merge(run)  # the same adapter, but it belongs to the new base
    assert (run.merged / "model.safetensors").read_bytes() != before


def test_an_adapter_that_does_not_fit_is_refused(tmp_path: Path) -> None:
    run = _run_with_adapter(tmp_path, make_model(tmp_path / "model", hidden=128))
    base = make_model(Path(run.info().model), hidden=128, layers=1)
    write_manifest(run.newest_checkpoint(), "checkpoint", facts={"base_fingerprint": base_fingerprint(base)})
    with pytest.raises(TanrenError) as error:
        _merge(run)
    assert error.value.code == "merge_failed"
    assert "layers.1" in error.value.values["reason"]
    assert not run.merged.exists()


def test_names_that_differ_before_the_layers_are_found_when_there_is_no_doubt() -> None:
    delta = Delta(torch.zeros(4, 1), torch.zeros(1, 6))
    one = {"language_model.model.layers.0.mlp.up_proj.weight": (4, 6), "model.layers.1.mlp.up_proj.weight": (4, 6)}
    assert list(deltas_by_tensor({"model.language_model.layers.0.mlp.up_proj": delta}, one)) == [next(iter(one))]
    for shapes in ({"a.layers.0.x.weight": (4, 6), "b.layers.0.x.weight": (4, 6)}, {"a.layers.0.x.weight": (6, 4)}):
        with pytest.raises(TanrenError):
            deltas_by_tensor({"model.layers.0.x": delta}, shapes)


def test_values_that_do_not_fit_into_16_bits_are_refused() -> None:
    with pytest.raises(TanrenError):
        stored(torch.tensor([70000.0]), torch.float16, "w")


def test_the_streamed_file_is_read_by_the_safetensors_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backend.export.safetensors_stream, "PIECE_BYTES", 64)
    tensors = {"a": torch.randn(33, 7), "名": torch.arange(5), "scalar": torch.tensor(2.5), "none": torch.zeros(0, 4)}
    save_file(tensors, tmp_path / "in.safetensors")
    header = read_header(tmp_path / "in.safetensors")
    layout = {name: (entry.dtype, entry.shape) for name, entry in header.items()}
    with SafetensorsWriter(tmp_path / "out.safetensors", layout) as writer:
        for entry in header.values():
            for _, block in row_blocks_of(tmp_path / "in.safetensors", entry):
                writer.append(block)
    with safe_open(tmp_path / "out.safetensors", "pt") as file:
        assert set(file.keys()) == set(tensors)
        assert all(torch.equal(file.get_tensor(name), value) for name, value in tensors.items())
    short = tmp_path / "short.safetensors"
    with pytest.raises(ValueError, match="instead of"), SafetensorsWriter(short, layout) as writer:
        writer.append(b"1234")


@pytest.mark.parametrize("damage", [b"\xff" * 8, (20).to_bytes(8, "little") + b'{"a": [1, 2, 3]}    ',
                                    (72).to_bytes(8, "little")
                                    + b'{"a":{"dtype":"F32","shape":[9],"data_offsets":[0,36]}}'.ljust(72)])
def test_a_damaged_file_is_refused(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / "bad.safetensors").write_bytes(damage + bytes(12))
    with pytest.raises(TanrenError) as error:
        read_header(tmp_path / "bad.safetensors")
    assert error.value.code == "model_weights_damaged"


CHILD = """
import os, sys
from pathlib import Path
from backend.config.jobs import MergeJob
from backend.hardware.usage import own_peak_mib
from backend.pipeline.checkpoint_to_merged import merge
from backend.report import Report
from safetensors.torch import load_file
import psutil, torch
torch.set_num_threads(1)
torch.addmm(torch.ones(256, 256), torch.ones(256, 8), torch.ones(8, 256))
what, run, job, model = sys.argv[1:]
Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew (proc(5))
before = own_peak_mib()
if what == "merge":
    merge(MergeJob(run=run), Report(Path(job), os.open(os.devnull, os.O_WRONLY)))
else:
    whole = [load_file(path) for path in sorted(Path(model).glob("*.safetensors"))]
    assert sum(value.float().sum().item() for file in whole for value in file.values()) == 0.0
print(round((own_peak_mib() - before) * 2**20))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads the peak memory as Linux counts it")
def test_merging_needs_the_memory_of_a_shard_not_of_the_model(tmp_path: Path) -> None:
    model, shards, layer = tmp_path / "model", 8, (2048, 4096)
    model.mkdir()
    names = [f"model.layers.{at}.mlp.up_proj" for at in range(2 * shards)]
    for at in range(shards):
        weights = {f"{name}.weight": torch.zeros(layer, dtype=torch.bfloat16) for name in names[2 * at : 2 * at + 2]}
        save_file(weights, model / f"model-{at:05d}.safetensors")
    index = {"weight_map": {f"{name}.weight": f"model-{at // 2:05d}.safetensors" for at, name in enumerate(names)}}
    (model / "model.safetensors.index.json").write_text(json.dumps(index))
    (model / "config.json").write_text("{}")
    checkpoint = tmp_path / "run" / "checkpoints" / "step-000001"
    checkpoint.mkdir(parents=True)
    (checkpoint / "adapter_config.json").write_text('{"peft_type": "LORA", "r": 2, "lora_alpha": 4}')
    save_file({key: value for name in names for key, value in {
        f"base_model.model.{name}.lora_A.weight": torch.ones(2, layer[1]),
        f"base_model.model.{name}.lora_B.weight": torch.ones(layer[0], 2),
    }.items()}, checkpoint / "adapter_model.safetensors")
    write_manifest(checkpoint, "checkpoint", facts={"base_fingerprint": base_fingerprint(model)})
    info = {"id": "run", "name": "run", "created": 0.0, "model": str(model), "data": ""}
    (tmp_path / "run" / "run.json").write_text(json.dumps(info))
    job = tmp_path / "job"
    job.mkdir()

    shard_bytes = 2 * 2 * layer[0] * layer[1]
    bound = 2.5 * shard_bytes
    assert bound < shards * shard_bytes / 3
    grown = {what: _grown(what, tmp_path / "run", job, model) for what in ("merge", "load everything")}
    assert grown["merge"] < bound < grown["load everything"], grown
    merged = load_file(tmp_path / "run" / "merged" / "model-00007.safetensors")
    assert all(bool((value == 4.0).all()) for value in merged.values())


def _grown(what: str, run: Path, job: Path, model: Path) -> int:
    """By how many bytes the memory of a process of its own grew at most in doing `what`."""
    ended = subprocess.run([sys.executable, "-c", CHILD, what, str(run), str(job), str(model)], cwd=REPOSITORY,
                           capture_output=True, text=True, timeout=240, check=False)
    assert ended.returncode == 0, ended.stderr
    return int(ended.stdout)
