"""main.py export: GGUF files of a run."""

import argparse
from typing import Any

from backend.commands.arguments import Commands
from backend.commands.terminal import Terminal
from backend.commands.work import do_job, open_run
from backend.config.export import QUANTIZATIONS, VERY_CLOSE_KL, check_quantization
from backend.config.jobs import ExportJob
from backend.home import home_folder
from backend.protocol.languages import Text

DEFAULT_QUANT = "Q4_K_M"


def add(commands: Commands) -> None:
    """Adds the command."""
    parser = commands.add("export", Text("write GGUF files", "GGUF ファイルを書き出す"), run)
    parser.add_argument("run_name", metavar="RUN", help=commands.say("run", "学習"))
    parser.add_argument("--quant", action="append", default=[], metavar="NAME", dest="quants", help=commands.say(
        "quantization, may be repeated: ", "量子化（繰り返し可）: ") + ", ".join(QUANTIZATIONS))


def run(arguments: argparse.Namespace, terminal: Terminal) -> dict[str, Any]:
    """Merges when needed, converts and quantizes in a worker, and names the files."""
    quants = list(dict.fromkeys(check_quantization(quant) for quant in arguments.quants or [DEFAULT_QUANT]))
    made = open_run(home_folder(getattr(arguments, "home", None)), arguments.run_name)
    made.newest_checkpoint()
    result = do_job(made.new_job(ExportJob(run=str(made.folder), quants=quants), "export"), terminal)
    for file in result["files"]:
        line = f"{file['quant']}  {file['bytes'] / 2**20:,.1f} MiB  {file['path']}"
        terminal.say(line, line)
        _say_parity(file["parity"], terminal)
    terminal.say(f"Next: main.py chat {made.id}", f"次の操作: main.py chat {made.id}")
    return {"run": made.id, **result}


def _say_parity(parity: dict[str, Any], terminal: Terminal) -> None:
    """How far the file is from the trained model as measured, or why that was not measured."""
    kl = parity.get("kl")
    if kl is None:
        needed = f"{parity.get('needed_mib', 0) / 1024:.1f} GiB"
        terminal.say(f"  ! same prompt and tokens as the trained model; answers not compared "
                     f"({needed} of free memory would be needed)",
                     f"  ! 学習したモデルとプロンプト・トークンが一致。回答は未比較（空きメモリー {needed} が必要）")
        return
    if parity["verdict"] != "green":
        words = Text("! answers differ noticeably from the trained model", "! 学習したモデルと回答がかなり異なります")
    elif kl <= VERY_CLOSE_KL:
        words = Text("answers very close to the trained model", "学習したモデルとの差はごくわずかです")
    else:
        words = Text("answers close to the trained model", "学習したモデルとの差は小さいです")
    terminal.say(f"  {words.en} (KL {kl:.2g} nats per token, on one dialogue)",
                 f"  {words.ja}（KL {kl:.2g} nat／トークン、会話 1 件で測定）")
