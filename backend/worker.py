"""One job in one process, on a wire that is claimed and a network that is locked: say hello, work, say how it ended."""

import os
import signal
import sys
import threading
import time
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import msgspec

from backend.config import jobs
from backend.first_moments import Begun
from backend.hardware.usage import Usage, gpu_peak_mib, peak_mib
from backend.protocol.errors import TanrenError, from_exception
from backend.protocol.messages import Failed, Finished, Hello
from backend.protocol.wire import BadLine, LineSplitter, decode_request, encode_line, is_too_long
from backend.report import Report, Stopped
from backend.runs.job_state import LOCK_FILE
from backend.runs.locks import FileLock
from backend.runs.run import Run, hold_run
from backend.stages import stages_of
from backend.version import BUILD

ALIVE_SECONDS = 2.0
DETAIL_CHARACTERS, WORDS_CHARACTERS = 20_000, 2_000  # of a last word that would not fit on a line


def main(job_folder: Path, begun: Begun) -> int:
    """Runs the job in `job_folder`; the exit status is 0 done or stopped, 1 failed."""
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the supervisor's; it sends a stop message
    hello = Hello(build=BUILD, pid=os.getpid(), lock=begun.lock)
    lock = FileLock(job_folder / LOCK_FILE)
    if not lock.acquire():  # events.jsonl and state.json are the other worker's
        refusal = TanrenError("job_running", path=job_folder).to_event()
        os.write(begun.wire, encode_line(hello) + encode_line(refusal))
        return 1
    try:
        report = Report(job_folder, begun.wire)
        signal.signal(signal.SIGTERM, lambda *_: _stop_soon(report))
        try:
            report.send(hello)
        except OSError:  # a full disk is told by the job, which can only speak after hello
            report.send_only(hello)
        return _work(job_folder, report)
    finally:
        lock.release()


def _work(job_folder: Path, report: Report) -> int:
    threading.Thread(target=_read_requests, args=(report,), daemon=True, name="requests").start()
    threading.Thread(target=_show_life, args=(report,), daemon=True, name="alive").start()
    try:
        report.set_state("running")
        report.phase("starting")
        job = _read_job(job_folder)
        started = time.monotonic()
        result: dict[str, Any] = {}
        with _claim(job):
            for stage in stages_of(job):
                result = stage(job, report)
        state: Any = result.get("state") or "succeeded"
        if report.refusal:
            raise report.refusal
        gpu = gpu_peak_mib()
        figures = {"seconds": round(time.monotonic() - started, 3), "peak_mib": round(peak_mib(), 1),
                   "gpu_peak_mib": None if gpu is None else round(gpu, 1)}
        _end(report, Finished(state=state, result={**figures, **result}), state)
        return 0
    except Stopped as stop:
        if report.refusal:
            _end(report, report.refusal.to_event(), "failed")
            return 1
        _end(report, Finished(state="stopped", result={"mode": stop.mode}), "stopped")
        return 0
    except BaseException as error:  # everything must reach the window as `failed`
        _end(report, _fitting(from_exception(error).to_event()), "failed")
        return 1


def _claim(job: Any) -> AbstractContextManager[None]:
    """The lock on the run that the job changes; a chat and a look change none."""
    if isinstance(job, jobs.TrainJob | jobs.EvaluateJob | jobs.RowLossesJob | jobs.MergeJob | jobs.ExportJob):
        return hold_run(Run(Path(job.run)))
    return nullcontext()


def _fitting(last: Failed) -> Failed:
    """`last`, cut where it would not fit on a line (an error may quote megabytes)."""
    if not is_too_long(encode_line(last)):
        return last
    values = {name: value[:WORDS_CHARACTERS] for name, value in last.values.items()}
    return msgspec.structs.replace(last, message=last.message[:WORDS_CHARACTERS], hint=last.hint[:WORDS_CHARACTERS],
                                   detail=last.detail[-DETAIL_CHARACTERS:], values=values)


def _end(report: Report, last: Any, state: Any) -> None:
    """Sends the last line, then writes the state; a full disk must not keep the message from leaving."""
    try:
        report.send(last)
    except OSError:
        report.send_only(last)
    try:
        report.set_state(state)
    except OSError as error:
        print(f"state not written: {error}", file=sys.stderr)


def _read_job(job_folder: Path) -> Any:
    path = job_folder / "job.json"
    try:
        return msgspec.json.decode(path.read_bytes(), type=jobs.Job)
    except (OSError, msgspec.MsgspecError) as error:
        raise TanrenError("job_unreadable", path=path, reason=str(error)) from error


def _stop_soon(report: Report) -> None:
    """Asks for the stop from a thread of its own: a signal may come while this thread holds the report's locks."""
    threading.Thread(target=report.ask_to_stop, args=("save",), daemon=True, name="sigterm").start()


def _read_requests(report: Report) -> None:
    """Reads fd 0 with os.read (iterating sys.stdin in a thread makes clean exits slow and abort)."""
    splitter = LineSplitter()
    while True:
        try:
            data = os.read(0, 65536)
        except OSError:
            data = b""
        if not data:
            report.ask_to_stop("save")  # the window died
            return
        try:
            for line in splitter.feed(data):
                report.receive(decode_request(line))
        except BadLine as error:  # passed over, it would leave a window waiting for an answer for ever
            report.refuse(TanrenError("request_unreadable", reason=str(error)))


def _show_life(report: Report) -> None:
    usage = Usage()
    while True:
        try:
            ram, vram, gpu = usage.now()
            report.alive(ram, vram, gpu)
        except OSError:
            pass  # a full disk shows itself in the job
        except Exception as error:  # without a sign of life the window would take this worker for dead
            print(f"no sign of life: {error!r}", file=sys.stderr)
        time.sleep(ALIVE_SECONDS)
