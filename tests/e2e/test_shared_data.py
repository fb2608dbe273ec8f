"""Real public datasets, from the file to a training that starts: what they are, how many rows, what is noticed."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("TANREN_SHARED_DATA", REPOSITORY.parent / "shared" / "data"))
FILES = {
    "alpaca_en_demo.json": ("alpaca", 999, 999, {"duplicates": 14}),
    "glaive_toolcall_en_demo.json": ("sharegpt", 300, 300, {"duplicates": 39, "conflicting_answers": 35}),
    "dpo_en_demo.json": ("preference", 300, 0, {"preference": 300, "mojibake": 1}),
    "jcommonsenseqa_train2000.jsonl": ("table", 2000, 2000, {"mapping_guessed": 2000, "half_width_kana": 3}),
    "jcommonsenseqa_valid.jsonl": ("table", 1119, 1119, {"mapping_guessed": 1119}),
    "jsts_train1000.jsonl": ("table", 1000, 1000, {"mapping_guessed": 1000}),
}
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not SHARED.is_dir(), reason=f"the public datasets are not in {SHARED}"),
]


def main(home: Path, *arguments: object) -> tuple[int, dict[str, Any]]:
    """Runs a command with --json: its exit status and its object."""
    done = subprocess.run([sys.executable, "main.py", *map(str, arguments), "--home", str(home), "--json"],
                          cwd=REPOSITORY, capture_output=True, text=True, timeout=280)
    print(done.stderr)
    return done.returncode, json.loads(done.stdout.strip().splitlines()[-1])


@pytest.mark.parametrize("name", FILES)
def test_a_public_dataset(tmp_path: Path, name: str) -> None:
    kind, rows, usable, findings = FILES[name]
    status, seen = main(tmp_path, "data", "inspect", SHARED / name)
    assert (status, seen["format"], seen["encoding"], seen["rows"], seen["usable"]) == (0, kind, "utf-8", rows, usable)
    counted = {finding["check"]: finding["count"] for finding in seen["findings"]}
    assert {check: counted.get(check) for check in findings} == findings
    status, made = main(tmp_path, "data", "import", SHARED / name, "--name", "public")
    assert (status, made["format"], made["rows"], made["findings"]) == (0, kind, rows, seen["findings"])
    status, trained = main(tmp_path, "train", "--model", "starter", "--data", "public", "--set", "max_steps=1",
                           "--set", "max_length=512", "--set", "held_out_fraction=0.02")
    if kind == "preference":
        assert (status, trained["error"]["code"]) == (2, "data_preference")
    else:
        assert (status, trained["state"], trained["steps"]) == (0, "succeeded", 1)
