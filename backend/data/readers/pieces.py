"""Raw text cut into pieces for continued pretraining: at headings, then paragraphs, then sentences."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from backend.data.readers.record import Record

HEADING_CHARACTERS = 200
_SENTENCE_END = re.compile(r"(?<=[。．！？!?])[」』）)\"']*\s*|(?<=[.!?])[\"')]*\s+|\n")


class Block(NamedTuple):
    """A paragraph, or a heading of `level` 1 to 9 (`title`: its words, where the text has marks around them).

    `continues`: the same paragraph as the block before.
    """

    text: str
    source: str
    level: int = 0
    continues: bool = False
    notes: tuple[str, ...] = ()
    title: str = ""


def pieces_of(blocks: Iterable[Block], characters: int) -> Iterator[Record]:
    """Records {"text", "heading"} of one document, each at most about `characters` long.

    A heading begins a new piece and stands in its text; `heading` is the path to it ("Part > Chapter"). Nothing of
    the text is lost but blank lines.
    """
    limit = max(1, characters)
    path: list[tuple[int, str]] = []
    held: list[Block] = []
    length = 0
    for block in blocks:
        if block.level:
            if any(not part.level for part in held):
                yield _piece(held, path)
                held, length = [], 0
            path = [*(part for part in path if part[0] < block.level), (block.level, block.title or block.text)]
            held.append(block)
            length += len(block.text)
            continue
        for part in _parts(block, limit):
            if held and length + len(part.text) > limit and any(not other.level for other in held):
                yield _piece(held, path)
                held, length = [], 0
            held.append(part)
            length += len(part.text)
    if held:
        yield _piece(held, path)


def _piece(blocks: list[Block], path: list[tuple[int, str]]) -> Record:
    text = blocks[0].text
    for block in blocks[1:]:
        text += ("" if text.endswith("\n") else "\n") + ("" if block.continues else "\n") + block.text
    notes = tuple(sorted({note for block in blocks for note in block.notes}))
    heading = " > ".join(title[:HEADING_CHARACTERS] for _, title in path)
    return Record({"text": text.strip("\n"), "heading": heading}, blocks[0].source, notes)


def _parts(block: Block, limit: int) -> Iterator[Block]:
    """The block itself, or parts of at most `limit` characters that end with a sentence where they can."""
    text = block.text
    if len(text) <= limit:
        yield block
        return
    start = 0
    continues = block.continues
    while start < len(text):
        end = len(text)
        if end - start > limit:
            end = start + limit
            ends = [found.end() for found in _SENTENCE_END.finditer(text, start, end) if found.end() > start]
            if ends and ends[-1] - start > limit // 4:
                end = ends[-1]
        yield block._replace(text=text[start:end], continues=continues)
        start, continues = end, True
