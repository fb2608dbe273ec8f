"""The converter: found, installed from a package or a folder, and refused when a byte of it changed."""

import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from backend.export.converter_pack import (
    VERSION,
    find_converter,
    install_converter,
    is_installed,
    main,
    templates_folder,
    tools_folder,
)
from backend.launch import REPOSITORY
from backend.protocol.errors import TanrenError
from backend.runs.manifests import MANIFEST, read_manifest, write_manifest


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The installed converter, installed again from its folder, and chosen by TANREN_CONVERTER."""
    folder = tmp_path / "copy"
    install_converter(folder, tools_folder())
    monkeypatch.setenv("TANREN_CONVERTER", str(folder))
    return folder


def code_of(home: Path) -> str:
    with pytest.raises(TanrenError) as caught:
        find_converter(home)
    return caught.value.code


def test_set_up_has_installed_it(home: Path) -> None:
    folder = find_converter(home)
    manifest = read_manifest(folder)
    assert manifest is not None and len(manifest.files) == 116
    for name in ("convert_hf_to_gguf.py", "convert_lora_to_gguf.py", "LICENSE", "gguf-py/LICENSE",
                 "gguf-py/gguf/gguf_writer.py", "conversion/llama.py"):
        assert name in manifest.files
    assert templates_folder().is_dir() and len(list(templates_folder().glob("*.jinja"))) > 50


def test_a_second_installation_changes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    before = (tools_folder() / MANIFEST).stat().st_mtime_ns
    assert main([]) == 0
    assert "already" in capsys.readouterr().out
    assert (tools_folder() / MANIFEST).stat().st_mtime_ns == before


def test_from_a_source_package_below_the_home_folder(home: Path, tmp_path: Path) -> None:
    package = tmp_path / "llama_cpp_python.tar.gz"
    with tarfile.open(package, "w:gz") as archive:
        archive.add(tools_folder(), arcname=f"llama_cpp_python-{VERSION}/vendor/llama.cpp")
        archive.add(__file__, arcname=f"llama_cpp_python-{VERSION}/vendor/llama.cpp/src/other.cpp")
    into = home / "converter" / VERSION
    done = subprocess.run(
        [sys.executable, "-m", "backend.export.converter_pack", "--from", str(package), "--into", str(into)],
        cwd=REPOSITORY, capture_output=True, text=True,
    )
    assert done.returncode == 0, done.stderr
    assert is_installed(into)
    assert not (into / "src").exists()


def test_a_changed_file_is_found(copy: Path, home: Path) -> None:
    assert find_converter(home) == copy
    with open(copy / "conversion" / "llama.py", "a") as file:
        file.write("# one line more\n")
    assert code_of(home) == "converter_damaged"


def test_a_changed_file_with_a_matching_manifest_is_found(copy: Path, home: Path) -> None:
    with open(copy / "conversion" / "llama.py", "a") as file:
        file.write("# one line more\n")
    write_manifest(copy, "converter")
    assert code_of(home) == "converter_damaged"


def test_a_missing_file_and_a_missing_folder_are_found(copy: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.unlink(copy / "convert_hf_to_gguf.py")
    assert code_of(home) == "converter_damaged"
    monkeypatch.setenv("TANREN_CONVERTER", str(copy / "nowhere"))
    assert code_of(home) == "converter_missing"


def test_a_package_of_something_else_is_refused_and_leaves_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    into = tmp_path / "deep" / "converter"
    for source in (tmp_path / "not-there.tar.gz", Path(__file__), REPOSITORY / "docs"):
        assert main(["--from", str(source), "--into", str(into)]) == 1
        assert "converter files" in capsys.readouterr().err
        assert not into.exists() and list(into.parent.iterdir()) == []
