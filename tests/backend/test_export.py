"""Export by real workers: every family's file reads and answers as the trained model; stop and kill lose nothing."""

import contextlib
import json
import os
import shutil
import time
from pathlib import Path
from typing import Any

import msgspec
import psutil
import pytest
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from backend.chat.dialogue import DialogueWriter
from backend.chat.gguf_file import look_at_gguf, open_gguf
from backend.config.jobs import ExportJob
from backend.export.check_process import check
from backend.export.reference import write_reference
from backend.export.staging import check_before
from backend.pipeline import merged_to_gguf
from backend.pipeline.checkpoint_to_merged import merge
from backend.protocol.errors import TanrenError
from backend.protocol.languages import Text
from backend.protocol.messages import Artifact, Failed, Finished, Phase, Progress, Stop, WorkerEvent
from backend.report import Report, Stopped
from backend.runs.manifests import Manifest, check_manifest, write_manifest
from backend.runs.origin import stale_artifacts
from backend.runs.run import Run
from backend.supervise import Worker, run_job
from tests.backend.export_kit import make_base, make_trained_run
from tests.backend.spm_tokenizer import Style
from tests.tiny_models import Family

TEXTS = ["Which cable?", " 二 + 三は？\n\n\tfour  ", "naïve ﬁ 🙂‍↔️ <|im_end|> [INST] <end_of_turn>x"]
ENDING_SECONDS = 20.0
TORCH_MIB = 150.0  # what a process with torch loaded holds at least


def export(run: Run, *quants: str) -> tuple[list[WorkerEvent], Finished | Failed]:
    events: list[WorkerEvent] = []
    job = run.new_job(ExportJob(run=str(run.folder), quants=list(quants)), "export")
    return events, run_job(job, events.append)


def nothing_partial(run: Run) -> bool:
    return not [path for path in run.folder.rglob("*") if ".partial-" in str(path)]


def reads_as_trained(model_folder: Path, file: Path) -> None:
    """Compares prompts, tokens, stop token and logits of the file with transformers, without the app's own check."""
    tokenizer = AutoTokenizer.from_pretrained(model_folder)
    facts = look_at_gguf(file)
    assert facts.template == tokenizer.chat_template
    model = open_gguf(file, n_ctx=256, n_batch=256, n_threads=1, logits_all=True)
    try:
        writer = DialogueWriter(model, facts.template)
        for text in TEXTS:
            messages = [{"role": "user", "content": text}]
            rendered = tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
            expected = tokenizer(rendered, add_special_tokens=False).input_ids
            assert writer.text(messages) == rendered
            assert writer.tokens(messages) == expected
        assert writer.is_stop(tokenizer.eos_token_id)
        model.eval(expected)
        ours = torch.tensor(model.scores[: len(expected)])
    finally:
        model.close()
    with torch.inference_mode():
        reference = AutoModelForCausalLM.from_pretrained(model_folder, dtype=torch.float32)
        theirs = reference(torch.tensor([expected])).logits[0]
    expected_log, our_log = theirs.log_softmax(-1), ours.log_softmax(-1)
    kl = torch.nn.functional.kl_div(our_log, expected_log, log_target=True, reduction="batchmean")
    assert float(kl) < 5e-3


@pytest.mark.parametrize(("family", "style"), [
    ("qwen2", None),
    ("gemma2", "gemma"),
    pytest.param("qwen3", None, marks=pytest.mark.slow),
    pytest.param("llama", "mistral", marks=pytest.mark.slow),
    pytest.param("gemma", None, marks=pytest.mark.slow),
    pytest.param("gemma", "gemma", marks=pytest.mark.slow),
    pytest.param("gemma2", None, marks=pytest.mark.slow),
    pytest.param("llama", "llama", marks=pytest.mark.slow),
])
def test_every_family_reads_as_trained(home: Path, tmp_path: Path, family: Family, style: Style | None) -> None:
    run = make_trained_run(home, make_base(tmp_path / "base", family, style))
    _, outcome = export(run, "Q8_0")
    assert isinstance(outcome, Finished), outcome
    [file] = outcome.result["files"]
    assert file["parity"]["verdict"] == "green" and file["parity"]["tokens"] == "equal"
    assert file["parity"]["kl"] < 5e-3 and "peak_mib" not in file["parity"]
    # the worker and a converter with torch in it were there at once
    assert outcome.result["peak_mib"] > 1.5 * TORCH_MIB and outcome.result["gpu_peak_mib"] is None
    reads_as_trained(run.merged, Path(file["path"]))


