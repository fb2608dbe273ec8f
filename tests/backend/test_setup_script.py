"""scripts/setup on machines that lack something: the real script, with stand-ins for the system's commands."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]

pytestmark = pytest.mark.skipif(not shutil.which("bash"), reason="set-up is a bash script")


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A checkout with the script, and a folder of commands that stands first in PATH."""
    (tmp_path / "scripts").mkdir()
    (tmp_path / "bin").mkdir()
    shutil.copy(REPOSITORY / "scripts" / "setup", tmp_path / "scripts")
    shutil.copy(REPOSITORY / "pyproject.toml", tmp_path)
    return tmp_path


def command(machine: Path, name: str, script: str) -> None:
    """Puts a command that does `script` first in PATH."""
    file = machine / "bin" / name
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)


def set_up(machine: Path, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PATH": f"{machine / 'bin'}:{os.environ['PATH']}", **more}
    return subprocess.run(
        [machine / "scripts" / "setup"], capture_output=True, text=True, env=environment, timeout=60, check=False,
    )


def test_without_root_the_line_to_paste_is_printed_and_nothing_is_made(machine: Path) -> None:
    command(machine, "id", "echo 1000")
    command(machine, "sudo", "exit 1")
    command(machine, "dpkg-query", "exit 1")
    done = set_up(machine)
    assert done.returncode == 1
    line = re.search(r"^    (sudo apt-get update && sudo apt-get install .*)$", done.stderr, re.MULTILINE)
    assert line, done.stderr
    for package in ("python3-venv", "build-essential", "cmake", "libegl1", "libxkbcommon0", "libxcb-cursor0"):
        assert f" {package}" in line[1]
    assert not (machine / ".venv").exists()


def test_only_what_is_missing_is_asked_for(machine: Path) -> None:
    command(machine, "id", "echo 1000")
    command(machine, "sudo", "exit 1")
    command(machine, "dpkg-query", """
case "$*" in *cmake*) exit 1;; *libglib2.0-0*) echo; echo "install ok installed"; exit 1;; esac
echo "install ok installed"
""")
    done = set_up(machine)
    assert done.returncode == 1
    assert re.search(r"--no-install-recommends cmake$", done.stderr, re.MULTILINE), done.stderr


def test_with_root_they_are_installed_by_apt(machine: Path) -> None:
    command(machine, "id", "echo 0")
    command(machine, "dpkg-query", "exit 1")
    command(machine, "apt-get", f'echo "$@" >> {machine}/apt.log')
    command(machine, "python-of-the-test", "exit 1")
    done = set_up(machine, PYTHON=str(machine / "bin" / "python-of-the-test"))
    assert done.returncode == 1  # at the interpreter, which comes after the packages
    calls = (machine / "apt.log").read_text().splitlines()
    assert calls[0].startswith("update")
    assert calls[1].startswith("install -y") and " cmake " in calls[1]


def test_a_python_that_is_too_old_or_new_is_named(machine: Path) -> None:
    command(machine, "dpkg-query", 'echo "install ok installed"')
    command(machine, "old-python", '[ "$1" = --version ] && echo "Python 3.9.2"; exit 1')
    done = set_up(machine, PYTHON=str(machine / "bin" / "old-python"))
    assert done.returncode == 1
    assert "Python 3.9.2" in done.stderr and "3.11 or 3.12" in done.stderr


def test_what_is_done_is_not_done_again(machine: Path) -> None:
    """A stamp of pyproject.toml, script and extras: a change of one of them sets up again."""
    (machine / ".venv" / "bin").mkdir(parents=True)
    python = machine / ".venv" / "bin" / "python"
    python.write_text(f'#!/bin/sh\necho "$@" >> {machine}/python.log\n')
    python.chmod(0o755)
    command(machine, "dpkg-query", 'echo "install ok installed"')
    first = set_up(machine, PYTHON=sys.executable)
    assert first.returncode == 0, first.stderr
    calls = (machine / "python.log").read_text()
    assert "torch==2.13.0" in calls and "llama-cpp-python==0.3.36" in calls and "converter_pack" in calls
    again = set_up(machine, PYTHON=sys.executable)
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
    assert (machine / "python.log").read_text() == calls
    assert set_up(machine, PYTHON=sys.executable, TANREN_EXTRAS="gui,test-gui").stderr
    with open(machine / "pyproject.toml", "a") as file:
        file.write("\n# changed\n")
    assert set_up(machine, PYTHON=sys.executable).stderr


def test_the_script_pins_what_pyproject_pins() -> None:
    script, project = ((REPOSITORY / name).read_text() for name in ("scripts/setup", "pyproject.toml"))
    for name in ("torch", "llama-cpp-python"):
        pin = re.search(rf'"({name}==[\d.]+)"', project)
        assert pin and f'"{pin[1]}"' in script
    from backend.export.converter_pack import PACKAGE

    assert f'"{PACKAGE}"' in project
