"""Measures this machine: every figure of this folder, each by its own module, printed beside the machine it is of."""

import importlib
import json
import platform
import sys
import time
from pathlib import Path

import psutil

from backend.version import VERSION


def main() -> int:
    """Runs the modules named on the command line, or all; prints one JSON object."""
    here = Path(__file__).parent
    asked = [name for name in sys.argv[1:] if not name.startswith("--")]  # options are for the modules themselves
    names = asked or sorted(path.stem for path in here.glob("*.py") if not path.stem.startswith("_"))
    figures = {}
    for name in names:
        print(f"{name} …", file=sys.stderr)
        figures[name] = importlib.import_module(f"benchmarks.{name}").measure()
    machine = {
        "system": platform.platform(), "python": platform.python_version(), "processor": _processor(),
        "cores": psutil.cpu_count(logical=False), "threads": psutil.cpu_count(),
        "memory_mib": psutil.virtual_memory().total >> 20, "load_before": round(psutil.getloadavg()[0], 2),
    }
    print(json.dumps({"tanren": VERSION, "date": time.strftime("%Y-%m-%d"), "machine": machine, "figures": figures},
                     indent=1, ensure_ascii=False))
    return 0


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")


if __name__ == "__main__":
    sys.exit(main())
