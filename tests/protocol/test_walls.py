"""The walls at run time, where import contracts cannot look: what is really loaded."""

import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]

LOADED = """
import sys
before = set(sys.modules)
import importlib, pkgutil
for name in sys.argv[1:]:
    package = importlib.import_module(name)
    for module in pkgutil.walk_packages(getattr(package, "__path__", []), name + "."):
        importlib.import_module(module.name)
ours = {name.partition(".")[0] for name in set(sys.modules) - before}
print(*sorted(ours - set(sys.stdlib_module_names)))
"""


def loaded(*packages: str) -> set[str]:
    """The top-level modules outside the standard library that importing all of `packages` loads."""
    done = subprocess.run(
        [sys.executable, "-c", LOADED, *packages], cwd=REPOSITORY, capture_output=True, text=True, check=True,
    )
    return {name for name in done.stdout.split() if not name.startswith(("_sysconfigdata", "__editable__"))}


def test_protocol_config_and_runs_load_msgspec_and_nothing_else() -> None:
    assert loaded("backend.protocol", "backend.config", "backend.runs") <= {
        "backend", "msgspec", "typing_extensions"}  # which msgspec itself looks for


def test_the_command_lines_parser_loads_no_engine() -> None:
    assert not loaded("backend.cli", "backend.supervise") & {"torch", "transformers", "llama_cpp", "PySide6", "numpy"}


def test_main_without_a_command_line_loads_nothing_yet() -> None:
    assert loaded("main") <= {"main"}
