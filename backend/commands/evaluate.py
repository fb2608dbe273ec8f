"""main.py evaluate: base and tuned model on the held-out rows."""

import argparse
from typing import Any

from backend.commands.arguments import Commands
from backend.commands.terminal import Terminal, table
from backend.commands.work import do_job, open_run
from backend.config.jobs import EvaluateJob
from backend.home import home_folder
from backend.protocol.errors import TanrenError
from backend.protocol.languages import Text


def add(commands: Commands) -> None:
    """Adds the command."""
    say = commands.say
    parser = commands.add("evaluate", Text("answer the held-out rows before and after",
                                           "評価用の行で学習の前後を比べる"), run)
    parser.add_argument("run_name", metavar="RUN", help=say("run", "学習"))
    parser.add_argument("--target", action="append", default=[], metavar="NAME", dest="targets",
                        help=say("base, tuned, or a quantization such as Q4_K_M; may be repeated",
                                 "base、tuned、または Q4_K_M などの量子化名（繰り返し可）"))
    parser.add_argument("--max-tokens", type=int, default=EvaluateJob(run="", targets=[]).max_tokens, metavar="N",
                        help=say("longest answer", "回答の最大トークン数"))
    parser.add_argument("--limit", type=int, default=0, metavar="ROWS",
                        help=say(
                            "only the first rows; the scores of the whole set stay as they are",
                            "先頭の行だけを使う（全行の結果はそのまま残る）"))


def run(arguments: argparse.Namespace, terminal: Terminal) -> dict[str, Any]:
    """Scores in a worker and prints them."""
    for option, value, least in (("--max-tokens", arguments.max_tokens, 1), ("--limit", arguments.limit, 0)):
        if value < least:
            raise TanrenError("bad_option", option=option, reason=f"{value} < {least}")
    made = open_run(home_folder(getattr(arguments, "home", None)), arguments.run_name)
    made.newest_checkpoint()
    job = EvaluateJob(run=str(made.folder), targets=arguments.targets, max_tokens=arguments.max_tokens,
                      limit=arguments.limit)
    result = do_job(made.new_job(job, "evaluate"), terminal)
    rows = []
    for target, metrics in result["scores"].items():
        match = metrics["exact_match"]
        rows.append([target, f"{match['value']:.1%}", f"({match['low']:.1%} – {match['high']:.1%})"])
    lines = table(rows)
    which = f"first {arguments.limit} held-out rows" if arguments.limit else "held-out rows"
    which_ja = f"評価用の行の先頭 {arguments.limit} 行" if arguments.limit else "評価用の行"
    terminal.say(f"Right answers on the {which} (95 % interval)\n" + lines,
                 f"{which_ja}での正答率（95 % 区間）\n" + lines)
    return {"run": made.id, **result}
