"""Text, Markdown, Word and PDF as pieces of raw text: split at headings, paragraphs and sentences, nothing lost."""

import re
import zipfile
from pathlib import Path

import pypdf
import pytest

from backend.config.reading import Reading
from backend.data.readers.open_file import open_file
from backend.data.readers.record import Record
from backend.protocol.errors import TanrenError
from tests.backend.data.document_kit import write_docx, write_pdf


def records(file: Path, characters: int = 4000) -> list[Record]:
    """The records of a file."""
    return list(open_file(file, Reading(characters=characters)).records)


def pieces(file: Path, characters: int = 4000) -> list[tuple[str, str]]:
    """(heading, text) of each record."""
    found = records(file, characters)
    assert all(set(record.fields) == {"text", "heading"} for record in found)
    return [(record.fields["heading"], record.fields["text"]) for record in found]


def squeezed(text: str) -> str:
    """The text without white space."""
    return re.sub(r"\s", "", text)


MARKDOWN = """---
title: 手引き
---
前書きです。

# 第一部

本文の一。
二行目。

## 返品 ##

返品の説明。

```sh
# no heading

ls
```

Setext
------

Under it.

####### seven

-----
end
"""


def test_markdown_is_split_at_its_headings(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_text(MARKDOWN, encoding="utf-8")
    assert open_file(file, Reading()).kind == "markdown"
    assert pieces(file) == [
        ("", "---\ntitle: 手引き\n---\n\n前書きです。"),
        ("第一部", "# 第一部\n\n本文の一。\n二行目。"),
        ("第一部 > 返品", "## 返品 ##\n\n返品の説明。\n\n```sh\n# no heading\n\nls\n```"),
        ("第一部 > Setext", "Setext\n------\n\nUnder it.\n\n####### seven\n\n-----\nend"),
    ]
    assert [record.source for record in records(file)] == ["line 1", "line 6", "line 11", "line 21"]


@pytest.mark.parametrize("characters", [50, 200, 4000])
@pytest.mark.parametrize("name", ["a.txt", "a.md"])
def test_pieces_keep_to_their_length_and_lose_nothing(tmp_path: Path, name: str, characters: int) -> None:
    text = "\n\n".join(
        "".join(f"これは段落{place}の文{number}です。" if place % 2 else f"Sentence {number} of {place}. "
                for number in range(place * 3)) + ("x" * 500 if place == 7 else "")
        for place in range(1, 20))
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    found = pieces(file, characters)
    assert all(len(piece) <= characters * 1.1 + 2 for _, piece in found)
    assert squeezed("".join(piece for _, piece in found)) == squeezed(text)
    cut = [piece for _, piece in found if not re.search(r"[。.x]\s*$", piece)]
    assert not cut


def test_plain_text_is_split_at_chapters(tmp_path: Path) -> None:
    file = tmp_path / "novel.txt"
    text = "序\n\n第一章　旅立ち\n　朝だった。\n　晴れていた。\n\n第二章\n夜。\n第三者の話。\n"
    file.write_bytes(text.encode("cp932"))
    assert pieces(file) == [("", "序"), ("第一章　旅立ち", "第一章　旅立ち\n\n　朝だった。\n　晴れていた。"),
                            ("第二章", "第二章\n\n夜。\n第三者の話。")]
    file.write_text("Chapter 1\nIt was late.\n\nPart of it was gone.\n\nChapter II. The sea\nWaves.\n")
    assert [heading for heading, _ in pieces(file)] == ["Chapter 1", "Chapter II. The sea"]


def test_a_long_text_without_blank_lines_streams(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("短い一文です。\n" * 100_000, encoding="utf-8")
    opened = open_file(file, Reading(characters=1000))
    assert opened.done() < opened.total
    found = list(opened.records)
    assert sum(record.fields["text"].count("短い一文です。") for record in found) == 100_000
    assert max(len(record.fields["text"]) for record in found) <= 1200


def test_prose_with_commas_is_no_table(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("Well, this is prose, is it not?\nYes, it is, I think.\n")
    opened = open_file(file, Reading())
    assert (opened.kind, opened.encoding) == ("text", "utf-8")


def test_an_unknown_suffix_is_not_taken_for_prose(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_text("print('hello')\n")
    with pytest.raises(TanrenError) as caught:
        records(file)
    assert caught.value.code == "data_unknown_kind"


def test_mixed_encodings_of_a_text_are_noted_at_their_piece(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes("最初の段落です。よろしくお願いします。\n\n".encode()
                     + "これは別の文字コードの段落です。\n\n".encode("cp932") + "最後の段落です。\n".encode())
    found = records(file, 10)
    noted = [record.fields["text"] for record in found if record.notes == ("mixed_encoding",)]
    assert "".join(noted) == "これは別の文字コードの段落です。"


def test_a_word_document(tmp_path: Path) -> None:
    file = tmp_path / "a.docx"
    write_docx(file, [("Title", "手引き"), ("Normal", "前書き。"), ("Heading 1", "返品"), ("Normal", "三十日以内。"),
                      ("Heading 2", "例外"), ("List Bullet", "開封済み"), ("Heading 1", "配送"),
                      ("Normal", "二日。")], table=[["地域", "日数"], ["東京", "1"]])
    opened = open_file(file, Reading())
    assert (opened.kind, opened.encoding, opened.columns) == ("docx", "", ["text", "heading"])
    assert pieces(file) == [
        ("手引き", "手引き\n\n前書き。"),
        ("返品", "返品\n\n三十日以内。"),
        ("返品 > 例外", "例外\n\n開封済み"),
        ("配送", "配送\n\n二日。\n\n地域 | 日数\n東京 | 1"),
    ]
    list(opened.records)
    assert opened.done() == opened.total


def test_what_word_hides_or_repeats_is_read_as_it_is_seen(tmp_path: Path) -> None:
    file = tmp_path / "a.docx"
    write_docx(file, [("Normal", "PLACE")])
    name = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = (f'<w:document xmlns:w="{name}" xmlns:mc="urn:mc"><w:body>'
            "<w:p><w:r><w:t>kept</w:t><w:tab/><w:t>after</w:t><w:br/><w:t>below</w:t></w:r>"
            "<w:del><w:r><w:delText>gone</w:delText></w:r></w:del><w:ins><w:r><w:t> new</w:t></w:r></w:ins>"
            "<w:hyperlink><w:r><w:t> link</w:t></w:r></w:hyperlink>"
            "<w:r><w:instrText>PAGE</w:instrText></w:r></w:p>"
            "<w:sdt><w:sdtContent><w:p><w:r><w:t>boxed</w:t></w:r></w:p></w:sdtContent></w:sdt>"
            "<w:p><mc:AlternateContent><mc:Choice><w:r><w:t>once</w:t></w:r></mc:Choice>"
            "<mc:Fallback><w:r><w:t>once</w:t></w:r></mc:Fallback></mc:AlternateContent></w:p>"
            "</w:body></w:document>")
    other = tmp_path / "b.docx"
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(other, "w") as target:
        for member in source.namelist():
            target.writestr(member, body if member == "word/document.xml" else source.read(member))
    assert pieces(other) == [("", "kept\tafter\nbelow new link\n\nboxed\n\nonce")]


def test_a_pdf_page_by_page(tmp_path: Path) -> None:
    file = tmp_path / "a.pdf"
    write_pdf(file, ["最初のページです。\nSecond line.", "", "三ページ目です。"])
    opened = open_file(file, Reading(characters=12))
    found = list(opened.records)
    assert (opened.kind, opened.total, opened.done()) == ("pdf", 3, 3)
    text = squeezed("".join(record.fields["text"] for record in found))
    assert text == "最初のページです。Secondline.三ページ目です。"
    assert found[0].source == "page 1"
    assert [record.notes for record in found if record.source == "page 3"] == [("page_without_text",)]


def test_a_page_without_text_at_the_end_is_noted_too(tmp_path: Path) -> None:
    file = tmp_path / "a.pdf"
    write_pdf(file, ["最初のページです。", ""])
    assert [record.notes for record in records(file)] == [("page_without_text",)]


def test_a_scanned_pdf_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.pdf"
    write_pdf(file, ["", ""])
    with pytest.raises(TanrenError) as caught:
        records(file)
    assert (caught.value.code, caught.value.values["pages"]) == ("data_scanned", "2")


def test_bookmarks_of_a_pdf_name_its_pieces(tmp_path: Path) -> None:
    plain, file = tmp_path / "a.pdf", tmp_path / "b.pdf"
    write_pdf(plain, ["One.", "Two.", "Three."])
    writer = pypdf.PdfWriter(clone_from=plain)
    first = writer.add_outline_item(title="返品", page_number=0)
    writer.add_outline_item(title="例外", page_number=1, parent=first)
    writer.write(file)
    assert [heading for heading, _ in pieces(file)] == ["返品", "返品 > 例外"]


def test_a_pdf_with_a_password_is_refused(tmp_path: Path) -> None:
    plain, file = tmp_path / "a.pdf", tmp_path / "b.pdf"
    write_pdf(plain, ["Secret."])
    writer = pypdf.PdfWriter(clone_from=plain)
    writer.encrypt(user_password="password", algorithm="RC4-128")
    writer.write(file)
    with pytest.raises(TanrenError) as caught:
        records(file)
    assert caught.value.code == "data_encrypted"
    writer = pypdf.PdfWriter(clone_from=plain)
    writer.encrypt(user_password="", owner_password="owner", algorithm="RC4-128")  # may be read, not changed
    writer.write(file)
    assert pieces(file) == [("", "Secret.")]


@pytest.mark.parametrize("cut", [40, 200, 700])
def test_a_damaged_pdf_has_its_own_error_or_is_repaired(tmp_path: Path, cut: int) -> None:
    file = tmp_path / "a.pdf"
    write_pdf(file, ["最初のページです。"] * 3)
    file.write_bytes(file.read_bytes()[:cut])
    with pytest.raises(TanrenError) as caught:
        records(file)
    assert caught.value.kind == "bad_dataset"
