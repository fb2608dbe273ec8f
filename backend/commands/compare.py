"""main.py runs compare: two runs side by side: settings that differ, last figures, scores."""

import argparse
from pathlib import Path
from typing import Any

import msgspec

from backend.commands.terminal import Terminal, table
from backend.home import home_folder
from backend.protocol.languages import Text
from backend.runs.events import metrics
from backend.runs.run import Run, find_run, read_scores


def compare(arguments: argparse.Namespace, terminal: Terminal) -> dict[str, Any]:
    """Both runs' states, figures and scores; of the settings only those that differ."""
    home = home_folder(getattr(arguments, "home", None))
    runs = [find_run(home, name) for name in (arguments.first, arguments.second)]
    sides = [_side(run) for run in runs]
    first, second = (side["settings"] for side in sides)
    differences = {name: [first[name], second[name]] for name in first if first[name] != second[name]}
    for side in sides:
        del side["settings"]
    rows = [[Text("Run", "学習"), *(side["run"] for side in sides)],
            [Text("State", "状態"), *(side["state"] for side in sides)]]
    rows += [[Text(name, name), *(str(value) for value in values)] for name, values in differences.items()]
    for name in sorted({name for side in sides for name in side["last"]}):
        rows.append([Text(name, name), *(f"{side['last'][name]:g}" if name in side["last"] else "–" for side in sides)])
    for target in sorted({target for side in sides for target in side["scores"]}):
        title = Text(f"exact match, {target}", f"完全一致 {target}")
        rows.append([title, *(_percent(side["scores"].get(target)) for side in sides)])
    lines = table([[title.in_language(terminal.language), *values] for title, *values in rows])
    terminal.say(lines, lines)
    return {"runs": sides, "differences": differences}


def _side(run: Run) -> dict[str, Any]:
    info = run.info()
    measured = metrics(run.trainings())
    last: dict[str, float] = {}
    for metric in measured:
        last |= metric.values
    settings = {"model": Path(info.model).name, "data": Path(info.data).name, **msgspec.to_builtins(info.config)}
    return {"run": run.id, "name": info.name, "state": run.training_state(), "settings": settings,
            "last": {"step": measured[-1].step, **last} if measured else {}, "scores": read_scores(run)}


def _percent(scores: dict[str, Any] | None) -> str:
    return f"{scores['exact_match']['value']:.1%}" if scores else "–"
