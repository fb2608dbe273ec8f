"""How a worker process is started: its command and its environment, the same for window and command line."""

import os
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
# foreign Python; and where the desktop's services listen on local sockets, which the network lock lets through
CLEARED = ("PYTHONHOME", "PYTHONPATH", "LD_PRELOAD", "DBUS_SESSION_BUS_ADDRESS", "DBUS_SYSTEM_BUS_ADDRESS",
           "DBUS_STARTER_ADDRESS", "XDG_RUNTIME_DIR", "DISPLAY", "XAUTHORITY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET",
           "SESSION_MANAGER", "SSH_AUTH_SOCK", "GPG_AGENT_INFO", "PULSE_SERVER")
SETTINGS = {"OMP_WAIT_POLICY": "PASSIVE", "TOKENIZERS_PARALLELISM": "false", "PYTHONUNBUFFERED": "1",
            "PYTHONUTF8": "1"}


def worker_command(job_folder: Path) -> list[str]:
    """The command line of the worker for `job_folder`; run it in REPOSITORY."""
    return [sys.executable, "-m", "backend", "worker", str(job_folder)]


def worker_environment() -> dict[str, str]:
    """The environment of a worker: no foreign Python, no way to the desktop's services, quiet threads."""
    kept = {name: value for name, value in os.environ.items() if name not in CLEARED and not name.startswith("QT_")}
    return {**kept, **SETTINGS}
