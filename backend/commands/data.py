"""main.py data: what a dataset holds, imports, steps, and single rows as the model sees them."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from backend.commands.arguments import Commands, Parser
from backend.commands.data_words import say_dataset, say_findings, say_steps
from backend.commands.terminal import Terminal, table
from backend.commands.work import checked_model, do_look, file_path, model_folder
from backend.config.jobs import DataApplyJob, DataImportJob, DataInspectJob, DataShowJob
from backend.config.reading import ENCODINGS, FORMATS, PARTS, Reading
from backend.config.steps import StepSpec
from backend.config.train import TrainConfig
from backend.data.check_texts import CHECKS
from backend.data.dataset_folder import (
    accept,
    delete_dataset,
    find_dataset,
    hold_dataset,
    list_datasets,
    new_dataset_folder,
    write_lineage,
)
from backend.data.journal import Step, redo, steps_of, undo
from backend.data.steps import STEPS
from backend.data.store import Store
from backend.home import home_folder
from backend.protocol.errors import TanrenError
from backend.protocol.languages import Text
from backend.runs.manifests import read_manifest

FIX = "fix"


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
        _add_reading(commands, parser)
    for parser in (inspect, take, show, apply):
        _add_model(commands, parser, required=parser is show)
    _add_dataset_commands(group, commands, apply)


def inspect_file(arguments: argparse.Namespace, terminal: Terminal) -> dict[str, Any]:
    """Looks at a file or dataset in a worker and prints what was found."""
    home = home_folder(getattr(arguments, "home", None))
    model = _model(home, arguments.model)
    job = DataInspectJob(data=str(data_path(home, arguments.file)), model=model, max_length=arguments.max_length,
                         reading=_reading(arguments))
    found = do_look(home, job, "data_inspect", terminal)
    say_dataset(found, terminal)
    say_findings(found["findings"], terminal)
    return found


def import_files(arguments: argparse.Namespace, terminal: Terminal) -> dict[str, Any]:
    """Imports in a worker; the dataset is there when all is done, or not at all."""
    home = home_folder(getattr(arguments, "home", None))
    files = [_existing(text) for text in arguments.files]
    name = arguments.name or files[0].stem
    replay = str(_dataset(home, arguments.replay)) if arguments.replay else ""
    job = DataImportJob(files=[str(file) for file in files], folder=str(new_dataset_folder(home, name)), name=name,
                        reading=_reading(arguments), steps=[step_of(text) for text in arguments.steps],
                        replay=replay, model=_model(home, arguments.model), max_length=arguments.max_length)
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
    job = DataApplyJob(dataset=str(_dataset(home, arguments.dataset)), model=_model(home, arguments.model),
                       steps=[step_of(text) for text in arguments.steps], max_length=arguments.max_length)
    found = do_look(home, job, "data_apply", terminal)
    say_dataset(found, terminal)
    say_steps(found["steps"], terminal)
    say_findings(found["findings"], terminal)
    return found


def show_row(arguments: argparse.Namespace, terminal: Terminal) -> dict[str, Any]:
    """Prints a row's rendered text; what is trained is bold on a terminal, else between ⟦ and ⟧."""
    home = home_folder(getattr(arguments, "home", None))
    model = _model(home, arguments.model)
    job = DataShowJob(data=str(data_path(home, arguments.file)), model=model, rows=[arguments.row],
                      max_length=arguments.max_length, reading=_reading(arguments))
    path = Path(do_look(home, job, "data_show", terminal)["rows_file"])
    shown: dict[str, Any] = json.loads(path.read_bytes())[0]
    if shown["problem"]:
        check = CHECKS[shown["problem"]]
        terminal.say(f"✗ {check.title.en}. {check.meaning.en}", f"✗ {check.title.ja}。{check.meaning.ja}")
    else:
        text = _marked(shown["tokens"])
        terminal.say(text, text)
        trained = sum(token["trained"] for token in shown["tokens"])
        cut = " (cut at the maximum length)" if shown["truncated"] else ""
        cut_ja = "（最大長で切断）" if shown["truncated"] else ""
        terminal.say(f"\n{len(shown['tokens'])} tokens, {trained} trained{cut}",
                     f"\n{len(shown['tokens'])} トークン、うち学習 {trained}{cut_ja}")
    return shown


