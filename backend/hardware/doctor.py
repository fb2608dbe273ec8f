"""What this machine offers for fine-tuning, asked without importing torch."""

import os
import platform
import shutil
import subprocess
import sys
from importlib import metadata, util
from pathlib import Path
from typing import Literal

import msgspec
import psutil

from backend.launch import REPOSITORY
from backend.protocol.languages import Text

State = Literal["good", "limited", "missing"]
ENGINE = ("torch", "transformers", "peft", "bitsandbytes", "safetensors")
CHAT = "llama-cpp-python"
NEEDED_DISK_MIB = 10 * 1024
NEEDED_RAM_MIB = 4 * 1024


class Check(msgspec.Struct, frozen=True):
    """One question and its answer. good: as it should be; limited: works, with less; missing: mend it first."""

    name: str
    state: State
    title: Text
    finding: Text


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """The measured numbers: memory and disk in MiB."""

    cpu: str
    cores: int
    ram_mib: int
    free_ram_mib: int
    free_disk_mib: int
    gpu: str
    gpu_mib: int
    network_lock: str
    versions: dict[str, str]


class Examined(msgspec.Struct, frozen=True):
    """Everything the doctor found; `ready` when nothing is missing."""

    ready: bool
    checks: list[Check]
    figures: Figures


def examine(home: Path) -> Examined:
    """Looks at Python, the libraries, CPU, memory, GPU, disk and the offline lock; starts one short process."""
    gpu, gpu_mib = _gpu()
    memory = psutil.virtual_memory()
    figures = Figures(
        cpu=_cpu(), cores=psutil.cpu_count(logical=False) or os.cpu_count() or 1,
        ram_mib=memory.total >> 20, free_ram_mib=memory.available >> 20,
        free_disk_mib=shutil.disk_usage(home).free >> 20, gpu=gpu, gpu_mib=gpu_mib,
        network_lock=_network_lock(),
        versions={name: _version(name) for name in (*ENGINE, CHAT, "PySide6-Essentials")},
    )
    checks = _checks(figures, home)
    return Examined(all(check.state != "missing" for check in checks), checks, figures)


def _checks(figures: Figures, home: Path) -> list[Check]:
    absent = [name for name in ENGINE if not figures.versions[name]]
    engine = ", ".join(absent) if absent else ", ".join(f"{name} {figures.versions[name]}" for name in ENGINE[:3])
    flags = _cpu_flags()
    fast = "avx512_bf16" in flags or "amx_bf16" in flags
    gpu = f"{figures.gpu}, {figures.gpu_mib} MiB"
    lock = figures.network_lock
    return [
        Check("python", "good", Text("Python", "Python"), _same(platform.python_version())),
        Check("engine", "missing" if absent else "good", Text("Training libraries", "学習ライブラリー"),
              Text(f"missing: {engine}", f"不足: {engine}") if absent else _same(engine)),
        Check("chat", "good" if figures.versions[CHAT] else "missing",
              Text("Chat and quantization", "チャットと量子化"),
              _same(f"{CHAT} {figures.versions[CHAT]}") if figures.versions[CHAT]
              else Text(f"missing: {CHAT}", f"不足: {CHAT}")),
        Check("window", "good" if util.find_spec("PySide6") else "limited", Text("Window", "画面"),
              Text("installed", "使えます") if util.find_spec("PySide6")
              else Text("PySide6 is missing: command line only", "PySide6 がないため、コマンドのみ使えます")),
        Check("cpu", "good" if fast else "limited", Text("Processor", "プロセッサー"),
              Text(f"{figures.cpu}, {figures.cores} cores" + ("" if fast else "; no fast 16-bit arithmetic"),
                   f"{figures.cpu}、{figures.cores} コア" + ("" if fast else "（高速な 16 ビット演算なし）"))),
        Check("memory", "good" if figures.ram_mib >= NEEDED_RAM_MIB else "limited", Text("Memory", "メモリー"),
              Text(f"{figures.ram_mib} MiB, {figures.free_ram_mib} MiB free",
                   f"{figures.ram_mib} MiB（空き {figures.free_ram_mib} MiB）")),
        Check("gpu", "good" if figures.gpu else "limited", Text("Graphics card", "GPU"),
              _same(gpu) if figures.gpu else Text("none found: small models are trained on the processor",
                                                  "見つかりません。小さなモデルをプロセッサーで学習できます")),
        Check("disk", "good" if figures.free_disk_mib >= NEEDED_DISK_MIB else "limited", Text("Disk", "ディスク"),
              Text(f"{figures.free_disk_mib} MiB free in {home}", f"{home} の空き {figures.free_disk_mib} MiB")),
        Check("offline", "good" if lock == "seccomp" else "limited", Text("Offline lock", "オフラインの固定"),
              Text("the system refuses every network socket of the workers", "ワーカーの通信をシステムが遮断します")
              if lock == "seccomp" else
              Text("only Python's own calls are refused on this system",
                   "このシステムでは Python からの通信のみ遮断します")),
    ]


def _same(text: str) -> Text:
    return Text(text, text)


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def _network_lock() -> str:
    """The level that a worker reaches, tried in a process of its own (the lock cannot be taken off again)."""
    try:
        done = subprocess.run(
            [sys.executable, "-c", "from backend.network_lock import lock_network; print(lock_network())"],
            cwd=REPOSITORY, capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip()


def _gpu() -> tuple[str, int]:
    """Name and memory (MiB) of the first NVIDIA card, or an empty name."""
    try:
        import pynvml

        pynvml.nvmlInit()
        card = pynvml.nvmlDeviceGetHandleByIndex(0)
        name = pynvml.nvmlDeviceGetName(card)
        return str(name), int(pynvml.nvmlDeviceGetMemoryInfo(card).total) >> 20
    except Exception:  # no driver, no card, no library: all mean that there is none to use
        return "", 0


def _cpu() -> str:
    for line in _cpuinfo():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _cpu_flags() -> set[str]:
    for line in _cpuinfo():
        if line.startswith(("flags", "Features")):
            return set(line.partition(":")[2].split())
    return set()


def _cpuinfo() -> list[str]:
    try:
        return Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
