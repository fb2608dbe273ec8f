"""Whether the files of a dataset are still what was read, and which dataset was read from given files."""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from backend.config.reading import Reading
from backend.data.dataset_folder import about_of, list_datasets
from backend.data.store import Store
from backend.runs.manifests import Manifest, read_manifest, sha256_of

MEASURED_UNASKED_BYTES = 20 * 1000 * 1000  # lengths in tokens are counted while importing up to this size


def find_imported(home: Path, paths: list[Path], reading: Reading) -> Path | None:
    """The newest dataset that was read from just these paths in just this way."""
    asked = [str(path) for path in paths]
    for folder in list_datasets(home):
        manifest = read_manifest(folder)
        if manifest and manifest.facts.get("asked") == asked and _reading_of(manifest) == reading:
            return folder
    return None


def has_changed(folder: Path) -> bool:
    """Whether a file of the dataset says something else than when it was read. Files that are gone count as unchanged.

    Times tell it without reading; only what was touched since is read again. An archive is not opened: touched is
    changed. Raises TanrenError dataset_damaged.
    """
    with Store.open(folder) as store:
        about = about_of(store)
    known = {source.path: source for source in about.sources}
    kinds = {Path(path).suffix.lower() for path in known}
    for asked in (Path(text) for text in about.asked):
        for file in _files(asked):
            source = known.get(str(file))
            if source is None and asked.is_dir() and file.suffix.lower() not in kinds:
                continue  # a picture or a note beside the data
            if _touched(file, about.created) and (
                    source is None or source.bytes != file.stat().st_size or source.sha256 != sha256_of(file)):
                return True
        if asked.is_dir() and any(Path(path).is_relative_to(asked) and not Path(path).exists() for path in known):
            return True
    return False


def bytes_of(paths: list[Path]) -> int:
    """The size of files and folders together."""
    return sum(file.stat().st_size for path in paths for file in _files(path))


def dataset_name(paths: list[Path]) -> str:
    """What a dataset is called at first: its file without the ending; of several the first, and how many more."""
    first = paths[0].name if paths[0].is_dir() else paths[0].stem
    return first if len(paths) == 1 else f"{first} +{len(paths) - 1}"


def _reading_of(manifest: Manifest) -> Reading | None:
    try:
        return msgspec.convert(manifest.facts.get("reading", {}), Reading)
    except msgspec.ValidationError:
        return None


def _files(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from (file for file in sorted(path.rglob("*")) if file.is_file())
    elif path.is_file():
        yield path


def _touched(file: Path, since: float) -> bool:
    """Written or put there after `since`, to the second that some file systems keep."""
    status = file.stat()
    return max(status.st_mtime, status.st_ctime) > since - 1
