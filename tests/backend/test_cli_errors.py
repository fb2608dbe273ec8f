"""The real command line with bad input: its exit status, its error, and that it leaves nothing behind."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from backend.config.jobs import TrainJob
from backend.config.train import TrainConfig
from backend.launch import REPOSITORY
from backend.runs.job_state import LOCK_FILE, write_state
from backend.runs.locks import FileLock
from backend.runs.run import Run, create_run, hold_run
from backend.version import VERSION
from tests.tiny_models import make_model

GOOD = {"question": "How wide?", "answer": "Two metres."}


class Outcome:
    """How a command ended: its status, its last line as JSON where it is JSON, and both streams."""

    def __init__(self, done: "subprocess.CompletedProcess[str]") -> None:
        self.status = done.returncode
        self.stdout = done.stdout
        self.stderr = done.stderr
        last = done.stdout.rstrip("\n").rpartition("\n")[2]
        self.json: dict[str, Any] = json.loads(last) if last.startswith("{") else {}

    @property
    def kind(self) -> str:
        """The error kind, empty when there is no error."""
        return str(self.json.get("error", {}).get("kind", ""))


def tanren(*arguments: object, language: str = "en", stdin: str | None = None) -> Outcome:
    """Runs main.py in a process of its own."""
    return Outcome(subprocess.run(
        [sys.executable, str(REPOSITORY / "main.py"), *map(str, arguments)], capture_output=True, text=True,
        encoding="utf-8", timeout=120, check=False, input=stdin, env={**os.environ, "TANREN_LANGUAGE": language}))


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A good model folder, not to be changed."""
    return make_model(tmp_path_factory.mktemp("models") / "tiny", "qwen2", layers=1)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A good dataset file."""
    file = tmp_path / "good.jsonl"
    file.write_text("\n".join(json.dumps({"question": f"What is {place}?", "answer": f"It is {place}."})
                              for place in range(20)))
    return file


@pytest.fixture
def run(home: Path, model: Path, data: Path) -> Run:
    """A run on which nothing was done yet."""
    return create_run(home, model, data, TrainConfig(), "mine")


def broken_at_57() -> str:
    """100 rows of JSONL, the 57th broken."""
    lines = [json.dumps(GOOD)] * 100
    lines[56] = lines[56][:-1]
    return "\n".join(lines)


BAD_FILES = {
    "empty": ("empty.jsonl", b"", "is empty"),
    "binary": (
        "picture.csv", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)) * 20,
        "neither a text file nor a document"),
    "one column": ("one.csv", b"question\nHow wide?\nHow tall?\n", "only one column"),
    "broken line": ("broken.jsonl", broken_at_57().encode(), "line 57"),
    "not a number": ("nan.jsonl", b'{"question": "q", "answer": NaN}', "can be used for training"),
    "unknown columns": ("colours.jsonl", b'{"colour": "red", "size": 4}', "colour"),
    "no answers": ("blank.jsonl", b'{"question": "q", "answer": "None"}', "can be used for training"),
    "preference": ("dpo.jsonl", b'{"prompt": "q", "chosen": "a", "rejected": "b"}', "preferred"),
}


@pytest.mark.parametrize("case", BAD_FILES)
def test_bad_data_ends_training_before_it_begins(home: Path, model: Path, tmp_path: Path, case: str) -> None:
    name, content, words = BAD_FILES[case]
    file = tmp_path / name
    file.write_bytes(content)
    outcome = tanren("train", "--model", model, "--data", file, "--json")
    assert (outcome.status, outcome.kind) == (2, "bad_dataset")
    assert words in outcome.json["error"]["message"]
    assert set(outcome.json["error"]) >= {"kind", "message", "hint", "detail"}
    assert words in outcome.stderr
    assert not (home / "runs").exists()


@pytest.mark.parametrize("case", ["empty", "binary", "one column", "broken line"])
def test_bad_data_is_named_when_it_is_looked_at(tmp_path: Path, case: str) -> None:
    name, content, words = BAD_FILES[case]
    (tmp_path / name).write_bytes(content)
    outcome = tanren("--json", "data", "inspect", tmp_path / name)
    assert (outcome.status, outcome.kind) == (2, "bad_dataset")
    assert words in outcome.json["error"]["message"]


def test_a_bad_held_out_file_is_named_too(home: Path, model: Path, data: Path, tmp_path: Path) -> None:
    held_out = tmp_path / "held.jsonl"
    held_out.write_text(broken_at_57())
    outcome = tanren("train", "--model", model, "--data", data, "--held-out", held_out, "--json")
    assert (outcome.status, outcome.kind) == (2, "bad_dataset")
    assert "held.jsonl, line 57" in outcome.json["error"]["message"]
    assert not (home / "runs").exists()


def spoil(model: Path, folder: Path, case: str) -> Path:
    """A model folder with this fault."""
    if case == "no folder":
        return folder
    if case == "no model":
        folder.mkdir()
        (folder / "holiday.txt").write_text("sun")
        return folder
    shutil.copytree(model, folder)
    match case:
        case "pickle":
            (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
        case "code":
            config = json.loads((folder / "config.json").read_text())
            (folder / "config.json").write_text(json.dumps({**config, "auto_map": {"AutoModel": "evil.Model"}}))
        case "cut":
            raw = (folder / "model.safetensors").read_bytes()
            (folder / "model.safetensors").write_bytes(raw[:-1000])
        case "no template":
            config = json.loads((folder / "tokenizer_config.json").read_text())
            config.pop("chat_template", None)
            (folder / "tokenizer_config.json").write_text(json.dumps(config))
            (folder / "chat_template.jinja").unlink(missing_ok=True)
    return folder


BAD_MODELS = {
    "no folder": "model_missing", "no model": "model_missing", "pickle": "model_unsafe", "code": "model_unsafe",
    "cut": "model_missing", "no template": "bad_dataset",
}


@pytest.mark.parametrize("case", BAD_MODELS)
def test_bad_models_are_refused_before_training(home: Path, model: Path, data: Path, tmp_path: Path, case: str) -> None:
    folder = spoil(model, tmp_path / "spoiled", case)
    outcome = tanren("train", "--model", folder, "--data", data, "--json")
    assert (outcome.status, outcome.kind) == (2, BAD_MODELS[case])
    assert str(folder) in outcome.json["error"]["message"]
    assert not (home / "runs").exists()


@pytest.mark.parametrize("case", ["no folder", "no model", "pickle", "code"])
def test_refused_models_are_told_with_reasons(model: Path, tmp_path: Path, case: str) -> None:
    outcome = tanren("models", "inspect", spoil(model, tmp_path / "spoiled", case), "--json")
    assert (outcome.status, outcome.kind) == (2, BAD_MODELS[case])
    assert outcome.json["verdict"] == "refused"
    assert outcome.json["error"]["message"] in outcome.json["reasons"]


def test_refused_models_are_listed_with_reasons_in_japanese(home: Path, model: Path) -> None:
    (home / "models").mkdir(parents=True, exist_ok=True)
    spoil(model, home / "models" / "spoiled", "pickle")
    assert "開くだけで" in tanren("models", "list", language="ja").stdout
    [listed] = [one for one in tanren("models", "list", "--json", language="ja").json["models"]
                if one["name"] == "spoiled"]
    assert listed["verdict"] == "refused"
    assert not any("開くだけで" in reason for reason in listed["reasons"])


def test_a_good_model_is_told(model: Path) -> None:
    outcome = tanren("models", "inspect", model, "--json")
    assert outcome.status == 0
    assert (outcome.json["family"], outcome.json["verdict"], outcome.json["reasons"]) == ("qwen2", "ok", [])
    assert outcome.json["parameters"] > 0
    assert outcome.stdout.count("\n") == 1


def test_a_good_file_is_told(model: Path, data: Path) -> None:
    outcome = tanren("data", "inspect", data, "--model", model, "--json")
    assert outcome.status == 0
    found = outcome.json
    assert (found["format"], found["encoding"], found["rows"]) == ("prompt_completion", "utf-8", 20)
    assert found["columns"] == ["question", "answer"]
    assert [finding["check"] for finding in found["findings"]] == ["too_few_rows"]
    tokens = found["tokens"]
    assert 0 < tokens["median"] <= tokens["p95"] <= tokens["max"] < tokens["trained"]


def test_a_row_is_shown_as_the_model_sees_it(model: Path, data: Path) -> None:
    outcome = tanren("data", "show", data, "--model", model, "--row", 3, "--json")
    tokens = outcome.json["tokens"]
    text = "<|im_start|>user\nWhat is 2?<|im_end|>\n<|im_start|>assistant\nIt is 2.<|im_end|>\n"
    assert "".join(token["text"] for token in tokens) == text
    assert "".join(token["text"] for token in tokens if token["trained"]) == "It is 2.<|im_end|>"
    human = tanren("data", "show", data, "--model", model, "--row", 3)
    assert "⟦It is 2.<|im_end|>⟧" in human.stdout
    for row in (0, 21, -1):
        assert tanren("data", "show", data, "--model", model, "--row", row, "--json").kind == "bad_dataset"


@pytest.mark.parametrize(
    "arguments",
    [
        [], ["nonsense"], ["train"], ["data", "inspect"], ["data"], ["runs", "show"], ["models", "inspect"],
        ["--colour"], ["runs", "list", "--colour"], ["--language", "fr", "runs", "list"],
        ["evaluate", "nothing", "--max-tokens", "many"],
    ],
)
def test_wrong_usage(arguments: list[str]) -> None:
    outcome = tanren("--json", *arguments)
    assert (outcome.status, outcome.kind) == (2, "bad_config")
    assert outcome.json["error"]["message"]


@pytest.mark.parametrize(
    ("setting", "words"),
    [("learning_rat=1", "learning_rate"), ("learning_rate=fast", "learning_rate"), ("learning_rate=-1", "at least"),
     ("method=magic", "qlora"), ("epochs", "KEY=VALUE"), ("seed=1.5", "seed"), ("max_length=", "max_length"),
     ("learning_rate=nan", "learning_rate")],
)
def test_wrong_settings(home: Path, model: Path, data: Path, setting: str, words: str) -> None:
    outcome = tanren("train", "--model", model, "--data", data, "--set", setting, "--json")
    assert (outcome.status, outcome.kind) == (2, "bad_config")
    assert words in outcome.json["error"]["message"] + outcome.json["error"]["hint"]
    assert not (home / "runs").exists()


def test_what_is_wrong_with_a_setting_is_told_in_japanese(model: Path, data: Path) -> None:
    outcome = tanren("train", "--model", model, "--data", data, "--set", "learning_rate=-1", "--json", language="ja")
    assert outcome.json["error"]["message"].endswith("以上にしてください")


@pytest.mark.parametrize("content", ["epochs = ", "colour = 3", 'epochs = "many"', "epochs = 0"])
def test_a_wrong_settings_file(model: Path, data: Path, tmp_path: Path, content: str) -> None:
    file = tmp_path / "config.toml"
    file.write_text(content)
    outcome = tanren("train", "--model", model, "--data", data, "--config", file, "--json")
    assert (outcome.status, outcome.kind) == (2, "bad_config")


@pytest.mark.parametrize(
    "arguments",
    [["evaluate", "nothing"], ["merge", "nothing"], ["export", "nothing", "--quant", "Q4_K_M"],
     ["chat", "nothing", "--prompt", "hi"],
     ["runs", "show", "nothing"], ["runs", "resume", "nothing"], ["runs", "delete", "nothing"]],
)
def test_a_run_that_is_not_there(arguments: list[str]) -> None:
    outcome = tanren(*arguments, "--json")
    assert (outcome.status, outcome.kind) == (2, "bad_config")
    assert "nothing" in outcome.json["error"]["message"]


def test_work_that_needs_a_checkpoint_says_so(run: Run) -> None:
    for arguments in (["evaluate", run.id], ["merge", run.id], ["export", run.id], ["chat", "mine", "--prompt", "hi"]):
        outcome = tanren(*arguments, "--json")
        assert (outcome.status, outcome.kind) == (2, "bad_config")
        assert run.id in outcome.json["error"]["message"]
    assert not run.job_folders()
    assert tanren("export", run.id, "--quant", "Q9_Z", "--json").json["error"]["message"].endswith("Q9_Z")


def test_a_broken_gguf_file(tmp_path: Path) -> None:
    file = tmp_path / "model.gguf"
    file.write_bytes(b"GGUF" + b"\0" * 100)
    for gguf in (file, tmp_path / "none.gguf"):
        outcome = tanren("chat", gguf, "--prompt", "hi", "--json")
        assert (outcome.status, outcome.kind) == (2, "model_missing")


def test_two_jobs_on_one_run(home: Path, run: Run) -> None:
    job = run.new_job(TrainJob(run=str(run.folder), model="", data=""), "train")
    write_state(job, "running")
    lock = FileLock(job / LOCK_FILE)
    assert lock.acquire()
    half = run.folder / ".partial-merged-1-0"
    half.mkdir()
    with hold_run(run):
        for arguments in (["runs", "resume", run.id], ["runs", "delete", run.id], ["merge", run.id]):
            outcome = tanren(*arguments, "--json")
            assert (outcome.status, outcome.kind) == (2, "bad_config")
            assert "already running" in outcome.json["error"]["message"]
        japanese = tanren("merge", run.id, language="ja").stderr
        assert "すでにジョブが実行中です" in japanese and "先に停止してください" in japanese
        assert tanren("runs", "list", "--json").json["runs"][0]["state"] == "running"
        assert half.is_dir(), "nothing is cleaned under a job"
    lock.release()
    assert tanren("runs", "list", "--json").json["runs"][0]["state"] == "lost"


def test_leftovers_of_a_killed_job_are_cleaned_by_the_next_command(run: Run) -> None:
    half = run.folder / ".partial-dataset-123"
    half.mkdir()
    (half / "train.jsonl").write_text("half")
    tanren("merge", run.id)
    assert not half.exists()


def test_a_deleted_run_lies_in_the_trash(home: Path, run: Run) -> None:
    outcome = tanren("runs", "delete", run.id, "--json")
    assert outcome.status == 0
    assert not run.folder.exists()
    assert Run(Path(outcome.json["trash"])).info().name == "mine"
    assert Path(outcome.json["trash"]).is_relative_to(home / "trash")
    assert tanren("runs", "list", "--json").json["runs"] == []


def test_global_options_on_both_sides(tmp_path: Path) -> None:
    for arguments in (["--home", tmp_path, "--json", "runs", "list"], ["runs", "list", "--home", tmp_path, "--json"],
                      ["runs", "--json", f"--home={tmp_path}", "list"]):
        assert tanren(*arguments).json == {"runs": []}
    assert tanren("--version").stdout.strip() == f"Tanren {VERSION}"
    assert tanren("runs", "list", "--version", "--json").json == {"version": VERSION}


def test_errors_in_japanese(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(broken_at_57())
    for outcome in (tanren("data", "inspect", tmp_path / "a.jsonl", language="ja"),
                    tanren("data", "inspect", tmp_path / "a.jsonl", "--language", "ja")):
        assert outcome.status == 2
        assert "57 行目" in outcome.stderr
        assert "原因" in outcome.stderr and "次の操作" in outcome.stderr


def test_help_in_both_languages() -> None:
    assert "fine-tune a base model" in tanren("--help").stdout
    assert "追加学習" in tanren("--help", "--language", "ja").stdout
    assert tanren("train", "--help").status == 0


def test_a_stopped_run_can_be_resumed_and_a_finished_one_not(home: Path, model: Path, data: Path) -> None:
    """Ctrl-C in the middle of a run, then `runs resume`, then once more."""
    started = subprocess.Popen(
        [sys.executable, str(REPOSITORY / "main.py"), "train", "--model", str(model), "--data", str(data), "--json",
         "--set", "max_steps=400", "--set", "epochs=1000", "--set", "batch_size=2", "--name", "long"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8")
    deadline = time.monotonic() + 120
    while not any(b'"metric"' in file.read_bytes() for file in home.glob("runs/*/jobs/*/events.jsonl")):
        assert started.poll() is None and time.monotonic() < deadline
        time.sleep(0.05)
    started.send_signal(signal.SIGINT)
    stdout, stderr = started.communicate(timeout=120)
    stopped = json.loads(stdout)
    assert (started.returncode, stopped["state"]) == (130, "stopped"), stderr
    assert 0 < stopped["steps"] < 400
    listed = tanren("runs", "list", "--json").json["runs"]
    assert [(entry["id"], entry["state"]) for entry in listed] == [(stopped["run"], "stopped")]

    refused = tanren("runs", "resume", "long", "--set", "lora_rank=2", "--json")
    assert (refused.status, refused.json["error"]["code"]) == (2, "resume_mismatch")
    assert "lora_rank was" in refused.json["error"]["message"]
    for setting, code in (("learning_rat=1", "setting_unknown"), ("epochs=0", "setting_invalid"), ("x", "bad_option")):
        assert tanren("runs", "resume", "long", "--set", setting, "--json").json["error"]["code"] == code

    resumed = tanren("runs", "resume", "long", "--set", "learning_rate=0.00005", "--json")
    assert (resumed.status, resumed.json["state"], resumed.json["steps"]) == (0, "succeeded", 400), resumed.stderr
    assert resumed.json["run"] == stopped["run"]
    assert {"loss", "held_out_loss", "tokens_per_second", "peak_mib", "checkpoint"} <= set(resumed.json)
    again = tanren("runs", "resume", "long", "--json")
    assert (again.status, again.kind) == (2, "bad_config")
    shown = tanren("runs", "show", stopped["run"], "--json").json
    assert shown["config"]["learning_rate"] == 0.00005
    assert "learning_rate = 5e-05" in (Path(shown["folder"]) / "config.toml").read_text()
    assert [job["state"] for job in shown["jobs"]] == ["stopped", "succeeded"]
    assert shown["last"]["step"] == 400
