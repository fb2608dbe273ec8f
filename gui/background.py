"""Work that takes longer than a blink, in a thread beside the window: one thing at a time, in the order of asking."""

import contextlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

from backend.protocol.errors import TanrenError, from_exception

Then = Callable[[Any], object]
Refused = Callable[[TanrenError], object]


class Background(QObject):
    """A thread for things that are no job of the engine: files and SQLite. Its answers arrive in the window's thread.

    An answer that comes when the object is gone is dropped.
    """

    _answered = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._threads = ThreadPoolExecutor(max_workers=1, thread_name_prefix=type(parent).__name__)
        self._waiting = 0
        self._answered.connect(self._answer, Qt.ConnectionType.QueuedConnection)
        # bound to no method, as there is no self any more; what was asked is still done: it may be a change to be kept
        self.destroyed.connect(partial(self._threads.shutdown, wait=False))

    @property
    def is_busy(self) -> bool:
        """Whether an answer is awaited."""
        return self._waiting > 0

    def do(self, work: Callable[[], Any], then: Then, failed: Refused) -> None:
        """Calls `work` in the thread, then in the window's `then` with its result, or `failed` with what it raised."""
        self._waiting += 1
        self._threads.submit(self._work, work, then, failed)

    def _work(self, work: Callable[[], Any], then: Then, failed: Refused) -> None:
        answer: Callable[[], object]
        try:
            answer = partial(then, work())
        except Exception as error:
            answer = partial(failed, from_exception(error))
        with contextlib.suppress(RuntimeError):  # the object is gone
            self._answered.emit(answer)

    def _answer(self, answer: Callable[[], object]) -> None:
        self._waiting -= 1
        answer()
