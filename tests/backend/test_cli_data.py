"""main.py data: import, steps, undo, acceptance and training from what was imported, as a person types them."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.tiny_models import make_model

REPOSITORY = Path(__file__).resolve().parents[2]
ROWS = [(f"What is the number of room {place}?", f"Room {place} has number {place * 7}.") for place in range(24)]


def main(home: Path, *arguments: object, fails: int = 0) -> dict[str, Any]:
    """Runs a command with --json and returns its object; `fails` is the exit status that is expected."""
    done = subprocess.run(
        [sys.executable, "main.py", *map(str, arguments), "--home", str(home), "--json", "--language", "en"],
        cwd=REPOSITORY, capture_output=True, text=True, timeout=240)
    assert done.returncode == fails, done.stderr
    result: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return result


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_model(tmp_path_factory.mktemp("models") / "llama", "llama", hidden=64, feed_forward=64, layers=1)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A Windows table with an empty answer, a repeated row and half-width kana."""
    rows = [*ROWS, ("空の答え", ""), ROWS[0], ("ﾃｽﾄは何ですか", "試験のことです。")]
    path = tmp_path / "部屋.csv"
    path.write_text("質問,回答\n" + "".join(f"{question},{answer}\n" for question, answer in rows), encoding="cp932")
    return path


def test_from_a_file_to_a_run(tmp_path: Path, model: Path, file: Path) -> None:
    home = tmp_path / "home"
    seen = main(home, "data", "inspect", file)
    assert (seen["format"], seen["encoding"], seen["rows"], seen["usable"]) == ("table", "cp932", 27, 26)
    refused = main(home, "train", "--model", model, "--data", file, fails=2)
    assert refused["error"]["code"] == "data_blocked" and "empty_answer" in refused["error"]["message"]
    made = main(home, "data", "import", file, "--name", "rooms", "--clean", "fix", "--clean", "duplicates",
                "--clean", "nfkc:kana=full", "--clean", "split:fraction=0.25,seed=3", "--model", model)
    assert [(step["name"], step["removed"], step["changed"]) for step in made["steps"][:3]] == [
        ("drop_rows", 1, 0), ("keep_first", 1, 0), ("nfkc", 0, 1)]
    assert made["tokens"]["trained"] > 0 and made["rows"] == 25
    shown = main(home, "data", "show", "rooms", "--model", model, "--row", 27)
    assert "テストは何ですか" in "".join(token["text"] for token in shown["tokens"])
    trained = main(home, "train", "--model", model, "--data", "rooms", "--set", "max_steps=2", "--set", "epochs=1",
                   "--set", "method=lora")
    dataset = json.loads((home / "runs" / trained["run"] / "dataset" / "manifest.json").read_text())["facts"]
    assert dataset["held_out"]["rows"] == 6 and dataset["train"]["rows"] == 19
    assert [step["name"] for step in dataset["steps"]] == ["drop_rows", "keep_first", "nfkc", "split"]
    apart = tmp_path / "apart.jsonl"
    apart.write_text('{"question": "Where is the lift?", "answer": "Beside the stairs."}')
    other = main(home, "train", "--model", model, "--data", "rooms", "--held-out", apart, "--set", "max_steps=1",
                 "--set", "method=lora")
    sides = json.loads((home / "runs" / other["run"] / "dataset" / "manifest.json").read_text())["facts"]
    assert (sides["train"]["rows"], sides["held_out"]["rows"]) == (19, 1)  # what was set apart stays so
    measured = main(home, "losses", trained["run"], "--worst", 3)
    losses = [row["loss"] for row in measured["worst"]]
    assert measured["rows"] == 25 and len(losses) == 3 and losses == sorted(losses, reverse=True) and losses[-1] > 0


def test_acceptance_is_recorded_in_the_run(tmp_path: Path, model: Path, file: Path) -> None:
    home = tmp_path / "home"
    trained = main(home, "train", "--model", model, "--data", file, "--accept", "empty_answer", "--set", "max_steps=1",
                   "--set", "method=lora")
    facts = json.loads((home / "runs" / trained["run"] / "dataset" / "manifest.json").read_text())["facts"]
    assert facts["accepted"] == {"empty_answer": 1}
    assert main(home, "train", "--model", model, "--data", file, "--accept", "nothing", fails=2)


def test_an_imported_dataset_is_listed_changed_back_accepted_and_deleted(tmp_path: Path, file: Path) -> None:
    home = tmp_path / "home"
    main(home, "data", "import", file, "--name", "rooms")
    assert [row["name"] for row in main(home, "data", "list")["datasets"]] == ["rooms"]
    assert main(home, "data", "apply", "rooms", "--step", "empty_answer")["rows"] == 26
    assert main(home, "data", "undo", "rooms") == {"step": "drop_rows", "steps": []}
    assert main(home, "data", "redo", "rooms") == {"step": "drop_rows", "steps": ["drop_rows"]}
    main(home, "data", "undo", "rooms")
    assert main(home, "data", "accept", "rooms", "empty_answer") == {"check": "empty_answer", "rows": 1}
    assert Path(main(home, "data", "delete", "rooms")["trash"]).is_dir()
    assert main(home, "data", "list")["datasets"] == []
    assert main(home, "data", "apply", "rooms", "--step", "nfkc", fails=2)["error"]["code"] == "dataset_missing"


def test_wrong_words_are_refused_before_anything_happens(tmp_path: Path, file: Path) -> None:
    home = tmp_path / "home"
    assert main(home, "data", "import", file, "--clean", "nonsense", fails=2)["error"]["code"] == "step_unknown"
    assert main(home, "data", "import", file, "--map", "frage=質問", fails=2)["error"]["code"] == "bad_option"
    assert main(home, "data", "import", tmp_path / "none.csv", fails=2)["error"]["code"] == "data_missing"
    assert main(home, "data", "list")["datasets"] == []


def test_paths_and_line_breaks_are_taken_as_a_shell_hands_them_over(tmp_path: Path) -> None:
    home, file = tmp_path / "home", tmp_path / "rooms.csv"
    file.write_text("room,number\n" + "".join(f"{room}\u2028,{number}\n" for room, number in ROWS), encoding="utf-8")
    seen = main(home, "data", "import", file, "--name", "rooms", "--map", r"question={room}\nNow!",
                "--map", "answer=number", "--clean", f"split:file={os.path.relpath(file, REPOSITORY)}")
    assert seen["preview"][0]["messages"][0]["content"] == f"{ROWS[0][0]}\u2028\nNow!"
    assert seen["steps"][0]["settings"]["file"] == str(file)
    assert next(finding["count"] for finding in seen["findings"] if finding["check"] == "leakage") == len(ROWS)


def test_what_is_forgotten_is_gone_from_what_jobs_told_too(tmp_path: Path) -> None:
    home, file = tmp_path / "home", tmp_path / "calls.csv"
    rows = [f"Who is at 090-1234-{5600 + place}?,Nobody answers there." for place in range(8)]
    file.write_text("question,answer\n" + "\n".join(rows), encoding="utf-8")
    main(home, "data", "import", file, "--name", "calls", "--clean", "hide_personal_data:mode=delete")

    def told() -> list[Path]:
        return [path for path in home.rglob("*") if path.is_file() and b"090-1234" in path.read_bytes()]

    main(home, "data", "inspect", file)
    assert told()
    main(home, "data", "forget", "calls")
    assert told() == []
