"""The only class that knows that a process exists: one QProcess, one worker, judged by WorkerWatch."""

import contextlib
import time
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, QTimer, Signal

from backend.launch import REPOSITORY, worker_command, worker_environment
from backend.protocol.errors import TanrenError
from backend.protocol.messages import Failed, Finished, Request, Stop, StopMode
from backend.protocol.watch import WorkerWatch
from backend.protocol.wire import encode_line
from backend.runs.job_state import ENDED, STDERR_FILE, read_state, settle_state, write_state
from backend.supervise import stderr_tail

SILENCE_CHECK_MS = 1000


class WorkerJob(QObject):
    """A job being done.

    Signals:
        event: each WorkerEvent as it arrives.
        ended: Finished or Failed, once, after the process is gone.
    """

    event = Signal(object)
    ended = Signal(object)

    def __init__(self, job_folder: Path, parent: QObject | None = None, command: list[str] | None = None) -> None:
        super().__init__(parent)
        self.folder = job_folder
        self.outcome: Finished | Failed | None = None
        self._command = command or worker_command(job_folder)
        self._watch = WorkerWatch(time.monotonic())
        self._process = QProcess(self)
        self._process.setWorkingDirectory(str(REPOSITORY))
        environment = QProcessEnvironment()
        for name, value in worker_environment().items():
            environment.insert(name, value)
        self._process.setProcessEnvironment(environment)
        self._process.setStandardErrorFile(str(job_folder / STDERR_FILE), QProcess.OpenModeFlag.Append)
        self._process.readyReadStandardOutput.connect(self._read)
        self._process.finished.connect(self._on_finished)
        self._process.errorOccurred.connect(self._on_error)
        self._silence = QTimer(self)
        self._silence.setInterval(SILENCE_CHECK_MS)
        self._silence.timeout.connect(self._check_silence)

    def start(self) -> None:
        """Starts the worker; everything further comes as signals."""
        try:
            write_state(self.folder, "starting")
        except OSError as error:
            self._end(TanrenError("disk_full", path=str(self.folder), detail=str(error)).to_event())
            return
        self._watch = WorkerWatch(time.monotonic())
        self._silence.start()
        self._process.start(self._command[0], self._command[1:])

    def send(self, request: Request) -> None:
        """Sends a message to the worker."""
        if self.is_running:
            self._process.write(encode_line(request))

    def stop(self, mode: StopMode = "save") -> None:
        """Asks the worker to end; it answers with `ended` in its own time."""
        self.send(Stop(mode))

    def kill(self) -> None:
        """Ends the process at once: only on the user's word, or after silence."""
        self._process.kill()

    @property
    def is_running(self) -> bool:
        """Whether the process is there."""
        return self._process.state() != QProcess.ProcessState.NotRunning

    @property
    def is_saving(self) -> bool:
        """Whether the worker is in the middle of a save."""
        return self._watch.is_saving

    @property
    def lock_level(self) -> str:
        """The network lock that the worker reported: seccomp, audit_hook, or empty before hello."""
        return self._watch.hello.lock if self._watch.hello else ""

    def wait(self, milliseconds: int) -> bool:
        """Waits for the process to end (when the window closes); True when it is gone."""
        return not self.is_running or self._process.waitForFinished(milliseconds)

    def _read(self) -> None:
        data = self._process.readAllStandardOutput().data()
        for event in self._watch.feed(bytes(data), time.monotonic()):
            self.event.emit(event)
        self._kill_if_judged()

    def _check_silence(self) -> None:
        self._watch.check_silence(time.monotonic())
        self._kill_if_judged()

    def _kill_if_judged(self) -> None:
        if self._watch.verdict is not None and self.is_running:
            self._process.kill()

    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            with contextlib.suppress(OSError):
                write_state(self.folder, "failed")
            self._end(TanrenError("worker_not_started", reason=self._process.errorString()).to_event())

    def _on_finished(self, exit_code: int) -> None:
        self._read()
        if read_state(self.folder) not in ENDED:
            with contextlib.suppress(OSError):
                if self._watch.hello:
                    settle_state(self.folder)
                else:
                    write_state(self.folder, "failed")
        self._end(self._watch.exited(exit_code, stderr_tail(self.folder)))

    def _end(self, outcome: Finished | Failed) -> None:
        if self.outcome is None:
            self._silence.stop()
            self.outcome = outcome
            self.ended.emit(outcome)
