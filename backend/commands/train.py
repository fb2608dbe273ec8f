"""main.py train: a new fine-tuning run."""

import argparse
import shutil
from pathlib import Path
from typing import Any

from backend.commands.arguments import Commands
from backend.commands.data_arguments import data_path
from backend.commands.terminal import Terminal
from backend.commands.work import (
    BAD_INPUT_KINDS,
    JobFailed,
    JobStopped,
    checked_model,
    do_job,
    do_look,
    file_path,
    model_folder,
)
from backend.config.jobs import DataInspectJob, TrainJob
from backend.config.option import check_bounds, with_settings
from backend.config.presets import PRESETS, preset_for
from backend.config.toml import from_toml
from backend.config.train import OPTIONS, TrainConfig
from backend.data.blocked import blocked_error
from backend.data.check_texts import CHECKS
from backend.data.dataset_folder import accepted_of, is_dataset, original_file
from backend.data.store import Store
from backend.home import held_out_beside, home_folder, starter_model
from backend.protocol.errors import TanrenError
from backend.protocol.languages import Text
from backend.runs.manifests import read_manifest
from backend.runs.run import Run, create_run


def add(commands: Commands) -> None:
    """Adds the command."""
    say = commands.say
    parser = commands.add("train", Text("fine-tune a base model on a dataset",
                                        "データセットでベースモデルを追加学習する"), run)
    parser.add_argument("--model", metavar="DIR", required=True,
                        help=say("base model folder, or: starter", "ベースモデルのフォルダー、または starter"))
    parser.add_argument("--data", metavar="FILE", required=True, help=say(
        "dataset file, or the name of an imported dataset",
        "データセットのファイル、または取り込んだデータセットの名前"))
    parser.add_argument("--accept", metavar="CHECK", action="append", default=[], help=say(
        "train although this finding is there (recorded in the run); may be repeated",
        "この問題点を承知のうえで学習する（記録されます。繰り返し可）"))
    parser.add_argument("--held-out", metavar="FILE", default=None, help=say(
        "rows to measure with; without it NAME_held_out beside the dataset, else a share of its rows",
        "測定用の行。省略時はデータセットの隣の「名前_held_out」、なければ行の一部"))
    parser.add_argument("--config", metavar="FILE", default="", help=say("settings as TOML", "TOML の設定ファイル"))
    parser.add_argument("--preset", choices=list(PRESETS), default="", help=say(
        "settings to start from; by default those for the number of rows",
        "もとにする設定。省略時は行数に応じて選ぶ"))
    parser.add_argument("--set", metavar="KEY=VALUE", action="append", default=[], dest="settings",
                        help=say("one setting; may be repeated", "設定を 1 つ指定（繰り返し可）") + ": "
                        + ", ".join(OPTIONS))
    parser.add_argument("--name", metavar="NAME", default="", help=say("name of the run", "学習の名前"))


def run(arguments: argparse.Namespace, terminal: Terminal) -> dict[str, Any]:
    """Checks model, data and settings here, so that bad input leaves no run behind; then trains in a worker."""
    home = home_folder(getattr(arguments, "home", None))
    model = model_folder(home, arguments.model)
    data = data_path(home, arguments.data)
    for check in arguments.accept:
        if check not in CHECKS:
            raise TanrenError("setting_unknown", name=f"--accept {check}", suggestion=", ".join(
                name for name, words in CHECKS.items() if words.severity == "error"))
    config_of(arguments.config, arguments.preset or "medium", arguments.settings)  # wrong settings are told first
    checked_model(model)
    rows = _check_data(home, data, arguments.accept, terminal)
    preset = arguments.preset or preset_for(rows, model == starter_model())
    config = config_of(arguments.config, preset, arguments.settings)
    held_out = _held_out(home, data, arguments.held_out)
    if held_out:
        _check_data(home, held_out, arguments.accept, terminal)
    made = create_run(home, model, data, config, arguments.name, held_out, arguments.accept)
    settings = arguments.config or f"preset {preset}"
    measured = held_out or f"{config.held_out_fraction:.0%}"
    terminal.note(f"Run {made.id}: {rows} rows, {settings}, held out: {measured}",
                  f"学習 {made.id}: {rows} 件、設定 {settings}、評価用 {measured}")
    job = TrainJob(run=str(made.folder), model=str(model), data=str(data), held_out=str(held_out or ""), config=config,
                   accepted=arguments.accept)
    try:
        return train_in(made, job, terminal)
    except JobFailed as error:
        if error.failed.kind in BAD_INPUT_KINDS and read_manifest(made.dataset) is None:
            shutil.rmtree(made.folder, ignore_errors=True)  # nothing came of it that could be resumed
        else:
            error.found["run"] = made.id
        raise


