"""main.py data: what a dataset holds, imports, steps, and single rows as the model sees them."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from backend.commands import datasets
from backend.commands.arguments import Commands
from backend.commands.data_arguments import (
    add_model,
    add_reading,
    data_path,
    dataset_of,
    existing,
    model_of,
    reading_of,
    step_of,
)
from backend.commands.data_words import say_dataset, say_findings, say_steps
from backend.commands.terminal import Terminal
from backend.commands.work import do_look
from backend.config.jobs import DataApplyJob, DataImportJob, DataInspectJob, DataShowJob
from backend.data.check_texts import CHECKS
from backend.data.dataset_folder import new_dataset_folder
from backend.data.steps import STEPS
from backend.home import home_folder
from backend.protocol.languages import Text


def add(commands: Commands) -> None:
    """Adds the data commands."""
    group = commands.group("data", Text("look at dataset files, import and change them",
                                        "データセットを調べ、取り込み、整える"))
    say = commands.say
    inspect = group.add("inspect", Text("format, columns, counts, problems, tokens",
                                        "形式、列、件数、問題点、トークン数"), inspect_file)
    take = group.add("import", Text("make a dataset of files, folders and zip archives",
                                    "ファイル、フォルダー、zip からデータセットを作る"), import_files)
    show = group.add("show", Text("one row as the model sees it", "モデルから見た 1 件を表示する"), show_row)
    apply = group.add("apply", Text("do steps on an imported dataset", "取り込んだデータセットを処理する"), apply_steps)
    what = say("dataset file, or the name of an imported dataset",
               "データセットのファイル、または取り込んだデータセットの名前")
    inspect.add_argument("file", metavar="FILE", help=what)
    show.add_argument("file", metavar="FILE", help=what)
    show.add_argument("--row", type=int, default=1, metavar="N",
                      help=say("row, counted from 1", "何件目か（1 から数える）"))
    take.add_argument("files", metavar="FILE", nargs="+", help=say("files, folders or zip archives",
                                                                   "ファイル、フォルダー、zip"))
    take.add_argument("--name", metavar="NAME", default="", help=say("name of the dataset", "データセットの名前"))
    take.add_argument("--replay", metavar="DATASET", default="", help=say(
        "read and prepare the files as this dataset was", "このデータセットと同じ読み方と処理を行う"))
    for parser, flag in ((take, "--clean"), (apply, "--step")):
        parser.add_argument(flag, metavar="STEP[:KEY=VALUE,…]", action="append", default=[], dest="steps", help=say(
            "a step, may be repeated: fix (everything that blocks training), ",
            "処理（繰り返し可）: fix（学習を妨げるものをすべて直す）、") + ", ".join(STEPS))
    for parser in (inspect, take, show):
        add_reading(commands, parser)
    for parser in (inspect, take, show, apply):
        add_model(commands, parser, required=parser is show)
    apply.add_argument("dataset", metavar="DATASET", help=say("imported dataset", "取り込んだデータセット"))
    datasets.add(group, commands)


def inspect_file(arguments: argparse.Namespace, terminal: Terminal) -> dict[str, Any]:
    """Looks at a file or dataset in a worker and prints what was found."""
    home = home_folder(getattr(arguments, "home", None))
    model = model_of(home, arguments.model)
    job = DataInspectJob(data=str(data_path(home, arguments.file)), model=model, max_length=arguments.max_length,
                         reading=reading_of(arguments))
    found = do_look(home, job, "data_inspect", terminal)
    say_dataset(found, terminal)
    say_findings(found["findings"], terminal)
    return found


def import_files(arguments: argparse.Namespace, terminal: Terminal) -> dict[str, Any]:
    """Imports in a worker; the dataset is there when all is done, or not at all."""
    home = home_folder(getattr(arguments, "home", None))
    files = [existing(text) for text in arguments.files]
    name = arguments.name or files[0].stem
    replay = str(dataset_of(home, arguments.replay)) if arguments.replay else ""
    job = DataImportJob(files=[str(file) for file in files], folder=str(new_dataset_folder(home, name)), name=name,
                        reading=reading_of(arguments), steps=[step_of(text) for text in arguments.steps],
                        replay=replay, model=model_of(home, arguments.model), max_length=arguments.max_length)
    found = do_look(home, job, "data_import", terminal)
    say_dataset(found, terminal)
    say_steps(found["steps"], terminal)
    say_findings(found["findings"], terminal)
    identity = Path(found["dataset"]).name
    terminal.say(f"\nImported as {identity}. Next: main.py train --data {identity} --model DIR",
                 f"\n{identity} として取り込みました。次の操作: main.py train --data {identity} --model DIR")
    return {"id": identity, **found}


def apply_steps(arguments: argparse.Namespace, terminal: Terminal) -> dict[str, Any]:
    """Does steps on an imported dataset in a worker; each can be undone."""
    home = home_folder(getattr(arguments, "home", None))
    job = DataApplyJob(dataset=str(dataset_of(home, arguments.dataset)), model=model_of(home, arguments.model),
                       steps=[step_of(text) for text in arguments.steps], max_length=arguments.max_length)
    found = do_look(home, job, "data_apply", terminal)
    say_dataset(found, terminal)
    say_steps(found["steps"], terminal)
    say_findings(found["findings"], terminal)
    return found


def show_row(arguments: argparse.Namespace, terminal: Terminal) -> dict[str, Any]:
    """Prints a row's rendered text; what is trained is bold on a terminal, else between ⟦ and ⟧."""
    home = home_folder(getattr(arguments, "home", None))
    model = model_of(home, arguments.model)
    job = DataShowJob(data=str(data_path(home, arguments.file)), model=model, rows=[arguments.row],
                      max_length=arguments.max_length, reading=reading_of(arguments))
    path = Path(do_look(home, job, "data_show", terminal)["rows_file"])
    shown: dict[str, Any] = json.loads(path.read_bytes())[0]
    if shown["problem"]:
        check = CHECKS[shown["problem"]]
        why, why_ja = (f"\n  {shown[key]}" if shown[key] else "" for key in ("reason", "reason:ja"))
        terminal.say(f"✗ {check.title.en}. {check.meaning.en}{why}", f"✗ {check.title.ja}。{check.meaning.ja}{why_ja}")
    else:
        text = _marked(shown["tokens"])
        terminal.say(text, text)
        trained = sum(token["trained"] for token in shown["tokens"])
        cut = " (cut at the maximum length)" if shown["truncated"] else ""
        cut_ja = "（最大長で切断）" if shown["truncated"] else ""
        terminal.say(f"\n{len(shown['tokens'])} tokens, {trained} trained{cut}",
                     f"\n{len(shown['tokens'])} トークン、うち学習 {trained}{cut_ja}")
    return shown


def _marked(tokens: list[dict[str, Any]]) -> str:
    begin, end = ("\x1b[1;32m", "\x1b[0m") if sys.stdout.isatty() else ("⟦", "⟧")
    parts, inside = [], False
    for token in tokens:
        if token["trained"] != inside:
            parts.append(end if inside else begin)
            inside = token["trained"]
        parts.append(token["text"].replace("\x1b", "␛"))  # a row must not command the terminal
    return "".join(parts) + (end if inside else "")
