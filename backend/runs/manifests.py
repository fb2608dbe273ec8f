"""manifest.json: written last into a finished folder; without it the folder is not an artifact."""

import hashlib
import time
from importlib import metadata
from pathlib import Path
from typing import Any

import msgspec

from backend.protocol.errors import TanrenError
from backend.protocol.languages import Text
from backend.runs.atomic import write_file

MANIFEST = "manifest.json"
TOOLS = ("torch", "transformers", "peft", "bitsandbytes", "safetensors", "llama-cpp-python")


class FileEntry(msgspec.Struct, frozen=True):
    """One file: its size in bytes and its SHA-256."""

    bytes: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What an artifact is made of and what made it."""

    kind: str
    created: float
    files: dict[str, FileEntry]
    sources: dict[str, str] = {}
    tools: dict[str, str] = {}
    facts: dict[str, Any] = {}


def write_manifest(
    folder: Path, kind: str, sources: dict[str, str] | None = None, facts: dict[str, Any] | None = None,
    hash_files: bool = True,
) -> Manifest:
    """Hashes every file below `folder` and writes manifest.json there; returns it.

    Without `hash_files` none is listed: for a folder that goes on changing, whose facts carry a hash of the content.
    """
    files = {
        path.relative_to(folder).as_posix(): FileEntry(path.stat().st_size, sha256_of(path))
        for path in (sorted(folder.rglob("*")) if hash_files else [])
        if path.is_file() and path.name != MANIFEST
    }
    manifest = Manifest(
        kind=kind, created=time.time(), files=files, sources=sources or {}, tools=tool_versions(),
        facts=facts or {},
    )
    write_file(folder / MANIFEST, msgspec.json.format(msgspec.json.encode(manifest), indent=1))
    return manifest


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest of `folder`, or None when it is not a finished artifact."""
    try:
        return msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
    except (OSError, msgspec.MsgspecError):
        return None


def check_manifest(folder: Path) -> Manifest:
    """The manifest after comparing every file with it. Raises TanrenError artifact_damaged."""
    manifest = read_manifest(folder)
    if manifest is None:
        raise TanrenError("artifact_damaged", path=folder, reason=Text(
            "manifest.json is missing or unreadable", "manifest.json がないか、読めません"))
    for name, entry in manifest.files.items():
        path = folder / name
        if not path.is_file():
            raise TanrenError("artifact_damaged", path=path, reason=Text("the file is missing", "ファイルがありません"))
        size = path.stat().st_size
        if size != entry.bytes:
            raise TanrenError("artifact_damaged", path=path, reason=Text(
                f"it has {size} bytes instead of {entry.bytes}",
                f"大きさが {size} バイトです（記録では {entry.bytes} バイト）"))
        digest = sha256_of(path)
        if digest != entry.sha256:
            raise TanrenError("artifact_damaged", path=path, reason=Text("its content changed", "内容が変わっています"),
                              detail=f"sha256 {digest} instead of {entry.sha256}, made {manifest.created}")
    return manifest


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, read in pieces of 1 MiB."""
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()


def tool_versions() -> dict[str, str]:
    """The installed versions of the libraries that made the artifact."""
    versions = {}
    for name in TOOLS:
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return versions
