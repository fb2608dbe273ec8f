"""Where and in which precision this machine computes: device, number format, threads."""

import time
from pathlib import Path

import msgspec
import torch

from backend.protocol.errors import TanrenError
from backend.runs.atomic import write_file

PROBE_SIZE = 384
PROBE_REPEATS = 7
WORTH_IT = 0.8


class Compute(msgspec.Struct, frozen=True, kw_only=True):
    """The device ("cpu" or "cuda:0"), the number format of the base model (bfloat16 or float32), CPU threads.

    It is kept in every checkpoint: a resumed run computes in the same way, so that it is exact.
    """

    device: str
    precision: str
    threads: int

    @property
    def dtype(self) -> torch.dtype:
        """`precision` as torch names it."""
        return torch.bfloat16 if self.precision == "bfloat16" else torch.float32

    def is_on(self, device: str) -> bool:
        """Whether the setting `device` (auto, cpu or cuda) allows this one."""
        return device == "auto" or self.device.partition(":")[0] == device

    @property
    def is_here(self) -> bool:
        """Whether this machine has the device."""
        return self.device == "cpu" or torch.cuda.is_available()

    @property
    def autocast(self) -> torch.autocast:
        """The context in which models run: 32-bit adapters beside a 16-bit base."""
        return torch.autocast(
            torch.device(self.device).type, dtype=torch.bfloat16, enabled=self.precision == "bfloat16"
        )


def choose_compute(device: str = "auto") -> Compute:
    """The best of this machine. `device` is auto, cpu or cuda. Raises TanrenError no_gpu."""
    has_gpu = torch.cuda.is_available()
    if device == "cuda" and not has_gpu:
        raise TanrenError("no_gpu", device=device)
    if has_gpu and device != "cpu":
        fast = torch.cuda.is_bf16_supported(including_emulation=False)
        chosen = "cuda:0"
    else:
        fast = bf16_speed() >= 1 / WORTH_IT
        chosen = "cpu"
    return Compute(
        device=chosen, precision="bfloat16" if fast else "float32", threads=torch.get_num_threads()
    )


def compute_of_run(file: Path, device: str) -> Compute:
    """The choice kept in `file`, else a fresh one that is kept there: a run begins again exactly as it began."""
    try:
        kept = msgspec.json.decode(file.read_bytes(), type=Compute)
        if kept.is_here and kept.is_on(device):
            return kept
    except (OSError, msgspec.MsgspecError):
        pass  # the run begins now
    chosen = choose_compute(device)
    write_file(file, msgspec.json.encode(chosen))
    return chosen


def use_compute(compute: Compute) -> Compute:
    """Takes up a recorded way of computing: the same number of threads, deterministic kernels on CPU.

    Raises TanrenError no_gpu when it was recorded on a GPU that is gone.
    """
    if not compute.is_here:
        raise TanrenError("no_gpu", device=compute.device)
    torch.set_num_threads(compute.threads)
    if compute.device == "cpu":
        torch.use_deterministic_algorithms(True, warn_only=True)
        # filling fresh memory costs time, and nothing reads it
        torch.utils.deterministic.fill_uninitialized_memory = False  # type: ignore[attr-defined]
    return compute


def bf16_speed() -> float:
    """How many times faster this CPU multiplies bfloat16 matrices than float32 ones (about 0.05 s)."""
    return _matmul_seconds(torch.float32) / _matmul_seconds(torch.bfloat16)


def _matmul_seconds(dtype: torch.dtype) -> float:
    """The best of several small matrix products: others' load only ever adds time."""
    left = torch.ones(PROBE_SIZE, PROBE_SIZE, dtype=dtype)
    right = torch.ones(PROBE_SIZE, PROBE_SIZE, dtype=dtype)
    best = float("inf")
    for _ in range(PROBE_REPEATS):
        started = time.perf_counter()
        torch.mm(left, right)
        best = min(best, time.perf_counter() - started)
    return best
