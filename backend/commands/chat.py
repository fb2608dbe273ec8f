"""main.py chat: talk to a GGUF file, one question or a whole conversation."""

import argparse
import contextlib
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import msgspec

from backend.commands.arguments import Commands
from backend.commands.export import DEFAULT_QUANT
from backend.commands.terminal import Terminal
from backend.commands.work import JobFailed, file_path
from backend.config.export import check_quantization
from backend.config.jobs import ChatJob
from backend.home import home_folder
from backend.protocol.errors import TanrenError
from backend.protocol.languages import Text
from backend.protocol.messages import Cancel, Failed, Generate, Reply, Sampling, Stop, Token, WorkerEvent
from backend.runs.chats import Chat, new_chat, save_chat, with_message
from backend.runs.job_state import settle_state
from backend.runs.origin import stale
from backend.runs.run import Run, create_look, find_run
from backend.supervise import Worker

LEAVE, AFRESH = "/bye", "/new"


def add(commands: Commands) -> None:
    """Adds the command."""
    say, defaults = commands.say, Sampling()
    parser = commands.add("chat", Text("talk to the GGUF file of a run", "学習した GGUF ファイルと会話する"), run)
    parser.add_argument("source", metavar="RUN|GGUF", help=say("run, or a GGUF file", "学習、または GGUF ファイル"))
    parser.add_argument("--prompt", default=None, metavar="TEXT", help=say("one question", "質問を 1 つだけする"))
    parser.add_argument("--system", default="", metavar="TEXT", help=say("system prompt", "システムプロンプト"))
    parser.add_argument("--quant", default="", metavar="NAME",
                        help=say("which GGUF file of the run", "どの量子化を使うか"))
    parser.add_argument("--temperature", type=float, default=defaults.temperature, metavar="X",
                        help=say("0 gives the most likely answer", "0 で最も確からしい回答"))
    parser.add_argument("--top-p", type=float, default=defaults.top_p, metavar="X", help="nucleus")
    parser.add_argument("--max-tokens", type=int, default=defaults.max_tokens, metavar="N",
                        help=say("longest reply", "返答の最大トークン数"))
    parser.add_argument("--seed", type=int, default=None, metavar="N", help=say("repeatable replies", "返答を再現する"))
    parser.add_argument("--context", type=int, default=ChatJob(gguf="").context, metavar="N",
                        help=say("tokens of the whole conversation", "会話全体のトークン数"))


def run(arguments: argparse.Namespace, terminal: Terminal) -> dict[str, Any]:
    """One reply with --prompt or piped input, else a conversation until /bye."""
    home = home_folder(getattr(arguments, "home", None))
    sampling = _sampling(arguments)
    prompt = arguments.prompt
    if prompt is None and not sys.stdin.isatty():
        prompt = sys.stdin.read()
    if prompt is not None and not prompt.strip():
        raise TanrenError("bad_option", option="--prompt", reason=Text("empty", "空です"))
    gguf, chats, made = _find(home, arguments.source, arguments.quant)
    old = stale(made, gguf.parent) if made else None
    if old:
        words = old.text()
        terminal.note(f"! {gguf.name}: {words.en}. Export again to chat with what was learned since.",
                      f"! {gguf.name}: {words.ja}。その後の学習内容で会話するには、もう一度書き出してください。")
    job = ChatJob(gguf=str(gguf), context=arguments.context)
    with _Conversation(made.new_job(job, "chat") if made else create_look(home, job, "chat"), terminal) as talk:
        chat = new_chat(gguf, arguments.system, sampling)
        if prompt is None:
            return _converse(talk, chat, chats, terminal)
        chat, reply = _exchange(talk, chat, prompt, chats)
        terminal.say("", "")
        return {"reply": reply.text, "tokens": reply.tokens, "tokens_per_second": reply.tokens_per_second,
                "stop_reason": reply.stop_reason, "gguf": str(gguf), "stale": msgspec.to_builtins(old)}


