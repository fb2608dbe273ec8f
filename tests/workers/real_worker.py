"""The real worker, doing a stage of this file instead of the job's: real_worker.py JOB_DIR STAGE."""

import ctypes
import errno
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, os.getcwd())

import backend.worker
from backend.first_moments import begin_worker
from backend.report import Report, Stopped
from backend.runs.job_state import read_state

HEAVY = ("torch", "transformers", "peft", "numpy", "llama_cpp", "PySide6")


def look(_job: Any, report: Report) -> dict[str, Any]:
    """What is already imported when the first stage begins, and the state then."""
    return {"imported": [name for name in HEAVY if name in sys.modules], "state_inside": read_state(report.folder)}


def prints(_job: Any, report: Report) -> dict[str, Any]:
    """Everything that a library may do to stdout."""
    print("by print")
    os.write(1, b"by descriptor 1\n")
    sys.__stdout__.write("by the first sys.stdout\n")
    sys.__stdout__.flush()
    libc = ctypes.CDLL(None)
    libc.puts(b"by C")
    libc.fflush(None)
    subprocess.run(["echo", "by a child"], check=True)
    report.progress(1, 1, "steps")
    return {}


def steps(_job: Any, report: Report) -> dict[str, Any]:
    """Works until it is asked to stop, and tells the state that it saw then."""
    done = 0
    while True:
        done += 1
        time.sleep(0.01)
        try:
            report.progress(done, 0, "steps")
        except Stopped as stop:
            if stop.mode == "save":
                (report.folder / "saved").write_text(str(done))
            return {"state": "stopped", "mode": stop.mode, "state_inside": read_state(report.folder)}


def waits_for_discard(_job: Any, report: Report) -> dict[str, Any]:
    """Goes on after a stop that saves; a second, harder one ends it."""
    while report.stop_requested != "discard":
        time.sleep(0.01)
    report.check_stop()
    return {}


def dies_with_a_child(_job: Any, report: Report) -> dict[str, Any]:
    """Starts a child that outlives it, and is killed."""
    child = subprocess.Popen(["sleep", "600"])
    report.log(str(child.pid))
    os.kill(os.getpid(), signal.SIGKILL)
    return {}


def connects(_job: Any, report: Report) -> dict[str, Any]:
    """Tries the network, as a careless library would."""
    import socket

    socket.create_connection(("127.0.0.1", 9), timeout=1)
    return {}


PERL = "print join ' ', map { socket(my $s, $_, 1, 0) ? 'open' : $!{EACCES} ? 'refused' : \"$!\" } (2, 10, 1);"


def asks_the_kernel(_job: Any, report: Report) -> dict[str, Any]:
    """socket() past Python's own module, for AF_INET, AF_INET6 and AF_UNIX: here, and in a perl child."""
    libc = ctypes.CDLL(None, use_errno=True)

    def answer(family: int) -> str:
        if libc.socket(family, 1, 0) >= 0:
            return "open"
        return "refused" if ctypes.get_errno() == errno.EACCES else os.strerror(ctypes.get_errno())

    said = {"here": [answer(family) for family in (2, 10, 1)]}
    if shutil.which("perl"):
        child = subprocess.run(["perl", "-e", PERL], capture_output=True, text=True, check=True)
        said["child"] = child.stdout.split()
    return said


def raises(_job: Any, report: Report) -> dict[str, Any]:
    """Fails as a bug of ours would."""
    raise KeyError("a bug of ours")


def raises_at_length(_job: Any, report: Report) -> dict[str, Any]:
    """Fails with an error that quotes what it was given."""
    raise ValueError("a long bug: " + "x" * 2_000_000)


def says_too_much(_job: Any, report: Report) -> dict[str, Any]:
    """A log line of megabytes, which is cut, and an event of megabytes, which nobody can shorten."""
    report.log("x" * 2_000_000)
    report.artifact("rows", Path("/" + "x" * 2_000_000))
    return {}


backend.worker.stages_of = lambda _job: [globals()[sys.argv[2]]]
sys.exit(backend.worker.main(Path(sys.argv[1]), begin_worker()))
