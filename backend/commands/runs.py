"""main.py runs: the runs that are there, one of them in full, resuming, comparing and deleting."""

import argparse
import os
import time
from pathlib import Path
from typing import Any

import msgspec

from backend.commands.arguments import Commands
from backend.commands.compare import compare
from backend.commands.terminal import Terminal, table
from backend.commands.train import config_with, train_in
from backend.commands.work import checked_model, job_kind, open_run
from backend.config.jobs import TrainJob
from backend.config.train import check_resumable
from backend.home import home_folder
from backend.protocol.errors import TanrenError
from backend.protocol.languages import Text
from backend.runs.events import metrics, outcome
from backend.runs.job_state import settle_state
from backend.runs.manifests import read_manifest
from backend.runs.origin import Stale, stale_artifacts
from backend.runs.run import Run, find_run, hold_run, list_runs, read_scores


def add(commands: Commands) -> None:
    """Adds runs list, show, resume, compare and delete."""
    group = commands.group("runs", Text("list, show, resume, compare or delete runs",
                                        "学習の一覧、表示、再開、比較、削除"))
    group.add("list", Text("all runs, newest first", "すべての学習（新しい順）"), list_all)
    for name, text, run in (
        ("show", Text("everything about one run", "1 つの学習の詳細"), show),
        ("resume", Text("go on from the newest checkpoint", "最後のチェックポイントから再開する"), resume),
        ("delete", Text("move a run to the trash", "学習をごみ箱に移す"), delete),
    ):
        parser = group.add(name, text, run)
        parser.add_argument(
            "run_name", metavar="RUN", help=commands.say("id, start of the id, or name", "ID、ID の先頭、または名前"))
        if run is resume:
            parser.add_argument("--set", metavar="KEY=VALUE", action="append", default=[], dest="settings",
                                help=commands.say("another value for a setting; may be repeated",
                                                  "設定の値を変える（繰り返し可）"))
    parser = group.add("compare", Text("two runs side by side", "2 つの学習を並べて比べる"), compare)
    for name in ("first", "second"):
        parser.add_argument(name, metavar="RUN", help=commands.say("run", "学習"))


def list_all(arguments: argparse.Namespace, terminal: Terminal) -> dict[str, Any]:
    """One line a run, with its true state."""
    runs = [_summary(run) for run in list_runs(home_folder(getattr(arguments, "home", None)))]
    if runs:
        heads = [head.in_language(terminal.language) for head in (
            Text("RUN", "学習"), Text("NAME", "名前"), Text("STATE", "状態"), Text("CHECKPOINT", "チェックポイント"),
            Text("GGUF", "GGUF"))]
        lines = table([heads, *([run["id"], run["name"], run["state"], run["checkpoint"] or "–",
                                 " ".join(run["gguf"]) or "–"] for run in runs)])
        terminal.say(lines, lines)
    else:
        terminal.say("No runs yet. Start one with: main.py train --model DIR --data FILE",
                     "学習はまだありません。開始: main.py train --model DIR --data FILE")
    return {"runs": runs}


