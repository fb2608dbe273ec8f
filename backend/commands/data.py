"""main.py data: what a dataset file holds, and single rows as the model sees them."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from backend.commands.arguments import Commands, Parser
from backend.commands.terminal import Terminal, table
from backend.commands.work import checked_model, do_look, file_path, model_folder
from backend.config.jobs import DataInspectJob, DataShowJob
from backend.config.train import TrainConfig
from backend.data.check_texts import CHECKS
from backend.home import home_folder
from backend.protocol.languages import Text

ROWS_NAMED = 8


def add(commands: Commands) -> None:
    """Adds data inspect and data show."""
    group = commands.group("data", Text("look at dataset files", "データセットを調べる"))
    inspect = group.add("inspect", Text("format, columns, counts, problems, tokens",
                                        "形式、列、件数、問題点、トークン数"), inspect_file)
    show = group.add("show", Text("one row as the model sees it", "モデルから見た 1 件を表示する"), show_row)
    for parser in (inspect, show):
        parser.add_argument("file", metavar="FILE", help=commands.say("dataset file", "データセットのファイル"))
        _add_model(commands, parser, required=parser is show)
    show.add_argument("--row", type=int, default=1, metavar="N",
                      help=commands.say("row, counted from 1", "何件目か（1 から数える）"))


def inspect_file(arguments: argparse.Namespace, terminal: Terminal) -> dict[str, Any]:
    """Looks at a file in a worker and prints what was found."""
    home = home_folder(getattr(arguments, "home", None))
    model = _model(home, arguments.model)
    job = DataInspectJob(data=str(file_path(arguments.file)), model=model, max_length=arguments.max_length)
    found = do_look(home, job, "data_inspect", terminal)
    rows = [
        [Text("Format", "形式"), found["format"]], [Text("Encoding", "文字コード"), found["encoding"]],
        [Text("Rows", "件数"), f"{found['rows']:,}"], [Text("Usable", "学習に使える件数"), f"{found['usable']:,}"],
        [Text("Columns", "列"), ", ".join(found["columns"])],
    ]
    if tokens := found.get("tokens"):
        rows.append([Text("Tokens a row", "1 件のトークン数"),
                     f"median {tokens['median']}, p95 {tokens['p95']}, max {tokens['max']}"])
        rows.append([Text("Trained tokens", "学習するトークン数"), f"{tokens['trained']:,}"])
    lines = table([[title.in_language(terminal.language), value] for title, value in rows])
    terminal.say(lines, lines)
    for finding in found["findings"]:
        check = CHECKS[finding["check"]]
        named = ", ".join(str(row) for row in finding["rows"][:ROWS_NAMED])
        more = " …" if finding["count"] > ROWS_NAMED else ""
        mark = {"info": "·", "warning": "!", "error": "✗"}[finding["severity"]]
        terminal.say(f"{mark} {check.title.en}: {finding['count']} (rows {named}{more}). {check.meaning.en}",
                     f"{mark} {check.title.ja}: {finding['count']} 件（{named}{more}）。{check.meaning.ja}")
    return found


def show_row(arguments: argparse.Namespace, terminal: Terminal) -> dict[str, Any]:
    """Prints a row's rendered text; what is trained is bold on a terminal, else between ⟦ and ⟧."""
    home = home_folder(getattr(arguments, "home", None))
    model = _model(home, arguments.model)
    job = DataShowJob(data=str(file_path(arguments.file)), model=model, first=arguments.row - 1,
                      max_length=arguments.max_length)
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


def _add_model(commands: Commands, parser: Parser, required: bool) -> None:
    parser.add_argument("--model", metavar="DIR", default="", required=required,
                        help=commands.say("base model folder, or: starter", "ベースモデルのフォルダー、または starter"))
    parser.add_argument("--max-length", type=int, default=TrainConfig().max_length, metavar="TOKENS",
                        help=commands.say("rows are cut at this length", "この長さで行を切る"))


def _model(home: Path, text: str) -> str:
    """The checked model folder, empty when none was given. Raises TanrenError."""
    if not text:
        return ""
    folder = model_folder(home, text)
    checked_model(folder)
    return str(folder)


def _marked(tokens: list[dict[str, Any]]) -> str:
    begin, end = ("\x1b[1;32m", "\x1b[0m") if sys.stdout.isatty() else ("⟦", "⟧")
    parts, inside = [], False
    for token in tokens:
        if token["trained"] != inside:
            parts.append(end if inside else begin)
            inside = token["trained"]
        parts.append(token["text"].replace("\x1b", "␛"))  # a row must not command the terminal
    return "".join(parts) + (end if inside else "")


