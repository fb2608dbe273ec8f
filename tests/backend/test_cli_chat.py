"""main.py chat with a GGUF file that says what the test wants: one question, piped input, a conversation."""

import errno
import json
import os
import pty
import select
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from backend.config.train import TrainConfig
from backend.export.converter_pack import find_converter
from backend.launch import REPOSITORY
from backend.protocol.errors import TanrenError
from backend.runs.chats import list_chats
from backend.runs.manifests import write_manifest
from backend.runs.origin import origin_facts
from backend.runs.run import create_run
from tests.backend.spoken_gguf import JAPANESE, LOOP, write_spoken_gguf

COMMAND = [sys.executable, str(REPOSITORY / "main.py"), "chat"]
SECONDS = 120.0


def converter_is_there() -> bool:
    """Whether set-up has fetched what writes GGUF files."""
    try:
        find_converter(Path("/nonexistent"))
    except TanrenError:
        return False
    return True


pytestmark = pytest.mark.skipif(not converter_is_there(), reason="the converter is fetched at set-up")


@pytest.fixture(scope="module")
def gguf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """J… is answered with JAPANESE, L… with LOOP for ever."""
    return write_spoken_gguf(tmp_path_factory.mktemp("gguf") / "spoken.gguf")


def test_one_question(gguf: Path, home: Path) -> None:
    arguments = ["--prompt", "J", "--system", "Be brief.", "--temperature", "0", "--json"]
    done = subprocess.run([*COMMAND, str(gguf), *arguments], capture_output=True, timeout=SECONDS, check=True)
    result = json.loads(done.stdout)
    assert (result["reply"], result["stop_reason"]) == (JAPANESE, "end")
    assert result["tokens"] > 0 and result["tokens_per_second"] > 0
    [chat] = list_chats(home / "chats")
    assert chat.system == "Be brief."
    assert [message.content for message in chat.messages] == ["J", JAPANESE]


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_file_older_than_the_run_is_told(gguf: Path, home: Path, monkeypatch: pytest.MonkeyPatch,
                                           language: str) -> None:
    monkeypatch.setenv("TANREN_LANGUAGE", language)
    run = create_run(home, home / "model", home / "rows.jsonl", TrainConfig(), name="desk")
    checkpoint = run.checkpoints / "step-000050"
    checkpoint.mkdir(parents=True)
    (checkpoint / "adapter_model.safetensors").write_bytes(b"50")
    origin = origin_facts(checkpoint.name, write_manifest(checkpoint, "checkpoint"))
    folder = run.gguf / "Q4_K_M"
    folder.mkdir(parents=True)
    shutil.copy(gguf, folder / "desk.gguf")
    write_manifest(folder, "gguf", facts={"quant": "Q4_K_M", **origin})
    scores = run.scores / "tuned"
    scores.mkdir(parents=True)
    (scores / "scores.json").write_text('{"exact_match": {"value": 0.5, "low": 0.1, "high": 0.9}}')
    write_manifest(scores, "scores", facts=origin)
    told = {"en": "made from step 50; the run is now at step 228",
            "ja": "ステップ 50 から作成。学習は現在ステップ 228"}[language]

    def command(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, str(REPOSITORY / "main.py"), *arguments], capture_output=True,
                              text=True, timeout=SECONDS, check=True)

    fresh = command("chat", "desk", "--prompt", "J", "--json")
    assert json.loads(fresh.stdout)["stale"] is None and told not in fresh.stderr
    assert told not in command("runs", "show", "desk").stdout
    later = run.checkpoints / "step-000228"
    later.mkdir()
    (later / "adapter_model.safetensors").write_bytes(b"228")
    write_manifest(later, "checkpoint")
    old = command("chat", "desk", "--prompt", "J", "--json")
    assert json.loads(old.stdout)["stale"] == {"made_from": 50, "newest": 228} and told in old.stderr
    assert command("runs", "show", "desk").stdout.count(told) == 2  # the file and the score
    assert set(json.loads(command("runs", "show", "desk", "--json").stdout)["stale"]) == {"Q4_K_M", "scores/tuned"}


