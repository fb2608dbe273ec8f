"""The run folder: made, found, listed, and what of it counts as finished."""

import errno
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from backend.config.jobs import DataShowJob, EvaluateJob, Job, MergeJob, TrainJob
from backend.config.toml import from_toml
from backend.config.train import TrainConfig
from backend.launch import REPOSITORY
from backend.protocol.errors import TanrenError
from backend.protocol.messages import Failed, Finished, Hello, Metric
from backend.protocol.wire import encode_line
from backend.runs import atomic
from backend.runs.atomic import TEMPORARY_PREFIX
from backend.runs.events import metrics, outcome, read_events
from backend.runs.job_state import EVENTS_FILE, LOCK_FILE, read_state, write_state
from backend.runs.locks import FileLock
from backend.runs.manifests import write_manifest
from backend.runs.run import (
    LOOKS_KEPT,
    RunInfo,
    clean_run,
    create_job,
    create_look,
    create_run,
    find_run,
    hold_run,
    list_runs,
)

CONFIG = TrainConfig(epochs=2, seed=5)



def test_a_new_run_tells_what_it_is(home: Path) -> None:
    run = create_run(
        home, Path("/models/base"), Path("/data/質問.jsonl"), CONFIG, "Support desk", Path("/data/held.jsonl"))
    info = run.info()
    assert (info.name, info.model, info.data, info.held_out) == (
        "Support desk", "/models/base", "/data/質問.jsonl", "/data/held.jsonl")
    assert info.id == run.id == run.folder.name
    assert run.id.endswith("-support-desk")
    assert info.config == CONFIG == from_toml(run.folder / "config.toml", TrainConfig)
    assert json.loads((run.folder / "run.json").read_text())["format"] == 1


@pytest.mark.parametrize(
    ("name", "slug"),
    [("", ""), ("お客様 サポート", "-お客様-サポート"), ("ＡＢＣ①", "-abc1"), ("../../etc/passwd", "-etc-passwd"),
     ("a/b\\c:d*e?f", "-a-b-c-d-e-f"), ("." * 50, ""), ("x" * 500, "-" + "x" * 40)],
)
def test_any_name_gives_a_safe_folder(name: str, slug: str, home: Path) -> None:
    run = create_run(home, Path("/m"), Path("/d"), CONFIG, name)
    assert run.folder.parent == home / "runs"
    assert run.id[15:] == slug
    assert run.info().name == (name or run.id)


def test_runs_of_the_same_second_get_folders_of_their_own(home: Path) -> None:
    ids = {create_run(home, Path("/m"), Path("/d"), CONFIG, "same").id for _ in range(5)}
    assert len(ids) == 5
    assert {run.id for run in list_runs(home)} == ids


def test_a_run_is_found_by_id_name_beginning_and_path(home: Path) -> None:
    run = create_run(home, Path("/m"), Path("/d"), CONFIG, "one")
    create_run(home, Path("/m"), Path("/d"), CONFIG, "two")
    for name in (run.id, "one", str(run.folder)):
        assert find_run(home, name).id == run.id
    for name in ("three", run.id[:8], ""):  # unknown, ambiguous, everything
        with pytest.raises(TanrenError) as caught:
            find_run(home, name)
        assert caught.value.code == "run_missing"


def test_of_two_runs_with_one_name_the_newest_is_meant(home: Path) -> None:
    create_run(home, Path("/m"), Path("/d"), CONFIG, "same")
    newest = list_runs(home)[0]
    assert find_run(home, "same").id == newest.id


def test_a_folder_without_run_json_is_no_run(home: Path) -> None:
    (home / "runs" / "20260101-000000-half").mkdir(parents=True)
    assert list_runs(home) == []


