"""merged/ → gguf/<QUANT>/: convert once to 16 bits, quantize to each wanted type, check each file, keep it."""

import os
import re
import shutil
import unicodedata
from pathlib import Path
from typing import Any

import psutil

from backend.config.export import check_quantization
from backend.config.jobs import ExportJob
from backend.export.child import run_child
from backend.export.converter_pack import find_converter
from backend.export.staging import check_before, master_kind, stage, weight_bytes
from backend.protocol.errors import TanrenError
from backend.protocol.languages import Text
from backend.report import Report
from backend.runs.atomic import TEMPORARY_PREFIX, make_folder, remove_leftovers, staged_folder
from backend.runs.manifests import MANIFEST, check_manifest, read_manifest, sha256_of, write_manifest
from backend.runs.origin import handed_on
from backend.runs.run import Run


def export(job: ExportJob, report: Report) -> dict[str, Any]:
    """Makes the GGUF files of a run; one that was made from the same merged model is kept as it is.

    Raises TanrenError; after Stopped, or a kill at any moment, finished files are there and no half ones.
    """
    run = Run(Path(job.run))
    quants = list(dict.fromkeys(check_quantization(name) for name in job.quants))
    make_folder(run.gguf)
    remove_leftovers(run.gguf)
    report.phase("checking")
    merged = check_manifest(run.merged)
    source = sha256_of(run.merged / MANIFEST)
    wanted = [quant for quant in quants if not _is_done(run.gguf / quant, source, report)]
    if wanted:
        _make(run, wanted, source, handed_on(merged.facts), report)
    return {"files": [_described(run.gguf / quant, quant) for quant in quants]}


def _make(run: Run, wanted: list[str], source: str, origin: dict[str, Any], report: Report) -> None:
    check_before(run.merged)
    converter = find_converter(run.folder.resolve().parents[1])
    kind = master_kind(run.merged)
    _check_space(run, wanted, kind)
    info = run.info()
    work = run.gguf / f"{TEMPORARY_PREFIX}work-{os.getpid()}"
    try:
        stage(run.merged, work / "model")
        master = work / f"master-{kind}.gguf"
        report.phase("converting")
        run_child(
            "backend.export.convert_process",
            [str(converter), str(run.merged), str(work / "model"), str(master), kind.lower(), info.name],
            report, writes_in=work, code="convert_failed",
        )
        for quant in wanted:
            name = f"{file_name(info.name, run.id)}-{quant}.gguf"
            _make_one(run.gguf / quant, name, master, quant, kind, source, origin, report)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _make_one(
    final: Path, name: str, master: Path, quant: str, kind: str, source: str, origin: dict[str, Any], report: Report
) -> None:
    with staged_folder(final) as folder:
        report.phase("quantizing")
        if quant == kind:
            _same_content(master, folder / name)
        else:
            run_child(
                "backend.export.quantize_process", [str(master), str(folder / name), quant, str(_threads())],
                report, writes_in=folder, code="quantize_failed", quant=quant,
            )
        report.phase("checking")
        parity = run_child("backend.export.check_process", [str(folder / name), quant, str(master.parent)], report,
                           writes_in=folder, code="check_failed")
        write_manifest(folder, "gguf", sources={"merged": source}, facts={"quant": quant, "parity": parity, **origin})
    report.artifact("gguf", final / name)
    report.check_stop()


def _is_done(folder: Path, source: str, report: Report) -> bool:
    manifest = read_manifest(folder)
    if manifest is None or manifest.sources.get("merged") != source:
        return False
    try:
        check_manifest(folder)
    except TanrenError as error:
        report.log(Text(f"{folder.name}: {error}", f"{folder.name}: {error.message('ja')}"), "warning")
        return False
    return True


def _described(folder: Path, quant: str) -> dict[str, Any]:
    manifest = read_manifest(folder)
    assert manifest is not None
    name = next(name for name in manifest.files if name.endswith(".gguf"))
    return {"path": str(folder / name), "quant": quant, "bytes": manifest.files[name].bytes,
            "parity": manifest.facts.get("parity", {})}


def file_name(name: str, run_id: str) -> str:
    """`name` as the beginning of a file name on any system; the run's id when nothing is left of it."""
    kept = re.sub(r"[^\w.-]+", "-", unicodedata.normalize("NFC", name)).strip("-._")[:60]
    return kept or run_id


def _check_space(run: Run, wanted: list[str], kind: str) -> None:
    """Refuses to begin what cannot fit. Bits per weight are those of llama.cpp's types, rounded up."""
    bits = {"F16": 16.0, "BF16": 16.0, "Q8_0": 8.6, "Q4_K_M": 6.6}
    sixteen = weight_bytes(run.merged)
    needed = sixteen + sum(int(sixteen * bits[quant] / 16) for quant in wanted if quant != kind)
    if shutil.disk_usage(run.gguf).free < needed:
        raise TanrenError("disk_full", path=run.gguf, detail=f"{needed} bytes are needed")


def _same_content(master: Path, target: Path) -> None:
    try:
        os.link(master, target)
    except OSError:
        shutil.copyfile(master, target)


def _threads() -> int:
    return max(1, psutil.cpu_count(logical=False) or os.cpu_count() or 1)

