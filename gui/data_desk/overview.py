"""What the window says about a dataset as a whole, read from its folder in one go."""

from pathlib import Path
from typing import Any

import msgspec

from backend.data.dataset import Finding
from backend.data.dataset_folder import MEASURED, About, about_of, accepted_of, blocking
from backend.data.journal import FORGOTTEN, Step, steps_of
from backend.data.store import Store, findings_of
from backend.runs.manifests import read_manifest

BINS = 40


class Overview(msgspec.Struct, frozen=True, kw_only=True):
    """A dataset at one moment. `usable`: rows that can be trained on. `findings` in the order of CHECKS.

    `blocking`: findings that keep a training from starting → rows; `accepted`: those that the user accepted → rows
    then. `steps` are all that were done, those that can be redone last; up to number `final` none can be undone.
    `measured`: tokens as a model counts them, with the model and the maximum length (backend.data.measure), None where
    no model looked yet. `lengths`: (lower bound, rows) in tokens where measured, else in characters. `checked`: no row
    was changed by hand since all rows were looked at together.
    """

    about: About
    rows: int
    usable: int
    findings: list[Finding]
    blocking: dict[str, int]
    accepted: dict[str, int]
    steps: list[Step]
    final: int
    labels: list[tuple[str, int]]
    sides: dict[str, int]
    synthetic: int
    measured: dict[str, Any] | None
    lengths: list[tuple[int, int]]
    checked: bool

    @property
    def in_tokens(self) -> bool:
        """Whether lengths are in tokens; otherwise they are in characters."""
        return self.measured is not None

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to take back."""
        return any(not step.undone and step.step > self.final for step in self.steps)

    @property
    def can_redo(self) -> bool:
        """Whether a step was taken back that can be done again."""
        return any(step.undone for step in self.steps)


def read_overview(folder: Path) -> Overview:
    """Reads the dataset; seconds for a million rows. Raises TanrenError dataset_damaged and dataset_newer."""
    manifest = read_manifest(folder)
    with Store.open(folder) as store:
        measured = store.get_info(MEASURED)
        return Overview(
            about=about_of(store), rows=store.count(), usable=store.count(usable=True), findings=findings_of(store),
            blocking=blocking(store), accepted=accepted_of(store), steps=steps_of(store, undone=True),
            final=store.get_info(FORGOTTEN, 0),
            labels=store.values("label"), sides=dict(store.values("side")),
            synthetic=sum(count for _, count in store.values("synthetic")), measured=measured,
            lengths=store.lengths(BINS, tokens=measured is not None),
            checked=manifest is None or bool(manifest.facts.get("rows_sha256")))


def name_of(folder: Path) -> str:
    """The name of a dataset as its manifest says it; of anything else the file name."""
    manifest = read_manifest(folder)
    return str(manifest.facts.get("name") or folder.name) if manifest else folder.name


def source_of(folder: Path) -> Path | None:
    """The one file that a dataset was read from; None for several, for folders and archives."""
    manifest = read_manifest(folder)
    asked = manifest.facts.get("asked", []) if manifest else []
    return Path(asked[0]) if len(asked) == 1 and Path(asked[0]).is_file() else None
