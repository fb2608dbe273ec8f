"""checkpoint → loss of each row: which rows the tuned model still gets wrong, the worst first."""

from pathlib import Path
from typing import Any

import msgspec
import torch

from backend.config.jobs import RowLossesJob
from backend.data.rendered_rows import read_rows
from backend.data.row_losses import LOSSES_FILE, RowLoss
from backend.hardware.compute import use_compute
from backend.models.fingerprint import check_base
from backend.report import Report
from backend.runs.atomic import staged_folder
from backend.runs.manifests import read_manifest, sha256_of, write_manifest
from backend.runs.origin import origin_facts
from backend.runs.run import Run
from backend.training.adapters import load_adapter
from backend.training.batches import make_batch
from backend.training.checkpoints import read_position
from backend.training.examples import EXAMPLES_FILE, read_examples
from backend.training.load_model import load_base
from backend.training.loss import Head, row_losses

TOKENS_AT_ONCE = 4096
WORST_TOLD = 20


def measure_rows(job: RowLossesJob, report: Report) -> dict[str, Any]:
    """Writes runs/<id>/row_losses/: for each training and held-out row the mean cross-entropy (nats) of its trained
    tokens under the newest checkpoint. Returns the worst rows: {"worst": [{split, row, part, loss, tokens}], "rows"}.

    Raises TanrenError run_no_checkpoint, base_changed and those of loading.
    """
    run = Run(Path(job.run))
    checkpoint = run.newest_checkpoint()
    position = read_position(checkpoint)
    info = run.info()
    check_base(Path(info.model), position.base_fingerprint)
    splits = dict(zip(("train", "held_out"), read_examples(run.dataset), strict=True))
    compute = use_compute(position.compute if position.compute.is_here else run_compute(info.config.device))
    report.phase("loading_model")
    base = load_base(Path(info.model), info.config.method, compute)
    head = Head(base)
    model = load_adapter(base, checkpoint)
    model.eval()

    report.phase("measuring_rows")
    total = sum(len(examples) for examples in splits.values())
    done = 0
    losses: list[RowLoss] = []
    for split, examples in splits.items():
        lines = read_rows(run.dataset / f"{split}.jsonl")
        found: dict[int, RowLoss] = {}
        for batch in _batches(examples.lengths):
            with torch.inference_mode(), compute.autocast:
                sums = row_losses(head, make_batch(examples, batch, compute.device), len(batch))
            for place, (loss, tokens) in zip(batch, sums, strict=True):
                found[place] = RowLoss(split=split, row=lines[place].row, part=lines[place].part,
                                       loss=round(loss / max(1, tokens), 5), tokens=tokens)
            done += len(batch)
            report.progress(done, total, "rows")
        losses += [found[place] for place in range(len(examples))]
    losses.sort(key=lambda row: -row.loss)
    with staged_folder(run.row_losses) as folder:
        (folder / LOSSES_FILE).write_bytes(b"".join(msgspec.json.encode(row) + b"\n" for row in losses))
        manifest = read_manifest(checkpoint)
        write_manifest(folder, "row_losses", {"checkpoint": str(checkpoint)}, {
            **(origin_facts(checkpoint.name, manifest) if manifest else {}),
            "examples_sha256": sha256_of(run.dataset / EXAMPLES_FILE)})
    report.artifact("row_losses", run.row_losses)
    return {"rows": len(losses), "worst": msgspec.to_builtins(losses[:WORST_TOLD])}


def run_compute(device: str) -> Any:
    """The best device that is here, for a run that was trained on another machine."""
    from backend.hardware.compute import choose_compute

    return choose_compute(device if torch.cuda.is_available() else "auto")


def _batches(lengths: list[int]) -> list[list[int]]:
    """Rows of like length together, TOKENS_AT_ONCE padded tokens at most (one row at least)."""
    batches: list[list[int]] = []
    for place in sorted(range(len(lengths)), key=lambda place: -lengths[place]):
        if not batches or (len(batches[-1]) + 1) * lengths[batches[-1][0]] > TOKENS_AT_ONCE:
            batches.append([])
        batches[-1].append(place)
    return batches
