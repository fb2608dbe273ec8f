"""Which rows a dataset's table shows, found out in a thread: the newest question wins, the window never waits."""

import sqlite3
import threading
from array import array
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from backend.data.row_filter import RowFilter
from backend.data.store import Store
from backend.protocol.errors import TanrenError
from gui.background import Background


class RowNumbers(QObject):
    """Asks a store for the numbers of rows. A newer question interrupts the one before.

    Signals:
        found: the numbers, an array of 8 bytes each, of the newest question.
        failed: a TanrenError.
    """

    found = Signal(object)
    failed = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._background = Background(self)
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._newest = 0

    @property
    def is_searching(self) -> bool:
        """Whether an answer is awaited."""
        return self._background.is_busy

    def ask(self, folder: Path, wanted: RowFilter | Sequence[int]) -> None:
        """Asks for the rows that a filter lets through, or for those of these numbers that are still there."""
        self.cancel()
        number = self._newest
        self._background.do(lambda: self._look(number, folder, wanted), lambda rows: self._take(number, rows),
                            lambda error: self._refuse(number, error))

    def cancel(self) -> None:
        """No answer is wanted any more."""
        self._newest += 1
        with self._lock:
            if self._connection is not None:
                self._connection.interrupt()

    def _look(self, number: int, folder: Path, wanted: RowFilter | Sequence[int]) -> "array[int] | None":
        """Runs in the thread; None when another question came meanwhile."""
        with Store.open(folder) as store:
            with self._lock:
                if number != self._newest:
                    return None
                self._connection = store.connection
            try:
                if isinstance(wanted, RowFilter):
                    return store.numbers(wanted)
                there = set(store.numbers(RowFilter()))
                return array("q", (row for row in wanted if row in there))
            except sqlite3.OperationalError:
                if number != self._newest:
                    return None
                raise
            finally:
                with self._lock:
                    self._connection = None

    def _take(self, number: int, rows: "array[int] | None") -> None:
        if number == self._newest and rows is not None:
            self.found.emit(rows)

    def _refuse(self, number: int, error: TanrenError) -> None:
        if number == self._newest:
            self.failed.emit(error)
