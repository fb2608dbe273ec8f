"""A worker that speaks the real protocol and writes real run folders, but computes nothing: for tests without torch."""

import json
import os
import select
import sys
import time
from contextlib import nullcontext
from pathlib import Path

sys.path.insert(0, os.getcwd())

import msgspec

from backend.config.jobs import ChatJob, EvaluateJob, ExportJob, Job, RowLossesJob, TrainJob
from backend.data.blocked import blocked_error
from backend.protocol.errors import TanrenError
from backend.protocol.messages import (
    Alive,
    Cancel,
    Event,
    Failed,
    Finished,
    Generate,
    Hello,
    Log,
    Metric,
    Phase,
    Progress,
    Reply,
    Request,
    Stop,
    Token,
)
from backend.protocol.wire import LineSplitter, decode_request, encode_line
from backend.runs.job_state import LOCK_FILE, write_state
from backend.runs.locks import FileLock
from backend.runs.manifests import write_manifest
from backend.runs.run import Run, hold_run

FOLDER = Path(sys.argv[1])
PACE = float(os.environ.get("TANREN_TEST_PACE", "0.01"))
FOUND = os.environ.get("TANREN_TEST_FOUND", "").split()  # blocking findings of every dataset
splitter = LineSplitter()


def say(event: Event) -> None:
    with open(FOLDER / "events.jsonl", "ab") as file:
        file.write(encode_line(event))
    os.write(1, encode_line(event))


def heard(seconds: float) -> list[Request]:
    """The requests that came within `seconds`; end of stdin counts as a stop."""
    if not select.select([0], [], [], seconds)[0]:
        return []
    data = os.read(0, 65536)
    return [decode_request(line) for line in splitter.feed(data)] if data else [Stop()]


def train(job: TrainJob) -> None:
    run = Run(Path(job.run))
    if found := [name for name in FOUND if name not in job.accepted]:
        raise blocked_error(job.data, dict.fromkeys(found, 3))
    total = job.config.max_steps or 30
    first = int(run.newest_checkpoint().name.rpartition("-")[2]) if job.resume else 0
    say(Phase(name="loading_model"))
    say(Log(level="info", text="scripted training", text_ja="台本どおりの学習"))
    for number in range(1, 8):
        say(Log(level="warning", text=f"{number} rows are left out", text_ja=f"{number} 件を除きます"))
    say(Phase(name="training"))
    for step in range(first + 1, total + 1):
        stop = any(isinstance(request, Stop) for request in heard(PACE))
        say(Metric(step=step, values={"loss": 2.0 / step, "tokens_per_second": 100.0}))
        if step % 5 == 0:
            say(Metric(step=step, values={"held_out_loss": 2.5 / step}))
        say(Progress(done=step, total=total, unit="steps"))
        if stop or step == total:
            say(Phase(name="saving"))
            checkpoint = run.checkpoints / f"step-{step:06d}"
            checkpoint.mkdir(parents=True)
            (checkpoint / "adapter").write_text("weights")
            write_manifest(checkpoint, "checkpoint")
            end("stopped" if stop else "succeeded", {"steps": step, "total_steps": total})
            return


def evaluate(job: EvaluateJob) -> None:
    run = Run(Path(job.run))
    say(Phase(name="evaluating"))
    for number, target in enumerate(job.targets):
        rows = [{"row": row, "question": f"Q{row}?", "expected": f"A{row}", "answer": f"A{row}" if hit else "no",
                 "match": hit} for row in range(5) for hit in [number == 1 and row < 4]]
        folder = run.scores / target
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "answers.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
        share = {"value": 0.8 * number, "low": 0.3 * number, "high": 0.5 + 0.45 * number}
        (folder / "scores.json").write_text(json.dumps({"exact_match": share}))
        write_manifest(folder, "scores")
        say(Progress(done=5 * (number + 1), total=5 * len(job.targets), unit="rows"))
    end("succeeded", {})


def measure_rows(job: RowLossesJob) -> None:
    run = Run(Path(job.run))
    say(Phase(name="measuring_rows"))
    for done in range(1, 4):
        say(Progress(done=done, total=3, unit="rows"))
        if any(isinstance(request, Stop) for request in heard(PACE)):
            end("stopped", {})
            return
    for folder, name, text in (
        (run.dataset, "train.jsonl", '{"row": 1, "messages": [{"role": "user", "content": "Q?"}, '
                                     '{"role": "assistant", "content": "A."}]}\n'),
        (run.dataset, "held_out.jsonl", ""),
        (run.row_losses, "losses.jsonl", '{"split": "train", "row": 1, "part": 0, "loss": 2.5, "tokens": 3}\n'),
    ):
        folder.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    write_manifest(run.row_losses, "row_losses")
    end("succeeded", {"rows": 1, "worst": []})


