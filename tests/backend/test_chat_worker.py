"""The chat worker, as a process, on a real GGUF file: streaming, cancelling, several turns, bad requests, its end."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from backend.chat.session import ChatSession
from backend.config.jobs import ChatJob
from backend.launch import REPOSITORY, worker_command, worker_environment
from backend.protocol.errors import TanrenError
from backend.protocol.messages import (
    Cancel,
    Failed,
    Finished,
    Generate,
    Hello,
    Log,
    Phase,
    Reply,
    Request,
    Sampling,
    Stop,
    Token,
    WorkerEvent,
)
from backend.protocol.wire import decode_event, encode_line
from backend.runs.job_state import read_state
from backend.runs.run import create_job
from backend.supervise import Worker
from tests.backend.spoken_gguf import DIGITS, JAPANESE, LOOP, write_spoken_gguf

GREEDY = Sampling(temperature=0.0, max_tokens=200)


@pytest.fixture(scope="module")
def gguf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_spoken_gguf(tmp_path_factory.mktemp("gguf") / "spoken.gguf")


def ask(number: int, text: str, sampling: Sampling = GREEDY) -> Generate:
    return Generate(number, [{"role": "user", "content": text}], sampling)


def talk(
    folder: Path, gguf: Path, answer_to: Callable[[WorkerEvent], Request | None], context: int = 4096
) -> tuple[list[WorkerEvent], Finished | Failed]:
    """Runs a chat worker; `answer_to` says what to send after each event."""
    worker = Worker(create_job(folder / "jobs", ChatJob(gguf=str(gguf), context=context), "chat"))
    events = []
    for event in worker:
        events.append(event)
        request = answer_to(event)
        if request is not None:
            worker.send(request)
    assert worker.outcome is not None
    return events, worker.outcome


def in_turn(requests: list[Request]) -> Callable[[WorkerEvent], Request | None]:
    """Sends the requests one by one: the first when the worker is ready, the next after each reply."""
    waiting: Iterator[Request] = iter(requests)

    def next_request(event: WorkerEvent) -> Request | None:
        if (isinstance(event, Phase) and event.name == "ready") or isinstance(event, Reply):
            return next(waiting, Stop())
        return None

    return next_request


def replies_of(events: list[WorkerEvent]) -> list[Reply]:
    return [event for event in events if isinstance(event, Reply)]


def test_streams_whole_characters_and_stops_at_the_stop_token(tmp_path: Path, gguf: Path) -> None:
    events, outcome = talk(tmp_path, gguf, in_turn([ask(7, "Japanese?")]))
    assert isinstance(events[0], Hello)
    phases = [event.name for event in events if isinstance(event, Phase)]
    assert phases == ["starting", "loading_gguf", "ready"]
    pieces = [event.text for event in events if isinstance(event, Token)]
    assert pieces == list(JAPANESE)  # every byte is a token: each character came only when it was whole
    [reply] = replies_of(events)
    assert (reply.id, reply.text, reply.stop_reason) == (7, JAPANESE, "end")
    assert reply.tokens == len(JAPANESE.encode())
    assert reply.tokens_per_second > 0
    assert isinstance(outcome, Finished) and (outcome.state, outcome.result["replies"]) == ("succeeded", 1)


def test_a_reply_ends_at_its_length_and_a_cut_character_is_left_out(tmp_path: Path, gguf: Path) -> None:
    events, _ = talk(tmp_path, gguf, in_turn([ask(1, "J", Sampling(temperature=0.0, max_tokens=5))]))
    [reply] = replies_of(events)
    assert (reply.text, reply.tokens, reply.stop_reason) == (JAPANESE[0], 5, "length")


def test_cancel_ends_the_reply_and_the_next_one_works(tmp_path: Path, gguf: Path) -> None:
    endless = Sampling(temperature=0.0, max_tokens=10**6)
    normal = in_turn([ask(1, "Loop", endless), ask(2, "J")])
    sent = []

    def answer_to(event: WorkerEvent) -> Request | None:
        if isinstance(event, Token) and event.id == 1 and not sent:
            sent.append(event)
            return Cancel(1)
        return normal(event)

    events, _ = talk(tmp_path, gguf, answer_to, context=16384)
    first, second = replies_of(events)
    assert first.stop_reason == "cancelled"
    assert 0 < first.tokens < 16000 and (LOOP * 2000).startswith(first.text)
    assert (second.text, second.stop_reason) == (JAPANESE, "end")


def test_a_stop_is_heard_while_the_prompt_is_still_read(gguf: Path) -> None:
    """Before the first token, in the middle of a batch; what was read of the prompt spoils no later reply."""
    with ChatSession(gguf, context=8192) as session:
        for patience in (1, 2, 5):
            prompt = [{"role": "user", "content": "J" + str(patience) * 3000}]
            asked: list[int] = []
            pieces: list[str] = []

            def impatient(asked: list[int] = asked, patience: int = patience) -> bool:
                asked.append(1)
                return len(asked) >= patience

            answer = session.reply(prompt, GREEDY, pieces.append, impatient)
            assert (answer.stop_reason, answer.tokens, pieces) == ("cancelled", 0, [])
            assert len(asked) == patience  # it went no further
            assert session.reply(prompt, GREEDY, pieces.append).text == JAPANESE


def test_two_turns_and_a_seed_that_gives_the_same_again(tmp_path: Path, gguf: Path) -> None:
    draw = Sampling(temperature=1.0, max_tokens=40, seed=11)
    other = Sampling(temperature=1.0, max_tokens=40, seed=12)
    free = Sampling(temperature=1.0, max_tokens=40)
    dialogue = [{"role": "system", "content": "s"}, {"role": "user", "content": "first"},
                {"role": "assistant", "content": "answer"}, {"role": "user", "content": "R"}]
    events, _ = talk(tmp_path, gguf, in_turn([
        ask(1, "R", draw), ask(2, "R", draw), ask(3, "R", other), Generate(4, dialogue, draw), ask(5, "R", free),
        ask(6, "R", free),
    ]))
    texts = [reply.text for reply in replies_of(events)]
    assert all(len(text) == 40 and set(text) <= set(DIGITS) for text in texts)
    assert texts[0] == texts[1] == texts[3]
    assert len({texts[0], texts[2], texts[4], texts[5]}) == 4


def test_a_dialogue_that_does_not_fit_is_refused_and_the_chat_goes_on(tmp_path: Path, gguf: Path) -> None:
    events, outcome = talk(tmp_path, gguf, in_turn([ask(1, "J" * 600), ask(2, "J")]), context=512)
    refused, answered = replies_of(events)
    assert (refused.stop_reason, refused.code, refused.text) == ("refused", "prompt_too_long", "")
    assert int(refused.values["tokens"]) > 600 and refused.values["context"] == "512"
    assert any(isinstance(event, Log) and event.level == "error" for event in events)
    assert answered.text == JAPANESE
    assert isinstance(outcome, Finished)


def test_a_full_context_ends_the_reply(tmp_path: Path, gguf: Path) -> None:
    events, _ = talk(tmp_path, gguf, in_turn([ask(1, "L", Sampling(temperature=0.0, max_tokens=5000))]), context=512)
    [reply] = replies_of(events)
    assert reply.stop_reason == "length" and 400 < reply.tokens < 512


def test_end_of_stdin_in_the_middle_of_a_reply_ends_the_worker(tmp_path: Path, gguf: Path) -> None:
    folder = create_job(tmp_path / "jobs", ChatJob(gguf=str(gguf), context=16384), "chat")
    with subprocess.Popen(worker_command(folder), cwd=REPOSITORY, env=worker_environment(), stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdin and process.stdout
        process.stdin.write(encode_line(ask(1, "Loop", Sampling(temperature=0.0, max_tokens=10**6))))
        process.stdin.flush()
        events: list[WorkerEvent] = []
        for line in process.stdout:
            events.append(decode_event(line))
            if isinstance(events[-1], Token) and not process.stdin.closed:
                process.stdin.close()
        assert process.wait() == 0
    assert replies_of(events)[0].stop_reason == "cancelled"
    assert isinstance(events[-1], Finished)
    assert read_state(folder) in ("stopped", "succeeded")


def test_what_cannot_be_chatted_with_fails_with_a_word(tmp_path: Path, gguf: Path) -> None:
    text = tmp_path / "text.gguf"
    text.write_bytes(b"this is no model")
    cut = tmp_path / "cut.gguf"
    cut.write_bytes(gguf.read_bytes()[:-1000])
    missing = tmp_path / "missing.gguf"
    for file, reason in ((text, "magic"), (cut, "not within the file bounds"), (missing, "no such file")):
        with pytest.raises(TanrenError) as caught:
            ChatSession(file)
        assert caught.value.code == "gguf_unreadable"
        assert reason in caught.value.detail
    bare = write_spoken_gguf(tmp_path / "bare.gguf", template=None)
    _, outcome = talk(tmp_path, bare, in_turn([]))
    assert isinstance(outcome, Failed) and outcome.code == "gguf_no_template"


def test_a_template_that_is_no_template_fails_with_a_word(tmp_path: Path) -> None:
    broken = write_spoken_gguf(tmp_path / "broken.gguf", template="{% for message in messages %}")
    with pytest.raises(TanrenError) as caught:
        ChatSession(broken)
    assert caught.value.code == "gguf_unreadable"


def test_a_template_that_refuses_a_dialogue_is_said_so(tmp_path: Path) -> None:
    strict = "{% if messages | length > 1 %}{{ raise_exception('one turn only') }}{% endif %}L"
    with ChatSession(write_spoken_gguf(tmp_path / "strict.gguf", template=strict), 512) as session:
        with pytest.raises(TanrenError) as caught:
            session.reply([{"role": "user", "content": "a"}] * 2, GREEDY, lambda text: None)
        assert caught.value.code == "prompt_refused" and "one turn only" in str(caught.value)
        # no place for a system prompt: it goes into the question, as in training
        assert session.reply([{"role": "system", "content": "s"}, {"role": "user", "content": "a"}],
                             Sampling(temperature=0.0, max_tokens=3), lambda text: None).text == LOOP[:3]
