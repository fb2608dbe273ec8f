"""The text of PDF files, page by page."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from backend.data.readers.pieces import Block, pieces_of
from backend.data.readers.record import Record, Stream
from backend.protocol.errors import TanrenError

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader

MAX_PAGES = 100_000
PAGE_SECONDS = 30.0


def read_pdf(path: Path, characters: int) -> Stream:
    """Pieces of the text, split at the bookmarks and the pages' paragraphs; `done` and `total` in pages.

    A page that is only a picture is noted at the next piece, or the last.
    Raises TanrenError data_encrypted, data_damaged, data_scanned when no page has text, data_too_many_files.
    """
    with _reader(path) as reader:
        total = len(reader.pages)
    if total > MAX_PAGES:
        raise TanrenError("data_too_many_files", path=path, limit=f"{MAX_PAGES:,}")
    progress = [0]
    return Stream(_records(path, characters, progress), lambda: progress[0], total)


@contextmanager
def _reader(path: Path) -> Iterator["PdfReader"]:
    import pypdf

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it tells every flaw that it repairs
    with path.open("rb") as file:
        try:
            reader = pypdf.PdfReader(file, strict=False)
            if reader.is_encrypted and not reader.decrypt(""):
                raise TanrenError("data_encrypted", path=path)
            len(reader.pages)
        except TanrenError:
            raise
        except pypdf.errors.DependencyError as error:  # AES needs a library that the app does not ship
            raise TanrenError("data_encrypted", path=path, detail=str(error)) from error
        except Exception as error:  # damaged files raise anything, from KeyError to RecursionError
            raise TanrenError("data_damaged", path=path, detail=repr(error)) from error
        yield reader


def _records(path: Path, characters: int, progress: list[int]) -> Iterator[Record]:
    """The last record is held back: pages without text may follow it."""
    held: Record | None = None
    without_text: list[int] = []
    with _reader(path) as reader:
        for record in pieces_of(_blocks(path, reader, progress, without_text), characters):
            if held is not None:
                yield held
            held = record
    if held is None:
        raise TanrenError("data_scanned", path=path, pages=progress[0])
    yield held._replace(notes=tuple(sorted({*held.notes, "page_without_text"}))) if without_text else held


def _blocks(path: Path, reader: "PdfReader", progress: list[int], without_text: list[int]) -> Iterator[Block]:
    """`without_text`: the pages that no block has told yet."""
    titles = _bookmarks(reader)
    for number, page in enumerate(reader.pages, start=1):
        try:
            text = _text_of(page)
        except Exception as error:  # as above
            raise TanrenError("data_damaged_page", path=path, page=number, detail=repr(error)) from error
        progress[0] = number
        if not text.strip():
            without_text.append(number)
            continue
        for level, title in titles.get(number, []):
            yield Block(title, f"page {number}", level=level)
        for paragraph in text.split("\n\n"):
            if paragraph.strip():
                notes = ("page_without_text",) if without_text else ()
                without_text.clear()
                yield Block(paragraph.strip("\n"), f"page {number}", notes=notes)


def _text_of(page: "PageObject") -> str:
    """The text of a page. Raises TimeoutError after PAGE_SECONDS: forms that draw each other can go on for ever."""
    end = time.monotonic() + PAGE_SECONDS

    def check(*_operation: object) -> None:
        if time.monotonic() > end:
            raise TimeoutError(f"longer than {PAGE_SECONDS:g} s")

    text = page.extract_text(visitor_operand_before=check)
    check()  # pypdf passes over what fails inside a form
    return text


def _bookmarks(reader: "PdfReader") -> dict[int, list[tuple[int, str]]]:
    """Page number to the (level, title) of the bookmarks that point to it; none where they are damaged."""
    titles: dict[int, list[tuple[int, str]]] = {}

    def walk(entries: list[object], level: int) -> None:
        for entry in entries:
            if isinstance(entry, list):
                walk(entry, min(level + 1, 9))
            else:
                page = reader.get_destination_page_number(entry)  # type: ignore[arg-type]
                title = getattr(entry, "title", None)
                if page is not None and title:
                    titles.setdefault(page + 1, []).append((level, str(title).strip()))

    try:
        walk(list(reader.outline), 1)
    except Exception:  # bookmarks only name pieces: without them the text is the same
        return {}
    return titles
