"""Folders and zips of dataset files: what is taken, what is left out and why, what is refused."""

import stat
import zipfile
from pathlib import Path

import pytest

from backend.config.reading import Reading
from backend.data.readers.files import Skipped, files_of
from backend.data.readers.open_file import open_file
from backend.protocol.errors import TanrenError
from tests.backend.data.document_kit import write_docx

LINE = '{"question": "q", "answer": "a"}\n'


def zipped(path: Path, members: dict[str, str | bytes]) -> Path:
    """A zip with these members."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def names(paths: list[Path], workspace: Path) -> list[str]:
    """The names of the files that are found."""
    return [path.name for path in files_of(paths, workspace)]


def refusal(paths: list[Path], workspace: Path) -> TanrenError:
    """The error that looking for files raises."""
    with pytest.raises(TanrenError) as caught:
        files_of(paths, workspace)
    assert caught.value.kind == "bad_dataset"
    return caught.value


def test_a_folder_gives_its_files_in_order_and_tells_what_it_leaves_out(tmp_path: Path) -> None:
    data, work = tmp_path / "data", tmp_path / "work"
    for name in ("b/2.jsonl", "b/1.jsonl", "a.csv", "c.pdf", ".hidden/x.jsonl", ".DS_Store", "model.bin", "README.md",
                 "LICENSE.txt", "dataset_infos.json"):
        (data / name).parent.mkdir(parents=True, exist_ok=True)
        (data / name).write_text(LINE)
    (data / "link.jsonl").symlink_to("/etc/passwd")
    skipped: Skipped = []
    found = files_of([data], work, skipped)
    assert [str(path.relative_to(data)) for path in found] == ["a.csv", "b/1.jsonl", "b/2.jsonl", "c.pdf"]
    assert sorted(name for name, _ in skipped) == [
        ".DS_Store", ".hidden/x.jsonl", "LICENSE.txt", "README.md", "dataset_infos.json", "link.jsonl", "model.bin"]
    assert all(reason.en and reason.ja for _, reason in skipped)


def test_a_folder_of_text_alone_keeps_its_readme_out_but_not_alone(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("# Hello\n\nText.\n")
    assert names([tmp_path], tmp_path / "w") == ["README.md"]
    assert names([tmp_path / "README.md"], tmp_path / "w") == ["README.md"]


def test_a_zip_is_unpacked_into_the_workspace_and_read(tmp_path: Path) -> None:
    work = tmp_path / "work"
    file = zipped(tmp_path / "data.zip", {"x/a.jsonl": LINE, "x/b.csv": "question,answer\nq,a\n", "__MACOSX/x/._a": "",
                                          "x/": "", "x/picture.png": b"\x89PNG"})
    found = files_of([file], work)
    assert [str(path.relative_to(work)) for path in found] == ["data/x/a.jsonl", "data/x/b.csv"]
    assert [open_file(path, Reading()).sample[0].fields for path in found] == [
        {"question": "q", "answer": "a"}] * 2
    again = files_of([file], work)
    assert [str(path.relative_to(work)) for path in again] == ["data 2/x/a.jsonl", "data 2/x/b.csv"]


def test_japanese_names_from_windows_and_backslashes(tmp_path: Path) -> None:
    file = tmp_path / "a.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("QQQQQQQQ.jsonl", LINE)
        archive.writestr("folder/inner.jsonl", LINE)
    raw = file.read_bytes().replace(b"QQQQQQQQ", "質問回答".encode("cp932")).replace(b"folder/inner", b"folder\\inner")
    file.write_bytes(raw)
    work = tmp_path / "w"
    assert [str(path.relative_to(work / "a")) for path in files_of([file], work)] == ["folder/inner.jsonl",
                                                                                  "質問回答.jsonl"]


def test_office_files_are_no_zips(tmp_path: Path) -> None:
    write_docx(tmp_path / "a.docx", [("Normal", "text")])
    assert names([tmp_path / "a.docx"], tmp_path / "w") == ["a.docx"]
    (tmp_path / "in").mkdir()
    file = zipped(tmp_path / "in" / "z.zip", {"inner.docx": (tmp_path / "a.docx").read_bytes(), "a.jsonl": LINE})
    assert names([file], tmp_path / "w") == ["a.jsonl", "inner.docx"]
    assert names([tmp_path / "in"], tmp_path / "w") == ["a.jsonl", "inner.docx"]


@pytest.mark.parametrize("member", ["../evil.jsonl", "/etc/evil.jsonl", "C:\\evil.jsonl", "c:/evil.jsonl",
                                    "a/../../evil.jsonl", "..\\evil.jsonl", "\\\\server\\share\\evil.jsonl"])
def test_a_member_that_leads_out_of_the_folder_is_refused_before_anything_is_written(tmp_path: Path,
                                                                                    member: str) -> None:
    work = tmp_path / "work"
    file = zipped(tmp_path / "a.zip", {"good.jsonl": LINE, member: LINE})
    assert refusal([file], work).code == "data_unsafe_member"
    assert not work.exists()
    assert not list(tmp_path.rglob("evil*"))


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR])
def test_links_and_devices_are_refused(tmp_path: Path, kind: int) -> None:
    file = tmp_path / "a.zip"
    with zipfile.ZipFile(file, "w") as archive:
        member = zipfile.ZipInfo("data.jsonl")
        member.create_system = 3
        member.external_attr = (kind | 0o777) << 16
        archive.writestr(member, "/etc/passwd")
    assert refusal([file], tmp_path / "w").code == "data_unsafe_member"


def test_a_zip_in_a_zip_is_refused_whatever_it_is_called(tmp_path: Path) -> None:
    inner = zipped(tmp_path / "inner.zip", {"a.jsonl": LINE}).read_bytes()
    for name in ("inner.zip", "inner.jsonl"):
        file = zipped(tmp_path / "outer.zip", {name: inner})
        error = refusal([file], tmp_path / "w")
        assert (error.code, error.values["member"]) == ("data_nested_zip", name)


def test_a_bomb_is_refused_by_what_its_directory_says(tmp_path: Path) -> None:
    file = zipped(tmp_path / "a.zip", {"bomb.jsonl": b"\0" * (64 << 20)})
    error = refusal([file], tmp_path / "w")
    assert error.code == "data_bomb" and int(error.values["ratio"]) > 900
    assert not (tmp_path / "w").exists()


def test_a_directory_that_lies_about_the_size_cannot_unpack_more_than_it_says(tmp_path: Path) -> None:
    file = zipped(tmp_path / "a.zip", {"bomb.jsonl": b"\0" * (8 << 20)})
    raw = file.read_bytes().replace((8 << 20).to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    file.write_bytes(raw)
    error = refusal([file], tmp_path / "w")
    assert error.code == "data_damaged"
    assert all(path.stat().st_size <= 1000 for path in (tmp_path / "w").rglob("*.jsonl"))


def test_too_many_members_and_a_locked_zip(tmp_path: Path) -> None:
    file = zipped(tmp_path / "many.zip", {f"{number}.txt": "" for number in range(20_001)})
    assert refusal([file], tmp_path / "w").code == "data_too_many_files"
    locked = zipped(tmp_path / "locked.zip", {"a.jsonl": LINE})
    raw = bytearray(locked.read_bytes())
    raw[6] |= 1
    place = raw.index(b"PK\x01\x02")
    raw[place + 8] |= 1
    locked.write_bytes(raw)
    assert refusal([locked], tmp_path / "w").code == "data_encrypted"


def test_two_members_of_one_name_and_a_name_that_is_a_folder(tmp_path: Path) -> None:
    file = tmp_path / "a.zip"
    for second in ("a.jsonl", "./a.jsonl", "a.jsonl/b.jsonl"):
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("a.jsonl", LINE)
            if second == "a.jsonl":
                archive.writestr("b.jsonl", LINE)
            else:
                archive.writestr(second, LINE)
        if second == "a.jsonl":
            file.write_bytes(file.read_bytes().replace(b"b.jsonl", b"a.jsonl"))
        assert refusal([file], tmp_path / "w").code == "data_damaged"


def test_what_is_not_there_or_holds_nothing(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "a.exe").write_bytes(b"MZ")
    (tmp_path / "broken.zip").write_bytes(b"PK\x03\x04" + b"x" * 30)
    assert refusal([tmp_path / "none.jsonl"], tmp_path / "w").code == "data_missing"
    assert refusal([tmp_path / "empty"], tmp_path / "w").code == "data_no_files"
    assert refusal([tmp_path / "other"], tmp_path / "w").code == "data_no_files"
    assert refusal([tmp_path / "broken.zip"], tmp_path / "w").code == "data_damaged"
    assert refusal([zipped(tmp_path / "e.zip", {})], tmp_path / "w").code == "data_no_files"
