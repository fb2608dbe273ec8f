"""The rows of one dataset on disk: SQLite, so that a million can be paged, searched, sorted, changed and undone.

The file is rows.sqlite in the dataset's folder. The engine fills it, engine and window read it; whoever changes it goes
through backend.data.journal, which keeps what was there before.
"""

import sqlite3
from array import array
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from backend.data.dataset import Finding, Row, whole_text
from backend.data.row_filter import RowFilter, holds
from backend.protocol.errors import TanrenError

ROWS_FILE = "rows.sqlite"
STORE_FORMAT = 1
ROWS_NAMED = 200
BATCH_ROWS = 1000
BUSY_SECONDS = 10.0
LAST_NUMBER = "last_number"
UNCHECKED = "unchecked"
_SCHEMA = """
CREATE TABLE rows (
    row INTEGER PRIMARY KEY, body TEXT NOT NULL, problem TEXT NOT NULL, size INTEGER NOT NULL, label TEXT NOT NULL,
    side TEXT NOT NULL, synthetic TEXT NOT NULL, family INTEGER NOT NULL DEFAULT 0, tokens INTEGER);
CREATE TABLE findings (
    name TEXT NOT NULL, row INTEGER NOT NULL, origin TEXT NOT NULL, PRIMARY KEY (name, row)) WITHOUT ROWID;
CREATE INDEX findings_by_row ON findings (row);
CREATE TABLE steps (
    step INTEGER PRIMARY KEY, name TEXT NOT NULL, settings TEXT NOT NULL, counts TEXT NOT NULL, made REAL NOT NULL,
    undone INTEGER NOT NULL DEFAULT 0);
CREATE TABLE changes (
    step INTEGER NOT NULL, row INTEGER NOT NULL, before TEXT, after TEXT, PRIMARY KEY (step, row)) WITHOUT ROWID;
CREATE TABLE info (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""
_decoder = msgspec.json.Decoder(Row)
_encoder = msgspec.json.Encoder()


class Store:
    """An open rows.sqlite. `family` of a row is the number that near copies of one another share, 0 for none.

    Findings have an origin: "row" (of the row alone), "across" (of all rows together) or "model" (of a base model's
    template and maximum length).
    """

    def __init__(self, folder: Path, connection: sqlite3.Connection) -> None:
        self.folder = folder
        self.connection = connection

    @classmethod
    def create(cls, folder: Path) -> "Store":
        """A new, empty store in `folder`, fast to fill; durable when the folder is fsynced (staged_folder)."""
        connection = sqlite3.connect(folder / ROWS_FILE, timeout=BUSY_SECONDS, isolation_level=None)
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA journal_mode = MEMORY")
        connection.execute("PRAGMA secure_delete = ON")
        connection.executescript(_SCHEMA)
        connection.execute(f"PRAGMA user_version = {STORE_FORMAT}")
        return cls._ready(folder, connection)

    @classmethod
    def open(cls, folder: Path, patience: float = BUSY_SECONDS) -> "Store":
        """The store of `folder`; a reader or writer of it waits `patience` seconds for another process that writes.

        Raises TanrenError dataset_damaged, dataset_newer, and dataset_busy when somebody writes for longer.
        """
        path = folder / ROWS_FILE
        try:
            connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=rw", uri=True, timeout=patience,
                                         isolation_level=None)
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            connection.execute("SELECT count(*) FROM steps").fetchone()
            if version <= STORE_FORMAT:
                connection.execute("PRAGMA journal_mode = WAL")  # the window reads while a job writes
                connection.execute("PRAGMA synchronous = FULL")
                connection.execute("PRAGMA secure_delete = ON")  # what is erased (journal.forget) is overwritten
        except sqlite3.Error as error:
            if "locked" in str(error):
                raise TanrenError("dataset_busy", path=folder, detail=str(error)) from error
            if "full" in str(error):
                raise TanrenError("disk_full", path=path, detail=str(error)) from error
            raise TanrenError("dataset_damaged", path=path, detail=str(error)) from error
        if version > STORE_FORMAT:
            connection.close()
            raise TanrenError("dataset_newer", path=path)
        return cls._ready(folder, connection)

    @classmethod
    def _ready(cls, folder: Path, connection: sqlite3.Connection) -> "Store":
        connection.create_function("holds", 2, holds, deterministic=True)
        return cls(folder, connection)

    def close(self) -> None:
        """Closes the file."""
        self.connection.close()

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- filling ---

    def add(self, rows: Iterable[tuple[Row, Iterable[str]]]) -> int:
        """Appends rows with the checks that each of them met; returns how many."""
        known = list(rows)
        self.connection.execute("BEGIN")
        self.connection.executemany(
            "INSERT INTO rows (row, body, problem, size, label, side, synthetic) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [columns_of(row) for row, _ in known])
        self.connection.executemany(
            "INSERT OR IGNORE INTO findings VALUES (?, ?, 'row')",
            [(name, row.row) for row, checks in known for name in (*checks, *row.notes, row.problem) if name])
        self.connection.execute("COMMIT")
        return len(known)

    def drop_from(self, first: int) -> None:
        """Takes back the rows from number `first` on, while a store is being filled."""
        self.connection.execute("BEGIN")
        self.connection.execute("DELETE FROM rows WHERE row >= ?", (first,))
        self.connection.execute("DELETE FROM findings WHERE row >= ?", (first,))
        self.connection.execute("COMMIT")

    def note_findings(self, origin: str, found: dict[str, list[int]]) -> None:
        """Replaces the findings of `origin` by `found`."""
        self.connection.execute("BEGIN")
        self.connection.execute("DELETE FROM findings WHERE origin = ?", (origin,))
        if origin == "across":
            self.set_info(UNCHECKED, False)
        self.connection.executemany("INSERT OR IGNORE INTO findings VALUES (?, ?, ?)",
                                    ((name, row, origin) for name, rows in found.items() for row in rows))
        self.connection.execute("COMMIT")

    def note_families(self, families: dict[int, int]) -> None:
        """Replaces which rows are near copies of one another: row → number of the family."""
        self.connection.execute("BEGIN")
        self.connection.execute("UPDATE rows SET family = 0 WHERE family != 0")
        self.connection.executemany("UPDATE rows SET family = ? WHERE row = ?",
                                    ((family, row) for row, family in families.items()))
        self.connection.execute("COMMIT")

    def note_tokens(self, tokens: Iterable[tuple[int, int]]) -> None:
        """Sets the length in tokens of rows, (row, tokens); of all others it becomes unknown."""
        self.connection.execute("BEGIN")
        self.connection.execute("UPDATE rows SET tokens = NULL WHERE tokens IS NOT NULL")
        self.connection.executemany("UPDATE rows SET tokens = ? WHERE row = ?", ((n, row) for row, n in tokens))
        self.connection.execute("COMMIT")

    def set_info(self, name: str, value: Any) -> None:
        """Keeps a fact beside the rows (as JSON)."""
        self.connection.execute("INSERT OR REPLACE INTO info VALUES (?, ?)", (name, to_json(value)))

    # --- reading ---

    @property
    def unchecked(self) -> bool:
        """Whether rows were changed, undone or redone since all of them were looked at together: the findings of
        origin "across" are then those of before."""
        return bool(self.get_info(UNCHECKED, False))

    def get_info(self, name: str, default: Any = None) -> Any:
        """A fact kept by set_info."""
        found = self.connection.execute("SELECT value FROM info WHERE name = ?", (name,)).fetchone()
        return msgspec.json.decode(found[0]) if found else default

    def count(self, usable: bool = False) -> int:
        """How many rows there are; `usable`: that can be trained on."""
        where = " WHERE problem = ''" if usable else ""
        return int(self.connection.execute(f"SELECT count(*) FROM rows{where}").fetchone()[0])

    def last_number(self) -> int:
        """The highest row number that was ever given; 0 for an empty store."""
        highest = self.connection.execute(
            "SELECT max(coalesce((SELECT max(row) FROM rows), 0), coalesce((SELECT max(row) FROM changes), 0))")
        return max(int(highest.fetchone()[0]), self.get_info(LAST_NUMBER, 0))

    def row(self, number: int) -> Row | None:
        """One row, or None when it is not there."""
        found = self.connection.execute("SELECT body FROM rows WHERE row = ?", (number,)).fetchone()
        return decoded(found[0]) if found else None

    def rows(self, usable: bool = False, first: int = 1) -> Iterator[Row]:
        """Every row from number `first` on, in order. Batches are read whole: rows may be changed on the way."""
        where = "row >= ? AND problem = ''" if usable else "row >= ?"
        while True:
            batch = self.connection.execute(
                f"SELECT row, body FROM rows WHERE {where} ORDER BY row LIMIT {BATCH_ROWS}", (first,)).fetchall()
            if not batch:
                return
            for _, body in batch:
                yield decoded(body)
            first = batch[-1][0] + 1

    def page(self, numbers: Sequence[int]) -> dict[int, Row]:
        """The rows of these numbers (a few hundred at most), those that are there."""
        marks = ",".join("?" * len(numbers))
        found = self.connection.execute(f"SELECT body FROM rows WHERE row IN ({marks})", list(numbers))
        return {row.row: row for row in (decoded(body) for (body,) in found)}

    def tokens_of(self, numbers: Sequence[int]) -> dict[int, int]:
        """The lengths in tokens of these rows, where they were measured."""
        marks = ",".join("?" * len(numbers))
        return dict(self.connection.execute(
            f"SELECT row, tokens FROM rows WHERE row IN ({marks}) AND tokens IS NOT NULL", list(numbers)))

    def numbers(self, wanted: RowFilter) -> "array[int]":
        """The numbers of the rows that `wanted` lets through, in its order; 8 bytes each."""
        query, values = wanted.query()
        found: array[int] = array("q")
        cursor = self.connection.execute(query, values)
        while batch := cursor.fetchmany(50_000):
            found.extend(number for (number,) in batch)
        return found

    def checks_of(self, numbers: Sequence[int]) -> dict[int, list[str]]:
        """For these rows the checks that they met."""
        marks = ",".join("?" * len(numbers))
        found: dict[int, list[str]] = {}
        for row, name in self.connection.execute(
                f"SELECT row, name FROM findings WHERE row IN ({marks}) ORDER BY name", list(numbers)):
            found.setdefault(row, []).append(name)
        return found

    def findings(self) -> dict[str, tuple[int, list[int]]]:
        """For each check: how many rows met it, and the first ROWS_NAMED of them."""
        counts = self.connection.execute("SELECT name, count(*) FROM findings GROUP BY name").fetchall()
        return {name: (count, [row for (row,) in self.connection.execute(
            f"SELECT row FROM findings WHERE name = ? ORDER BY row LIMIT {ROWS_NAMED}", (name,))])
            for name, count in counts}

    def rows_with(self, check: str) -> list[int]:
        """Every row that met `check`."""
        return [row for (row,) in self.connection.execute(
            "SELECT row FROM findings WHERE name = ? ORDER BY row", (check,))]

    def families(self) -> dict[int, int]:
        """Row → family, of the rows that have near copies."""
        return dict(self.connection.execute("SELECT row, family FROM rows WHERE family != 0"))

    def held_out(self) -> set[int]:
        """The rows that a split of this dataset keeps away from training."""
        return {row for (row,) in self.connection.execute("SELECT row FROM rows WHERE side = 'held_out'")}

    def lengths(self, bins: int, tokens: bool) -> list[tuple[int, int]]:
        """A histogram: (lower bound, rows) for `bins` equal steps of characters, or of tokens where measured."""
        column = "tokens" if tokens else "size"
        highest = self.connection.execute(f"SELECT max({column}) FROM rows").fetchone()[0]
        if highest is None:
            return []
        step = max(1, -(-(highest + 1) // bins))
        counted = dict(self.connection.execute(
            f"SELECT {column} / {step}, count(*) FROM rows WHERE {column} IS NOT NULL GROUP BY 1"))
        return [(place * step, counted.get(place, 0)) for place in range(bins)]

    def values(self, column: str) -> list[tuple[str, int]]:
        """The values of label, side or synthetic with their counts, the commonest first."""
        return self.connection.execute(
            f"SELECT {column}, count(*) FROM rows WHERE {column} != '' GROUP BY 1 ORDER BY 2 DESC, 1").fetchall()


def columns_of(row: Row) -> tuple[int, str, str, int, str, str, str]:
    """A row as the columns row, body, problem, size, label, side, synthetic."""
    return row.row, encoded(row), row.problem, len(whole_text(row)), row.label, row.side, row.synthetic


def encoded(row: Row) -> str:
    """A row as the JSON that is stored."""
    return _encoder.encode(row).decode()


def decoded(body: str) -> Row:
    """A stored row."""
    return _decoder.decode(body)


def to_json(value: Any) -> str:
    """Any plain value as JSON text."""
    return msgspec.json.encode(value).decode()


def findings_of(store: Store) -> list[Finding]:
    """What was noticed, as findings in the order of CHECKS."""
    from backend.data.check_texts import CHECKS

    found = store.findings()
    return [Finding(check=name, severity=CHECKS[name].severity, count=found[name][0], rows=found[name][1])
            for name in CHECKS if name in found]
