"""Base model folders looked at: what they are, what is missing, what is refused and why."""

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from backend.home import starter_model
from backend.models.catalogue import list_models
from backend.models.inspect import check_model, look_at_model
from backend.models.weights import weight_files
from backend.protocol.errors import TanrenError, message_of
from tests.tiny_models import make_model


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A good model folder, not to be changed."""
    return make_model(tmp_path_factory.mktemp("models") / "tiny", "qwen2", layers=1)


@pytest.fixture
def model(made: Path, tmp_path: Path) -> Path:
    """A copy of it, to be spoiled."""
    return Path(shutil.copytree(made, tmp_path / "model"))


def change(file: Path, **values: Any) -> None:
    """Sets keys of a JSON file."""
    file.write_text(json.dumps({**json.loads(file.read_text()), **values}))


def refusal(model: Path) -> TanrenError:
    """The error for this folder; the look at it must say the same."""
    with pytest.raises(TanrenError) as caught:
        check_model(model)
    look = look_at_model(model)
    assert look.verdict == "refused"
    assert caught.value.message("en") in look.reasons
    assert caught.value.code in [refused.code for refused in look.refusals]
    assert [message_of(refused.code, refused.values, "en") for refused in look.refusals] == look.reasons
    return caught.value


def test_a_good_model(model: Path) -> None:
    (model / "README.md").write_text("---\nlanguage: ja\nlicense: apache-2.0\n---\n# Tiny\nlicense: other\n")
    look = check_model(model)
    config = json.loads((model / "config.json").read_text())
    assert (look.verdict, look.reasons, look.family) == ("ok", [], "qwen2")
    assert look.vocab_size == config["vocab_size"]
    assert look.max_length == config["max_position_embeddings"]
    assert look.has_template
    assert look.license == "apache-2.0"
    assert look.bytes == (model / "model.safetensors").stat().st_size


def test_parameters_are_counted_from_the_weights(made: Path) -> None:
    from transformers import AutoModelForCausalLM

    loaded = AutoModelForCausalLM.from_pretrained(made)
    assert look_at_model(made).parameters == sum(parameter.numel() for parameter in loaded.parameters())


def test_sharded_weights_are_counted_together(made: Path, tmp_path: Path) -> None:
    sharded = make_model(tmp_path / "sharded", "qwen2", layers=1, max_shard_size="300KB")
    assert len(list(sharded.glob("*.safetensors"))) > 1
    assert check_model(sharded).parameters == check_model(made).parameters
    next(iter(sharded.glob("*.safetensors"))).unlink()
    assert refusal(sharded).code == "model_file_missing"


@pytest.mark.parametrize(
    ("name", "code"),
    [("config.json", "model_no_config"), ("tokenizer.json", "model_no_tokenizer"),
     ("model.safetensors", "model_no_weights")],
)
def test_missing_pieces(model: Path, name: str, code: str) -> None:
    (model / name).unlink()
    error = refusal(model)
    assert (error.code, error.kind) == (code, "model_missing")


def test_no_folder_and_a_file_for_a_folder(tmp_path: Path, model: Path) -> None:
    assert refusal(tmp_path / "none").code == "model_no_folder"
    assert refusal(model / "config.json").code == "model_no_folder"
    empty = tmp_path / "empty"
    empty.mkdir()
    assert refusal(empty).kind == "model_missing"


@pytest.mark.parametrize("content", ["", "{", "[]", "\x00\xff", "[" * 100_000])
def test_an_unreadable_config(model: Path, content: str) -> None:
    (model / "config.json").write_text(content)
    assert refusal(model).code == "model_file_unreadable"


def test_weights_under_another_name_are_none(model: Path) -> None:
    """What the look accepts, training and merging open too: transformers reads no other names."""
    (model / "model.safetensors").rename(model / "weights.safetensors")
    error = refusal(model)
    assert (error.code, error.kind) == ("model_no_weights", "model_missing")
    from transformers import AutoModelForCausalLM

    with pytest.raises(OSError, match="no file named"):
        AutoModelForCausalLM.from_pretrained(model, use_safetensors=True, local_files_only=True)


def test_a_single_file_comes_before_an_index(model: Path) -> None:
    (model / "model.safetensors.index.json").write_text(json.dumps({"weight_map": {"a": "model-1.safetensors"}}))
    assert [file.name for file in weight_files(model)] == ["model.safetensors"]
    assert check_model(model).parameters > 0


@pytest.mark.parametrize("name", ["pytorch_model.bin", "model.pt", "model.pkl", "model.ckpt"])
def test_weights_only_as_pickle_are_unsafe(model: Path, name: str) -> None:
    (model / "model.safetensors").rename(model / name)
    error = refusal(model)
    assert (error.code, error.kind) == ("model_pickle", "model_unsafe")
    assert name in error.message("ja")


def test_a_pickle_beside_safetensors_is_not_in_the_way(model: Path) -> None:
    (model / "pytorch_model.bin").write_bytes(b"\x80\x04.")
    assert look_at_model(model).verdict == "ok"


@pytest.mark.parametrize("name", ["config.json", "tokenizer_config.json"])
def test_custom_code_is_unsafe(model: Path, name: str) -> None:
    change(model / name, auto_map={"AutoModelForCausalLM": "modeling_evil.Evil"})
    error = refusal(model)
    assert (error.code, error.kind) == ("model_custom_code", "model_unsafe")


@pytest.mark.parametrize("name", ["../other.safetensors", "/etc/passwd", "deep/model.safetensors", "..", "a\\b"])
def test_an_index_that_points_elsewhere_is_unsafe(model: Path, name: str) -> None:
    (model / "model.safetensors.index.json").write_text(json.dumps({"weight_map": {"lm_head.weight": name}}))
    error = refusal(model)
    assert (error.code, error.kind) == ("model_path_escape", "model_unsafe")


@pytest.mark.parametrize("name", ["config.json", "model.safetensors", "chat_template.jinja"])
def test_links_out_of_the_folder_are_unsafe(model: Path, tmp_path: Path, name: str) -> None:
    outside = tmp_path / "outside"
    outside.write_text("{}")
    (model / name).unlink(missing_ok=True)
    (model / name).symlink_to(outside)
    error = refusal(model)
    assert (error.code, error.kind) == ("model_link_escape", "model_unsafe")


def test_a_snapshot_of_a_hugging_face_cache_may_link_to_its_blobs(made: Path, tmp_path: Path) -> None:
    repository = tmp_path / "models--tiny"
    snapshot = repository / "snapshots" / "abc123"
    snapshot.mkdir(parents=True)
    (repository / "blobs").mkdir()
    for place, file in enumerate(sorted(made.iterdir())):
        shutil.copyfile(file, repository / "blobs" / str(place))
        (snapshot / file.name).symlink_to(Path("..", "..", "blobs", str(place)))
    assert check_model(snapshot).verdict == "ok"


def test_links_inside_the_folder_are_fine(model: Path) -> None:
    os.rename(model / "model.safetensors", model / "weights.safetensors")
    (model / "model.safetensors").symlink_to("weights.safetensors")
    assert look_at_model(model).verdict == "ok"


def test_a_quantized_model_is_refused(model: Path) -> None:
    change(model / "config.json", quantization_config={"quant_method": "gptq", "bits": 4})
    error = refusal(model)
    assert error.code == "model_quantized" and "gptq" in error.message("en")


@pytest.mark.parametrize("damage", ["cut", "longer", "huge header", "no json", "tiny", "wrong shapes"])
def test_damaged_weights_are_refused(model: Path, damage: str) -> None:
    file = model / "model.safetensors"
    raw = file.read_bytes()
    length = int.from_bytes(raw[:8], "little")
    spoiled = {
        "cut": raw[:-100],
        "longer": raw + b"\0" * 100,
        "huge header": (2**62).to_bytes(8, "little") + raw[8:],
        "no json": raw[:8] + b"x" * length + raw[8 + length :],
        "tiny": b"\0\0\0",
        "wrong shapes": (13).to_bytes(8, "little") + b'{"a":"b"}    ',
    }[damage]
    file.write_bytes(spoiled)
    assert refusal(model).code == "model_weights_damaged"


def test_unsafe_comes_before_missing(model: Path) -> None:
    (model / "tokenizer.json").unlink()
    change(model / "config.json", auto_map={"AutoConfig": "evil.Config"})
    assert refusal(model).kind == "model_unsafe"
    assert len(look_at_model(model).reasons) == 2


def test_the_catalogue_names_each_folder_once(home: Path, model: Path) -> None:
    (home / "models").mkdir()
    shutil.copytree(model, home / "models" / "mine")
    listed = list_models(home, [str(model), str(home / "models" / "mine"), str(home / "gone")])
    names = [(entry.origin, entry.name) for entry in listed if entry.origin != "starter"]
    assert names == [("home", "mine"), ("recent", "model")]
    assert any(entry.origin == "starter" for entry in listed) == starter_model().is_dir()