def test_all_quantizations_then_nothing_is_redone(home: Path, tmp_path: Path) -> None:
    run = make_trained_run(home, make_base(tmp_path / "base", "llama"))
    events, outcome = export(run, "Q4_K_M", "bf16", "F16", "Q8_0", "Q8_0")
    assert isinstance(outcome, Finished), outcome
    files = outcome.result["files"]
    assert [file["quant"] for file in files] == ["Q4_K_M", "BF16", "F16", "Q8_0"]
    assert [Path(file["path"]).name for file in files] == [
        f"お試し-run-1-{quant}.gguf" for quant in ("Q4_K_M", "BF16", "F16", "Q8_0")]
    assert run.gguf_files() == {file["quant"]: Path(file["path"]) for file in files}
    sizes = {file["quant"]: file["bytes"] for file in files}
    assert sizes["Q4_K_M"] < 0.7 * sizes["Q8_0"] < 0.6 * sizes["F16"]
    kl = {file["quant"]: file["parity"]["kl"] for file in files}
    assert max(kl["F16"], kl["BF16"]) < 1e-3 < kl["Q4_K_M"] < 0.5
    assert max(kl["F16"], kl["BF16"]) < kl["Q8_0"] < 5e-3
    for file in files:
        check_manifest(Path(file["path"]).parent)
        assert Path(file["path"]).stat().st_size == file["bytes"]
        reads_as_trained(run.merged, Path(file["path"])) if file["quant"] == "F16" else None
    names = [event.name for event in events if isinstance(event, Phase)]
    assert names.index("merging") < names.index("converting") < names.index("quantizing")
    assert any(isinstance(event, Progress) and event.unit == "tensors" for event in events)
    assert [event.path for event in events if isinstance(event, Artifact) and event.kind == "gguf"] == [
        file["path"] for file in files]
    assert nothing_partial(run)

    before = {path: path.stat().st_mtime_ns for path in run.gguf.rglob("*.gguf")}
    damaged = Path(files[3]["path"])
    damaged.write_bytes(damaged.read_bytes()[:-4] + b"oops")
    events, outcome = export(run, "F16", "Q8_0")
    assert isinstance(outcome, Finished), outcome
    after = {path: path.stat().st_mtime_ns for path in run.gguf.rglob("*.gguf")}
    assert {path for path in before if after[path] != before[path]} == {damaged}  # the damaged one was made again
    check_manifest(damaged.parent)
    assert stale_artifacts(run) == {}
    later = shutil.copytree(run.newest_checkpoint(), run.checkpoints / "step-000228")
    assert {name: (age.made_from, age.newest) for name, age in stale_artifacts(run).items()} == {
        file["quant"]: (1, 228) for file in files}
    (later / "manifest.json").unlink()  # not finished: the run is where it was
    assert stale_artifacts(run) == {}


def test_stop_and_kill_lose_nothing_and_leave_nothing(home: Path, tmp_path: Path) -> None:
    run = make_trained_run(home, make_base(tmp_path / "base", "llama"))
    job = ExportJob(run=str(run.folder), quants=["BF16", "Q8_0"])

    worker = Worker(run.new_job(job, "export"))
    for event in worker:
        if isinstance(event, Artifact) and event.kind == "gguf":
            worker.send(Stop())
    assert isinstance(worker.outcome, Finished) and worker.outcome.state == "stopped"
    assert list(run.gguf_files()) == ["BF16"] and nothing_partial(run)
    assert processes_of(run) == []
    made = run.gguf_files()["BF16"].stat().st_mtime_ns

    worker = Worker(run.new_job(job, "export"))
    for event in worker:
        if isinstance(event, Phase) and event.name == "converting":
            wait_for_child(worker.pid)
            psutil.Process(worker.pid).kill()  # not a word of goodbye
    assert isinstance(worker.outcome, Failed)
    deadline = time.monotonic() + ENDING_SECONDS
    while processes_of(run) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert processes_of(run) == []  # the converter noticed that its worker was gone
    assert not nothing_partial(run)

    _, outcome = export(run, "BF16", "Q8_0")
    assert isinstance(outcome, Finished), outcome
    assert list(run.gguf_files()) == ["BF16", "Q8_0"] and nothing_partial(run)
    assert run.gguf_files()["BF16"].stat().st_mtime_ns == made


