"""The command line: parses it, runs one command, turns errors into an exit status and one JSON object."""

import argparse
import contextlib
import importlib
import os
import sys
from typing import Any

from backend.commands.arguments import make_parser
from backend.commands.terminal import Terminal, texts_of
from backend.commands.work import BAD_INPUT_KINDS, JobFailed, JobStopped
from backend.protocol.errors import TanrenError, from_exception
from backend.protocol.languages import LANGUAGES, Language, Text, language_of_environment
from backend.protocol.messages import Failed
from backend.version import VERSION

DONE, FAILED, BAD_INPUT, STOPPED = 0, 1, 2, 130
COMMAND_MODULES = ("doctor", "models", "data", "train", "runs", "evaluate", "losses", "merge", "export", "chat")
DEMO = Text("the whole main job on the starter model and the sample data",
            "スターターモデルとサンプルデータで、全工程を実行する")


def main(arguments: list[str]) -> int:
    """Runs one command; returns the exit status: 0 done, 1 failed, 2 bad input or usage, 130 stopped."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    terminal = Terminal(_language(arguments), "--json" in arguments)
    try:
        return _run(arguments, terminal)
    except BrokenPipeError:  # the reader of our output has gone
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED


def _run(arguments: list[str], terminal: Terminal) -> int:
    found: dict[str, Any] = {}
    try:
        parser, commands = make_parser(terminal.language)
        commands.add("demo", DEMO, _demo)
        for name in COMMAND_MODULES:
            importlib.import_module(f"backend.commands.{name}").add(commands)
        given = parser.parse_args(arguments)
        if getattr(given, "version", False):
            terminal.say(f"Tanren {VERSION}", f"Tanren {VERSION}")
            terminal.result({"version": VERSION})
            return DONE
        if not hasattr(given, "run"):
            parser.print_help(sys.stderr)
            raise TanrenError("bad_usage", program=parser.prog,
                              reason=Text("a command is needed", "コマンドを指定してください"))
        terminal.result(given.run(given, terminal))
        return DONE
    except JobStopped as stopped:
        if "run" in stopped.result:
            terminal.note("Stopped. Everything up to the last checkpoint is saved.",
                          "停止しました。最後のチェックポイントまで保存されています。")
        else:
            terminal.note("Stopped. What was finished before is as it was.",
                          "停止しました。それまでに完了したものはそのままです。")
        terminal.result({"state": "stopped", **stopped.result})
        return STOPPED
    except KeyboardInterrupt:
        terminal.result({"error": _error(TanrenError("interrupted").to_event(), terminal.language)})
        return STOPPED
    except JobFailed as error:
        failed, found = error.failed, error.found
    except BrokenPipeError:
        raise
    except Exception as error:
        failed = from_exception(error).to_event()
    terminal.failure(failed)
    terminal.result({**found, "error": _error(failed, terminal.language)})
    return BAD_INPUT if failed.kind in BAD_INPUT_KINDS else FAILED


def _demo(arguments: argparse.Namespace, terminal: Terminal) -> dict[str, Any]:
    from backend.commands.demo import run

    return run(arguments, terminal)


def _error(failed: Failed, language: Language) -> dict[str, str]:
    message, hint = texts_of(failed, language)
    return {"kind": failed.kind, "message": message, "hint": hint, "detail": failed.detail, "code": failed.code}


def _language(arguments: list[str]) -> Language:
    """--language, wherever it stands, before the parser is made in that language."""
    for place, argument in enumerate(arguments):
        value = argument.partition("=")[2] if argument.startswith("--language=") else ""
        if argument == "--language" and place + 1 < len(arguments):
            value = arguments[place + 1]
        for language in LANGUAGES:
            if value == language:
                return language
    return language_of_environment()
