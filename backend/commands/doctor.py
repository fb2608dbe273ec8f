"""main.py doctor: what this machine can do."""

import argparse
from typing import Any

import msgspec

from backend.commands.arguments import Commands
from backend.commands.terminal import Terminal, table
from backend.hardware.doctor import examine
from backend.home import home_folder
from backend.protocol.languages import Text


def add(commands: Commands) -> None:
    """Adds the command."""
    commands.add("doctor", Text("what this machine can do", "このコンピューターでできることを調べる"), run)


def run(arguments: argparse.Namespace, terminal: Terminal) -> dict[str, Any]:
    """Prints one line for each check and whether anything must be mended."""
    examined = examine(home_folder(getattr(arguments, "home", None)))
    marks = {"good": "✓", "limited": "!", "missing": "✗"}
    lines = table([[marks[check.state], check.title.in_language(terminal.language),
                    check.finding.in_language(terminal.language)] for check in examined.checks])
    terminal.say(lines, lines)
    if examined.ready:
        terminal.say("\nReady to fine-tune.", "\n学習の準備ができています。")
    else:
        terminal.say("\nNot everything is there: see the lines with ✗.", "\n不足があります。✗ の行を確認してください。")
    return {
        "ready": examined.ready,
        "checks": [{"check": check.name, "state": check.state, "title": check.title.in_language(terminal.language),
                    "finding": check.finding.in_language(terminal.language)} for check in examined.checks],
        **msgspec.to_builtins(examined.figures),
    }
