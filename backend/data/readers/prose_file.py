"""Plain text and Markdown files, read line by line and cut into pieces."""

import re
from collections.abc import Iterator

from backend.data.readers.pieces import Block, pieces_of
from backend.data.readers.record import Stream
from backend.data.readers.text_source import Line, TextSource

_ATX = re.compile(r" {0,3}(#{1,6})[ \t]+(?=\S)")
_SETEXT = re.compile(r" {0,3}(=+|-+)[ \t]*$")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_CHAPTER = re.compile(r"[ \t\u3000]*(?:第[0-9０-９一二三四五六七八九十百〇]+[部編章節条話回幕](?=$|[ \t\u3000:：])"
                      r"|(?:Chapter|Part|CHAPTER|PART)\s+(?:\d+|[IVXLC]+)\b(?=[.:]|\s*$))")
_CHAPTER_CHARACTERS = 60


def read_prose(source: TextSource, markdown: bool, characters: int) -> Stream:
    """Pieces of the text: Markdown at its headings, plain text at lines such as "第一章" and "Chapter 2".

    Raises TanrenError data_line_too_long and those of TextSource.
    """
    blocks = _markdown_blocks(source.lines()) if markdown else _text_blocks(source.lines(), characters)
    return Stream(pieces_of(blocks, characters), source.done, source.total)


def _text_blocks(lines: Iterator[Line], characters: int) -> Iterator[Block]:
    """Paragraphs end at blank lines. A long paragraph comes line by line, so that memory stays small."""
    held: list[Line] = []
    continues = False
    for line in lines:
        text = line.text.rstrip("\r\n")
        blank = not text.strip(" \t\f\u3000")
        chapter = not blank and len(text) <= _CHAPTER_CHARACTERS and bool(_CHAPTER.match(text))
        if blank or chapter:
            if held:
                yield _paragraph(held, continues)
            held, continues = [], False
        if chapter:
            yield Block(text.strip(), f"line {line.number}", level=1, notes=line.notes)
        elif not blank:
            if sum(len(other.text) for other in held) + len(text) > characters and held:
                yield _paragraph(held, continues)
                held, continues = [], True
            held.append(line)
    if held:
        yield _paragraph(held, continues)


def _markdown_blocks(lines: Iterator[Line]) -> Iterator[Block]:
    """As plain text, but with headings of both forms; code in fences and the front matter are no headings."""
    held: list[Line] = []
    fence = ""
    for line in lines:
        text = line.text.rstrip("\r\n")
        if fence:
            held.append(line)
            if text.strip().startswith(fence) and not text.strip().strip(fence[0]):
                yield _paragraph(held)
                held, fence = [], ""
            continue
        if line.number == 1 and text.rstrip() == "---":
            held, fence = [line], "---"
            continue
        opening = _FENCE.match(text)
        heading = _ATX.match(text)
        underline = _SETEXT.match(text)
        if underline and len(held) == 1:
            level = 1 if "=" in underline[1] else 2
            title = held[0].text.strip()
            yield Block(f"{title}\n{text.strip()}", f"line {held[0].number}", level=level, notes=held[0].notes,
                        title=title)
            held = []
        elif opening or heading or not text.strip():
            if held:
                yield _paragraph(held)
            held = [line] if opening else []
            fence = opening[1] if opening else ""
            if heading:
                title = text[heading.end():].strip().rstrip("#").rstrip() or text.strip()
                yield Block(text.strip(), f"line {line.number}", level=len(heading[1]), notes=line.notes, title=title)
        else:
            held.append(line)
    if held:
        yield _paragraph(held)


def _paragraph(lines: list[Line], continues: bool = False) -> Block:
    text = "\n".join(line.text.rstrip("\r\n") for line in lines)
    notes = tuple(sorted({note for line in lines for note in line.notes}))
    return Block(text, f"line {lines[0].number}", continues=continues, notes=notes)
