"""main.py data list, find, undo, redo, accept, forget, delete: work on datasets that were imported."""

import argparse
from typing import Any

from backend.commands.arguments import Commands
from backend.commands.data_arguments import add_reading, data_path, dataset_of, reading_of
from backend.commands.terminal import Terminal, table
from backend.commands.work import do_look
from backend.config.jobs import DataApplyJob, DataFindJob
from backend.data.check_texts import CHECKS
from backend.data.dataset_folder import (
    accept,
    delete_dataset,
    hold_dataset,
    list_datasets,
    rows_sha256,
    write_lineage,
)
from backend.data.journal import Step, forget, redo, steps_of, undo
from backend.data.privacy.kinds import KINDS
from backend.data.store import Store
from backend.home import home_folder
from backend.protocol.errors import TanrenError
from backend.protocol.languages import Text
from backend.runs.manifests import read_manifest
from backend.runs.run import remove_data_looks


def add(group: Commands, commands: Commands) -> None:
    """Adds data list, find, undo, redo, accept, forget and delete."""
    group.add("list", Text("imported datasets", "取り込んだデータセットの一覧"), list_all)
    for name, text, run in (
        ("undo", Text("take the newest step back", "直前の処理を取り消す"), undo_step),
        ("redo", Text("do the undone step again", "取り消した処理をやり直す"), redo_step),
        ("accept", Text("let training start although a finding is there", "問題点を承知のうえで学習を許可する"),
         accept_finding),
        ("forget", Text("erase what the rows were before, for good", "変更前の内容を完全に消去する"), forget_before),
        ("delete", Text("move a dataset to the trash", "データセットをごみ箱に移す"), delete),
    ):
        parser = group.add(name, text, run)
        parser.add_argument("dataset", metavar="DATASET",
                            help=commands.say("imported dataset", "取り込んだデータセット"))
        if name == "accept":
            parser.add_argument("check", metavar="CHECK", help=", ".join(
                check for check, words in CHECKS.items() if words.severity == "error"))
    find = group.add("find", Text("personal data: how much of each kind", "個人情報を種類ごとに数える"), find_personal)
    find.add_argument("file", metavar="FILE", help=commands.say(
        "dataset file, or the name of an imported dataset",
        "データセットのファイル、または取り込んだデータセットの名前"))
    find.add_argument("--kinds", metavar="KIND", action="append", default=[],
                      help=commands.say("only these kinds", "対象の種類") + ": " + ", ".join(KINDS))
    find.add_argument("--names", metavar="WORD", action="append", default=[],
                      help=commands.say("your own words", "自分で指定する語"))
    add_reading(commands, find)


def list_all(arguments: argparse.Namespace, terminal: Terminal) -> dict[str, Any]:
    """Prints the imported datasets, the newest first."""
    home = home_folder(getattr(arguments, "home", None))
    found = []
    for folder in list_datasets(home):
        manifest = read_manifest(folder)
        facts = manifest.facts if manifest else {}
        found.append({"id": folder.name, **{key: facts.get(key) for key in ("name", "format", "rows", "usable")}})
    if found:
        lines = table([[*(str(row[key] or "") for key in ("id", "name", "format")), f"{row['rows'] or 0:,}"]
                       for row in found])
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
    home = home_folder(getattr(arguments, "home", None))
    folder = dataset_of(home, arguments.dataset)
    if arguments.check not in CHECKS:
        raise TanrenError("setting_unknown", name=arguments.check, suggestion=", ".join(CHECKS))
    with Store.open(folder) as store:
        unchecked = store.unchecked
    if unchecked:  # after an undo, say: what is accepted is counted now
        do_look(home, DataApplyJob(dataset=str(folder)), "data_apply", terminal)
    with hold_dataset(folder), Store.open(folder) as store:
        accept(store, arguments.check)
        count = store.findings().get(arguments.check, (0, []))[0]
    check = CHECKS[arguments.check]
    terminal.say(f"Accepted: {check.title.en} ({count} rows)", f"承認しました: {check.title.ja}（{count} 件）")
    return {"check": arguments.check, "rows": count}


def delete(arguments: argparse.Namespace, terminal: Terminal) -> dict[str, Any]:
    """Moves a dataset to the trash."""
    home = home_folder(getattr(arguments, "home", None))
    place = delete_dataset(dataset_of(home, arguments.dataset), home / "trash")
    terminal.say(f"Moved to {place}", f"{place} に移動しました")
    return {"trash": str(place)}


def find_personal(arguments: argparse.Namespace, terminal: Terminal) -> dict[str, Any]:
    """Looks for personal data in a worker and prints how much there is; the examples are masked."""
    home = home_folder(getattr(arguments, "home", None))
    job = DataFindJob(data=str(data_path(home, arguments.file)), reading=reading_of(arguments),
                      settings={"kinds": arguments.kinds, "names": arguments.names})
    found = do_look(home, job, "data_find", terminal)
    found["examples"] = [{key: example[key] for key in ("row", "kind", "masked")} for example in found["examples"]]
    lines = table([[KINDS[kind].title.in_language(terminal.language), f"{count:,}", f"({found['values'][kind]:,})"]
                   for kind, count in found["counts"].items()]) if found["counts"] else "–"
    terminal.say(f"Personal data in {found['rows']:,} of {found['looked_at']:,} rows (different values)\n{lines}\n"
                 "This finds most, not all.",
                 f"{found['looked_at']:,} 件のうち {found['rows']:,} 件に個人情報（異なる値の数）\n{lines}\n"
                 "ほとんどは見つかりますが、すべてではありません。")
    return found


def forget_before(arguments: argparse.Namespace, terminal: Terminal) -> dict[str, Any]:
    """Makes the steps final: neither the dataset nor what jobs told of data holds what its rows were before."""
    home = home_folder(getattr(arguments, "home", None))
    folder = dataset_of(home, arguments.dataset)
    with hold_dataset(folder), Store.open(folder) as store:
        erased = forget(store)
        write_lineage(store, "" if store.unchecked else rows_sha256(store))
    remove_data_looks(home)
    terminal.say(f"{erased:,} earlier rows erased; the steps can no longer be undone. "
                 "The source files and the runs are as they were, and the key file of pseudonyms knows them still.",
                 f"変更前の {erased:,} 件を消去しました。処理は取り消せなくなりました。"
                 "元のファイル、学習の記録、仮名の鍵ファイルはそのままです。")
    return {"erased": erased}


def _turn(arguments: argparse.Namespace, terminal: Terminal, turn: Any) -> dict[str, Any]:
    folder = dataset_of(home_folder(getattr(arguments, "home", None)), arguments.dataset)
    with hold_dataset(folder), Store.open(folder) as store:
        step: Step | None = turn(store)
        write_lineage(store)
        left = [kept.name for kept in steps_of(store)]
    if step is None:
        terminal.say("There is nothing to do.", "対象の処理はありません。")
    else:
        terminal.say(f"{step.name}: {step.counts}", f"{step.name}: {step.counts}")
    return {"step": step.name if step else "", "steps": left}
