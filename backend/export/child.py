"""Runs one process of an export from the worker: hands its progress on, kills it on stop, explains its failure."""

import os
import selectors
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from backend.hardware.usage import child_ended
from backend.launch import REPOSITORY
from backend.protocol.errors import TanrenError
from backend.protocol.languages import Text
from backend.protocol.messages import Failed, Finished, Log, Progress
from backend.protocol.wire import BadLine, LineSplitter, decode_event
from backend.report import Report

STOP_CHECK_SECONDS = 0.2
STDERR_TAIL_BYTES = 8000
ALMOST_FULL_BYTES = 8 * 2**20


def run_child(
    module: str, arguments: list[str], report: Report, writes_in: Path, code: str, **values: object
) -> dict[str, Any]:
    """The result of `python -m module arguments`; its progress goes to `report`.

    Raises Stopped when a stop was asked for (the process is then gone), the child's own TanrenError,
    disk_full when `writes_in` has no space left, else TanrenError(`code`, reason=…, **values).
    """
    with tempfile.TemporaryFile() as stderr:
        process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments], cwd=REPOSITORY, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=stderr,
        )
        try:
            last = _follow(process, report)
            exit_code = process.wait()
        finally:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe:
                    pipe.close()
            printed = _tail(stderr)
            print(printed, file=sys.stderr)
    if isinstance(last, Finished) and exit_code == 0:
        child_ended(last.result.pop("peak_mib"))
        return last.result
    if _is_full(writes_in):
        raise TanrenError("disk_full", path=writes_in, detail=printed)
    if isinstance(last, Failed) and last.code != "internal":
        raise TanrenError(last.code, detail=(last.detail + "\n" + printed).strip(), **last.values)
    if exit_code == -9:
        raise TanrenError("out_of_memory", detail=f"{module} was killed\n{printed}")
    reason = last.message if isinstance(last, Failed) else Text(f"exit {exit_code}", f"終了コード {exit_code}")
    detail = last.detail if isinstance(last, Failed) else ""
    raise TanrenError(code, reason=reason, detail=(detail + "\n" + printed).strip(), **values)


def _follow(process: subprocess.Popen[bytes], report: Report) -> Finished | Failed | None:
    """Reads the child's lines until it closes its stdout; returns the last word."""
    assert process.stdout
    splitter = LineSplitter()
    last: Finished | Failed | None = None
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while True:
            if not selector.select(timeout=STOP_CHECK_SECONDS):
                report.check_stop()
                continue
            data = os.read(process.stdout.fileno(), 65536)
            if not data:
                return last
            for line in splitter.feed(data):
                try:
                    event = decode_event(line)
                except BadLine as error:
                    print(f"not understood: {error}", file=sys.stderr)
                    continue
                if isinstance(event, Progress):
                    report.progress(event.done, event.total, event.unit)
                elif isinstance(event, Log):
                    report.log(Text(event.text, event.text_ja), event.level)
                elif isinstance(event, Finished | Failed):
                    last = event


def _tail(file: Any) -> str:
    file.seek(0, os.SEEK_END)
    file.seek(max(0, file.tell() - STDERR_TAIL_BYTES))
    return str(file.read().decode("utf-8", "replace"))


def _is_full(folder: Path) -> bool:
    statistics = os.statvfs(folder) if hasattr(os, "statvfs") else None
    return statistics is not None and statistics.f_bavail * statistics.f_frsize < ALMOST_FULL_BYTES
