"""Files and folders that appear whole or not at all: temporary name, fsync, rename."""

import ctypes
import errno
import itertools
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from backend.protocol.errors import TanrenError, from_exception

TEMPORARY_PREFIX = ".partial-"

_serial = itertools.count()
_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_ASIDE = "aside-"


def write_file(path: Path, data: bytes | str) -> None:
    """Replaces `path` by `data` so that a crash leaves the old or the new content, never a mixture."""
    raw = data.encode("utf-8") if isinstance(data, str) else data
    temporary = _temporary_name(path)
    try:
        with open(temporary, "wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except OSError as error:
        error.filename = error.filename or str(path)  # writing into an open file does not say which
        temporary.unlink(missing_ok=True)
        raise
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def make_folder(path: Path, exist_ok: bool = True) -> None:
    """Makes `path` and its missing parents; raises FileExistsError when it is there, unless `exist_ok`.

    Their names are forced to the disk: else a power cut may take a new folder away with all that was fsynced in it.
    """
    if exist_ok and path.is_dir():
        return
    make_folder(path.parent)
    path.mkdir(exist_ok=exist_ok)
    sync_folder(path.parent)


@contextmanager
def staged_folder(final: Path) -> Iterator[Path]:
    """A temporary sibling of `final` that takes its place when the block ends without an exception.

    Every file is fsynced first; an older `final` is replaced; on an exception the temporary one goes.
    """
    temporary = _temporary_name(final)
    make_folder(final.parent)
    temporary.mkdir()
    try:
        yield temporary
        for folder, _, names in os.walk(temporary):
            for name in names:
                sync_file(Path(folder, name))
            sync_folder(Path(folder))
        if final.exists():
            _exchange(temporary, final)
        else:
            os.rename(temporary, final)
        sync_folder(final.parent)
    except Exception as error:
        told = from_exception(error)
        if told.code == "disk_full" and not told.values["path"]:  # libraries do not say which file they wrote
            raise TanrenError("disk_full", detail=told.detail, path=final) from error
        raise
    finally:  # half-written after an exception, the older folder after an exchange, gone after a rename
        shutil.rmtree(temporary, ignore_errors=True)


def _temporary_name(path: Path) -> Path:
    return path.with_name(f"{TEMPORARY_PREFIX}{path.name}-{os.getpid()}-{next(_serial)}")


def _exchange(new: Path, old: Path) -> None:
    """Swaps two folders in one step where the system can (renameat2), else in two with a gap between them."""
    libc = ctypes.CDLL(None, use_errno=True) if os.name != "nt" else None
    if libc is not None and hasattr(libc, "renameat2"):
        if libc.renameat2(_AT_FDCWD, os.fsencode(new), _AT_FDCWD, os.fsencode(old), _RENAME_EXCHANGE) == 0:
            return
        if ctypes.get_errno() not in (errno.EINVAL, errno.ENOSYS):
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), str(new))
    aside = old.with_name(f"{TEMPORARY_PREFIX}{_ASIDE}{old.name}")
    os.rename(old, aside)
    os.rename(new, old)
    os.rename(aside, new)


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
    """Deletes what an interrupted write left in `folder`; puts back what a swap in two steps moved aside."""
    if not folder.is_dir():
        return
    for aside in folder.glob(f"{TEMPORARY_PREFIX}{_ASIDE}*"):
        whole = folder / aside.name.removeprefix(f"{TEMPORARY_PREFIX}{_ASIDE}")
        if not whole.exists():
            os.rename(aside, whole)
    for entry in folder.iterdir():
        if entry.name.startswith(TEMPORARY_PREFIX):
            if entry.is_dir():
                shutil.rmtree(entry, ignore_errors=True)
            else:
                entry.unlink(missing_ok=True)
