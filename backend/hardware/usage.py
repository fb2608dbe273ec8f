"""What a process uses: memory of this process and of the processes it runs, memory and load of its GPU."""

import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

MIB = 2**20
STATUS = Path("/proc/self/status")


class Usage:
    """Reads resident memory by psutil and, where there is one, the first NVIDIA GPU by NVML."""

    def __init__(self) -> None:
        self._process = psutil.Process()
        self._gpu = _first_gpu()

    def now(self) -> tuple[float, float | None, float | None]:
        """(resident MiB, GPU memory MiB or None, GPU load percent or None); a figure that a card lacks is None."""
        ram = self._process.memory_info().rss / MIB
        if self._gpu is None:
            return ram, None, None
        import pynvml

        return (ram, _figure(lambda: pynvml.nvmlDeviceGetMemoryInfo(self._gpu).used / MIB),
                _figure(lambda: pynvml.nvmlDeviceGetUtilizationRates(self._gpu).gpu))


class _Together:
    """The most that this process and a child of it held at once, as far as children told; one a process."""

    mib = 0.0


def child_ended(child_peak: float) -> None:
    """Counts a child process that ended just now; `child_peak` is what `own_peak_mib` said in it."""
    _Together.mib = max(_Together.mib, psutil.Process().memory_info().rss / MIB + child_peak)


def peak_mib() -> float:
    """The highest memory of this process together with the processes that it ran one after another, in MiB.

    While a child runs, this process holds its memory too: so it is the larger of this process's own peak and of
    what it held when a child ended plus the child's own peak. Pages that both share are counted twice; memory of
    a GPU is not in it (see gpu_peak_mib).
    """
    return max(own_peak_mib(), _Together.mib)


def own_peak_mib() -> float:
    """The highest resident memory so far of this process alone, in MiB.

    On Linux VmHWM: ru_maxrss begins there with the peak of the process that started this one (getrusage(2)).
    """
    platform: str = sys.platform
    if platform == "linux" and (found := re.search(r"^VmHWM:\s*(\d+)", STATUS.read_text(), re.MULTILINE)):
        return int(found[1]) / 2**10
    if platform == "win32":
        return float(psutil.Process().memory_info().peak_wset) / MIB
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / MIB if platform == "darwin" else peak / 2**10


def gpu_peak_mib() -> float | None:
    """The most GPU memory that torch has reserved in this process, in MiB; None where it computed on no GPU."""
    torch: Any = sys.modules.get("torch")  # never imported for this: a job without torch used no GPU through it
    if torch is None or not torch.cuda.is_initialized():
        return None
    return float(torch.cuda.max_memory_reserved()) / MIB


def _figure(read: Callable[[], float]) -> float | None:
    """One figure of a card, or None: under MIG and vGPU some are not supported, and a card can be lost."""
    import pynvml

    try:
        return float(read())
    except pynvml.NVMLError:
        return None


def _first_gpu() -> object | None:
    try:
        import pynvml

        pynvml.nvmlInit()
        return pynvml.nvmlDeviceGetHandleByIndex(0)
    except Exception:  # no driver, no card, no library: all mean that there is no GPU to read
        return None