def show(arguments: argparse.Namespace, terminal: Terminal) -> dict[str, Any]:
    """The run's settings, jobs, artifacts and last figures."""
    run = find_run(home_folder(getattr(arguments, "home", None)), arguments.run_name)
    info, old = run.info(), stale_artifacts(run)
    measured = metrics(run.trainings())
    shown = {
        **_summary(run),
        "folder": str(run.folder),
        "model": info.model,
        "data": info.data,
        "held_out": info.held_out,
        "config": msgspec.to_builtins(info.config),
        "jobs": [_job(job) for job in run.job_folders()],
        "checkpoints": [str(path) for path in run.finished_checkpoints()],
        "merged": str(run.merged) if read_manifest(run.merged) else "",
        "gguf_files": {quant: str(path) for quant, path in run.gguf_files().items()},
        "scores": read_scores(run),
        "row_losses": str(run.row_losses) if read_manifest(run.row_losses) else "",
        "stale": {name: msgspec.to_builtins(age) for name, age in old.items()},
        "last": {"step": measured[-1].step, **measured[-1].values} if measured else {},
    }
    rows = [
        [Text("Run", "学習"), f"{shown['id']} ({shown['name']})"], [Text("State", "状態"), shown["state"]],
        [Text("Folder", "フォルダー"), shown["folder"]], [Text("Base model", "ベースモデル"), info.model],
        [Text("Dataset", "データセット"), info.data],
        [Text("Last figures", "最後の測定値"), ", ".join(f"{name} {value:g}" for name, value in shown["last"].items())],
        [Text("Checkpoints", "チェックポイント"), ", ".join(Path(path).name for path in shown["checkpoints"]) or "–"],
        [Text("GGUF files", "GGUF ファイル"), ", ".join(
            path + _age(old.get(quant), terminal) for quant, path in shown["gguf_files"].items()) or "–"],
        [Text("Right answers", "正答率"), ", ".join(
            f"{target} {score['exact_match']['value']:.1%}" + _age(old.get(f"scores/{target}"), terminal)
            for target, score in shown["scores"].items()) or "–"],
        [Text("Loss of each row", "行ごとの損失"),
         shown["row_losses"] + _age(old.get("row_losses"), terminal) or "–"],
        [Text("Jobs", "ジョブ"), ", ".join(f"{job['name']} {job['state']}" for job in shown["jobs"])],
    ]
    lines = table([[title.in_language(terminal.language), value] for title, value in rows])
    terminal.say(lines, lines)
    return shown


def resume(arguments: argparse.Namespace, terminal: Terminal) -> dict[str, Any]:
    """Goes on with a stopped, failed or lost training, with other settings where some are given.

    Raises TanrenError resume_mismatch for a setting that a run keeps, else those of config_with.
    """
    run = open_run(home_folder(getattr(arguments, "home", None)), arguments.run_name)
    info = run.info()
    if run.training_state() == "succeeded":
        raise TanrenError("run_finished", run=run.id)
    config = config_with(info.config, arguments.settings)
    check_resumable(info.config, config)
    checked_model(Path(info.model))
    job = TrainJob(run=str(run.folder), model=info.model, data=info.data, held_out=info.held_out, config=config,
                   accepted=info.accepted, resume=True)
    return train_in(run, job, terminal)


def delete(arguments: argparse.Namespace, terminal: Terminal) -> dict[str, Any]:
    """Moves the run folder to HOME/trash; nothing is erased."""
    home = home_folder(getattr(arguments, "home", None))
    run = open_run(home, arguments.run_name)
    trash = home / "trash"
    trash.mkdir(exist_ok=True)
    place = trash / run.id
    if place.exists():
        place = trash / f"{run.id}-{time.strftime('%Y%m%d-%H%M%S')}"
    with hold_run(run):
        os.rename(run.folder, place)
    terminal.say(f"Moved to {place}\nTo get it back: mv {place} {run.folder}",
                 f"{place} に移しました\n元に戻すには: mv {place} {run.folder}")
    return {"run": run.id, "trash": str(place), "from": str(run.folder)}


def _summary(run: Run) -> dict[str, Any]:
    info = run.info()
    finished = run.finished_checkpoints()
    return {
        "id": run.id, "name": info.name, "created": info.created, "state": run.training_state(),
        "checkpoint": finished[-1].name if finished else "", "gguf": list(run.gguf_files()),
    }


def _job(job: Path) -> dict[str, Any]:
    end = outcome(job)
    return {"name": job.name, "kind": job_kind(job), "state": settle_state(job),
            "outcome": msgspec.to_builtins(end) if end else None}


def _age(old: Stale | None, terminal: Terminal) -> str:
    return f" ({old.text().in_language(terminal.language)})" if old else ""
