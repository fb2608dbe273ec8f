"""checkpoint → merged: adds the adapter to a 16-bit copy of the base model, streamed from shard to shard."""

import json
import shutil
from pathlib import Path
from typing import Any

from backend.config.jobs import ExportJob, MergeJob
from backend.export.merge_adapter import STORED_AS, Delta, deltas_by_tensor, read_deltas, stored
from backend.export.safetensors_stream import DTYPES, SafetensorsWriter, pieces_of, row_blocks_of
from backend.models.fingerprint import check_base
from backend.models.weights import INDEX, SINGLE, Entry, bytes_of, read_header, weight_files
from backend.protocol.errors import TanrenError
from backend.protocol.languages import Text
from backend.report import Report
from backend.runs.atomic import TEMPORARY_PREFIX, staged_folder
from backend.runs.manifests import Manifest, check_manifest, read_manifest, write_manifest
from backend.runs.origin import origin_facts
from backend.runs.run import Run

COPIED_SUFFIXES = (".json", ".txt", ".model", ".jinja", ".tiktoken")
COPIED_NAMES = ("license", "notice", "use_policy")
NOT_COPIED = (INDEX, "adapter_config.json", "trainer_state.json", "manifest.json")


def merge(job: MergeJob | ExportJob, report: Report) -> dict[str, Any]:
    """Makes the run's merged model from its newest checkpoint, unless that very one is there already.

    Raises TanrenError run_no_checkpoint, artifact_damaged, base_changed, merge_failed, disk_full and those of
    backend.models.weights.
    """
    run = Run(Path(job.run))
    checkpoint = run.newest_checkpoint()
    learned = check_manifest(checkpoint)
    base = Path(run.info().model)
    facts = {**origin_facts(checkpoint.name, learned), "base_fingerprint": learned.facts.get("base_fingerprint")}
    done = _intact(run.merged, report)
    if done and {name: done.facts.get(name) for name in facts} == facts:
        return {"path": str(run.merged), "bytes": sum(entry.bytes for entry in done.files.values())}

    report.phase("merging")
    check_base(base, facts["base_fingerprint"])
    shards = {path: _header_of(path) for path in weight_files(base)}
    shapes = {name: entry.shape for header in shards.values() for name, entry in header.items()}
    deltas = deltas_by_tensor(read_deltas(checkpoint), shapes)
    _check_space(run.folder, sum(_new_bytes(entry) for header in shards.values() for entry in header.values()))
    for leftover in run.folder.glob(f"{TEMPORARY_PREFIX}*merged-*"):
        shutil.rmtree(leftover)

    with staged_folder(run.merged) as staged:
        done_tensors = 0
        weight_map: dict[str, str] = {}
        for path, header in shards.items():
            layout = {name: (STORED_AS.get(entry.dtype, entry.dtype), entry.shape) for name, entry in header.items()}
            with SafetensorsWriter(staged / path.name, layout) as writer:
                for name, entry in header.items():
                    _write_merged(writer, path, name, entry, deltas.get(name))
                    weight_map[name] = path.name
                    done_tensors += 1
                    report.progress(done_tensors, len(shapes), "tensors")
        if list(shards) != [base / SINGLE]:
            total = sum(_new_bytes(entry) for header in shards.values() for entry in header.values())
            index = {"metadata": {"total_size": total}, "weight_map": weight_map}
            (staged / INDEX).write_text(json.dumps(index, indent=1), encoding="utf-8")
        _copy_other_files(base, staged)
        if any(entry.dtype in ("F32", "F64") for header in shards.values() for entry in header.values()):
            _correct_dtype(staged / "config.json")
        report.phase("checking")
        manifest = write_manifest(
            staged, "merged", sources={"model": str(base), "checkpoint": str(checkpoint)}, facts=facts)
    report.artifact("merged", run.merged)
    return {"path": str(run.merged), "bytes": sum(entry.bytes for entry in manifest.files.values())}


def _intact(merged: Path, report: Report) -> Manifest | None:
    """The manifest of a merged model whose files are as they were written; None makes the model anew."""
    if read_manifest(merged) is None:
        return None
    try:
        return check_manifest(merged)
    except TanrenError as error:
        report.log(Text(f"the merged model is made again: {error}",
                        f"統合済みモデルを作り直します: {error.message('ja')}"), "warning")
        return None


def _header_of(path: Path) -> dict[str, Entry]:
    header = read_header(path)
    for name, entry in header.items():
        if entry.dtype not in DTYPES:
            raise _not_16_bit(name, entry.dtype)
    return header


def _not_16_bit(name: str, dtype: str) -> TanrenError:
    return TanrenError("merge_failed", reason=Text(
        f"{name} is stored as {dtype}; a 16-bit base is needed",
        f"{name} は {dtype} で保存されています。16 ビットのベースモデルが必要です"))


def _write_merged(writer: SafetensorsWriter, path: Path, name: str, entry: Entry, delta: Delta | None) -> None:
    """Copies one tensor, in blocks of rows where it changes."""
    target = STORED_AS.get(entry.dtype)
    if delta is None and target in (None, entry.dtype):
        for piece in pieces_of(path, entry):
            writer.append(piece)
        return
    if target is None:
        raise _not_16_bit(name, entry.dtype)
    for first_row, block in row_blocks_of(path, entry):
        changed = delta.added_to(block, first_row) if delta else block
        writer.append(stored(changed, DTYPES[target], name))


def _new_bytes(entry: Entry) -> int:
    return bytes_of(STORED_AS.get(entry.dtype, entry.dtype), entry.shape)


def _check_space(folder: Path, needed: int) -> None:
    if shutil.disk_usage(folder).free < needed * 1.02:
        raise TanrenError("disk_full", path=folder)


def _copy_other_files(base: Path, target: Path) -> None:
    """Config, tokenizer, chat template and licence, byte for byte; nothing that could run."""
    for path in sorted(base.iterdir()):
        name = path.name.lower()
        wanted = name.endswith(COPIED_SUFFIXES) or name.startswith(COPIED_NAMES)
        if path.is_file() and wanted and name not in NOT_COPIED and not name.endswith(".index.json"):
            shutil.copyfile(path, target / path.name)
    if (base / "additional_chat_templates").is_dir():
        folder = target / "additional_chat_templates"
        folder.mkdir()
        for path in sorted((base / "additional_chat_templates").glob("*.jinja")):
            shutil.copyfile(path, folder / path.name)


def _correct_dtype(config: Path) -> None:
    """The config of a 32-bit base says what the merged files now hold."""
    values = json.loads(config.read_text(encoding="utf-8"))
    for name in ("dtype", "torch_dtype"):
        if name in values:
            values[name] = "bfloat16"
    config.write_text(json.dumps(values, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
