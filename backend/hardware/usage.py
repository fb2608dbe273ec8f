"""What a process uses right now: memory of this process, memory and load of its GPU."""

import contextlib

import psutil


class Usage:
    """Reads resident memory by psutil and, where there is one, the first NVIDIA GPU by NVML."""

    def __init__(self) -> None:
        self._process = psutil.Process()
        self._gpu = _first_gpu()

    def now(self) -> tuple[float, float | None, float | None]:
        """(resident MiB, GPU memory MiB or None, GPU load percent or None)."""
        ram = self._process.memory_info().rss / 2**20
        if self._gpu is None:
            return ram, None, None
        import pynvml

        memory = pynvml.nvmlDeviceGetMemoryInfo(self._gpu)
        load = pynvml.nvmlDeviceGetUtilizationRates(self._gpu)
        return ram, float(memory.used) / 2**20, float(load.gpu)


def peak_mib() -> float:
    """The highest resident memory so far of this process or of any one child that has ended, in MiB."""
    with contextlib.suppress(ImportError):
        import resource
        import sys

        peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        return peak / 2**20 if sys.platform == "darwin" else peak / 2**10
    return float(psutil.Process().memory_info().peak_wset) / 2**20


def _first_gpu() -> object | None:
    try:
        import pynvml

        pynvml.nvmlInit()
        return pynvml.nvmlDeviceGetHandleByIndex(0)
    except Exception:  # no driver, no card, no library: all mean that there is no GPU to read
        return None
