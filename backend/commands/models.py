"""main.py models: the base models that are there, and what one folder holds."""

import argparse
from typing import Any

from backend.commands.arguments import Commands
from backend.commands.terminal import Terminal, table
from backend.commands.work import BAD_INPUT_KINDS, JobFailed, do_look, model_folder
from backend.config.jobs import ModelsInspectJob
from backend.home import home_folder
from backend.models.catalogue import list_models
from backend.models.inspect import check_model
from backend.protocol.errors import TanrenError, message_of
from backend.protocol.languages import Text
from backend.settings import load


def add(commands: Commands) -> None:
    """Adds models list and models inspect."""
    group = commands.group("models", Text("look at base models", "ベースモデルを調べる"))
    group.add("list", Text("the models that are known", "使えるモデルの一覧"), list_all)
    inspect = group.add("inspect", Text("what a model folder holds", "モデルのフォルダーの内容を調べる"), inspect_one)
    inspect.add_argument("model", metavar="DIR", help=commands.say("model folder, or: starter",
                                                                   "モデルのフォルダー、または starter"))


def list_all(arguments: argparse.Namespace, terminal: Terminal) -> dict[str, Any]:
    """One line a model."""
    home = home_folder(getattr(arguments, "home", None))
    listed = list_models(home, load(home).recent_models)
    for model in listed:
        problems = [message_of(refusal.code, refusal.values, terminal.language) for refusal in model.look.refusals]
        state = "" if model.look.verdict == "ok" else "  ✗ " + "; ".join(problems)
        line = f"{model.name}  {model.look.family}  {millions(model.look.parameters)}  {model.look.path}{state}"
        terminal.say(line, line)
    if not listed:
        terminal.say("No models yet.", "モデルはまだありません。")
    return {"models": [{"name": model.name, "origin": model.origin, "path": model.look.path,
                        "family": model.look.family, "parameters": model.look.parameters,
                        "verdict": model.look.verdict, "reasons": model.look.reasons} for model in listed]}


def inspect_one(arguments: argparse.Namespace, terminal: Terminal) -> dict[str, Any]:
    """What the folder holds; a refused one is told with its reasons and ends as an error."""
    home = home_folder(getattr(arguments, "home", None))
    folder = model_folder(home, arguments.model)
    look = do_look(home, ModelsInspectJob(model=str(folder)), "models_inspect", terminal)
    if look["verdict"] != "ok":
        try:
            check_model(folder)
        except TanrenError as error:
            if error.kind in BAD_INPUT_KINDS:
                raise JobFailed(error.to_event(), look) from error
            raise
    rows = [
        [Text("Family", "種類"), look["family"]], [Text("Parameters", "パラメーター数"), millions(look["parameters"])],
        [Text("Size", "大きさ"), f"{look['bytes'] / 2**20:,.1f} MiB"],
        [Text("Longest text", "最大長"), f"{look['max_length']:,} tokens"],
        [Text("Vocabulary", "語彙数"), f"{look['vocab_size']:,}"],
        [Text("Chat template", "チャットテンプレート"), "✓" if look["has_template"] else "✗"],
        [Text("License", "ライセンス"), look["license"] or "?"],
    ]
    lines = table([[title.in_language(terminal.language), value] for title, value in rows])
    terminal.say(lines, lines)
    return look


def millions(parameters: int) -> str:
    """A number of parameters as people write it: 8.1M, 1.54B."""
    return f"{parameters / 1e9:.2f}B" if parameters >= 1e9 else f"{parameters / 1e6:.1f}M"
