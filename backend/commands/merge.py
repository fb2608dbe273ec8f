"""main.py merge: the newest checkpoint merged into a 16-bit model folder."""

import argparse
from typing import Any

from backend.commands.arguments import Commands
from backend.commands.terminal import Terminal
from backend.commands.work import do_job, open_run
from backend.config.jobs import MergeJob
from backend.home import home_folder
from backend.protocol.languages import Text


def add(commands: Commands) -> None:
    """Adds the command."""
    parser = commands.add("merge", Text("merge adapter and base model", "アダプターをベースモデルに統合する"), run)
    parser.add_argument("run_name", metavar="RUN", help=commands.say("run", "学習"))


def run(arguments: argparse.Namespace, terminal: Terminal) -> dict[str, Any]:
    """Merges in a worker and names the folder."""
    made = open_run(home_folder(getattr(arguments, "home", None)), arguments.run_name)
    made.newest_checkpoint()
    result = do_job(made.new_job(MergeJob(run=str(made.folder)), "merge"), terminal)
    size = f"{result['bytes'] / 2**20:,.1f} MiB"
    terminal.say(f"Merged model: {result['path']} ({size})", f"統合済みモデル: {result['path']}（{size}）")
    return {"run": made.id, **result}
