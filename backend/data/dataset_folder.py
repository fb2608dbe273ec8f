"""datasets/<id>/: rows.sqlite with every row and step, and manifest.json, which tells where the rows came from."""

import hashlib
import re
import shutil
import time
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from backend.config.reading import Reading
from backend.data.journal import steps_of
from backend.data.store import ROWS_FILE, Store
from backend.protocol.errors import TanrenError
from backend.protocol.languages import Text
from backend.runs.atomic import make_folder
from backend.runs.locks import FileLock
from backend.runs.manifests import MANIFEST, read_manifest, write_manifest

LOCK_FILE = "dataset.lock"
ABOUT = "about"
ACCEPTED = "accepted"
MEASURED = "measured"
"""Facts beside the rows: what the dataset is, which findings were accepted, and tokens as a model counted them."""


class SourceFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file whose rows were read: what it was, how that was found out, and which rows of the dataset are its."""

    path: str
    bytes: int
    sha256: str
    kind: str
    encoding: str
    kind_reason: Text
    format: str
    format_reason: Text
    mapping: dict[str, str]
    columns: list[str]
    first_row: int
    rows: int


class LeftOut(msgspec.Struct, frozen=True, kw_only=True):
    """A file of a folder or archive that was not read, and why."""

    path: str
    reason: Text


class About(msgspec.Struct, frozen=True, kw_only=True):
    """What a dataset is: its name, its sources, and how they were read. `asked`: the paths as they were given."""

    name: str
    created: float
    asked: list[str]
    reading: Reading
    sources: list[SourceFile]
    left_out: list[LeftOut] = []

    @property
    def format(self) -> str:
        """The format of the rows; of several, the commonest one's."""
        return self._commonest("format")

    @property
    def encoding(self) -> str:
        """The encoding of the files; of several, the commonest one's; empty for files that are no text."""
        return self._commonest("encoding")

    @property
    def columns(self) -> list[str]:
        """The columns of all sources, each once."""
        return list(dict.fromkeys(column for source in self.sources for column in source.columns))

    def _commonest(self, field: str) -> str:
        rows: dict[str, int] = {}
        for source in self.sources:
            value = getattr(source, field)
            rows[value] = rows.get(value, 0) + source.rows
        return max(rows, key=lambda value: rows[value], default="")


def is_dataset(folder: Path) -> bool:
    """Whether `folder` is an imported dataset."""
    return (folder / ROWS_FILE).is_file() and (folder / MANIFEST).is_file()


def new_dataset_folder(home: Path, name: str) -> Path:
    """A place for a dataset that does not exist yet: datasets/<slug of the name>, numbered where it is taken."""
    slug = re.sub(r"[^\w]+", "-", unicodedata.normalize("NFKC", name)).strip("-").lower()[:60] or "dataset"
    datasets = home / "datasets"
    make_folder(datasets)
    for attempt in range(1, 10_000):
        folder = datasets / (slug if attempt == 1 else f"{slug}-{attempt}")
        if not folder.exists():
            return folder
    raise TanrenError("home_unusable", path=datasets, reason=Text(
        "too many datasets of this name", "同じ名前のデータセットが多すぎます"))


def list_datasets(home: Path) -> list[Path]:
    """The folders of imported datasets, the newest first."""
    folder = home / "datasets"
    found = [path for path in folder.iterdir() if is_dataset(path)] if folder.is_dir() else []
    return sorted(found, key=lambda path: (path / ROWS_FILE).stat().st_mtime, reverse=True)


def find_dataset(home: Path, text: str) -> Path | None:
    """The imported dataset with this folder, id or name; None when there is none."""
    path = Path(text)
    if is_dataset(path):
        return path.resolve()
    if not text or path.name != text:
        return None
    if is_dataset(home / "datasets" / text):
        return home / "datasets" / text
    for folder in list_datasets(home):
        manifest = read_manifest(folder)
        if manifest and manifest.facts.get("name") == text:
            return folder
    return None


@contextmanager
def hold_dataset(folder: Path) -> Iterator[None]:
    """Holds the dataset's lock: one at a time changes it. Raises TanrenError dataset_busy."""
    lock = FileLock(folder / LOCK_FILE)
    if not lock.acquire():
        raise TanrenError("dataset_busy", path=folder)
    try:
        yield
    finally:
        lock.release()


def about_of(store: Store) -> About:
    """What the dataset is. Raises TanrenError dataset_damaged."""
    try:
        return msgspec.convert(store.get_info(ABOUT), type=About)
    except msgspec.MsgspecError as error:
        raise TanrenError("dataset_damaged", path=store.folder / ROWS_FILE, detail=str(error)) from error


def original_file(store: Store) -> Path | None:
    """The file that the dataset was made of, where it was one; a held-out set may lie beside it."""
    asked = about_of(store).asked
    return Path(asked[0]) if len(asked) == 1 else None


def rows_sha256(store: Store) -> str:
    """The SHA-256 of all rows as they are stored, in order."""
    digest = hashlib.sha256()
    for (body,) in store.connection.execute("SELECT body FROM rows ORDER BY row"):
        digest.update(body.encode("utf-8") + b"\n")
    return digest.hexdigest()


def write_lineage(store: Store, content_hash: str = "") -> None:
    """manifest.json: sources with their hashes, how they were read, every step with its counts and settings.

    `content_hash` is rows_sha256 of the present rows; it is empty after an edit by hand, until the next job counts it.
    """
    about = about_of(store)
    write_manifest(store.folder, "dataset", {source.path: source.sha256 for source in about.sources}, {
        "name": about.name, "format": about.format, "encoding": about.encoding, "columns": about.columns,
        "left_out": msgspec.to_builtins(about.left_out), "asked": about.asked,
        "reading": msgspec.to_builtins(about.reading),
        "sources": msgspec.to_builtins(about.sources), "rows": store.count(), "usable": store.count(usable=True),
        "rows_sha256": content_hash, "steps": msgspec.to_builtins(steps_of(store)),
        "accepted": store.get_info(ACCEPTED, {}),
    }, hash_files=False)


def accepted_of(store: Store) -> dict[str, int]:
    """The blocking findings that the user accepted: check → how many rows had it then."""
    return dict(store.get_info(ACCEPTED, {}))


def accept(store: Store, check: str, accepted: bool = True) -> None:
    """Records that training may start although `check` was found (or takes that back)."""
    known = accepted_of(store)
    known.pop(check, None)
    if accepted:
        known[check] = store.findings().get(check, (0, []))[0]
    store.set_info(ACCEPTED, known)
    manifest = read_manifest(store.folder)
    write_lineage(store, str(manifest.facts.get("rows_sha256", "")) if manifest else "")  # no row was changed


def blocking(store: Store, also_accepted: tuple[str, ...] = ()) -> dict[str, int]:
    """The findings of severity error that were neither fixed nor accepted: check → rows. More rows than were accepted
    block again."""
    from backend.data.check_texts import CHECKS

    known = accepted_of(store)
    return {name: count for name, (count, _) in store.findings().items()
            if CHECKS[name].severity == "error" and count > known.get(name, 0) and name not in also_accepted}


def delete_dataset(folder: Path, trash: Path) -> Path:
    """Moves a dataset to the trash; returns its place there. Raises TanrenError dataset_busy."""
    with hold_dataset(folder):
        make_folder(trash)
        place = trash / f"{folder.name}-{int(time.time())}"
        shutil.move(folder, place)
    return place
