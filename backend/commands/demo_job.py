"""The main job on the starter model and the sample data, stage by stage, each in its own worker."""

from pathlib import Path
from typing import Any

from backend.commands.terminal import Terminal
from backend.commands.work import JobFailed, do_job
from backend.config.jobs import ChatJob, EvaluateJob, ExportJob, Job, MergeJob, TrainJob
from backend.config.presets import PRESETS, STARTER
from backend.home import held_out_beside, sample_data, starter_model
from backend.protocol.languages import Text
from backend.protocol.messages import Failed, Generate, Reply, Sampling, Stop
from backend.runs.run import Run, create_run
from backend.supervise import Worker

DEMO_QUANTS = ("Q8_0", "Q4_K_M")
DEMO_QUESTION = "What are your opening hours?"
BASE_AT_MOST = 0.05
TUNED_AT_LEAST = 0.80
MAY_LOSE = {"q8_0": 0.02, "q4_k_m": 0.10}

def main_job(home: Path, terminal: Terminal) -> dict[str, Any]:
    """Runs all stages; the result has the keys of `demo --json`. Raises JobFailed, JobStopped, TanrenError."""
    config = PRESETS[STARTER].config
    run = create_run(home, starter_model(), sample_data(), config, "demo", held_out_beside(sample_data()))
    stages: list[dict[str, Any]] = []

    def stage(name: str, job: Job, kind: str) -> dict[str, Any]:
        result = do_job(run.new_job(job, kind), terminal)
        stages.append({"name": name, **{key: result[key] for key in ("seconds", "peak_mib")}})
        return result

    info = run.info()
    stage("train", TrainJob(run=str(run.folder), model=info.model, data=info.data, held_out=info.held_out,
                            config=info.config), "train")
    measured = stage("evaluate", EvaluateJob(run=str(run.folder), targets=["base", "tuned"]), "evaluate")
    scores = measured["scores"]
    stage("merge", MergeJob(run=str(run.folder)), "merge")
    files = stage("export", ExportJob(run=str(run.folder), quants=list(DEMO_QUANTS)), "export")["files"]
    for quant in DEMO_QUANTS:
        scores |= stage(f"evaluate {quant}", EvaluateJob(run=str(run.folder), targets=[quant]), "evaluate")["scores"]
    reply = _one_reply(run, stages, terminal)
    return {
        "run": run.id,
        "folder": str(run.folder),
        "gguf": [file["path"] for file in files],
        "files": files,
        **{target.lower(): {"exact_match": metrics["exact_match"]["value"]} for target, metrics in scores.items()},
        "rows": measured["details"]["tuned"]["rows"],
        "stages": stages,
        "chat": {"prompt": DEMO_QUESTION, "reply": reply},
    }


def misses(result: dict[str, Any]) -> list[Text]:
    """What the demo promises and did not reach, one sentence each; empty when all is well."""
    base, tuned = result["base"]["exact_match"], result["tuned"]["exact_match"]
    found = []
    if base > BASE_AT_MOST:
        found.append(Text(f"base exact match {base:.1%} is above {BASE_AT_MOST:.0%}",
                          f"ベースモデルの完全一致 {base:.1%} が {BASE_AT_MOST:.0%} を超えています"))
    if tuned < TUNED_AT_LEAST:
        found.append(Text(f"tuned exact match {tuned:.1%} is below {TUNED_AT_LEAST:.0%}",
                          f"学習後の完全一致 {tuned:.1%} が {TUNED_AT_LEAST:.0%} に届きません"))
    for name, allowed in MAY_LOSE.items():
        if abs(tuned - result[name]["exact_match"]) > allowed + 1e-9:
            match = result[name]["exact_match"]
            found.append(Text(
                f"{name} exact match {match:.1%} is more than {allowed:.0%} away from the tuned model's {tuned:.1%}",
                f"{name} の完全一致 {match:.1%} が学習後の {tuned:.1%} と {allowed:.0%} を超えて異なります"))
    if not result["chat"]["reply"].strip():
        found.append(Text("the GGUF file gave an empty reply", "GGUF ファイルの返答が空です"))
    return found


def _one_reply(run: Run, stages: list[dict[str, Any]], terminal: Terminal) -> str:
    """Chats one question with the smallest GGUF file through the chat worker."""
    gguf = run.gguf_files()[DEMO_QUANTS[-1]]
    worker = Worker(run.new_job(ChatJob(gguf=str(gguf)), "chat"))
    worker.send(Generate(1, [{"role": "user", "content": DEMO_QUESTION}], Sampling(temperature=0.0, max_tokens=64)))
    text = ""
    for event in worker:
        terminal.event(event)
        if isinstance(event, Reply):
            text = event.text
            worker.send(Stop("discard"))
    terminal.clear()
    if isinstance(worker.outcome, Failed):
        raise JobFailed(worker.outcome)
    assert worker.outcome is not None
    stages.append({"name": "chat", **{key: worker.outcome.result.get(key) for key in ("seconds", "peak_mib")}})
    return text
