"""Files and folders that appear whole or not at all: temporary name, fsync, rename."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TEMPORARY_PREFIX = ".partial-"


def write_file(path: Path, data: bytes | str) -> None:
    """Replaces `path` by `data` so that a crash leaves the old or the new content, never a mixture."""
    raw = data.encode("utf-8") if isinstance(data, str) else data
    temporary = path.with_name(f"{TEMPORARY_PREFIX}{path.name}-{os.getpid()}")
    try:
        with open(temporary, "wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


@contextmanager
def staged_folder(final: Path) -> Iterator[Path]:
    """A temporary sibling of `final` that takes its place when the block ends without an exception.

    Every file is fsynced first; an older `final` is replaced; on an exception the temporary one goes.
    """
    temporary = final.with_name(f"{TEMPORARY_PREFIX}{final.name}-{os.getpid()}")
    if temporary.exists():
        shutil.rmtree(temporary)
    temporary.mkdir(parents=True)
    try:
        yield temporary
        for folder, _, names in os.walk(temporary):
            for name in names:
                sync_file(Path(folder, name))
            sync_folder(Path(folder))
        old = final.with_name(f"{TEMPORARY_PREFIX}old-{final.name}-{os.getpid()}")
        if final.exists():
            os.rename(final, old)
        os.rename(temporary, final)
        sync_folder(final.parent)
        shutil.rmtree(old, ignore_errors=True)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise


def sync_file(path: Path) -> None:
    """Forces a file's content to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(path: Path) -> None:
    """Forces a folder's entries to the disk (not possible, nor needed, on Windows)."""
    if os.name == "nt":
        return
    sync_file(path)


def remove_leftovers(folder: Path) -> None:
    """Deletes what an interrupted write left in `folder`."""
    if not folder.is_dir():
        return
    for entry in folder.iterdir():
        if entry.name.startswith(TEMPORARY_PREFIX):
            if entry.is_dir():
                shutil.rmtree(entry, ignore_errors=True)
            else:
                entry.unlink(missing_ok=True)
