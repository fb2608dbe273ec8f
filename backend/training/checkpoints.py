"""The checkpoint store: everything a run needs to go on exactly, in folders that are whole or not there."""

import random
import shutil
from pathlib import Path
from typing import Any

import msgspec
import torch
from safetensors.torch import load_file, save_file

from backend.config.train import TrainConfig, check_resumable
from backend.hardware.compute import Compute
from backend.protocol.errors import TanrenError
from backend.protocol.languages import Text
from backend.runs.atomic import make_folder, remove_leftovers, staged_folder, write_file
from backend.runs.manifests import MANIFEST, check_manifest, write_manifest
from backend.runs.run import Run
from backend.training.adapters import read_adapter, trained_parameters, write_adapter

POSITION = "position.json"
OPTIMIZER = "optimizer.safetensors"
RANDOM = "random.safetensors"
PYTHON_RANDOM = "random.json"
ADAM_STATE = ("step", "exp_avg", "exp_avg_sq")
DAMAGED = "manifest.damaged.json"  # set aside, for people to look at: no checkpoint any more


class Position(msgspec.Struct, frozen=True, kw_only=True):
    """How far a run is: `step` optimizer steps done; the next is group `group` of `epoch` (both 0-based).

    `rows`, `examples_sha256` and `base_fingerprint` say to which data and base model it belongs.
    """

    step: int = 0
    epoch: int = 0
    group: int = 0
    rows: int = 0
    examples_sha256: str = ""
    base_fingerprint: str = ""
    first_loss: float | None = None
    last_loss: float | None = None
    compute: Compute
    config: TrainConfig


def save_checkpoint(run: Run, model: Any, optimizer: torch.optim.Optimizer, position: Position, keep: int) -> Path:
    """Writes checkpoints/step-N, then deletes all but the newest `keep`; returns the folder.

    A step that is already saved is not saved again: its state cannot differ.
    """
    make_folder(run.checkpoints)
    folder = run.checkpoints / f"step-{position.step:06d}"
    if folder not in run.finished_checkpoints():
        with staged_folder(folder) as staged:
            write_adapter(model, staged)
            save_file(_optimizer_tensors(model, optimizer), staged / OPTIMIZER)
            save_file(_random_tensors(), staged / RANDOM)
            write_file(staged / PYTHON_RANDOM, msgspec.json.encode(random.getstate()))
            write_file(staged / POSITION, msgspec.json.format(msgspec.json.encode(position), indent=1))
            write_manifest(staged, "checkpoint", sources={"model": run.info().model},
                           facts={"step": position.step, "base_fingerprint": position.base_fingerprint})
    for old in run.finished_checkpoints()[:-keep]:
        (old / MANIFEST).unlink()  # from here on it is no checkpoint, however far the deletion comes
        shutil.rmtree(old)
    return folder


def tidy_checkpoints(run: Run) -> None:
    """Removes what a kill left of a checkpoint that was being written or deleted; only the run's own job may."""
    remove_leftovers(run.checkpoints)
    for folder in run.checkpoints.glob("step-*"):
        if folder.is_dir() and not (folder / MANIFEST).exists() and not (folder / DAMAGED).exists():
            shutil.rmtree(folder)


def newest_intact_checkpoint(run: Run) -> tuple[Path, list[Path]] | None:
    """(the newest checkpoint whose every file is as it was written, newer damaged ones), or None.

    Raises TanrenError artifact_damaged when there are checkpoints and all are damaged.
    """
    damaged: list[Path] = []
    failure: TanrenError | None = None
    for folder in reversed(run.finished_checkpoints()):
        try:
            check_manifest(folder)
            return folder, damaged
        except TanrenError as error:
            failure = error
            damaged.append(folder)
    if failure:
        raise failure
    return None


def read_position(folder: Path) -> Position:
    """position.json of a checkpoint. Raises TanrenError artifact_damaged."""
    try:
        return msgspec.json.decode((folder / POSITION).read_bytes(), type=Position)
    except (OSError, msgspec.MsgspecError) as error:
        raise TanrenError("artifact_damaged", path=folder / POSITION, reason=str(error)) from error


def check_belongs(position: Position, config: TrainConfig, rows: int, examples: str, base: str) -> None:
    """Raises TanrenError resume_mismatch when another run's checkpoint, data, model or settings are mixed in."""
    check_resumable(position.config, config)
    if position.rows != rows:
        raise TanrenError("resume_mismatch", reason=Text(
            f"it saw {position.rows} training rows, now there are {rows}",
            f"学習用の行は {position.rows} 行でしたが、今は {rows} 行です"))
    if position.examples_sha256 != examples:
        raise TanrenError("resume_mismatch", reason=Text("the data changed", "データが変わっています"))
    if position.base_fingerprint != base:
        raise TanrenError("resume_mismatch", reason=Text("the base model changed", "ベースモデルが変わっています"))


def restore(folder: Path, model: Any, optimizer: torch.optim.Optimizer) -> None:
    """Puts adapter, optimizer and random states of a checkpoint back."""
    read_adapter(model, folder)
    tensors = load_file(folder / OPTIMIZER)
    for name, parameter in trained_parameters(model).items():
        try:
            optimizer.state[parameter] = {key: tensors[f"{name}:{key}"].to(parameter.device) for key in ADAM_STATE}
        except KeyError as error:
            raise TanrenError("resume_mismatch", reason=Text(
                f"the optimizer state of {name} is missing", f"{name} の最適化の状態がありません")) from error
    states = load_file(folder / RANDOM)
    torch.set_rng_state(states["cpu"])
    if "cuda" in states and torch.cuda.is_available():
        torch.cuda.set_rng_state(states["cuda"])
    version, values, gauss = msgspec.json.decode((folder / PYTHON_RANDOM).read_bytes())
    random.setstate((version, tuple(values), gauss))


def _optimizer_tensors(model: Any, optimizer: torch.optim.Optimizer) -> dict[str, torch.Tensor]:
    return {
        f"{name}:{key}": value.detach().cpu().contiguous()
        for name, parameter in trained_parameters(model).items()
        for key, value in optimizer.state[parameter].items()
    }


def _random_tensors() -> dict[str, torch.Tensor]:
    states = {"cpu": torch.get_rng_state()}
    if torch.cuda.is_available() and torch.cuda.is_initialized():
        states["cuda"] = torch.cuda.get_rng_state()
    return states
