"""From which checkpoint an artifact was made, and whether the run has gone on since."""

from pathlib import Path
from typing import Any

import msgspec

from backend.protocol.languages import Text
from backend.runs.manifests import Manifest, read_manifest
from backend.runs.run import Run

ADAPTER = "adapter_model.safetensors"


class Stale(msgspec.Struct, frozen=True):
    """An artifact that is not of the newest checkpoint: the step it was made from, and the step of the run."""

    made_from: int
    newest: int

    def text(self) -> Text:
        """The sentence about it, without a capital and a full stop."""
        return Text(f"made from step {self.made_from}; the run is now at step {self.newest}",
                    f"ステップ {self.made_from} から作成。学習は現在ステップ {self.newest}")


def origin_facts(checkpoint: str, manifest: Manifest) -> dict[str, Any]:
    """What an artifact's manifest keeps of the checkpoint folder named `checkpoint`, whose manifest this is."""
    entry = manifest.files.get(ADAPTER)
    return {"checkpoint": checkpoint, "adapter_sha256": entry.sha256 if entry else ""}


def handed_on(facts: dict[str, Any]) -> dict[str, Any]:
    """The same facts for what is made of an artifact that has them; empty when it has none."""
    return {name: facts[name] for name in ("checkpoint", "adapter_sha256") if name in facts}


def stale(run: Run, artifact: Path) -> Stale | None:
    """Whether the artifact in this folder is of another checkpoint than the run's newest; None when it is not.

    None too for what comes from no checkpoint (the scores of the base model) and while there is none.
    """
    manifest, finished = read_manifest(artifact), run.finished_checkpoints()
    if manifest is None or not finished or "checkpoint" not in manifest.facts:
        return None
    newest = read_manifest(finished[-1])
    if newest is None or handed_on(manifest.facts) == origin_facts(finished[-1].name, newest):
        return None
    return Stale(_step(str(manifest.facts["checkpoint"])), _step(finished[-1].name))


def stale_artifacts(run: Run) -> dict[str, Stale]:
    """Every stale GGUF file by quantization, every stale score by "scores/" and its target, and "row_losses"."""
    places = {quant: file.parent for quant, file in run.gguf_files().items()}
    places["row_losses"] = run.row_losses
    if run.scores.is_dir():
        places |= {f"scores/{folder.name}": folder for folder in sorted(run.scores.iterdir()) if folder.is_dir()}
    found = {name: stale(run, folder) for name, folder in places.items()}
    return {name: age for name, age in found.items() if age is not None}


def _step(checkpoint: str) -> int:
    """The step in a checkpoint's name (step-000200)."""
    number = checkpoint.rpartition("-")[2]
    return int(number) if number.isdigit() else 0
