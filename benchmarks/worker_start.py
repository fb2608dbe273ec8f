"""Seconds from the start of a worker to its hello, and to the end of its smallest job."""

import statistics
import tempfile
import time
from pathlib import Path

from backend.config.jobs import ModelsInspectJob
from backend.protocol.messages import Finished, Hello
from backend.runs.run import create_job
from backend.supervise import Worker


def measure(repeats: int = 5) -> dict[str, float]:
    """Medians of `repeats` looks at a folder that is no model; the first, which fills the caches, is left out."""
    hellos, ends = [], []
    for _ in range(repeats + 1):
        with tempfile.TemporaryDirectory() as place:
            folder = create_job(Path(place), ModelsInspectJob(model=place), "look")
            begun = time.perf_counter()
            worker = Worker(folder)
            for event in worker:
                if isinstance(event, Hello):
                    hellos.append(time.perf_counter() - begun)
            ends.append(time.perf_counter() - begun)
            assert isinstance(worker.outcome, Finished), worker.outcome
    return {
        "hello_seconds": round(statistics.median(hellos[1:]), 3),
        "job_seconds": round(statistics.median(ends[1:]), 3),
    }