def export(job: ExportJob) -> None:
    run = Run(Path(job.run))
    files = []
    for number, quant in enumerate(job.quants):
        say(Phase(name="quantizing"))
        if any(isinstance(request, Stop) for request in heard(PACE * 20)):
            end("stopped", {})
            return
        say(Progress(done=number + 1, total=len(job.quants), unit="tensors"))
        folder = run.gguf / quant
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"model-{quant}.gguf").write_bytes(b"GGUF" * 1000)
        parity = {"verdict": "green" if quant == "Q8_0" else "yellow", "max_logit_diff": 0.02, "kl": 0.0125}
        write_manifest(folder, "gguf", facts={"quant": quant, "parity": parity})
        files.append({"path": str(folder / f"model-{quant}.gguf"), "quant": quant, "bytes": 4000, "parity": parity})
    end("succeeded", {"files": files})


def chat(job: ChatJob) -> None:
    say(Phase(name="loading_gguf"))
    if "broken" in job.gguf:
        say(Failed(kind="model_missing", message="", hint="", code="gguf_unreadable",
                   values={"path": job.gguf, "reason": "not a GGUF file"}))
        write_state(FOLDER, "failed")
        sys.exit(1)
    waiting: list[Request] = []
    while "slow" in job.gguf and not any(isinstance(request, Stop) for request in waiting):
        waiting += heard(0.05)
        if Path(job.gguf).with_suffix(".loaded").exists():
            break
    say(Phase(name="ready"))
    if any(isinstance(request, Stop) for request in waiting):
        time.sleep(0.3)  # a question that crosses the stop is never read
    while True:
        waiting += heard(5.0) if not waiting else []
        if not waiting:
            continue
        match waiting.pop(0):
            case Stop():
                end("stopped", {})
                return
            case Generate(number, messages, sampling):
                words = f"**Echo** of {len(messages)}: {messages[-1]['content']}".split(" ")
                if messages[-1]["content"] == "die":
                    say(Token(id=number, text="half a rep"))
                    time.sleep(0.3)
                    os._exit(9)
                if messages[-1]["content"] == "end":
                    say(Token(id=number, text="half a reply"))
                    time.sleep(0.3)
                    end("stopped", {})
                    return
                if messages[-1]["content"] == "too long":
                    say(Reply(id=number, text="", tokens=0, tokens_per_second=0.0, stop_reason="refused",
                              code="prompt_refused", values={"reason": "no system turns"}))
                    continue
                if messages[-1]["content"] == "for ever":
                    words = ["word"] * 10_000
                sent, reason = "", "end"
                for word in words[: sampling.max_tokens]:
                    sent += word + " "
                    say(Token(id=number, text=word + " "))
                    waiting += heard(PACE)
                    if any(isinstance(request, Stop) for request in waiting):
                        end("stopped", {})
                        return
                    if any(isinstance(request, Cancel) for request in waiting):
                        waiting = [request for request in waiting if not isinstance(request, Cancel)]
                        reason = "cancelled"
                        break
                say(Reply(id=number, text=sent.strip(), tokens=len(words), tokens_per_second=12.5, stop_reason=reason))


def end(state: str, result: dict) -> None:
    say(Finished(state=state, result=result))
    write_state(FOLDER, state)


say(Hello(build="scripted", pid=os.getpid(), lock="none"))
lock = FileLock(FOLDER / LOCK_FILE)
assert lock.acquire()
write_state(FOLDER, "running")
say(Alive(ram=100.0))
job = msgspec.json.decode((FOLDER / "job.json").read_bytes(), type=Job)
try:
    with nullcontext() if isinstance(job, ChatJob) else hold_run(Run(Path(job.run))):
        {TrainJob: train, EvaluateJob: evaluate, RowLossesJob: measure_rows, ExportJob: export,
         ChatJob: chat}[type(job)](job)
except TanrenError as error:
    say(error.to_event())
    write_state(FOLDER, "failed")
    sys.exit(1)
