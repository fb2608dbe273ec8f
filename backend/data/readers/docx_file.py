"""Word documents (.docx) as text: paragraphs, headings and tables in their order, read as a stream."""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO
from xml.etree import ElementTree

from backend.data.readers.archive import opened_archive
from backend.data.readers.pieces import Block, pieces_of
from backend.data.readers.record import Record, Stream
from backend.protocol.errors import TanrenError

Element = ElementTree.Element
_HEADING = re.compile(r"(?:heading|見出し)\s*([1-9])", re.IGNORECASE)
_TITLE = frozenset(("title", "表題"))
_WRAPPERS = frozenset(("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag"))
_NOT_TEXT = frozenset(("Fallback", "del", "moveFrom", "instrText", "delText", "pPr", "rPr"))
"""Fallback repeats a text box in an older form; del and moveFrom are tracked changes that took text away."""
STYLES_BYTES = 16 << 20


def read_docx(path: Path, characters: int) -> Stream:
    """Pieces of the document. A table is a paragraph with a line a row and " | " between cells.

    Raises TanrenError data_damaged and those of opened_archive.
    """
    with opened_archive(path) as archive:
        main = _main_part(path, archive)
        total = archive.getinfo(main).file_size
    progress = _Progress()
    return Stream(_records(path, main, characters, progress), progress.done, total)


class _Progress:
    """Counts the bytes of the main part that were read."""

    def __init__(self) -> None:
        self.file: IO[bytes] | None = None
        self.read = 0

    def done(self) -> int:
        if self.file is not None and not self.file.closed:
            self.read = self.file.tell()
        return self.read


def _records(path: Path, main: str, characters: int, progress: _Progress) -> Iterator[Record]:
    with opened_archive(path) as archive:
        try:
            headings = _heading_styles(archive, main)
            with archive.open(main) as file:
                progress.file = file
                yield from pieces_of(_blocks(file, headings), characters)
                progress.done()
        except (ElementTree.ParseError, zipfile.BadZipFile, KeyError, EOFError, RecursionError,
                NotImplementedError) as error:
            raise TanrenError("data_damaged", path=path, detail=str(error)) from error


def _main_part(path: Path, archive: zipfile.ZipFile) -> str:
    """The document's part by the relations of the package; some programs do not call it word/document.xml."""
    try:
        for relation in ElementTree.fromstring(archive.read("_rels/.rels")):
            if relation.get("Type", "").endswith("/officeDocument"):
                name = relation.get("Target", "").lstrip("/")
                archive.getinfo(name)
                return name
    except (KeyError, ElementTree.ParseError, zipfile.BadZipFile) as error:
        raise TanrenError("data_damaged", path=path, detail=str(error)) from error
    raise TanrenError("data_damaged", path=path, detail="no main document part")


def _heading_styles(archive: zipfile.ZipFile, main: str) -> dict[str, int]:
    """Style id to heading level, by the style's name or outline level."""
    name = main.rsplit("/", 1)[0] + "/styles.xml"
    if name not in archive.namelist() or archive.getinfo(name).file_size > STYLES_BYTES:
        return {}
    levels: dict[str, int] = {}
    for style in ElementTree.fromstring(archive.read(name)):
        if _local(style) != "style":
            continue
        title = next((_value(child) for child in style if _local(child) == "name"), "")
        found = _HEADING.fullmatch(title)
        level = int(found[1]) if found else 1 if title.lower() in _TITLE else _outline(style)
        if level:
            levels[_attribute(style, "styleId")] = level
    return levels


def _blocks(file: IO[bytes], headings: dict[str, int]) -> Iterator[Block]:
    """Each child of the body is forgotten after it was read."""
    parents: list[Element] = []
    paragraph = 0
    for event, element in ElementTree.iterparse(file, events=("start", "end")):
        if event == "start":
            parents.append(element)
            continue
        parents.pop()
        if len(parents) != 2 or _local(parents[1]) != "body":
            continue
        for part in _inside(element):
            paragraph += 1
            yield from _block(part, f"paragraph {paragraph}", headings)
        parents[1].clear()


def _inside(element: Element) -> Iterator[Element]:
    """The paragraphs and tables of an element that may only wrap them."""
    if _local(element) in ("p", "tbl"):
        yield element
    elif _local(element) in _WRAPPERS:
        for child in element:
            yield from _inside(child)


def _block(element: Element, source: str, headings: dict[str, int]) -> Iterator[Block]:
    if _local(element) == "tbl":
        text = "\n".join(_table_rows(element))
        if text.strip(" |\n"):
            yield Block(text, source)
        return
    text = _text(element).strip("\n")
    if not text.strip():
        return
    level = 0
    for properties in element:
        if _local(properties) == "pPr":
            style = next((_value(child) for child in properties if _local(child) == "pStyle"), "")
            level = headings.get(style, 0) or _outline(element)
    yield Block(text.strip() if level else text, source, level=level)


def _table_rows(table: Element) -> Iterator[str]:
    for row in table:
        if _local(row) == "tr":
            cells = ["\n".join(_text(part) for inner in cell for part in _inside(inner)).strip().replace("\n", " ")
                     for cell in row if _local(cell) == "tc"]
            yield " | ".join(cells)


def _text(element: Element) -> str:
    """The visible text below an element."""
    name = _local(element)
    if name == "t":
        return element.text or ""
    if name == "tab":
        return "\t"
    if name in ("br", "cr"):
        return "\n"
    if name == "noBreakHyphen":
        return "-"
    if name in _NOT_TEXT:
        return ""
    text = "".join(_text(child) for child in element)
    return text + "\n" if name in ("p", "tr") and text else text


def _outline(element: Element) -> int:
    """The outline level (1 to 9) in the paragraph properties of a style or paragraph; 0 for body text."""
    for properties in element:
        if _local(properties) == "pPr":
            for child in properties:
                if _local(child) == "outlineLvl" and _value(child).isdigit() and int(_value(child)) < 9:
                    return int(_value(child)) + 1
    return 0


def _local(element: Element) -> str:
    """The name without its namespace: files in strict OOXML have another one."""
    return element.tag.rsplit("}", 1)[-1]


def _value(element: Element) -> str:
    return _attribute(element, "val")


def _attribute(element: Element, name: str) -> str:
    return next((value for key, value in element.attrib.items() if key.rsplit("}", 1)[-1] == name), "")
