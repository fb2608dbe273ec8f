"""Asks `doctor` of the command line what this machine can do, in its own process."""

import json
import sys
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, Signal

from backend.launch import REPOSITORY, worker_environment
from backend.protocol.errors import TanrenError
from backend.protocol.languages import Language


class DoctorCheck(QObject):
    """One check at a time.

    Signals:
        answered: the JSON object of the command line as a dict.
        failed: a TanrenError.
    """

    answered = Signal(dict)
    failed = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._process = QProcess(self)
        self._process.setWorkingDirectory(str(REPOSITORY))
        environment = QProcessEnvironment()
        for name, value in worker_environment().items():
            environment.insert(name, value)
        self._process.setProcessEnvironment(environment)
        self._process.finished.connect(self._finished)
        self._process.errorOccurred.connect(self._error)

    @property
    def is_running(self) -> bool:
        """Whether a check is being made."""
        return self._process.state() != QProcess.ProcessState.NotRunning

    def start(self, home: Path, language: Language) -> None:
        """Starts the check unless one is running; `language` is that of the findings."""
        if not self.is_running:
            options = ["--json", "--home", str(home), "--language", language]
            self._process.start(sys.executable, ["-m", "backend", "doctor", *options])

    def stop(self) -> None:
        """Ends a running check: it only looks, so nothing can be lost."""
        if self.is_running:
            self._process.kill()
            self._process.waitForFinished(2000)

    def _finished(self, exit_code: int) -> None:
        lines = bytes(self._process.readAllStandardOutput().data()).decode("utf-8", "replace").strip().splitlines()
        try:
            result: Any = json.loads(lines[-1]) if lines else None
        except ValueError:
            result = None
        if exit_code == 0 and isinstance(result, dict):
            self.answered.emit(result)
        else:
            stderr = bytes(self._process.readAllStandardError().data()).decode("utf-8", "replace")
            self.failed.emit(TanrenError("worker_crashed", exit_code=exit_code, detail=stderr[-4000:]))

    def _error(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            self.failed.emit(TanrenError("worker_not_started", reason=self._process.errorString()))
