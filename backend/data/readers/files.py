"""The dataset files in folders and zips: walked in order, zips unpacked only where that is safe."""

import re
import shutil
import stat
import zipfile
from pathlib import Path, PurePosixPath

from backend.data.readers.archive import MAX_MEMBERS, opened_archive
from backend.protocol.errors import TanrenError
from backend.protocol.languages import Text

SUFFIXES = frozenset((".json", ".jsonl", ".ndjson", ".csv", ".tsv", ".tab", ".xlsx", ".xlsm", ".parquet", ".txt",
                      ".text", ".md", ".markdown", ".docx", ".pdf"))
PROSE_SUFFIXES = frozenset((".txt", ".text", ".md", ".markdown", ".docx", ".pdf"))
ABOUT_THE_DATA = frozenset(("readme", "license", "licence", "changelog", "copying", "notice", "contributing"))
JSON_ABOUT = frozenset(("dataset_infos", "dataset_info", "dataset_dict", "state", "package", "metadata"))
_UTF8_NAME = 0x800
_DRIVE = re.compile(r"[A-Za-z]:")
_RESERVED = re.compile(r'[<>:"|?*\x01-\x1f]')  # not allowed in names by Windows

Skipped = list[tuple[str, Text]]
Unpacked = dict[Path, Path]
"""The folder that a zip was unpacked to, and the zip."""


def files_of(paths: list[Path], workspace: Path, skipped: Skipped | None = None,
             unpacked: Unpacked | None = None) -> list[Path]:
    """Every dataset file that `paths` name or hold, in order; folders are walked by name, zips unpacked to `workspace`.

    Hidden files, links, kinds that cannot be read, and what is only about the data (README, LICENSE) are left out of
    folders and zips and appended to `skipped` with the reason. A file that is named itself is always kept. Where zips
    were unpacked to is noted in `unpacked`.
    Raises TanrenError data_missing, data_unreadable, data_no_files, data_too_many_files and for zips data_bomb,
    data_unsafe_member, data_nested_zip, data_encrypted, data_damaged.
    """
    skipped = [] if skipped is None else skipped
    unpacked = {} if unpacked is None else unpacked
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            held = _in_folder(path, path, workspace, skipped, unpacked)
        elif _is_zip(path):
            held = _in_zip(path, workspace, skipped, unpacked)
        elif path.is_file():
            held = [path]
        else:
            raise TanrenError("data_missing", path=path)
        if not held:
            raise TanrenError("data_no_files", path=path)
        found += held
    return found


def shown_path(file: Path, unpacked: Unpacked) -> Path:
    """A file as people know it: a member of a zip by the zip and its name there."""
    for folder, archive in unpacked.items():
        if file.is_relative_to(folder):
            return archive / file.relative_to(folder)
    return file


def _in_folder(folder: Path, top: Path, workspace: Path, skipped: Skipped, unpacked: Unpacked,
               zips: bool = True) -> list[Path]:
    files: list[Path] = []
    try:
        for path in sorted(folder.rglob("*")):
            inside = path.relative_to(top)
            if path.is_symlink():
                skipped.append((str(inside), Text("a link", "リンク")))
            elif any(part.startswith((".", "__MACOSX")) for part in inside.parts):
                if path.is_file():
                    skipped.append((str(inside), Text("a hidden file", "隠しファイル")))
            elif path.is_file():
                files.append(path)
            if len(files) > MAX_MEMBERS:
                raise TanrenError("data_too_many_files", path=top, limit=f"{MAX_MEMBERS:,}")
    except OSError as error:
        raise TanrenError("data_unreadable", path=folder, detail=str(error)) from error
    found: list[Path] = []
    for path in files:
        if zips and path.suffix.lower() == ".zip" and _is_zip(path):
            try:
                found += _in_zip(path, workspace, skipped, unpacked)
            except TanrenError as error:  # the other files of the folder can be read
                skipped.append((str(path.relative_to(top)), Text(error.message("en"), error.message("ja"))))
        elif path.suffix.lower() in SUFFIXES:
            found.append(path)
        else:
            skipped.append((str(path.relative_to(top)), Text("no kind that can be read", "読み込めない種類")))
    return _without_about(found, top, skipped)


