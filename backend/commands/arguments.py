"""The parser of the command line: global options before or after the command, and errors as TanrenError."""

import argparse
from collections.abc import Callable
from typing import Any, NoReturn

from backend.protocol.errors import TanrenError
from backend.protocol.languages import LANGUAGES, Language, Text
from backend.version import VERSION

Run = Callable[..., dict[str, Any]]


class Parser(argparse.ArgumentParser):
    """Raises TanrenError bad_usage where argparse would end the process."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"allow_abbrev": False, **options})

    def error(self, message: str) -> NoReturn:
        """Raises instead of exiting, so that --json gets its object."""
        raise TanrenError("bad_usage", reason=message, program=self.prog, detail=self.format_usage())


class Commands:
    """Where command modules add their parsers; `language` chooses the help texts."""

    def __init__(self, parsers: Any, language: Language, shared: Parser) -> None:
        self.language = language
        self._parsers = parsers
        self._shared = shared

    def add(self, name: str, text: Text, run: Run | None = None) -> Parser:
        """A parser for the command `name`; `run(arguments, terminal)` does it and returns the --json object."""
        words = text.in_language(self.language)
        parser: Parser = self._parsers.add_parser(name, help=words, description=words, parents=[self._shared])
        if run is not None:
            parser.set_defaults(run=run)
        return parser

    def group(self, name: str, text: Text) -> "Commands":
        """A command that has commands below it (models inspect, runs list …)."""
        parser = self.add(name, text)
        below = parser.add_subparsers(dest=f"{name}_command", required=True, metavar="COMMAND")
        return Commands(below, self.language, self._shared)

    def say(self, en: str, ja: str) -> str:
        """One of two help texts."""
        return ja if self.language == "ja" else en


def make_parser(language: Language) -> tuple[Parser, Commands]:
    """The top parser and the place where commands are added."""
    shared = Parser(add_help=False)
    say = Text("", "")._replace
    words = {
        "--home": say(en="the folder in which Tanren keeps everything", ja="Tanren がすべてを保存するフォルダー"),
        "--json": say(en="print one JSON object as the last line", ja="最後の行に JSON オブジェクトを 1 つ出力する"),
        "--language": say(en="language of the messages", ja="メッセージの言語"),
    }
    shared.add_argument("--home", metavar="DIR", default=argparse.SUPPRESS, help=words["--home"].in_language(language))
    shared.add_argument("--json", action="store_true", default=argparse.SUPPRESS,
                        help=words["--json"].in_language(language))
    shared.add_argument("--language", choices=LANGUAGES, default=argparse.SUPPRESS,
                        help=words["--language"].in_language(language))
    shared.add_argument("--version", action="store_true", default=argparse.SUPPRESS, help=f"Tanren {VERSION}")
    parser = Parser(prog="main.py", parents=[shared], description=Text(
        "Fine-tune a language model on your own computer, offline. Without a command the window opens.",
        "言語モデルを自分のコンピューターで、オフラインのまま追加学習します。コマンドなしで画面を開きます。",
    ).in_language(language))
    return parser, Commands(parser.add_subparsers(dest="command", metavar="COMMAND"), language, shared)