def list_all(arguments: argparse.Namespace, terminal: Terminal) -> dict[str, Any]:
    """Prints the imported datasets, the newest first."""
    home = home_folder(getattr(arguments, "home", None))
    found = []
    for folder in list_datasets(home):
        manifest = read_manifest(folder)
        facts = manifest.facts if manifest else {}
        found.append({"id": folder.name, **{key: facts.get(key) for key in ("name", "format", "rows", "usable")}})
    if found:
        lines = table([[row["id"], row["name"] or "", row["format"] or "", f"{row['rows'] or 0:,}"] for row in found])
        terminal.say(lines, lines)
    else:
        terminal.say("No dataset was imported yet.", "取り込んだデータセットはまだありません。")
    return {"datasets": found}


def undo_step(arguments: argparse.Namespace, terminal: Terminal) -> dict[str, Any]:
    """Takes the newest step back."""
    return _turn(arguments, terminal, undo)


def redo_step(arguments: argparse.Namespace, terminal: Terminal) -> dict[str, Any]:
    """Does the last undone step again."""
    return _turn(arguments, terminal, redo)


def accept_finding(arguments: argparse.Namespace, terminal: Terminal) -> dict[str, Any]:
    """Records that training may start although this finding is there."""
    folder = _dataset(home_folder(getattr(arguments, "home", None)), arguments.dataset)
    if arguments.check not in CHECKS:
        raise TanrenError("setting_unknown", name=arguments.check, suggestion=", ".join(CHECKS))
    with hold_dataset(folder), Store.open(folder) as store:
        accept(store, arguments.check)
        count = store.findings().get(arguments.check, (0, []))[0]
    check = CHECKS[arguments.check]
    terminal.say(f"Accepted: {check.title.en} ({count} rows)", f"承認しました: {check.title.ja}（{count} 件）")
    return {"check": arguments.check, "rows": count}


def delete(arguments: argparse.Namespace, terminal: Terminal) -> dict[str, Any]:
    """Moves a dataset to the trash."""
    home = home_folder(getattr(arguments, "home", None))
    place = delete_dataset(_dataset(home, arguments.dataset), home / "trash")
    terminal.say(f"Moved to {place}", f"{place} に移動しました")
    return {"trash": str(place)}


def data_path(home: Path, text: str) -> Path:
    """The file at `text`, else the imported dataset of this name. Raises TanrenError data_missing."""
    if Path(text).is_file():
        return file_path(text)
    return find_dataset(home, text) or _existing(text)


def step_of(text: str) -> StepSpec:
    """NAME or NAME:key=value,key=value as a step; several values of one key are joined by +."""
    name, _, rest = text.partition(":")
    settings: dict[str, Any] = {}
    for pair in rest.split(",") if rest else []:
        key, equals, value = pair.partition("=")
        if not equals:
            raise TanrenError("bad_option", option=text, reason="STEP:KEY=VALUE")
        settings[key.strip()] = value.split("+") if "+" in value else value
    if name in CHECKS and name not in STEPS and CHECKS[name].fix:  # the name of a check means its fix
        return StepSpec(name=CHECKS[name].fix, settings={"check": name, **settings})
    return StepSpec(name=name, settings=settings)


