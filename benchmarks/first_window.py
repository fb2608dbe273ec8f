"""Seconds from the start of the program to the first painted window, as a user waits for it."""

import os
import statistics
import subprocess
import sys
import tempfile
import time

from backend.launch import REPOSITORY

SCRIPT = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from gui.app import build
app = QApplication(["tanren"])
window = build(app, Path(sys.argv[1]))
window.show()
def painted():
    window.grab()
    print("painted", "torch" in sys.modules, flush=True)
    app.quit()
QTimer.singleShot(0, painted)
app.exec()
"""


def measure(repeats: int = 5) -> dict[str, float]:
    """Median and worst of `repeats` starts, offscreen; the first start, which fills the caches, is left out."""
    seconds = []
    for _ in range(repeats + 1):
        with tempfile.TemporaryDirectory() as home:
            begun = time.perf_counter()
            done = subprocess.run(
                [sys.executable, "-c", SCRIPT, home], cwd=REPOSITORY, check=True, capture_output=True, text=True,
                env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "TANREN_HOME": home},
            )
            seconds.append(time.perf_counter() - begun)
        assert done.stdout.split() == ["painted", "False"], done
    return {"median_seconds": round(statistics.median(seconds[1:]), 3), "worst_seconds": round(max(seconds[1:]), 3)}
