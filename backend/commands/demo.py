"""main.py demo: the whole main job, its table of scores, times and memory, and a check of what it promises."""

import argparse
import time
from typing import Any

from backend.commands.demo_job import main_job, misses
from backend.commands.terminal import Terminal, table
from backend.commands.work import JobFailed
from backend.home import home_folder
from backend.protocol.errors import TanrenError
from backend.protocol.languages import Text

TARGETS = (("base", "Base model", "ベースモデル"), ("tuned", "Tuned", "学習後"), ("q8_0", "GGUF Q8_0", "GGUF Q8_0"),
           ("q4_k_m", "GGUF Q4_K_M", "GGUF Q4_K_M"))


def run(arguments: argparse.Namespace, terminal: Terminal) -> dict[str, Any]:
    """Runs every stage, prints the tables; raises JobFailed (code demo_missed) when a promise was not kept."""
    terminal.note("Starter model and sample dataset: train, measure, merge, export, chat. Nothing leaves this machine.",
                  "スターターモデルとサンプルデータで、学習・測定・統合・書き出し・チャットを行います。通信はしません。")
    started = time.monotonic()
    result = main_job(home_folder(getattr(arguments, "home", None)), terminal)
    result["seconds"] = round(time.monotonic() - started, 1)
    _show(result, terminal)
    missed = misses(result)
    if missed:
        reason = Text("; ".join(miss.en for miss in missed), "、".join(miss.ja for miss in missed))
        raise JobFailed(TanrenError("demo_missed", reason=reason).to_event(), result)
    return result


def _show(result: dict[str, Any], terminal: Terminal) -> None:
    ja = terminal.language == "ja"
    rows = result["rows"]
    scores = [["評価用の行での完全一致" if ja else "Exact match on the held-out rows", ""]]
    for key, english, japanese in TARGETS:
        value = result[key]["exact_match"]
        scores.append([f"  {japanese if ja else english}", f"{value:6.1%}  ({round(value * rows)}/{rows})"])
    times = [["工程" if ja else "Stage", "時間" if ja else "Time", "最大メモリー" if ja else "Peak memory"]]
    for stage in result["stages"]:
        times.append([f"  {stage['name']}", f"{stage['seconds']:6.1f} s", f"{stage['peak_mib']:7.0f} MiB"])
    times.append(["  合計" if ja else "  all", f"{result['seconds']:6.1f} s", ""])
    text = f"\n{table(scores)}\n\n{table(times)}\n\n{result['chat']['prompt']}\n→ {result['chat']['reply']}\n\n"
    text += "\n".join(str(path) for path in result["gguf"])
    terminal.say(text, text)