@pytest.mark.parametrize("content", ["", "{", "[]", '{"id": 1}'])
def test_a_damaged_run_json_is_an_error_and_does_not_hide_the_others(content: str, home: Path) -> None:
    good = create_run(home, Path("/m"), Path("/d"), CONFIG, "good")
    bad = create_run(home, Path("/m"), Path("/d"), CONFIG, "bad")
    (bad.folder / "run.json").write_text(content)
    with pytest.raises(TanrenError) as caught:
        bad.info()
    assert caught.value.code == "run_damaged"
    assert find_run(home, bad.id).id == bad.id
    assert find_run(home, "good").id == good.id
    assert [run.id for run in list_runs(home)] == [good.id]


def test_jobs_are_numbered_and_say_what_they_are(home: Path) -> None:
    run = create_run(home, Path("/m"), Path("/d"), CONFIG)
    first = run.new_job(MergeJob(run=str(run.folder)), "merge")
    second = run.new_job(EvaluateJob(run=str(run.folder), targets=["base"]), "evaluate")
    assert [folder.name for folder in run.job_folders()] == ["0001-merge", "0002-evaluate"] == [first.name, second.name]
    assert msgspec.json.decode((second / "job.json").read_bytes(), type=Job) == EvaluateJob(
        run=str(run.folder), targets=["base"])