def test_a_question_through_a_pipe_and_the_longest_reply(gguf: Path) -> None:
    done = subprocess.run([*COMMAND, str(gguf), "--max-tokens", "12"], input=b"Loop\n", capture_output=True,
                          timeout=SECONDS, check=True)
    assert done.stdout.decode().strip() == (LOOP * 2)[:12]


def test_a_question_that_does_not_fit(gguf: Path) -> None:
    done = subprocess.run([*COMMAND, str(gguf), "--context", "64", "--prompt", "J" * 500, "--json"],
                          capture_output=True, timeout=SECONDS, check=False)
    assert done.returncode == 2
    assert "64" in json.loads(done.stdout)["error"]["message"]


def test_a_book_through_a_pipe_is_refused_and_not_waited_for(gguf: Path) -> None:
    done = subprocess.run([*COMMAND, str(gguf), "--json"], input=("本" * 400_000).encode(), capture_output=True,
                          timeout=SECONDS, check=False)
    assert done.returncode == 2
    error = json.loads(done.stdout)["error"]
    assert error["code"] == "dialogue_too_large" and "1024 KiB" in error["message"]


@pytest.mark.parametrize(
    "option", [["--temperature", "-1"], ["--top-p", "2"], ["--max-tokens", "0"], ["--prompt", " "]])
def test_values_out_of_bounds(gguf: Path, option: list[str]) -> None:
    done = subprocess.run([*COMMAND, str(gguf), "--prompt", "J", *option, "--json"], capture_output=True,
                          timeout=SECONDS, check=False)
    assert done.returncode == 2
    assert json.loads(done.stdout)["error"]["kind"] == "bad_config"


class Terminal:
    """A pseudo terminal with the command in it."""

    def __init__(self, command: list[str]) -> None:
        self._descriptor, other_side = pty.openpty()
        self.process = subprocess.Popen(command, stdin=other_side, stdout=other_side, stderr=other_side,
                                        start_new_session=True)
        os.close(other_side)
        self.seen = ""

    def wait_for(self, words: str) -> str:
        """Everything up to `words`."""
        deadline = time.monotonic() + SECONDS
        while words not in self.seen:
            assert time.monotonic() < deadline and self._read(), self.seen
        before, _, self.seen = self.seen.partition(words)
        return before

    def type(self, text: str) -> None:
        """Sends keys."""
        os.write(self._descriptor, text.encode())

    def end(self) -> int:
        """The exit status."""
        while self._read():
            pass
        os.close(self._descriptor)
        return self.process.wait(SECONDS)

    def _read(self) -> bool:
        """Takes in what there is; False when the command has gone."""
        if select.select([self._descriptor], [], [], 0.2)[0]:
            try:
                self.seen += os.read(self._descriptor, 4096).decode("utf-8", "replace")
            except OSError as error:
                assert error.errno == errno.EIO  # the other side is closed
                return False
        return True


def test_a_conversation_at_a_terminal(gguf: Path, home: Path) -> None:
    """A reply, an endless reply ended by Ctrl-C, a new conversation, the end."""
    terminal = Terminal([*COMMAND, str(gguf), "--temperature", "0", "--max-tokens", "100000", "--context", "16384"])
    terminal.wait_for("\n> ")
    terminal.type("J\n")
    assert JAPANESE in terminal.wait_for("\n> ")
    terminal.type("Loop\n")
    terminal.wait_for(LOOP)
    terminal.process.send_signal(signal.SIGINT)
    terminal.wait_for("\n> ")
    terminal.type("/new\n")
    terminal.wait_for("> ")
    terminal.type("J again\n")
    assert JAPANESE in terminal.wait_for("\n> ")
    terminal.type("/bye\n")
    assert terminal.end() == 0
    contents = sorted([message.content for message in chat.messages] for chat in list_chats(home / "chats"))
    assert [len(messages) for messages in contents] == [4, 2]
    assert contents[0][:3] == ["J", JAPANESE, "Loop"]
    assert contents[0][3].startswith(LOOP)
    assert contents[1] == ["J again", JAPANESE]
