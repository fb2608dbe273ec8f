"""Files and folders appear whole or not at all: killed at every system call, failed at every system call."""

import errno
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from backend.protocol.errors import TanrenError
from backend.runs.atomic import TEMPORARY_PREFIX, remove_leftovers, staged_folder, write_file
from backend.runs.manifests import read_manifest
from tests.backend import atomic_scenes
from tests.backend.atomic_scenes import SCENES, do_folder, lay_folder, seen_folder

REPOSITORY = Path(__file__).parents[2]
CALLS = ("write", "fsync", "rename", "renameat2", "mkdir", "unlink", "unlinkat", "rmdir")
MANY = 60


def fresh(place: Path, lay: Callable[[Path], None]) -> None:
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    lay(place)


def check_nothing_left(place: Path) -> None:
    """After the next start's cleaning only whole things are there."""
    remove_leftovers(place)
    assert not [path for path in place.iterdir() if path.name.startswith(TEMPORARY_PREFIX)]


def strace_works() -> bool:
    if shutil.which("strace") is None:
        return False
    done = subprocess.run(["strace", "-qq", "-o", os.devnull, "true"], capture_output=True, check=False)
    return done.returncode == 0


@pytest.mark.skipif(not strace_works(), reason="strace is not here or may not trace")
@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.slow if name == "a first folder" else ()) for name in SCENES]
)
def test_killed_at_every_system_call_old_or_new_is_there(name: str, tmp_path: Path) -> None:
    lay, _, seen = SCENES[name]
    place = tmp_path / "place"
    kills = 0
    outcomes = set()
    for call in CALLS:
        for number in range(1, MANY):
            fresh(place, lay)
            done = subprocess.run(
                ["strace", "-f", "-qq", "-o", os.devnull, "-e", f"inject={call}:signal=KILL:when={number}",
                 sys.executable, "-B", atomic_scenes.__file__, name, str(place)],
                capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(REPOSITORY)}, check=False,
            )
            outcomes.add(seen(place))
            check_nothing_left(place)
            assert seen(place) in ("old", "new")
            if done.returncode == 0:
                break
            assert done.returncode in (-signal.SIGKILL, 128 + signal.SIGKILL), done.stderr
            kills += 1
        else:
            raise AssertionError(f"{call} was called more than {MANY} times")
    assert kills >= 3
    assert outcomes == {"old", "new"}


def test_a_full_disk_is_told_with_the_place_when_a_library_names_none(tmp_path: Path) -> None:
    with pytest.raises(TanrenError) as error, staged_folder(tmp_path / "step-000004"):
        raise RuntimeError("I/O error: No space left on device (os error 28)")
    assert error.value.code == "disk_full"
    assert str(tmp_path / "step-000004") in error.value.message("en")
    assert list(tmp_path.iterdir()) == []


OPERATIONS = ("fsync", "replace", "rename", "mkdir", "open")


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EACCES], ids=lambda code: errno.errorcode[code])
@pytest.mark.parametrize("name", SCENES)
def test_failed_at_every_operation_the_error_is_raised_and_the_old_stays(
    name: str, code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay, do, seen = SCENES[name]
    place = tmp_path / "place"
    failures = 0
    for operation in OPERATIONS:
        real = getattr(os, operation)
        for number in range(1, MANY):
            fresh(place, lay)
            count = 0

            def failing(*arguments: object, real: Callable[..., object] = real, at: int = number, **more: int) -> Any:
                nonlocal count
                count += 1
                if count == at:
                    raise OSError(code, os.strerror(code), str(arguments[0]))
                return real(*arguments, **more)

            raised = False
            with monkeypatch.context() as patch:
                patch.setattr(os, operation, failing)
                try:
                    do(place)
                except OSError as error:
                    assert error.errno == code
                    raised = True
            if count < number:
                break
            failures += 1
            if raised:
                # an error after the last rename (the folder's fsync) leaves the new content, whole
                assert seen(place) in ("old", "new")
            else:  # only the tidying may fail in silence
                assert seen(place) == "new"
            check_nothing_left(place)
    assert failures >= 3


def test_without_an_atomic_swap_a_kill_in_between_loses_nothing(tmp_path: Path) -> None:
    """File systems without renameat2 swap in two steps; cleaning puts the older folder back."""
    lay_folder(tmp_path)
    os.rename(tmp_path / "artifact", tmp_path / f"{TEMPORARY_PREFIX}aside-artifact")  # where the kill came
    remove_leftovers(tmp_path)
    assert seen_folder(tmp_path) == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["artifact"]


def test_the_swap_in_two_steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import ctypes

    class OldLibc:
        """A C library without renameat2."""

    monkeypatch.setattr(ctypes, "CDLL", lambda *_, **__: OldLibc())
    lay_folder(tmp_path)
    do_folder(tmp_path)
    assert seen_folder(tmp_path) == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["artifact"]


def test_an_exception_in_the_block_leaves_the_old_folder(tmp_path: Path) -> None:
    lay_folder(tmp_path)
    with pytest.raises(KeyboardInterrupt), staged_folder(tmp_path / "artifact") as folder:
        (folder / "half").write_text("half")
        raise KeyboardInterrupt
    assert seen_folder(tmp_path) == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["artifact"]


def test_two_writers_of_one_file_do_not_disturb_each_other(tmp_path: Path) -> None:
    """A worker's threads both write state.json."""
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: write_file(tmp_path / "state.json", str(number)), range(200)))
    assert 0 <= int((tmp_path / "state.json").read_text()) < 200
    assert [path.name for path in tmp_path.iterdir()] == ["state.json"]


def test_names_of_any_script_and_spaces(tmp_path: Path) -> None:
    place = tmp_path / "鍛錬 データ"
    place.mkdir()
    lay_folder(place)
    do_folder(place)
    assert seen_folder(place) == "new"
    write_file(place / "設定 1.toml", "日本語\n")
    assert (place / "設定 1.toml").read_bytes() == "日本語\n".encode()


def test_a_folder_without_a_manifest_is_no_artifact(tmp_path: Path) -> None:
    with staged_folder(tmp_path / "artifact") as folder:
        (folder / "a.txt").write_text("x")
    assert read_manifest(tmp_path / "artifact") is None

