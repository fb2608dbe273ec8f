"""The inner side of a process of an export: events on a claimed stdout, and an end when the worker ends."""

import os
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from backend.hardware.usage import own_peak_mib
from backend.protocol.errors import from_exception
from backend.protocol.languages import Text
from backend.protocol.messages import Event, Finished, Log, Progress
from backend.protocol.wire import encode_line

PROGRESS_SECONDS = 0.2


class Voice:
    """Sends events of backend.protocol to the worker, one JSON line each."""

    def __init__(self, wire: int) -> None:
        self._wire = wire
        self._shown = 0.0
        self._sending = threading.Lock()

    def send(self, event: Event) -> None:
        """Sends one event."""
        with self._sending:
            line = encode_line(event)
            while line:
                line = line[os.write(self._wire, line) :]

    def progress(self, done: int, total: int, unit: str) -> None:
        """Sends progress, at most once in PROGRESS_SECONDS unless it is the last."""
        now = time.monotonic()
        if done >= total or now - self._shown >= PROGRESS_SECONDS:
            self._shown = now
            self.send(Progress(done=done, total=total, unit=unit))

    def log(self, text: Text) -> None:
        """Sends a line for the log view."""
        self.send(Log(level="info", text=text.en, text_ja=text.ja))


def run_child(work: Callable[[Voice], dict[str, Any]]) -> int:
    """Does `work`; its result, with the memory it took (`peak_mib`), or its error is the last line.

    The exit status is 0 or 1.
    """
    wire = os.dup(1)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    voice = Voice(wire)
    threading.Thread(target=_end_with_worker, daemon=True, name="worker").start()
    try:
        result = work(voice)
        voice.send(Finished(state="succeeded", result={**result, "peak_mib": own_peak_mib()}))
        return 0
    except BaseException as error:  # everything must reach the worker
        voice.send(from_exception(error).to_event())
        return 1


def _end_with_worker() -> None:
    """The worker holds the other end of stdin: when it dies, however it dies, this process ends too."""
    while os.read(0, 4096):
        pass
    os._exit(3)
