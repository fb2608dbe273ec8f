"""main.py losses: the rows that a tuned model still gets wrong, the worst first."""

import argparse
from typing import Any

import msgspec

from backend.commands.arguments import Commands
from backend.commands.terminal import Terminal, table
from backend.commands.work import do_job, open_run
from backend.config.jobs import RowLossesJob
from backend.data.rendered_rows import RenderedRow, read_rows
from backend.data.row_losses import read_row_losses
from backend.home import home_folder
from backend.protocol.languages import Text

WORDS_SHOWN = 48
ROWS_SHOWN = 20


def add(commands: Commands) -> None:
    """Adds the command."""
    say = commands.say
    parser = commands.add("losses", Text("the loss of each row after training, the worst first",
                                         "学習後の損失を行ごとに、大きい順に表示する"), run)
    parser.add_argument("run_name", metavar="RUN", help=say("run", "学習"))
    parser.add_argument("--split", choices=("train", "held_out"), default="", help=say("only these rows", "対象の行"))
    parser.add_argument("--worst", type=int, default=ROWS_SHOWN, metavar="N", help=say("rows shown", "表示する行数"))


def run(arguments: argparse.Namespace, terminal: Terminal) -> dict[str, Any]:
    """Measures in a worker and prints the worst rows."""
    made = open_run(home_folder(getattr(arguments, "home", None)), arguments.run_name)
    made.newest_checkpoint()
    result = do_job(made.new_job(RowLossesJob(run=str(made.folder)), "row_losses"), terminal)
    losses = [loss for loss in read_row_losses(made.row_losses) if arguments.split in ("", loss.split)]
    worst = losses[: max(0, arguments.worst)]
    said = {split: {(row.row, row.part): row for row in read_rows(made.dataset / f"{split}.jsonl")}
            for split in ("train", "held_out")}
    heads = [head.in_language(terminal.language) for head in (
        Text("LOSS", "損失"), Text("TOKENS", "トークン"), Text("SIDE", "区分"), Text("ROW", "行"),
        Text("ANSWER", "回答"))]
    lines = table([heads, *([f"{loss.loss:.3f}", str(loss.tokens), loss.split, str(loss.row),
                             _words(said[loss.split][loss.row, loss.part])] for loss in worst)])
    terminal.say(lines, lines)
    return {"run": made.id, **result, "worst": msgspec.to_builtins(worst), "path": str(made.row_losses)}


def _words(row: RenderedRow) -> str:
    """The row's last answer, or its text, on one line."""
    text = row.text or next((str(message["content"]) for message in reversed(row.messages)
                             if message["role"] == "assistant"), "")
    line = " ".join(text.split())
    return line if len(line) <= WORDS_SHOWN else line[:WORDS_SHOWN] + "…"

