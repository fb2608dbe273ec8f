"""The only class that knows that a process exists: one QProcess, one worker, judged by WorkerWatch."""

import time
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, QProcess, QProcessEnvironment, QTimer, Signal

from backend.launch import REPOSITORY, worker_command, worker_environment
from backend.protocol.errors import TanrenError, from_exception
from backend.protocol.messages import Failed, Finished, Request, Stop, StopMode
from backend.protocol.watch import SAVING_SILENCE_SECONDS, WorkerWatch
from backend.protocol.wire import encode_request
from backend.runs.job_state import STDERR_FILE, begin_state, end_state
from backend.supervise import kill_with_children, stderr_tail

SILENCE_CHECK_MS = 1000
READ_BYTES = 256 * 1024  # at most this much is judged before the window gets its turn again
QUIT_SECONDS = 20.0


class WorkerJob(QObject):
    """A job being done.

    A running job is ended with the application: it is asked to stop and save, and killed only when it does
    not go within QUIT_SECONDS (a save in progress is waited for). When the window is killed, the worker sees
    the end of its stdin and does the same by itself.

    Signals:
        event: each WorkerEvent as it arrives.
        stopping: the worker was asked to end, wherever in the window.
        ended: Finished or Failed, once, after the process is gone.
    """

    event = Signal(object)  # type: ignore[assignment]  # QObject.event stays: PySide overrides it by methods only
    stopping = Signal()
    ended = Signal(object)

    def __init__(self, job_folder: Path, parent: QObject | None = None, command: list[str] | None = None) -> None:
        super().__init__(parent)
        self.folder = job_folder
        self.outcome: Finished | Failed | None = None
        self._command = command or worker_command(job_folder)
        self._watch = WorkerWatch(time.monotonic())
        self._pid = 0
        self._process = QProcess(self)
        self._process.setWorkingDirectory(str(REPOSITORY))
        environment = QProcessEnvironment()
        for name, value in worker_environment().items():
            environment.insert(name, value)
        self._process.setProcessEnvironment(environment)
        # a session of its own: Ctrl-C in a terminal must not reach it, and kill() takes its children along
        self._process.setUnixProcessParameters(QProcess.UnixProcessFlag.CreateNewSession)
        self._process.setStandardErrorFile(str(job_folder / STDERR_FILE), QProcess.OpenModeFlag.Append)
        self._process.readyReadStandardOutput.connect(self._read)
        self._process.finished.connect(self._on_finished)
        self._process.errorOccurred.connect(self._on_error)
        self._silence = QTimer(self)
        self._silence.setInterval(SILENCE_CHECK_MS)
        self._silence.timeout.connect(self._check_silence)
        self._more = QTimer(self)
        self._more.setSingleShot(True)
        self._more.setInterval(0)
        self._more.timeout.connect(self._read)
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.end_before_quit)
        self.destroyed.connect(_Sweeper(job_folder, self._process))  # bound to no method: by then there is no self

    def start(self) -> None:
        """Starts the worker; everything further comes as signals, a job that is already running too."""
        try:
            begin_state(self.folder)
        except (OSError, TanrenError) as error:
            self._end(from_exception(error).to_event())
            return
        self._watch = WorkerWatch(time.monotonic())
        self._silence.start()
        self._process.start(self._command[0], self._command[1:])
        self._pid = self._process.processId()

    def send(self, request: Request) -> None:
        """Sends a message to the worker. Raises TanrenError dialogue_too_large."""
        if self.is_running:
            self._process.write(encode_request(request))

    def stop(self, mode: StopMode = "save") -> None:
        """Asks the worker to end; it answers with `ended` in its own time."""
        self.send(Stop(mode))
        self.stopping.emit()

    def kill(self) -> None:
        """Ends the process and its children at once: only on the user's word, or after silence."""
        if self._pid:
            kill_with_children(self._pid)

    @property
    def is_running(self) -> bool:
        """Whether the process is there."""
        return self._process.state() != QProcess.ProcessState.NotRunning

    @property
    def is_saving(self) -> bool:
        """Whether the worker is in the middle of a save."""
        return self._watch.is_saving

    def wait(self, milliseconds: int) -> bool:
        """Waits for the process to end (when the window closes); True when it is gone."""
        return not self.is_running or self._process.waitForFinished(milliseconds)

    def end_before_quit(self) -> None:
        """Stops and saves, waits for that, and kills a worker that does not go."""
        if not self.is_running:
            return
        self.stop("save")
        self._process.closeWriteChannel()
        asked = time.monotonic()
        while not self.wait(100):
            waited = time.monotonic() - asked
            if self._watch.must_end or waited > (SAVING_SILENCE_SECONDS if self.is_saving else QUIT_SECONDS):
                self.kill()

    def _read(self) -> None:
        data = self._some_output() if self.is_running else bytes(self._process.readAllStandardOutput().data())
        for event in self._watch.feed(data, time.monotonic()):
            self.event.emit(event)
        if self._watch.must_end and self.is_running:
            self.kill()

    def _some_output(self) -> bytes:
        data = bytes(self._process.read(READ_BYTES).data())
        if self._process.bytesAvailable():
            self._more.start()
        return data

    def _check_silence(self) -> None:
        self._watch.check_silence(time.monotonic())
        if self._watch.must_end and self.is_running:
            self.kill()

    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            end_state(self.folder, "failed")
            self._end(TanrenError("worker_not_started", reason=self._process.errorString()).to_event())

    def _on_finished(self, exit_code: int, status: QProcess.ExitStatus) -> None:
        self._more.stop()
        self._read()
        self.kill()  # what the worker left behind
        self._pid = 0
        end_state(self.folder, self._watch.end_state)
        signal_or_code = -exit_code if status == QProcess.ExitStatus.CrashExit else exit_code
        self._end(self._watch.exited(signal_or_code, stderr_tail(self.folder)))

    def _end(self, outcome: Finished | Failed) -> None:
        if self.outcome is None:
            self._silence.stop()
            self.outcome = outcome
            self.ended.emit(outcome)


class _Sweeper:
    """Ends the worker of a WorkerJob that is destroyed while it runs (its children are still valid then)."""

    def __init__(self, folder: Path, process: QProcess) -> None:
        self._folder = folder
        self._process = process

    def __call__(self) -> None:
        if self._process.state() == QProcess.ProcessState.NotRunning:
            return
        self._process.blockSignals(True)
        kill_with_children(self._process.processId())
        self._process.waitForFinished()
        end_state(self._folder, "lost")
