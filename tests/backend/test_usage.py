"""What a process uses: its own peak and no one else's, its children's beside it, figures that a card lacks."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pynvml
import pytest

import backend.worker
from backend.hardware import usage
from backend.hardware.usage import Usage, child_ended, gpu_peak_mib, own_peak_mib, peak_mib
from backend.launch import REPOSITORY

BALLAST = 300 * 2**20
CHILD = "from backend.hardware.usage import own_peak_mib; print(own_peak_mib())"


def _in_child(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, timeout=60,
                          check=True).stdout


def test_a_child_does_not_inherit_the_peak_of_who_started_it() -> None:
    ballast = bytearray(b"x") * BALLAST
    assert own_peak_mib() > BALLAST / 2**20
    assert float(_in_child(CHILD)) < 150
    assert len(ballast) == BALLAST


def test_a_system_that_tells_no_peak_of_its_own_is_asked_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    status = tmp_path / "status"
    status.write_text("Name:\tpython\nVmRSS:\t 1 kB\n")
    monkeypatch.setattr(usage, "STATUS", status)
    assert own_peak_mib() > 10


def test_a_child_counts_beside_what_its_parent_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(usage._Together, "mib", 0.0)
    assert peak_mib() == pytest.approx(own_peak_mib(), rel=0.01)
    child_ended(10_000.0)
    child_ended(50.0)
    assert 10_010.0 < peak_mib() < 10_000.0 + 1.01 * own_peak_mib()


def test_without_torch_on_a_gpu_there_is_no_gpu_peak() -> None:
    assert _in_child("from backend.hardware.usage import gpu_peak_mib; import sys;"
                     "print(gpu_peak_mib(), 'torch' in sys.modules)").split() == ["None", "False"]


@pytest.mark.gpu
def test_the_gpu_peak_is_what_torch_reserved() -> None:
    import torch

    held = torch.zeros(64 * 2**20, dtype=torch.uint8, device="cuda")
    peak = gpu_peak_mib()
    assert peak is not None and 64 <= peak < 1024
    del held


def test_a_figure_that_the_card_lacks_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def lacks(_card: object) -> Any:
        raise pynvml.NVMLError(pynvml.NVML_ERROR_NOT_SUPPORTED)

    class Memory:
        used = 3 * 2**20

    monkeypatch.setattr(usage, "_first_gpu", lambda: object())
    monkeypatch.setattr(pynvml, "nvmlDeviceGetMemoryInfo", lambda _card: Memory)
    monkeypatch.setattr(pynvml, "nvmlDeviceGetUtilizationRates", lacks)
    ram, memory, load = Usage().now()
    assert ram > 0 and (memory, load) == (3.0, None)
    monkeypatch.setattr(pynvml, "nvmlDeviceGetMemoryInfo", lacks)
    assert Usage().now()[1:] == (None, None)


def test_the_sign_of_life_outlives_an_error_of_a_library(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Enough(BaseException):
        """Ends the loop of the test."""

    class Broken(Usage):
        times = 0

        def now(self) -> tuple[float, float | None, float | None]:
            Broken.times += 1
            if Broken.times < 3:
                raise RuntimeError("driver")
            return super().now()

    class Heard:
        def alive(self, *_figures: float | None) -> None:
            raise Enough

    monkeypatch.setattr(backend.worker, "Usage", Broken)
    monkeypatch.setattr(backend.worker, "ALIVE_SECONDS", 0.01)
    heard: Any = Heard()
    with pytest.raises(Enough):
        backend.worker._show_life(heard)
    assert Broken.times == 3
    assert capsys.readouterr().err.count("driver") == 2
