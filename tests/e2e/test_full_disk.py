"""A disk that is full: the error is named, exit status 2; what was finished stays; resume works once there is room."""

import contextlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from backend.runs.manifests import check_manifest
from backend.runs.run import list_runs
from tests.tiny_models import make_model

REPOSITORY = Path(__file__).parents[2]
ROWS = [{"prompt": f"Question {number}?", "completion": f"Answer {number}."} for number in range(40)]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 12 MiB in memory."""
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(folder)], capture_output=True,
                             check=False)
    if mounted.returncode != 0:
        pytest.skip(f"a full disk was not tried: mount of a 12 MiB tmpfs as user {os.getuid()} said "
                    f"{mounted.stderr.decode(errors='replace').strip()!r} (exit {mounted.returncode})")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_full_disk_in_training(small_disk: Path, tmp_path: Path) -> None:
    model, data, ballast = tmp_path / "model", tmp_path / "rows.jsonl", small_disk / "ballast"
    make_model(model, "llama")
    data.write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    home = small_disk / "home"
    # room for the run and its dataset, but not for a checkpoint of this adapter
    free = shutil.disk_usage(small_disk).free
    ballast.write_bytes(b"\0" * (free - 600 * 1024))
    status, result = _command(
        "train", "--model", str(model), "--data", str(data), "--set", "max_steps=4", "--set", "save_every=2",
        "--set", "lora_rank=16", "--home", str(home), "--json")
    assert (status, result["error"]["kind"]) == (2, "disk_full")
    (run,) = list_runs(home)
    (job,) = run.job_folders()
    check_manifest(run.dataset)
    assert run.finished_checkpoints() == []
    _fill(small_disk)
    (job / "state.json").write_bytes(b'{"state":"running","time":1.0}'.ljust((job / "state.json").stat().st_size))
    for command in (("runs", "list"), ("runs", "show", run.id)):  # looking at a run needs no room
        status, result = _command(*command, "--home", str(home), "--json")
        assert status == 0, result
        assert (result["runs"][0] if "runs" in result else result)["state"] == "lost"
    ballast.unlink()
    status, result = _command("runs", "resume", run.id, "--home", str(home), "--json")
    assert (status, result.get("state"), result.get("steps")) == (0, "succeeded", 4), result
    check_manifest(run.newest_checkpoint())


def test_full_disk_in_export(small_disk: Path, tmp_path: Path) -> None:
    model, data, ballast = tmp_path / "model", tmp_path / "rows.jsonl", small_disk / "ballast"
    make_model(model, "llama")
    data.write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    home = small_disk / "home"
    status, _ = _command("train", "--model", str(model), "--data", str(data), "--set", "max_steps=1", "--home",
                         str(home), "--json")
    assert status == 0
    (run,) = list_runs(home)
    status, _ = _command("merge", run.id, "--home", str(home), "--json")
    assert status == 0
    ballast.write_bytes(b"\0" * (shutil.disk_usage(small_disk).free - 200 * 1024))
    status, result = _command("export", run.id, "--quant", "Q8_0", "--home", str(home), "--json")
    assert (status, result["error"]["kind"]) == (2, "disk_full")
    check_manifest(run.merged)
    assert run.gguf_files() == {}
    ballast.unlink()
    status, result = _command("export", run.id, "--quant", "Q8_0", "--home", str(home), "--json")
    assert status == 0, result
    check_manifest(run.gguf / "Q8_0")


def _fill(folder: Path) -> None:
    """Takes the last free byte."""
    with contextlib.suppress(OSError), open(folder / "crumbs", "wb", buffering=0) as file:
        while file.write(b"\0" * 4096):
            pass
    with pytest.raises(OSError):
        (folder / "one more").write_bytes(b"\0" * 4096)
    (folder / "one more").unlink()


def _command(*arguments: str) -> tuple[int, dict[str, Any]]:
    """Exit status and result of the command line."""
    done = subprocess.run([sys.executable, "main.py", *arguments], cwd=REPOSITORY, capture_output=True, text=True,
                          timeout=240, check=False, env={**os.environ, "TANREN_LANGUAGE": "en"})
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout.splitlines()[-1])
