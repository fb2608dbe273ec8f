"""Rows per second and peak memory of importing, checking and rendering a dataset, beside Hugging Face's datasets.

10,000 and 100,000 rows of about 1,000 bytes; with --million on the command line also 1,000,000 (1 GB, and about 6 GB of
disk). Every figure is of a process of its own, one after the other; both sides use the starter model's tokenizer and
chat template, and their numbers of tokens are compared. datasets does not check rows, nor which tokens are answers.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any, NamedTuple

import psutil

from backend.home import sample_data
from backend.launch import REPOSITORY

SIZES = (10_000, 100_000)
MILLION = 1_000_000
SEED = 41
ROW_BYTES = 1000
SAMPLE_SECONDS = 0.05
OURS = ("import", "checks", "render")
THEIRS = {"import": "load", "render": "map"}


class Sample(NamedTuple):
    """Memory of a process and its children at one time: MiB resident, and MiB that are its own (not mapped files)."""

    time: float
    resident: float
    own: float


def measure() -> dict[str, Any]:
    """One figure of each kind for each size, and how datasets compares; the table goes to stderr."""
    sizes = (*SIZES, MILLION) if "--million" in sys.argv else SIZES
    figures = {}
    for rows in sizes:
        print(f"  {rows:,} rows …", file=sys.stderr)
        figures[str(rows)] = _measure_size(rows)
    print(_table(figures), file=sys.stderr)
    return figures


def write_rows(path: Path, rows: int, seed: int = SEED) -> None:
    """Dialogues as JSON Lines, half English and half Japanese, made of the sample dataset's sentences and numbers; one
    in a hundred nearly repeats the one before."""
    rng = random.Random(seed)
    with open(sample_data(), encoding="utf-8") as file:
        known = [json.loads(line)["messages"] for line in file]
    japanese = [messages for messages in known if not messages[0]["content"].isascii()]
    english = [messages for messages in known if messages[0]["content"].isascii()]
    question, answer = "", ""
    with open(path, "w", encoding="utf-8", newline="\n") as out:
        for number in range(rows):
            if number % 100 != 99:
                pool = (english, japanese)[number % 2]
                question = f"{rng.choice(pool)[0]['content']} ({rng.randrange(10**9)})"
                answer = ""
                while len(answer.encode()) < ROW_BYTES - 300:
                    answer += f"{rng.choice(pool)[1]['content']} {rng.randrange(10**6)}. "
            turns = [{"role": "user", "content": question}, {"role": "assistant", "content": f"{answer}{number}"}]
            out.write(json.dumps({"messages": turns}, ensure_ascii=False) + "\n")


def _measure_size(rows: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="tanren-benchmark-") as place:
        folder = Path(place)
        file = folder / "rows.jsonl"
        write_rows(file, rows)
        figures: dict[str, Any] = {"mib": round(file.stat().st_size / 2**20, 1)}
        tokens = {}
        for kind in ("store", "render", "datasets"):
            where = folder / ("datasets" if kind == "datasets" else "store")
            where.mkdir(exist_ok=True)
            told, samples = _child(kind, file, where)
            tokens[kind] = told.pop("tokens", 0)
            for name in (*OURS, *THEIRS.values()):
                if name in told:
                    figures[name] = _figure(rows, told[name], samples)
            if kind == "store":
                assert told["rows"] == rows, told
                figures["findings"] = told["findings"]
        assert tokens["render"] == tokens["datasets"], tokens
        figures["tokens"] = tokens["render"]
    return figures


def _child(kind: str, file: Path, folder: Path) -> tuple[dict[str, Any], list[Sample]]:
    """What the child says of itself, and its memory over time."""
    environment = {**os.environ, "HF_HOME": str(folder / "hf"), "HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1",
                   "HF_DATASETS_DISABLE_PROGRESS_BARS": "1"}
    command = [sys.executable, "-m", "benchmarks._data_child", kind, str(file), str(folder)]
    child = subprocess.Popen(command, cwd=REPOSITORY, env=environment, stdout=subprocess.PIPE, text=True)
    samples: list[Sample] = []
    watching = threading.Thread(target=_watch, args=(child, samples))
    watching.start()
    said, _ = child.communicate()
    watching.join()
    if child.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {child.returncode}")
    return json.loads(said.splitlines()[-1]), samples


def _watch(child: "subprocess.Popen[str]", samples: list[Sample]) -> None:
    top = psutil.Process(child.pid)
    while child.poll() is None:
        resident = own = 0.0
        try:
            for process in (top, *top.children(recursive=True)):
                whole = process.memory_info().rss / 2**20
                resident += whole
                own += _own_mib(process.pid, whole)
        except psutil.Error:
            continue  # one of them just ended
        samples.append(Sample(time.time(), resident, own))
        time.sleep(SAMPLE_SECONDS)


def _own_mib(pid: int, otherwise: float) -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return otherwise
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("RssAnon")), otherwise)


def _figure(rows: int, stretch: list[float], samples: list[Sample]) -> dict[str, float]:
    begun, end = stretch
    # a stretch shorter than the time between samples has the nearest one
    within = [sample for sample in samples if begun <= sample.time <= end] or [
        min(samples, key=lambda sample: abs(sample.time - end))]
    return {"rows_per_second": round(rows / (end - begun)), "seconds": round(end - begun, 2),
            "peak_mib": round(max(sample.resident for sample in within)),
            "own_peak_mib": round(max(sample.own for sample in within))}


def _table(figures: dict[str, Any]) -> str:
    """Ratios above 1 mean more rows per second, or more memory, than datasets."""
    lines = ["| rows | step | rows/s | datasets | ratio | peak MiB (own) | datasets | ratio |",
             "|---|---|---|---|---|---|---|---|"]
    for rows, figure in figures.items():
        for name in OURS:
            ours, theirs = figure[name], figure.get(THEIRS.get(name, ""))
            cells = [f"{int(rows):,}", name, f"{ours['rows_per_second']:,}"]
            memory = f"{ours['peak_mib']:,} ({ours['own_peak_mib']:,})"
            if theirs is None:
                cells += ["–", "–", memory, "–", "–"]
            else:
                faster = ours["rows_per_second"] / theirs["rows_per_second"]
                cells += [f"{theirs['rows_per_second']:,}", f"{faster:.2f}", memory,
                          f"{theirs['peak_mib']:,} ({theirs['own_peak_mib']:,})",
                          f"{ours['peak_mib'] / theirs['peak_mib']:.2f}"]
            lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)