def train_in(made: Run, job: TrainJob, terminal: Terminal) -> dict[str, Any]:
    """Runs a training job and tells what came of it. Raises JobFailed or JobStopped with the run's id."""
    try:
        result = do_job(made.new_job(job, "train"), terminal)
    except JobStopped as stopped:
        stopped.result = {"run": made.id, **stopped.result}
        terminal.say(f"Resume with: main.py runs resume {made.id}", f"再開: main.py runs resume {made.id}")
        raise
    result = {"run": made.id, **result}
    first, last = result["loss"]["first"], result["loss"]["last"]
    held_out = result["held_out_loss"]
    losses = f"loss {_figure(first)} → {_figure(last)}, held-out loss {_figure(held_out)}"
    losses_ja = f"損失 {_figure(first)} → {_figure(last)}、評価用データの損失 {_figure(held_out)}"
    speed, peak = f"{result['tokens_per_second']:.0f}", f"{result['peak_mib']:.0f} MiB"
    steps = ("evaluate {0}", "export {0} --quant Q4_K_M", "chat {0}")
    following = "".join(f"\n  main.py {step.format(made.id)}" for step in steps)
    terminal.say(
        f"Run {made.id} finished: {result['steps']} steps, {losses}, {speed} tokens/s, peak {peak}\nNext:{following}",
        f"学習 {made.id} が完了しました: {result['steps']} ステップ、{losses_ja}、{speed} トークン/秒、"
        f"最大メモリー {peak}\n次の操作:{following}")
    return result


def config_of(file: str, preset: str, settings: list[str]) -> TrainConfig:
    """The settings of a TOML file, else of a preset, with `key=value` texts applied on top.

    Raises TanrenError bad_option, setting_unknown or setting_invalid.
    """
    config = from_toml(file_path(file), TrainConfig) if file else PRESETS[preset].config
    check_bounds(config, OPTIONS)
    return config_with(config, settings)


def config_with(config: TrainConfig, settings: list[str]) -> TrainConfig:
    """`config` with `key=value` texts applied. Raises TanrenError bad_option, setting_unknown or setting_invalid."""
    given: dict[str, str] = {}
    for text in settings:
        name, equals, value = text.partition("=")
        if not equals:
            raise TanrenError("bad_option", option=f"--set {text}", reason="KEY=VALUE")
        given[name.strip()] = value.strip()
    return with_settings(config, given, OPTIONS)


def _held_out(home: Path, data: Path, asked: str | None) -> Path | None:
    """The rows to measure with: as asked (empty: none), else those beside the dataset's file, unless the dataset was
    split itself."""
    if asked is not None:
        return data_path(home, asked) if asked else None
    if not is_dataset(data):
        return held_out_beside(data)
    with Store.open(data) as store:
        if store.held_out():
            return None
        original = original_file(store)
    return held_out_beside(original) if original else None


def _check_data(home: Path, data: Path, accepted: list[str], terminal: Terminal) -> int:
    """How many rows can be used. Raises TanrenError of kind bad_dataset, data_blocked among them."""
    found = do_look(home, DataInspectJob(data=str(data)), "data_inspect", terminal)
    if not found["usable"]:
        code = "data_preference" if found["format"] == "preference" else "data_no_usable_row"
        raise TanrenError(code, path=data)
    known: dict[str, int] = {}
    if is_dataset(data):
        with Store.open(data) as store:
            known = accepted_of(store)
    blocking = {finding["check"]: finding["count"] for finding in found["findings"]
                if finding["severity"] == "error" and finding["check"] not in accepted
                and finding["count"] > known.get(finding["check"], 0)}
    if blocking:
        raise blocked_error(str(data), blocking)
    return int(found["usable"])


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.4f}"