def test_a_stop_at_the_last_moment_does_not_throw_a_finished_file_away(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = make_trained_run(home, make_base(tmp_path / "base", "llama"))
    job = ExportJob(run=str(run.folder), quants=["BF16", "Q8_0"])
    wire = os.open(os.devnull, os.O_WRONLY)
    report = Report(run.new_job(job, "export"), wire)
    merge(job, report)

    def write_and_stop(folder: Path, kind: str, **more: Any) -> Manifest:
        report.ask_to_stop("save")
        return write_manifest(folder, kind, **more)

    monkeypatch.setattr(merged_to_gguf, "write_manifest", write_and_stop)
    with pytest.raises(Stopped):
        merged_to_gguf.export(job, report)
    os.close(wire)
    assert list(run.gguf_files()) == ["BF16"] and nothing_partial(run)
    check_manifest(run.gguf / "BF16")


def wait_for_child(pid: int) -> None:
    deadline = time.monotonic() + ENDING_SECONDS
    while not psutil.Process(pid).children() and time.monotonic() < deadline:
        time.sleep(0.05)


def processes_of(run: Run) -> list[int]:
    """Processes whose command line names the run."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if any(str(run.folder) in argument for argument in process.cmdline()):
                found.append(process.pid)
    return found


def test_a_way_of_splitting_that_llama_cpp_does_not_know_is_refused(home: Path, tmp_path: Path) -> None:
    base = make_base(tmp_path / "base", "llama")
    path = base / "tokenizer.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    content["pre_tokenizer"]["pretokenizers"][0]["pattern"]["Regex"] = r"\p{L}{1,2}|\p{N}|\s+|[^\s\p{L}\p{N}]+"
    path.write_text(json.dumps(content), encoding="utf-8")
    run = make_trained_run(home, base)
    _, outcome = export(run, "Q8_0")
    assert isinstance(outcome, Failed) and outcome.code == "export_unknown_splitting"
    assert run.gguf_files() == {} and nothing_partial(run)


def test_what_cannot_be_converted_is_said_before_it_is_tried(tmp_path: Path) -> None:
    base = make_base(tmp_path / "base", "llama")
    check_before(base)
    config = json.loads((base / "config.json").read_text())
    for changed, code in (
        ({**config, "vocab_size": 100}, "export_vocabulary"),
        ({**config, "quantization_config": {"quant_method": "bitsandbytes"}}, "export_quantized"),
        ([], "model_missing"),
    ):
        (base / "config.json").write_text(json.dumps(changed))
        with pytest.raises(TanrenError) as caught:
            check_before(base)
        assert caught.value.code == code


def test_a_file_of_another_model_does_not_pass_the_check(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = make_base(tmp_path / "base", "llama")
    run = make_trained_run(home, base)
    _, outcome = export(run, "BF16")
    assert isinstance(outcome, Finished), outcome
    file = Path(outcome.result["files"][0]["path"])
    log: list[Text] = []
    for name, model in (("same", run.merged), ("base", base), ("other", make_base(tmp_path / "other", "gemma"))):
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        write_reference(model, AutoTokenizer.from_pretrained(model), folder, log.append)
    assert log == []
    assert check(file, "BF16", tmp_path / "same")["verdict"] == "green"
    monkeypatch.setattr("backend.export.reference.FP32_HEADROOM", 1e9)  # as if memory were short
    (tmp_path / "short").mkdir()
    write_reference(run.merged, AutoTokenizer.from_pretrained(run.merged), tmp_path / "short", log.append)
    unchecked = check(file, "BF16", tmp_path / "short")
    assert (unchecked["verdict"], unchecked["tokens"], unchecked["kl"]) == ("unchecked", "equal", None)
    assert unchecked["needed_mib"] > 1000 and "not compared" in log[0].en
    untrained = check(file, "BF16", tmp_path / "base")  # same words, but not what was trained
    assert untrained["verdict"] == "yellow" and untrained["kl"] > 0.01
    with pytest.raises(TanrenError) as caught:
        check(file, "BF16", tmp_path / "other")
    assert caught.value.code == "export_differs"
    reference = json.loads((tmp_path / "same" / "reference.json").read_bytes())
    reference["stop"] = 100
    (tmp_path / "same" / "reference.json").write_bytes(msgspec.json.encode(reference))
    with pytest.raises(TanrenError, match="does not stop"):
        check(file, "BF16", tmp_path / "same")