def _without_about(files: list[Path], top: Path, skipped: Skipped) -> list[Path]:
    """Without README and the like where there are other files, and without them being taken for training text."""
    about = [path for path in files if (_stem(path) in ABOUT_THE_DATA and path.suffix.lower() in PROSE_SUFFIXES)
             or (_stem(path) in JSON_ABOUT and path.suffix.lower() == ".json")]
    if len(about) == len(files):
        return files
    for path in about:
        skipped.append((path.name, Text("only about the data", "データの説明")))
    return [path for path in files if path not in about]


def _stem(path: Path) -> str:
    return path.name.split(".", 1)[0].lower()


def _is_zip(path: Path) -> bool:
    """A zip that is no office file: those are zips too."""
    if not path.is_file():
        return False
    try:
        with path.open("rb") as file:
            if file.read(4) not in (b"PK\x03\x04", b"PK\x05\x06"):
                return False
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except zipfile.BadZipFile:
        return path.suffix.lower() == ".zip"
    except OSError as error:
        raise TanrenError("data_unreadable", path=path, detail=str(error)) from error
    return "[Content_Types].xml" not in names and "mimetype" not in names[:1]


def _in_zip(path: Path, workspace: Path, skipped: Skipped, unpacked: Unpacked) -> list[Path]:
    """Checks every member before the first is written."""
    with opened_archive(path) as archive:
        members = []
        for member in archive.infolist():
            name = _safe_name(path, member)
            if name is not None and not member.is_dir():
                members.append((member, name))
        top = _fresh_folder(workspace, path.stem)
        unpacked[top] = path
        for member, name in members:
            if any(part.startswith((".", "__MACOSX")) for part in name.parts):
                skipped.append((str(name), Text("a hidden file", "隠しファイル")))
                continue
            if name.suffix.lower() not in SUFFIXES and name.suffix.lower() != ".zip":
                skipped.append((str(name), Text("no kind that can be read", "読み込めない種類")))
                continue
            target = top.joinpath(*name.parts)
            _unpack(path, archive, member, target)
            if name.suffix.lower() == ".zip" or _is_zip(target):
                raise TanrenError("data_nested_zip", path=path, member=str(name))
    return _in_folder(top, top, workspace, skipped, unpacked, zips=False)


def _safe_name(path: Path, member: zipfile.ZipInfo) -> PurePosixPath | None:
    """The member's name below the folder. Raises TanrenError data_unsafe_member for a link or a way out of it."""
    name = member.orig_filename
    if not member.flag_bits & _UTF8_NAME:
        raw = name.encode("cp437", "replace")
        for encoding in ("utf-8", "cp932"):  # what Macs and Japanese Windows write without saying so
            try:
                name = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    name = name.replace("\\", "/")
    kind = member.external_attr >> 16
    parts = [part for part in name.split("/") if part not in ("", ".")]
    if (name.startswith("/") or ".." in parts or stat.S_ISLNK(kind) or "\x00" in name
            or _DRIVE.match(name)
            or (stat.S_IFMT(kind) and not stat.S_ISREG(kind) and not stat.S_ISDIR(kind))):
        raise TanrenError("data_unsafe_member", path=path, member=name.replace("\x00", "\\0"))
    return PurePosixPath(*(_RESERVED.sub("_", part) for part in parts)) if parts else None


def _unpack(path: Path, archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(member) as source, target.open("xb") as file:
            shutil.copyfileobj(source, file, 1 << 20)
    except FileExistsError as error:
        raise TanrenError("data_damaged", path=path, detail=f"two members have the name {member.filename}") from error
    except (zipfile.BadZipFile, EOFError, NotImplementedError, NotADirectoryError) as error:
        raise TanrenError("data_damaged", path=path, detail=str(error)) from error


def _fresh_folder(workspace: Path, name: str) -> Path:
    folder = workspace / name
    number = 2
    while folder.exists():
        folder = workspace / f"{name} {number}"
        number += 1
    folder.mkdir(parents=True)
    return folder
