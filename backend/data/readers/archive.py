"""Zip archives, and the office files that are such: opened only where they are what they claim and can be held."""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from backend.protocol.errors import TanrenError

MAX_RATIO = 200
RATIO_FROM_BYTES = 16 << 20
MAX_GROWTH = 1000
GROWTH_FROM_BYTES = 1 << 30
MAX_TOTAL_BYTES = 16 << 30
MAX_MEMBERS = 20_000
ENCRYPTED = 0x1


class Growth:
    """Counts the text that comes out of a packed file that refers to one text many times, as workbooks and Parquet
    files can."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._size = path.stat().st_size
        self._grown = 0

    def add(self, size: int, row: int) -> None:
        """`size` more characters in a row. Raises TanrenError data_bomb beyond MAX_GROWTH times the file."""
        self._grown += size
        if self._grown > GROWTH_FROM_BYTES and self._grown > MAX_GROWTH * self._size:
            raise TanrenError("data_bomb", path=self._path, member=f"row {row}", ratio=self._grown // self._size)


@contextmanager
def opened_archive(path: Path) -> Iterator[zipfile.ZipFile]:
    """The zip archive at `path`, checked by what its directory says; members cannot be larger than that.

    Raises TanrenError data_damaged, data_bomb, data_too_many_files or data_encrypted.
    """
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise TanrenError("data_damaged", path=path, detail=str(error)) from error
    except OSError as error:
        raise TanrenError("data_unreadable", path=path, detail=str(error)) from error
    with archive:
        members = archive.infolist()
        if len(members) > MAX_MEMBERS:
            raise TanrenError("data_too_many_files", path=path, limit=f"{MAX_MEMBERS:,}")
        if sum(member.file_size for member in members) > MAX_TOTAL_BYTES:
            raise TanrenError("data_too_large", path=path, limit=f"{MAX_TOTAL_BYTES >> 30} GiB")
        for member in members:
            if member.file_size > RATIO_FROM_BYTES and member.file_size > MAX_RATIO * max(1, member.compress_size):
                raise TanrenError("data_bomb", path=path, member=member.filename,
                                  ratio=member.file_size // max(1, member.compress_size))
            if member.flag_bits & ENCRYPTED:
                raise TanrenError("data_encrypted", path=path)
        yield archive
