"""The arguments that the data commands share: which dataset, how to read it, which model, which steps."""

import argparse
from pathlib import Path
from typing import Any

from backend.commands.arguments import Commands, Parser
from backend.commands.work import checked_model, file_path, model_folder
from backend.config.reading import ENCODINGS, FORMATS, PARTS, Reading
from backend.config.steps import StepSpec
from backend.config.train import TrainConfig
from backend.data.check_texts import CHECKS
from backend.data.dataset_folder import find_dataset
from backend.data.steps import STEPS
from backend.protocol.errors import TanrenError

PATHS = ("file", "key")
"""Settings of steps that name a file."""


def data_path(home: Path, text: str) -> Path:
    """The file at `text`, else the imported dataset of this name. Raises TanrenError data_missing."""
    if Path(text).is_file():
        return file_path(text)
    return find_dataset(home, text) or existing(text)


def step_of(text: str) -> StepSpec:
    """NAME or NAME:key=value,key=value as a step; several values of a list are joined by +."""
    name, _, rest = text.partition(":")
    settings: dict[str, Any] = {}
    for pair in rest.split(",") if rest else []:
        key, equals, value = pair.partition("=")
        if not equals:
            raise TanrenError("bad_option", option=text, reason="STEP:KEY=VALUE")
        path = value and key.strip() in PATHS  # the worker has a folder of its own
        settings[key.strip()] = str(Path(value).expanduser().resolve()) if path else value
    if name in CHECKS and name not in STEPS and CHECKS[name].fix:  # the name of a check means its fix
        return StepSpec(name=CHECKS[name].fix, settings={"check": name, **settings})
    return StepSpec(name=name, settings=settings)


def add_reading(commands: Commands, parser: Parser) -> None:
    """--format, --encoding, --sheet, --map."""
    say = commands.say
    parser.add_argument("--format", choices=FORMATS, default="", help=say("instead of what is found", "形式を指定"))
    parser.add_argument("--encoding", choices=ENCODINGS, default="", help=say("of text files", "文字コードを指定"))
    parser.add_argument("--sheet", metavar="NAME", default="", help=say("of a workbook", "ブックのシート"))
    parser.add_argument("--map", metavar="PART=COLUMN", action="append", default=[], dest="mapping", help=say(
        "which column, or text with {column}, is what",
        "どの列（または {列} を含む文）が何か") + ": " + ", ".join(PARTS))


def add_model(commands: Commands, parser: Parser, required: bool) -> None:
    """--model and --max-length."""
    parser.add_argument("--model", metavar="DIR", default="", required=required,
                        help=commands.say("base model folder, or: starter", "ベースモデルのフォルダー、または starter"))
    parser.add_argument("--max-length", type=int, default=TrainConfig().max_length, metavar="TOKENS",
                        help=commands.say("rows are cut at this length", "この長さで行を切る"))


def reading_of(arguments: argparse.Namespace) -> Reading:
    """What add_reading's arguments say. Raises TanrenError bad_option."""
    mapping = {}
    for text in arguments.mapping:
        part, equals, column = text.partition("=")
        if not equals or part not in PARTS:
            raise TanrenError("bad_option", option=f"--map {text}", reason=f"PART=COLUMN, PART: {', '.join(PARTS)}")
        # shells hand \n over as two characters
        mapping[part] = column.replace("\\n", "\n").replace("\\t", "\t") if "{" in column else column
    return Reading(format=arguments.format, encoding=arguments.encoding, sheet=arguments.sheet, mapping=mapping)


def model_of(home: Path, text: str) -> str:
    """The checked model folder, empty when none was given. Raises TanrenError."""
    if not text:
        return ""
    folder = model_folder(home, text)
    checked_model(folder)
    return str(folder)


def dataset_of(home: Path, text: str) -> Path:
    """An imported dataset. Raises TanrenError dataset_missing."""
    folder = find_dataset(home, text)
    if folder is None:
        raise TanrenError("dataset_missing", name=text)
    return folder


def existing(text: str) -> Path:
    """A file or folder that is there. Raises TanrenError data_missing."""
    path = Path(text).expanduser()
    if not path.exists():
        raise TanrenError("data_missing", path=text)
    return path.resolve()
