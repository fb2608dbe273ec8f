"""manifest.json: what it records, and what it notices."""

import hashlib
from pathlib import Path

import pytest

from backend.protocol.errors import TanrenError
from backend.runs.manifests import MANIFEST, check_manifest, read_manifest, sha256_of, write_manifest


@pytest.fixture
def artifact(tmp_path: Path) -> Path:
    folder = tmp_path / "artifact"
    (folder / "inner").mkdir(parents=True)
    (folder / "weights.bin").write_bytes(b"\x00\x01" * 1000)
    (folder / "inner" / "設定.json").write_text("{}", encoding="utf-8")
    write_manifest(folder, "test", sources={"base": "/models/base"}, facts={"step": 20})
    return folder


def test_it_records_every_file_with_size_and_hash(artifact: Path) -> None:
    manifest = check_manifest(artifact)
    assert set(manifest.files) == {"weights.bin", "inner/設定.json"}
    entry = manifest.files["weights.bin"]
    assert entry.bytes == 2000
    assert entry.sha256 == hashlib.sha256(b"\x00\x01" * 1000).hexdigest() == sha256_of(artifact / "weights.bin")
    assert (manifest.kind, manifest.sources, manifest.facts) == ("test", {"base": "/models/base"}, {"step": 20})
    assert manifest.created > 1_600_000_000


def test_it_names_the_tools_that_are_installed(artifact: Path) -> None:
    from importlib.metadata import version

    tools = check_manifest(artifact).tools
    assert tools["safetensors"] == version("safetensors")


def damage_content(folder: Path) -> None:
    raw = bytearray((folder / "weights.bin").read_bytes())
    raw[500] ^= 1
    (folder / "weights.bin").write_bytes(raw)


def damage_length(folder: Path) -> None:
    with open(folder / "weights.bin", "ab") as file:
        file.write(b"x")


def remove_file(folder: Path) -> None:
    (folder / "inner" / "設定.json").unlink()


def remove_manifest(folder: Path) -> None:
    (folder / MANIFEST).unlink()


def tear_manifest(folder: Path) -> None:
    raw = (folder / MANIFEST).read_bytes()
    (folder / MANIFEST).write_bytes(raw[: len(raw) // 2])


@pytest.mark.parametrize("damage", [damage_content, damage_length, remove_file, remove_manifest, tear_manifest])
def test_any_change_is_noticed(damage: object, artifact: Path) -> None:
    damage(artifact)  # type: ignore[operator]
    with pytest.raises(TanrenError) as caught:
        check_manifest(artifact)
    assert caught.value.code == "artifact_damaged"
    assert str(artifact) in caught.value.message("en")


def test_an_unfinished_folder_has_none(tmp_path: Path) -> None:
    assert read_manifest(tmp_path) is None
    assert read_manifest(tmp_path / "nowhere") is None
