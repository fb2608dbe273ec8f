"""The main job by command line on models in the style of three families, with a public dataset where it lies beside."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.tiny_models import Family, make_model

REPOSITORY = Path(__file__).parents[2]
SHARED_DATA = Path(os.environ.get("TANREN_SHARED_DATA", REPOSITORY.parent / "shared" / "data"))
ALPACA = SHARED_DATA / "alpaca_en_demo.json"


@pytest.mark.slow
@pytest.mark.skipif(not ALPACA.exists(), reason="the public datasets are not here (TANREN_SHARED_DATA)")
@pytest.mark.parametrize("family", ["qwen2", "llama", "gemma"])
def test_train_export_and_chat(family: Family, home: Path, tmp_path: Path) -> None:
    model = tmp_path / family
    make_model(model, family)
    trained = _command("train", "--model", str(model), "--data", str(ALPACA), "--set", "max_steps=20", "--name", family)
    assert trained["state"] == "succeeded"
    assert trained["steps"] == 20
    assert trained["loss"]["last"] < trained["loss"]["first"]
    exported = _command("export", trained["run"], "--quant", "Q8_0", "--quant", "Q4_K_M")
    assert {file["quant"]: file["parity"]["verdict"] for file in exported["files"]} == {
        "Q8_0": "green", "Q4_K_M": "green"}
    reply = _command("chat", trained["run"], "--prompt", "Name three colours.", "--max-tokens", "16")
    assert reply["stop_reason"] in ("end", "length")
    assert reply["tokens"] > 0


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TANREN_LANGUAGE", "en")


def _command(*arguments: str) -> dict[str, Any]:
    done = subprocess.run([sys.executable, "main.py", *arguments, "--json"], cwd=REPOSITORY, capture_output=True,
                          text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result
