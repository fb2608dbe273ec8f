"""Word and PDF documents made for tests: real files, small."""

from pathlib import Path

import docx


def write_docx(path: Path, paragraphs: list[tuple[str, str]], table: list[list[str]] | None = None) -> None:
    """A document of (style, text); a table behind them."""
    document = docx.Document()
    for style, text in paragraphs:
        document.add_paragraph(text, style=style)
    if table:
        made = document.add_table(rows=0, cols=len(table[0]))
        for row in table:
            for cell, text in zip(made.add_row().cells, row, strict=True):
                cell.text = text
    document.save(str(path))


def write_pdf(path: Path, pages: list[str]) -> None:
    """A PDF with one line of text for each line of a page; a blank page has no text, as a scan.

    The font is not embedded; a ToUnicode table tells the characters, as it does in real Japanese PDFs.
    """
    characters = sorted(set("".join(pages)) - {"\n"}) or ["x"]
    codes = {character: number for number, character in enumerate(characters, start=1)}
    table = "".join(f"<{number:04x}> <{character.encode('utf-16-be').hex()}>\n" for character, number in codes.items())
    to_unicode = ("/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /T def\n"
                  "1 begincodespacerange <0000> <ffff> endcodespacerange\n"
                  f"{len(codes)} beginbfchar\n{table}endbfchar\nendcmap end end").encode()
    objects: list[bytes] = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"",
        b"<< /Type /Font /Subtype /Type0 /BaseFont /Test /Encoding /Identity-H /DescendantFonts [4 0 R] "
        b"/ToUnicode 5 0 R >>",
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Test /CIDSystemInfo << /Registry (Adobe) "
        b"/Ordering (Identity) /Supplement 0 >> /DW 1000 >>",
        _stream(to_unicode),
    ]
    kids = []
    for page in pages:
        lines = "".join(
            f"1 0 0 1 50 {750 - 15 * place} Tm <{''.join(f'{codes[character]:04x}' for character in line)}> Tj\n"
            for place, line in enumerate(page.split("\n")) if line)
        objects.append(_stream(f"BT /F1 10 Tf\n{lines}ET".encode()))
        objects.append(f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {len(objects)} 0 R "
                       "/Resources << /Font << /F1 3 0 R >> >> >>".encode())
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>".encode()
    raw = b"%PDF-1.7\n"
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(raw))
        raw += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    start = len(raw)
    raw += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    raw += b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    raw += f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
    path.write_bytes(raw)


def _stream(content: bytes) -> bytes:
    return f"<< /Length {len(content)} >>\nstream\n".encode() + content + b"\nendstream"
