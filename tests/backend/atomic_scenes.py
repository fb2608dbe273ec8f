"""What the tests of atomic writing do: what is there before, what is done, and what may be seen after.

Also the program that is killed in the middle: atomic_scenes.py SCENE FOLDER.
"""

import sys
from collections.abc import Callable
from pathlib import Path

from backend.runs.atomic import staged_folder, write_file
from backend.runs.manifests import check_manifest, write_manifest

OLD, NEW = "old content\n" * 100, "new content\n" * 300

def lay_file(place: Path) -> None:
    (place / "file.txt").write_text(OLD)


def do_file(place: Path) -> None:
    write_file(place / "file.txt", NEW)


def seen_file(place: Path) -> str:
    text = (place / "file.txt").read_text()
    assert text in (OLD, NEW)
    return "new" if text == NEW else "old"


def fill(folder: Path, text: str) -> None:
    (folder / "inner").mkdir()
    for name in ("a.txt", "inner/b.txt"):
        (folder / name).write_text(text)
    write_manifest(folder, "test", facts={"text": text})


def lay_folder(place: Path) -> None:
    (place / "artifact").mkdir()
    fill(place / "artifact", OLD)


def do_folder(place: Path) -> None:
    with staged_folder(place / "artifact") as folder:
        fill(folder, NEW)


def seen_folder(place: Path) -> str:
    manifest = check_manifest(place / "artifact")  # raises when anything is torn
    assert (place / "artifact" / "a.txt").read_text() == manifest.facts["text"]
    return "new" if manifest.facts["text"] == NEW else "old"


def lay_nothing(place: Path) -> None:
    return None


def seen_first(place: Path) -> str:
    return seen_folder(place) if (place / "artifact").exists() else "old"


Scene = tuple[Callable[[Path], None], Callable[[Path], None], Callable[[Path], str]]
SCENES: dict[str, Scene] = {
    "a file over a file": (lay_file, do_file, seen_file),
    "a folder over a folder": (lay_folder, do_folder, seen_folder),
    "a first folder": (lay_nothing, do_folder, seen_first),
}


if __name__ == "__main__":  # the process that is killed
    SCENES[sys.argv[1]][1](Path(sys.argv[2]))
