"""llama.cpp's converter for model folders: fetched once by hash at set-up, checked before each use.

The source package of llama-cpp-python holds it; the built package does not, and the `gguf` package of the
registry is older than what it needs. Converter and runtime come from one release, so they agree about the file.
"""

import argparse
import hashlib
import os
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

from backend.launch import REPOSITORY
from backend.protocol.errors import TanrenError
from backend.protocol.languages import Text
from backend.runs.atomic import remove_leftovers, staged_folder
from backend.runs.manifests import MANIFEST, Manifest, check_manifest, read_manifest, write_manifest

VERSION = "0.3.36"
PACKAGE = f"llama-cpp-python=={VERSION}"
PACKAGE_SHA256 = "832db0699007f1be95a7e41ef12e88926b02ba836461e36a36372db2760c1a2e"
# of the names and hashes of the files that are kept, wherever they were taken from
CONTENT_SHA256 = "cca3e5eb1d9c1440092304b3e334417e7ee7b8904552071712597f1da0e600fc"
KEPT = ("convert_hf_to_gguf.py", "convert_lora_to_gguf.py", "LICENSE", "gguf-py/LICENSE")
KEPT_FOLDERS = ("conversion/", "gguf-py/gguf/")
SOURCES_ROOT = "vendor/llama.cpp/"
TEMPLATES = "models/templates/"
VARIABLE = "TANREN_CONVERTER"


def find_converter(home: Path) -> Path:
    """The converter's folder: TANREN_CONVERTER, else the repository's .tools, else below `home`.

    Raises TanrenError converter_missing or converter_damaged.
    """
    chosen = os.environ.get(VARIABLE)
    places = [Path(chosen)] if chosen else [tools_folder(), home / "converter" / VERSION]
    for place in places:
        if read_manifest(place) is not None:
            _check(place)
            return place.resolve()
    raise TanrenError("converter_missing", version=VERSION, path=", ".join(str(place) for place in places))


def tools_folder() -> Path:
    """Where set-up puts the converter in a checkout of the repository."""
    return REPOSITORY / ".tools" / "converter" / VERSION


def is_installed(folder: Path) -> bool:
    """Whether `folder` holds the undamaged converter."""
    try:
        _check(folder)
        return True
    except TanrenError:
        return False


def install_converter(into: Path, source: Path) -> None:
    """Puts the converter of a source package, or of its unpacked folder, into `into`.

    Raises TanrenError converter_missing or converter_damaged.
    """
    into.parent.mkdir(parents=True, exist_ok=True)
    remove_leftovers(into.parent)
    with staged_folder(into) as folder:
        for name, data in _members(source):
            if name in KEPT or (name.startswith(KEPT_FOLDERS) and not name.endswith(".pyc")):
                target = folder / name
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(data)
        _check_content(write_manifest(folder, "converter", facts={"package": PACKAGE}))


def install_templates(into: Path, source: Path) -> None:
    """Puts llama.cpp's collection of real chat templates into `into`: for tests only, never shipped."""
    into.parent.mkdir(parents=True, exist_ok=True)
    with staged_folder(into) as folder:
        for name, data in _members(source):
            if name.startswith(TEMPLATES) and name.endswith(".jinja"):
                (folder / Path(name).name).write_bytes(data)


def download(folder: Path) -> Path:
    """The source package by pip, which refuses it when its hash differs; nothing is compiled.

    Raises TanrenError converter_missing with pip's words in `detail`.
    """
    wanted = folder / "wanted.txt"
    wanted.write_text(f"{PACKAGE} --hash=sha256:{PACKAGE_SHA256}\n")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
               "--no-binary", "llama-cpp-python", "--require-hashes", "-r", str(wanted), "-d", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True)
    packages = list(folder.glob("*.tar.gz"))
    if done.returncode or not packages:
        raise TanrenError("converter_missing", version=VERSION, path=PACKAGE, detail=done.stdout + done.stderr)
    return packages[0]


def templates_folder() -> Path:
    """Where the tests look for real chat templates."""
    return REPOSITORY / ".tools" / "templates" / VERSION


def _check(folder: Path) -> None:
    """Compares every file with the manifest, and the manifest with the hash in this module."""
    try:
        _check_content(check_manifest(folder))
    except TanrenError as error:
        if error.code == "artifact_damaged":
            raise TanrenError("converter_damaged", reason=Text(
                error.message("en"), error.message("ja"))) from error
        raise


def _check_content(manifest: Manifest) -> None:
    lines = "".join(f"{entry.sha256}  {name}\n" for name, entry in sorted(manifest.files.items()))
    found = hashlib.sha256(lines.encode()).hexdigest()
    if found != CONTENT_SHA256:
        raise TanrenError("converter_damaged", reason=Text(
            f"content {found}, expected {CONTENT_SHA256} ({PACKAGE})",
            f"内容は {found}、正しくは {CONTENT_SHA256} です（{PACKAGE}）"))


def _members(source: Path) -> Iterator[tuple[str, bytes]]:
    """(path below llama.cpp's root, content) of every file of a source package or an unpacked folder."""
    if source.is_dir():
        root = source / SOURCES_ROOT if (source / SOURCES_ROOT).is_dir() else source
        for path in sorted(root.rglob("*")):
            if path.is_file() and path.name != MANIFEST:
                yield path.relative_to(root).as_posix(), path.read_bytes()
        return
    try:
        with tarfile.open(source) as package:
            for member in package:
                _, found, name = member.name.partition(SOURCES_ROOT)
                content = package.extractfile(member) if member.isfile() and found else None
                if content is not None and ".." not in Path(name).parts and not Path(name).is_absolute():
                    yield name, content.read()
    except (OSError, tarfile.TarError) as error:
        raise TanrenError("converter_missing", version=VERSION, path=source, detail=str(error)) from error


def main(arguments: list[str] | None = None) -> int:
    """The command of set-up: into the repository's .tools (with the templates for the tests), or elsewhere."""
    parser = argparse.ArgumentParser(prog="python -m backend.export.converter_pack", description=__doc__)
    parser.add_argument("--from", dest="source", type=Path, help=f"source package or folder of {PACKAGE}")
    parser.add_argument("--into", type=Path, default=tools_folder(), help="default: %(default)s")
    options = parser.parse_args(arguments)
    templates = templates_folder() if options.into == tools_folder() else None
    if is_installed(options.into) and (templates is None or templates.is_dir()):
        print(f"converter {VERSION}: already in {options.into}")
        return 0
    try:
        with tempfile.TemporaryDirectory() as downloads:
            source = options.source or download(Path(downloads))
            install_converter(options.into, source)
            if templates:
                install_templates(templates, source)
    except TanrenError as error:
        print(f"{error}\n{error.hint('en')}\n{error.detail}", file=sys.stderr)
        return 1
    print(f"converter {VERSION}: installed in {options.into}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