def test_jobs_made_at_the_same_time_do_not_share_a_number(tmp_path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(8) as pool:
        folders = list(pool.map(lambda _: create_job(tmp_path, MergeJob(run="r"), "merge"), range(40)))
    assert len(set(folders)) == 40


def test_after_job_9999_comes_10000(home: Path) -> None:
    run = create_run(home, Path("/m"), Path("/d"), CONFIG)
    for name in ("0002-train", "9999-evaluate"):
        (run.jobs / name).mkdir(parents=True)
        (run.jobs / name / "job.json").write_text("{}")
    made = [run.new_job(MergeJob(run="r"), "merge") for _ in range(2)]
    assert [folder.name for folder in made] == ["10000-merge", "10001-merge"]
    assert [folder.name for folder in run.job_folders()] == [
        "0002-train", "9999-evaluate", "10000-merge", "10001-merge"]


def test_of_many_looks_the_newest_of_each_kind_stay(home: Path) -> None:
    """One that is alive, one that was never started and one of another kind are not touched, however old."""
    look = DataShowJob(data="d", model="m", rows=[1])
    alive, queued, other = (create_look(home, look, kind) for kind in ("data_show", "data_show", "data_inspect"))
    lock = FileLock(alive / LOCK_FILE)
    assert lock.acquire()
    for folder, state in ((alive, "running"), (other, "succeeded")):
        write_state(folder, state)
    made = []
    for _ in range(LOOKS_KEPT + 5):
        made.append(create_look(home, look, "data_show"))
        write_state(made[-1], "succeeded")
    left = sorted((home / "jobs").iterdir(), key=lambda path: path.name)
    assert left == [alive, queued, other, *made[-LOOKS_KEPT - 1 :]]
    lock.release()


@pytest.mark.parametrize("name", ["runs", "runs/{id}", "runs/{id}/jobs", "runs/{id}/jobs/0001-merge"])
def test_the_name_of_a_new_folder_is_forced_to_the_disk(
    name: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[tuple[Path, list[str]]] = []
    monkeypatch.setattr(atomic, "sync_folder", lambda path: synced.append((path, os.listdir(path))))
    run = create_run(home, Path("/m"), Path("/d"), CONFIG)
    run.new_job(MergeJob(run="r"), "merge")
    folder = home / name.format(id=run.id)
    assert any(path == folder.parent and folder.name in names for path, names in synced)


def finished_folder(folder: Path, name: str = "weights.safetensors") -> Path:
    folder.mkdir(parents=True)
    (folder / name).write_bytes(b"weights")
    write_manifest(folder, "test")
    return folder


def test_only_folders_with_a_manifest_count(home: Path) -> None:
    run = create_run(home, Path("/m"), Path("/d"), CONFIG)
    with pytest.raises(TanrenError) as caught:
        run.newest_checkpoint()
    assert caught.value.code == "run_no_checkpoint"
    second = finished_folder(run.checkpoints / "step-000010")
    first = finished_folder(run.checkpoints / "step-000002")
    (run.checkpoints / "step-000020").mkdir()
    (run.checkpoints / "step-000020" / "weights.safetensors").write_bytes(b"half")
    assert run.finished_checkpoints() == [first, second]
    assert run.newest_checkpoint() == second


def test_gguf_files_are_listed_when_they_are_whole(home: Path) -> None:
    run = create_run(home, Path("/m"), Path("/d"), CONFIG)
    assert run.gguf_files() == {}
    finished_folder(run.gguf / "Q8_0", "model.gguf")
    (run.gguf / "Q4_K_M").mkdir()
    (run.gguf / "Q4_K_M" / "model.gguf").write_bytes(b"half")
    assert run.gguf_files() == {"Q8_0": run.gguf / "Q8_0" / "model.gguf"}


def test_cleaning_takes_what_is_half_and_nothing_else(home: Path) -> None:
    run = create_run(home, Path("/m"), Path("/d"), CONFIG)
    kept = finished_folder(run.checkpoints / "step-000010")
    for place in (run.checkpoints, run.gguf, run.scores, run.folder):
        place.mkdir(exist_ok=True)
        (place / f"{TEMPORARY_PREFIX}half-1-2").mkdir()
        (place / f"{TEMPORARY_PREFIX}half-1-2" / "x").write_text("x")
        (place / f"{TEMPORARY_PREFIX}state.json-1-3").write_text("x")
    clean_run(run)
    assert not list(run.folder.rglob(f"{TEMPORARY_PREFIX}*"))
    assert run.finished_checkpoints() == [kept]
    assert run.info().config == CONFIG


# --- the lock: one job at a time ---


def test_nothing_is_cleaned_under_a_job(home: Path) -> None:
    run = create_run(home, Path("/m"), Path("/d"), CONFIG)
    half = run.folder / f"{TEMPORARY_PREFIX}merged-1-2"
    half.mkdir()
    with hold_run(run):
        with pytest.raises(TanrenError) as caught:
            clean_run(run)
        assert (caught.value.code, caught.value.kind) == ("job_running", "bad_config")
        assert half.exists()
    clean_run(run)
    assert not half.exists()


def test_kill_9_frees_the_run_although_a_child_lives_on(home: Path) -> None:
    run = create_run(home, Path("/m"), Path("/d"), CONFIG)
    holder = subprocess.Popen(
        [sys.executable, "-c", "import subprocess, sys, time; from pathlib import Path\n"
         "from backend.runs.run import Run, hold_run\n"
         "with hold_run(Run(Path(sys.argv[1]))):\n"
         "    child = subprocess.Popen(['sleep', '600'])\n"
         "    print(child.pid, flush=True)\n"
         "    time.sleep(600)", str(run.folder)],
        cwd=REPOSITORY, stdout=subprocess.PIPE, text=True)
    assert holder.stdout
    child = int(holder.stdout.readline())
    try:
        with pytest.raises(TanrenError), hold_run(run):
            pass
        holder.kill()
        holder.wait()
        with hold_run(run):
            os.kill(child, 0)  # still there
    finally:
        os.kill(child, signal.SIGKILL)
        holder.stdout.close()


def test_a_training_that_was_refused_does_not_count(home: Path) -> None:
    run = create_run(home, Path("/m"), Path("/d"), CONFIG)
    job = TrainJob(run=str(run.folder), model="m", data="d")
    stopped, refused = run.new_job(job, "train"), run.new_job(job, "train")
    write_state(stopped, "stopped")
    write_state(refused, "failed")
    assert run.training_state() == "failed"
    write_events(refused, TanrenError("job_running", path=run.folder).to_event())
    assert run.trainings() == [stopped]
    assert run.training_state() == "stopped"


def test_states_are_told_on_a_full_disk(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = create_run(home, Path("/m"), Path("/d"), CONFIG)
    job = run.new_job(TrainJob(run=str(run.folder), model="m", data="d"), "train")
    write_state(job, "running")

    def full(_path: Path, _data: bytes) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr("backend.runs.job_state.write_file", full)
        assert run.training_state() == "lost"
    assert read_state(job) == "running"
    assert run.training_state() == read_state(job) == "lost"


def test_a_job_that_a_full_disk_kept_from_being_does_not_count(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = create_run(home, Path("/m"), Path("/d"), CONFIG)
    job = TrainJob(run=str(run.folder), model="m", data="d")
    write_state(run.new_job(job, "train"), "lost")

    def full(_path: Path, _data: bytes) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr("backend.runs.run.write_file", full)
        with pytest.raises(OSError):
            run.new_job(job, "train")
        with pytest.raises(OSError):
            create_run(home, Path("/m"), Path("/d"), CONFIG)
    assert [folder.name for folder in run.jobs.iterdir()] == ["0001-train"]
    assert [folder.name for folder in (home / "runs").iterdir()] == [run.id]
    (run.jobs / "0002-train").mkdir()  # killed before job.json was there
    assert run.training_state() == "lost"
    assert run.new_job(job, "train").name == "0003-train"


def test_changed_settings_are_in_both_files(home: Path) -> None:
    run = create_run(home, Path("/m"), Path("/d"), CONFIG)
    changed = msgspec.structs.replace(CONFIG, learning_rate=1e-5)
    run.change_config(changed)
    assert run.info().config == changed == from_toml(run.folder / "config.toml", TrainConfig)
    assert run.info().name == run.id


# --- events.jsonl ---


def write_events(job: Path, *events: msgspec.Struct, tail: bytes = b"") -> Path:
    job.mkdir(parents=True, exist_ok=True)
    with open(job / EVENTS_FILE, "ab") as file:
        file.write(b"".join(encode_line(event) for event in events) + tail)
    return job


def test_events_are_read_past_a_torn_end_and_unreadable_lines(tmp_path: Path) -> None:
    hello = Hello(build="b", pid=1, lock="none")
    loss = Metric(step=1, values={"loss": 2.5})
    job = write_events(tmp_path / "job", hello, tail=b"no message\n\xff\xfe\n" + b"x" * (3 << 20) + b"\n")
    write_events(job, loss, tail=encode_line(loss)[:20])
    assert list(read_events(job)) == [hello, loss]
    assert outcome(job) is None


def test_the_outcome_is_the_last_word(tmp_path: Path) -> None:
    finished = Finished(state="succeeded", result={"steps": 3})
    job = write_events(tmp_path / "one", Hello(build="b", pid=1, lock="none"), finished)
    assert outcome(job) == finished
    failed = Failed(kind="internal", message="m", hint="h")
    assert outcome(write_events(tmp_path / "two", failed)) == failed
    assert outcome(tmp_path / "nowhere") is None


def test_the_chart_of_a_resumed_run_takes_the_resumed_steps(tmp_path: Path) -> None:
    """The first job was killed at step 5 after a checkpoint at step 3; the second went on from there."""
    first = write_events(tmp_path / "one", *(Metric(step=step, values={"loss": 10.0 - step}) for step in range(1, 6)))
    second = write_events(
        tmp_path / "two", *(Metric(step=step, values={"loss": 100.0 - step}) for step in range(4, 8)),
        Metric(step=7, values={"held_out_loss": 1.0}))
    merged = metrics([first, second])
    assert [metric.step for metric in merged] == [1, 2, 3, 4, 5, 6, 7]
    assert [metric.values["loss"] for metric in merged] == [9.0, 8.0, 7.0, 96.0, 95.0, 94.0, 93.0]
    assert merged[-1].values == {"loss": 93.0, "held_out_loss": 1.0}


def test_run_info_of_this_version_is_read_back() -> None:
    info = RunInfo(id="i", name="名前", created=1.0, model="/m", data="/d")
    assert msgspec.json.decode(msgspec.json.encode(info), type=RunInfo) == info


def test_an_empty_name_is_no_run(home: Path) -> None:
    create_run(home, home / "model", home / "rows.jsonl", TrainConfig(), "only")
    with pytest.raises(TanrenError) as raised:
        find_run(home, "")
    assert raised.value.code == "run_missing"
