"""Every message that crosses the pipe between window (or command line) and worker: one JSON object a line."""

import time
from typing import Any, Literal

import msgspec

from backend.protocol.languages import Language, Text
from backend.protocol.version import PROTOCOL_VERSION

StopMode = Literal["save", "discard"]
StopReason = Literal["end", "length", "cancelled", "refused"]


class Sampling(msgspec.Struct, frozen=True, kw_only=True):
    """How a reply is sampled. `temperature` 0 is greedy; `seed` None draws a new one."""

    temperature: float = 0.7
    top_p: float = 0.95
    max_tokens: int = 512
    seed: int | None = None


# --- window -> worker ---------------------------------------------------------------------------


class Stop(msgspec.Struct, frozen=True, tag="stop"):
    """End the job; `save` keeps what is needed to resume, `discard` does not write a checkpoint."""

    mode: StopMode = "save"


class Generate(msgspec.Struct, frozen=True, tag="generate"):
    """Answer a dialogue; `messages` are {"role", "content"} objects, system prompt included."""

    id: int
    messages: list[dict[str, str]]
    sampling: Sampling = Sampling()


class Cancel(msgspec.Struct, frozen=True, tag="cancel"):
    """End the reply `id` at the next token; the worker stays."""

    id: int


Request = Stop | Generate | Cancel


# --- worker -> window ---------------------------------------------------------------------------


class Event(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """What every event carries: `time`, seconds since the epoch at which it was sent."""

    time: float = msgspec.field(default_factory=time.time)


class Hello(Event, frozen=True, kw_only=True, tag="hello"):
    """The first line, sent before torch is imported. `lock` is the network lock: seccomp, audit_hook."""

    build: str
    pid: int
    lock: str
    protocol: int = PROTOCOL_VERSION


class Phase(Event, frozen=True, kw_only=True, tag="phase"):
    """The job entered a named part of its work (see backend.protocol.phases for the names)."""

    name: str


class Progress(Event, frozen=True, kw_only=True, tag="progress"):
    """`done` of `total` `unit`s (steps, rows, tensors, bytes, tokens); total 0 = not known yet."""

    done: int
    total: int
    unit: str


class Metric(Event, frozen=True, kw_only=True, tag="metric"):
    """Figures measured at a training step, e.g. loss, held_out_loss, learning_rate, tokens_per_second."""

    step: int
    values: dict[str, float]


class Alive(Event, frozen=True, kw_only=True, tag="alive"):
    """Sent every 2 s: resident memory and, where there is a GPU, its memory (MiB) and load (percent)."""

    ram: float
    vram: float | None = None
    gpu: float | None = None


class Log(Event, frozen=True, kw_only=True, tag="log"):
    """A line for the log view; `text_ja` is the same in Japanese, empty where `text` needs no translation."""

    level: Literal["info", "warning", "error"]
    text: str
    text_ja: str = ""

    def in_language(self, language: Language) -> str:
        """The line in `language`."""
        return Text(self.text, self.text_ja or self.text).in_language(language)


class Artifact(Event, frozen=True, kw_only=True, tag="artifact"):
    """Something finished lies on disk: checkpoint, merged, gguf, scores, rows … `path` is absolute."""

    kind: str
    path: str


class Token(Event, frozen=True, kw_only=True, tag="token"):
    """The next piece of text of the reply `id`."""

    id: int
    text: str


class Reply(Event, frozen=True, kw_only=True, tag="reply"):
    """The reply `id` is complete; `refused` says in `code` and `values` why there is none (the chat goes on)."""

    id: int
    text: str
    tokens: int
    tokens_per_second: float
    stop_reason: StopReason
    code: str = ""
    values: dict[str, str] = {}


class Finished(Event, frozen=True, kw_only=True, tag="finished"):
    """Last line of a job that did its work (`state` succeeded) or was stopped on request (stopped)."""

    state: Literal["succeeded", "stopped"]
    result: dict[str, Any]


class Failed(Event, frozen=True, kw_only=True, tag="failed"):
    """Last line of a job that failed. `code` and `values` let the window say it in its own language."""

    kind: str
    message: str
    hint: str
    detail: str = ""
    code: str = ""
    values: dict[str, str] = {}


WorkerEvent = (
    Hello | Phase | Progress | Metric | Alive | Log | Artifact | Token | Reply | Finished | Failed
)