class _Conversation:
    """A chat worker that is kept while questions are asked one after the other."""

    def __init__(self, job: Path, terminal: Terminal) -> None:
        self._terminal = terminal
        self._worker = Worker(job)
        self._events: Iterator[WorkerEvent] = iter(self._worker)
        self._asked = 0

    def __enter__(self) -> "_Conversation":
        return self

    def __exit__(self, *_: object) -> None:
        self._worker.send(Stop("discard"))
        for _event in self._events:
            pass
        self._terminal.clear()

    def ask(self, messages: list[dict[str, str]], sampling: Sampling) -> Reply:
        """The reply, shown as it appears; Ctrl-C ends it early. Raises JobFailed, or TanrenError when refused."""
        self._asked += 1
        self._worker.send(Generate(self._asked, messages, sampling))
        before = signal.signal(signal.SIGINT, self._interrupted)
        try:
            return self._await_reply()
        finally:
            signal.signal(signal.SIGINT, before)

    def _await_reply(self) -> Reply:
        while True:
            event = next(self._events, None)
            if event is None:
                assert isinstance(self._worker.outcome, Failed)
                raise JobFailed(self._worker.outcome)
            if isinstance(event, Token):
                self._show(event.text)
            elif isinstance(event, Reply) and event.id == self._asked:
                if event.stop_reason == "refused":
                    raise TanrenError(event.code, **event.values)
                return event
            else:
                self._terminal.event(event)

    def _interrupted(self, _signal: int, _frame: FrameType | None) -> None:
        """The first Ctrl-C ends the reply, the next one the command."""
        self._worker.send(Cancel(self._asked))
        signal.signal(signal.SIGINT, signal.default_int_handler)

    def _show(self, text: str) -> None:
        self._terminal.clear()
        if not self._terminal.as_json:
            print(text, end="", flush=True)


def _converse(talk: _Conversation, chat: Chat, chats: Path, terminal: Terminal) -> dict[str, Any]:
    with contextlib.suppress(ImportError):
        import readline  # noqa: F401  line editing and history for input()
    terminal.note(f"{LEAVE} ends, {AFRESH} starts a new conversation, Ctrl-C ends a reply.",
                  f"{LEAVE} で終了、{AFRESH} で新しい会話、Ctrl-C で返答を中断します。")
    replies = 0
    while True:
        try:
            question = input("\n> ").strip()
        except (EOFError, KeyboardInterrupt):
            break
        if question == LEAVE:
            break
        if question == AFRESH:
            chat = new_chat(Path(chat.gguf), chat.system, chat.sampling)
        elif question:
            try:
                chat, _ = _exchange(talk, chat, question, chats)
                replies += 1
            except TanrenError as error:
                terminal.failure(error.to_event())
    return {"replies": replies}


def _exchange(talk: _Conversation, chat: Chat, question: str, chats: Path) -> tuple[Chat, Reply]:
    """Asks, and keeps question and answer on disk, the question before it is answered."""
    asked = with_message(chat, "user", question)
    save_chat(chats, asked)
    reply = talk.ask(asked.prompt(), chat.sampling)
    answered = with_message(asked, "assistant", reply.text)
    save_chat(chats, answered)
    return answered, reply


def _find(home: Path, source: str, quant: str) -> tuple[Path, Path, Run | None]:
    """(GGUF file, folder of its chats, its run) of a run or, without one, of a file by itself.

    Raises TanrenError run_missing, gguf_missing or quant_unknown.
    """
    if source.lower().endswith(".gguf") or Path(source).is_file():
        return file_path(source), home / "chats", None
    run = find_run(home, source)
    for job in run.job_folders():
        settle_state(job)
    files = run.gguf_files()
    wanted = check_quantization(quant) if quant else DEFAULT_QUANT
    if wanted not in files and (quant or not files):
        raise TanrenError("gguf_missing", run=run.id)
    return files.get(wanted) or next(iter(files.values())), run.chats, run


def _sampling(arguments: argparse.Namespace) -> Sampling:
    for option, value, low, high in (
        ("--temperature", arguments.temperature, 0.0, 10.0), ("--top-p", arguments.top_p, 0.01, 1.0),
        ("--max-tokens", arguments.max_tokens, 1, 1_000_000), ("--context", arguments.context, 16, 10_000_000),
        ("--seed", arguments.seed or 0, 0, 2**31 - 1),
    ):
        if not low <= value <= high:
            raise TanrenError("bad_option", option=option, reason=f"{low:g} – {high:g}")
    return Sampling(temperature=arguments.temperature, top_p=arguments.top_p, max_tokens=arguments.max_tokens,
                    seed=arguments.seed)
