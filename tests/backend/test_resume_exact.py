"""A worker that is killed at any moment, also while it saves, and resumed ends with the very same weights."""

import random
import time
from pathlib import Path

from backend.pipeline.dataset_to_examples import make_examples
from backend.pipeline.examples_to_checkpoints import train
from backend.protocol.messages import Metric, Phase, WorkerEvent
from backend.runs.job_state import settle_state
from backend.runs.manifests import check_manifest
from backend.runs.run import Run
from backend.supervise import Worker
from tests.backend.training_kit import adapter_bytes, by_worker, in_process, job_of
from tests.tiny_models import make_model
from tests.tiny_runs import make_tiny_run

STEPS = 24


def _run(folder: Path, model: Path) -> Run:
    folder.mkdir()
    return make_tiny_run(folder, model, rows=24, held_out=3, epochs=4, save_every=3, evaluate_every=5,
                         lora_dropout=0.1, learning_rate=3e-3)


class _Killer:
    """Kills the worker once: right after a step, or some milliseconds into a save."""

    def __init__(self, after_step: int = 0, in_save: int = 0, delay: float = 0.0) -> None:
        self._after_step = after_step
        self._in_save = in_save
        self._delay = delay
        self._saves = 0
        self.struck = False

    def __call__(self, worker: Worker, event: WorkerEvent) -> None:
        if self.struck:
            return
        saving = isinstance(event, Phase) and event.name == "saving"
        self._saves += saving
        stepped = self._after_step and isinstance(event, Metric) and event.step >= self._after_step
        if stepped or (saving and self._saves == self._in_save):
            time.sleep(self._delay)
            worker.kill()
            self.struck = True


def test_killed_and_resumed_is_bit_for_bit_never_killed(tmp_path: Path) -> None:
    model = make_model(tmp_path / "model", hidden=128, feed_forward=128)
    whole = _run(tmp_path / "whole", model)
    in_process(whole, job_of(whole), make_examples)
    in_process(whole, job_of(whole), train)
    expected = adapter_bytes(whole.newest_checkpoint())

    seed = random.randrange(2**32)
    print("seed", seed)
    chance = random.Random(seed)
    killed = _run(tmp_path / "killed", model)
    killers = [
        _Killer(after_step=chance.randint(1, 2)),  # before the first checkpoint
        _Killer(in_save=chance.randint(1, 2), delay=chance.uniform(0.0, 0.02)),
        _Killer(after_step=chance.randint(9, 20), delay=chance.uniform(0.0, 0.05)),
    ]
    for attempt, killer in enumerate(killers):
        by_worker(killed, job_of(killed, resume=attempt > 0), killer)
        assert killer.struck
        assert settle_state(killed.job_folders()[-1]) == "lost"
        for folder in killed.finished_checkpoints():
            check_manifest(folder)
    worker = by_worker(killed, job_of(killed, resume=True))
    assert worker.outcome is not None and worker.outcome.state == "succeeded", worker.outcome
    assert worker.outcome.result["steps"] == STEPS
    assert adapter_bytes(killed.newest_checkpoint()) == expected
