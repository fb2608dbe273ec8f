"""Every change to a dataset's rows as a step that can be undone and redone: SQLite keeps what was there before."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec

from backend.data.dataset import Row
from backend.data.store import LAST_NUMBER, UNCHECKED, Store, columns_of, decoded, encoded, to_json

EDIT = "edit"
FORGOTTEN = "forgotten"


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """A step that was done: `name` is a key of backend.data.steps.STEPS, or edit; `counts` say what it changed."""

    step: int
    name: str
    settings: dict[str, Any]
    counts: dict[str, int]
    made: float
    undone: bool = False


class Change:
    """An open step: every row that it changes, adds or takes away is written down with what was there before."""

    def __init__(self, store: Store, step: int) -> None:
        self.step = step
        self.counts = {"changed": 0, "removed": 0, "added": 0}
        self._store = store
        self._next = store.last_number() + 1

    def change(self, before: Row, after: Row, checks: tuple[str, ...]) -> None:
        """Puts `after` in the place of `before` (same number); `checks`: what the new row meets."""
        if encoded(before) != encoded(after):
            self._keep(before.row, encoded(before), encoded(after))
            _put(self._store.connection, after, checks)
            self.counts["changed"] += 1

    def remove(self, before: Row) -> None:
        """Takes a row out."""
        self._keep(before.row, encoded(before), None)
        _take(self._store.connection, before.row)
        self.counts["removed"] += 1

    def add(self, row: Row, checks: tuple[str, ...]) -> int:
        """Appends a row; returns its number."""
        added = msgspec.structs.replace(row, row=self._next)
        self._next += 1
        self._keep(added.row, None, encoded(added))
        _put(self._store.connection, added, checks)
        self.counts["added"] += 1
        return added.row

    def _keep(self, row: int, before: str | None, after: str | None) -> None:
        self._store.connection.execute("INSERT INTO changes VALUES (?, ?, ?, ?)", (self.step, row, before, after))


@contextmanager
def change_rows(store: Store, name: str, settings: dict[str, Any]) -> Iterator[Change]:
    """A step: all of it or, after an exception, nothing. Steps that were undone before can no longer be redone.

    A step that changed nothing is kept, because on the next version of the files it may; an edit by hand is not.
    """
    connection = store.connection
    connection.execute("BEGIN IMMEDIATE")
    try:
        connection.execute("DELETE FROM changes WHERE step IN (SELECT step FROM steps WHERE undone)")
        connection.execute("DELETE FROM steps WHERE undone")
        number = connection.execute("SELECT coalesce(max(step), 0) + 1 FROM steps").fetchone()[0]
        opened = Change(store, number)
        yield opened
        if name != EDIT or any(opened.counts.values()):
            connection.execute("INSERT INTO steps VALUES (?, ?, ?, ?, ?, 0)",
                               (number, name, to_json(settings), to_json(opened.counts), time.time()))
        if any(opened.counts[kind] for kind in ("changed", "removed", "added")):
            store.set_info(UNCHECKED, True)
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def steps_of(store: Store, undone: bool = False) -> list[Step]:
    """The steps in force, oldest first; with `undone` also those that can be redone."""
    where = "" if undone else " WHERE NOT undone"
    return [Step(step=step, name=name, settings=msgspec.json.decode(settings), counts=msgspec.json.decode(counts),
                 made=made, undone=bool(off))
            for step, name, settings, counts, made, off in store.connection.execute(
                f"SELECT * FROM steps{where} ORDER BY step")]


def undo(store: Store) -> Step | None:
    """Takes the newest step back and returns it; None when there is none that can be taken back."""
    done = [step for step in steps_of(store) if step.step > store.get_info(FORGOTTEN, 0)]
    if not done:
        return None
    _restore(store, done[-1].step, "before", undone=True)
    return done[-1]


def redo(store: Store) -> Step | None:
    """Does the step again that was undone last and returns it; None when there is none."""
    waiting = [step for step in steps_of(store, undone=True) if step.undone]
    if not waiting:
        return None
    _restore(store, waiting[0].step, "after", undone=False)
    return waiting[0]


def forget(store: Store) -> int:
    """Makes the steps final: what was in the rows before is erased from the file, and they can no longer be undone.

    For datasets whose personal data was hidden: until then the journal still holds it. Returns how many old rows went.
    """
    connection = store.connection
    connection.execute("BEGIN IMMEDIATE")
    last = connection.execute("SELECT coalesce(max(step), 0) FROM steps WHERE NOT undone").fetchone()[0]
    erased: int = connection.execute("SELECT count(*) FROM changes").fetchone()[0]
    highest = store.last_number()
    connection.execute("DELETE FROM changes")
    connection.execute("DELETE FROM steps WHERE undone")
    store.set_info(FORGOTTEN, last)
    store.set_info(LAST_NUMBER, highest)
    connection.execute("COMMIT")
    connection.execute("VACUUM")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return erased


def rows_changed(store: Store, step: int) -> list[int]:
    """The numbers of the rows that a step touched."""
    return [row for (row,) in store.connection.execute("SELECT row FROM changes WHERE step = ? ORDER BY row", (step,))]


def _restore(store: Store, step: int, state: str, undone: bool) -> None:
    from backend.data.checks.row_checks import row_checks

    connection = store.connection
    connection.execute("BEGIN IMMEDIATE")
    try:
        for row, body in connection.execute(f"SELECT row, {state} FROM changes WHERE step = ?", (step,)).fetchall():
            if body is None:
                _take(connection, row)
            else:
                there = decoded(body)
                _put(connection, there, row_checks(there))
        connection.execute("UPDATE steps SET undone = ? WHERE step = ?", (undone, step))
        store.set_info(UNCHECKED, True)
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def _put(connection: sqlite3.Connection, row: Row, checks: tuple[str, ...]) -> None:
    connection.execute(
        "INSERT INTO rows (row, body, problem, size, label, side, synthetic) VALUES (?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (row) DO UPDATE SET body = excluded.body, problem = excluded.problem, size = excluded.size,"
        " label = excluded.label, side = excluded.side, synthetic = excluded.synthetic, tokens = NULL",
        columns_of(row))
    connection.execute("DELETE FROM findings WHERE row = ? AND origin != 'across'", (row.row,))
    connection.executemany("INSERT OR IGNORE INTO findings VALUES (?, ?, 'row')",
                           [(name, row.row) for name in (*checks, *row.notes, row.problem) if name])


def _take(connection: sqlite3.Connection, row: int) -> None:
    connection.execute("DELETE FROM rows WHERE row = ?", (row,))
    connection.execute("DELETE FROM findings WHERE row = ?", (row,))
