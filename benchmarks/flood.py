"""Messages per second that a supervisor takes from a worker that sends as fast as it can."""

import sys
import tempfile
import time
from pathlib import Path

from backend.config.jobs import ModelsInspectJob
from backend.launch import REPOSITORY
from backend.runs.run import create_job
from backend.supervise import Worker

BLOCKS = 600
MESSAGES_PER_BLOCK = 1100


def measure() -> dict[str, float]:
    """Messages per second, and how many of them were handed on after thinning."""
    with tempfile.TemporaryDirectory() as place:
        folder = create_job(Path(place), ModelsInspectJob(model=place), "look")
        command = [sys.executable, str(REPOSITORY / "tests" / "workers" / "flood.py"), str(folder), str(BLOCKS)]
        begun = time.perf_counter()
        shown = sum(1 for _ in Worker(folder, command))
        seconds = time.perf_counter() - begun
    return {"messages_per_second": round(BLOCKS * MESSAGES_PER_BLOCK / seconds), "shown": shown}
