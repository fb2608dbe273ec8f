"""The parent's side of the process that runs a chat template: asks it, waits so long, ends it."""

import contextlib
import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
import weakref
from typing import IO, Any, NamedTuple

from backend.data.dataset import Message
from backend.launch import REPOSITORY, worker_environment
from backend.protocol.errors import TanrenError
from backend.protocol.languages import Text

START_SECONDS = 120.0
LEAVE_SECONDS = 5.0
STDERR_TAIL_BYTES = 4000
# a template that was ended so often is not started again
ENDED_TOO_OFTEN = 3
_CPU_LIMIT_SIGNAL = -24  # SIGXCPU


class Limits(NamedTuple):
    """What one rendering may take: seconds of computing and of waiting, and MiB beyond the bare process."""

    cpu_seconds: int = 10
    wall_seconds: float = 30.0
    memory_mib: int = 512


class Request(NamedTuple):
    """One text to render: as the prompt for an answer, or whole; with the spans that {% generation %} marks."""

    messages: list[Message]
    tools: list[dict[str, Any]] | None
    wants_prompt: bool = False
    wants_marks: bool = False


class Rendered(NamedTuple):
    """A rendered text and its marked spans (characters from, to)."""

    text: str
    marks: list[tuple[int, int]]


class TemplateProcess:
    """A process that runs the templates of one tokenizer. Starts when first asked; ends with this object."""

    def __init__(self, tokenizer: Any, limits: Limits) -> None:
        """Raises ValueError where several templates are there and none of them is the default."""
        self._limits = limits
        self._opening = {
            "template": tokenizer.get_chat_template(None, None),
            "tools_template": tokenizer.get_chat_template(None, []),
            "special": tokenizer.special_tokens_map,
            "limits": {"cpu_seconds": limits.cpu_seconds, "memory_mib": limits.memory_mib},
        }
        self._child: _Child | None = None
        self._ended = 0
        self._reason: TanrenError | None = None

    @property
    def sources(self) -> list[str]:
        """The texts of the templates, for plain dialogues and for those with tools."""
        return [self._opening["template"], self._opening["tools_template"]]

    def ask(self, requests: list[Request]) -> list[Rendered | TanrenError]:
        """The answers in order; a TanrenError (template_unprovable, template_timeout, template_memory,
        template_crashed) stands for what could not be rendered. Raises the last such error when the process had to
        be ended for the third time."""
        answers: list[Rendered | TanrenError] = []
        while len(answers) < len(requests):
            if self._reason is not None and self._ended >= ENDED_TOO_OFTEN:
                raise self._reason
            self._ask_rest(requests[len(answers) :], answers)
        return answers

    def close(self) -> None:
        """Ends the process; the next question starts another."""
        if self._child:
            self._child.end()
            self._child = None

    def _ask_rest(self, requests: list[Request], answers: list[Rendered | TanrenError]) -> None:
        """Adds answers until all are there or the process has ended."""
        try:
            if self._child is None:
                self._child = _Child()
                self._child.send(self._opening)
                self._child.receive(START_SECONDS)
            self._child.send([list(request) for request in requests])
            for _ in requests:
                answers.append(_read_answer(self._child.receive(self._limits.wall_seconds)))
        except (queue.Empty, OSError, EOFError) as ended:
            answers.append(self._why_ended(isinstance(ended, queue.Empty)))
        except RecursionError as error:
            self.close()
            answers.append(TanrenError("template_unprovable", reason=f"{type(error).__name__}: {error}"))

    def _why_ended(self, timed_out: bool) -> TanrenError:
        status, printed = self._child.leave(timed_out) if self._child else (0, "")
        self.close()
        if timed_out or status == _CPU_LIMIT_SIGNAL:
            seconds = self._limits.wall_seconds if timed_out else self._limits.cpu_seconds
            self._reason = TanrenError("template_timeout", seconds=f"{seconds:g}")
        else:
            self._reason = TanrenError("template_crashed", status=status, detail=printed)
        self._ended += 1
        return self._reason


class _Child:
    """The running process, a thread that reads what it says, and the end of both."""

    def __init__(self) -> None:
        stderr = tempfile.TemporaryFile()  # noqa: SIM115 - closed by _end
        # numpy's threads would map more memory than a template ever needs
        environment = {**worker_environment(), "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        process = subprocess.Popen(
            [sys.executable, "-m", "backend.data.rendering.child", str(os.getpid())], cwd=REPOSITORY,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=stderr, env=environment)
        assert process.stdin and process.stdout
        self._stdin = process.stdin
        self._said: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._unread = bytearray()
        reader = threading.Thread(target=_read_all, args=(process.stdout.fileno(), self._said), daemon=True,
                                  name="template")
        reader.start()
        self._process, self._stderr = process, stderr
        self.end = weakref.finalize(self, _end, process, stderr, reader)  # also when the interpreter ends

    def send(self, value: Any) -> None:
        """Sends one frame. Raises OSError when the process is gone, RecursionError for too deep a value."""
        body = json.dumps(value).encode("ascii")
        self._stdin.write(len(body).to_bytes(8, "big") + body)
        self._stdin.flush()

    def receive(self, seconds: float) -> Any:
        """The next frame. Raises queue.Empty when nothing is said for `seconds`, EOFError when the process ended."""
        self._fill(8, seconds)
        length = int.from_bytes(self._unread[:8], "big")
        self._fill(8 + length, seconds)
        body = bytes(self._unread[8 : 8 + length])
        del self._unread[: 8 + length]
        return json.loads(body)

    def leave(self, hangs: bool) -> tuple[int, str]:
        """Its exit status and the end of what it printed; ends it when it `hangs`."""
        if hangs:
            self._process.kill()
        try:
            status = self._process.wait(LEAVE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            status = self._process.wait()
        self._stderr.seek(0, os.SEEK_END)
        self._stderr.seek(max(0, self._stderr.tell() - STDERR_TAIL_BYTES))
        return status, self._stderr.read().decode("utf-8", "replace")

    def _fill(self, count: int, seconds: float) -> None:
        while len(self._unread) < count:
            data = self._said.get(timeout=seconds)
            if not data:
                raise EOFError
            self._unread += data


def _read_answer(answer: dict[str, Any]) -> Rendered | TanrenError:
    if "text" in answer:
        return Rendered(answer["text"], [(start, end) for start, end in answer["marks"]])
    if answer["memory"]:
        return TanrenError("template_memory", reason=answer["failed"])
    return TanrenError("template_unprovable", reason=Text(
        f"the template stopped with {answer['failed']}", f"テンプレートが途中で止まりました: {answer['failed']}"))


def _read_all(descriptor: int, said: "queue.SimpleQueue[bytes]") -> None:
    """Hands on what the process says; an empty text at its end."""
    while True:
        try:
            data = os.read(descriptor, 2**18)
        except OSError:
            data = b""
        said.put(data)
        if not data:
            return


def _end(process: subprocess.Popen[bytes], stderr: IO[bytes], reader: threading.Thread) -> None:
    process.kill()
    process.wait()
    reader.join(LEAVE_SECONDS)
    for pipe in (process.stdin, process.stdout, stderr):
        if pipe:
            with contextlib.suppress(OSError):  # what could not be sent any more
                pipe.close()