def _add_dataset_commands(group: Commands, commands: Commands, apply: Parser) -> None:
    group.add("list", Text("imported datasets", "取り込んだデータセットの一覧"), list_all)
    for name, text, run in (
        ("undo", Text("take the newest step back", "直前の処理を取り消す"), undo_step),
        ("redo", Text("do the undone step again", "取り消した処理をやり直す"), redo_step),
        ("accept", Text("let training start although a finding is there", "問題点を承知のうえで学習を許可する"),
         accept_finding),
        ("delete", Text("move a dataset to the trash", "データセットをごみ箱に移す"), delete),
    ):
        parser = group.add(name, text, run)
        parser.add_argument("dataset", metavar="DATASET",
                            help=commands.say("imported dataset", "取り込んだデータセット"))
        if name == "accept":
            parser.add_argument("check", metavar="CHECK", help=", ".join(
                check for check, words in CHECKS.items() if words.severity == "error"))
    apply.add_argument("dataset", metavar="DATASET", help=commands.say("imported dataset", "取り込んだデータセット"))


def _add_reading(commands: Commands, parser: Parser) -> None:
    say = commands.say
    parser.add_argument("--format", choices=FORMATS, default="", help=say("instead of what is found", "形式を指定"))
    parser.add_argument("--encoding", choices=ENCODINGS, default="", help=say("of text files", "文字コードを指定"))
    parser.add_argument("--sheet", metavar="NAME", default="", help=say("of a workbook", "ブックのシート"))
    parser.add_argument("--map", metavar="PART=COLUMN", action="append", default=[], dest="mapping", help=say(
        "which column, or text with {column}, is what",
        "どの列（または {列} を含む文）が何か") + ": " + ", ".join(PARTS))


def _add_model(commands: Commands, parser: Parser, required: bool) -> None:
    parser.add_argument("--model", metavar="DIR", default="", required=required,
                        help=commands.say("base model folder, or: starter", "ベースモデルのフォルダー、または starter"))
    parser.add_argument("--max-length", type=int, default=TrainConfig().max_length, metavar="TOKENS",
                        help=commands.say("rows are cut at this length", "この長さで行を切る"))


def _reading(arguments: argparse.Namespace) -> Reading:
    mapping = {}
    for text in arguments.mapping:
        part, equals, column = text.partition("=")
        if not equals or part not in PARTS:
            raise TanrenError("bad_option", option=f"--map {text}", reason=f"PART=COLUMN, PART: {', '.join(PARTS)}")
        mapping[part] = column
    return Reading(format=arguments.format, encoding=arguments.encoding, sheet=arguments.sheet, mapping=mapping)


def _model(home: Path, text: str) -> str:
    """The checked model folder, empty when none was given. Raises TanrenError."""
    if not text:
        return ""
    folder = model_folder(home, text)
    checked_model(folder)
    return str(folder)


def _dataset(home: Path, text: str) -> Path:
    """An imported dataset. Raises TanrenError dataset_missing."""
    folder = find_dataset(home, text)
    if folder is None:
        raise TanrenError("dataset_missing", name=text)
    return folder


def _existing(text: str) -> Path:
    """A file or folder that is there. Raises TanrenError data_missing."""
    path = Path(text).expanduser()
    if not path.exists():
        raise TanrenError("data_missing", path=text)
    return path.resolve()


def _turn(arguments: argparse.Namespace, terminal: Terminal, turn: Any) -> dict[str, Any]:
    folder = _dataset(home_folder(getattr(arguments, "home", None)), arguments.dataset)
    with hold_dataset(folder), Store.open(folder) as store:
        step: Step | None = turn(store)
        write_lineage(store)
        left = [kept.name for kept in steps_of(store)]
    if step is None:
        terminal.say("There is nothing to do.", "対象の処理はありません。")
    else:
        terminal.say(f"{step.name}: {step.counts}", f"{step.name}: {step.counts}")
    return {"step": step.name if step else "", "steps": left}


def _marked(tokens: list[dict[str, Any]]) -> str:
    begin, end = ("\x1b[1;32m", "\x1b[0m") if sys.stdout.isatty() else ("⟦", "⟧")
    parts, inside = [], False
    for token in tokens:
        if token["trained"] != inside:
            parts.append(end if inside else begin)
            inside = token["trained"]
        parts.append(token["text"].replace("\x1b", "␛"))  # a row must not command the terminal
    return "".join(parts) + (end if inside else "")
