"""main.py runs compare: what differs between two runs, and what each reached."""

import json
from pathlib import Path

import msgspec
import pytest

from backend.cli import main
from backend.config.jobs import TrainJob
from backend.config.train import TrainConfig
from backend.protocol.messages import Metric
from backend.protocol.wire import encode_line
from backend.runs.job_state import EVENTS_FILE
from backend.runs.manifests import write_manifest
from backend.runs.run import Run, create_run


def _run(home: Path, name: str, rate: float, match: float | None) -> Run:
    run = create_run(home, home / "model", home / "rows.jsonl", TrainConfig(learning_rate=rate), name)
    job = run.new_job(TrainJob(run=str(run.folder), model="m", data="d"), "train")
    (job / EVENTS_FILE).write_bytes(b"".join(
        encode_line(Metric(step=step, values={"loss": 3.0 - step})) for step in (1, 2)))
    if match is not None:
        folder = run.scores / "tuned"
        folder.mkdir(parents=True)
        (folder / "scores.json").write_bytes(msgspec.json.encode(
            {"exact_match": {"value": match, "low": 0.0, "high": 1.0}}))
        write_manifest(folder, "scores")
    return run


def test_differences_figures_and_scores(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _run(home, "first", 1e-4, 0.25)
    _run(home, "second", 2e-4, None)
    assert main(["runs", "compare", "first", "second", "--json"]) == 0
    result = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert result["differences"] == {"learning_rate": [1e-4, 2e-4]}
    assert [side["name"] for side in result["runs"]] == ["first", "second"]
    assert result["runs"][0]["last"] == {"step": 2, "loss": 1.0}
    assert result["runs"][0]["scores"]["tuned"]["exact_match"]["value"] == 0.25
    assert result["runs"][1]["scores"] == {}
    assert main(["runs", "compare", "first", "second"]) == 0
    table = capsys.readouterr().out
    assert "25.0%" in table
    assert "learning_rate" in table


def test_a_run_that_is_not_there(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _run(home, "first", 1e-4, None)
    assert main(["runs", "compare", "first", "nothing", "--json"]) == 2
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["error"]["code"] == "run_missing"


def test_a_home_that_is_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").touch()
    assert main(["runs", "list", "--home", str(tmp_path / "file"), "--json"]) == 2
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["error"]["code"] == "home_unusable"
