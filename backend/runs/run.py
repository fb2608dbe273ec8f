"""The run folder: where everything that came of one fine-tuning lies."""

import re
import time
import unicodedata
from pathlib import Path
from typing import Any

import msgspec

from backend.config.jobs import Job
from backend.config.toml import to_toml
from backend.config.train import TrainConfig
from backend.protocol.errors import TanrenError
from backend.runs.atomic import remove_leftovers, write_file
from backend.runs.manifests import read_manifest

RUN_FORMAT = 1


class RunInfo(msgspec.Struct, frozen=True, kw_only=True):
    """run.json: what the run is and where its inputs were; sizes and hashes are in the manifests."""

    id: str
    name: str
    created: float
    model: str
    data: str
    held_out: str = ""
    config: TrainConfig = TrainConfig()
    format: int = RUN_FORMAT


class Run:
    """One run folder and the places in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.id = folder.name
        self.jobs = folder / "jobs"
        self.dataset = folder / "dataset"
        self.checkpoints = folder / "checkpoints"
        self.merged = folder / "merged"
        self.gguf = folder / "gguf"
        self.scores = folder / "scores"
        self.chats = folder / "chats"

    def info(self) -> RunInfo:
        """run.json. Raises TanrenError run_damaged."""
        try:
            return msgspec.json.decode((self.folder / "run.json").read_bytes(), type=RunInfo)
        except (OSError, msgspec.MsgspecError) as error:
            raise TanrenError("run_damaged", path=self.folder / "run.json", reason=str(error)) from error

    def is_readable(self) -> bool:
        """Whether run.json is there and whole."""
        try:
            self.info()
        except TanrenError:
            return False
        return True

    def finished_checkpoints(self) -> list[Path]:
        """Checkpoint folders that have a manifest, oldest first."""
        if not self.checkpoints.is_dir():
            return []
        return [path for path in sorted(self.checkpoints.glob("step-*")) if read_manifest(path)]

    def newest_checkpoint(self) -> Path:
        """The last finished checkpoint. Raises TanrenError run_no_checkpoint."""
        finished = self.finished_checkpoints()
        if not finished:
            raise TanrenError("run_no_checkpoint", run=self.id)
        return finished[-1]

    def gguf_files(self) -> dict[str, Path]:
        """Finished GGUF files by quantization: gguf/<quant>/ holds one file and its manifest."""
        found = {}
        if self.gguf.is_dir():
            for folder in sorted(self.gguf.iterdir()):
                files = sorted(folder.glob("*.gguf")) if folder.is_dir() else []
                if files and read_manifest(folder):
                    found[folder.name] = files[0]
        return found

    def new_job(self, job: Job, kind: str) -> Path:
        """Creates jobs/000N-kind with job.json and state queued; returns the folder."""
        return create_job(self.jobs, job, kind)

    def job_folders(self) -> list[Path]:
        """All job folders, oldest first."""
        return sorted(path for path in self.jobs.glob("[0-9]*-*") if path.is_dir()) if self.jobs.is_dir() else []


def create_job(jobs: Path, job: Job, kind: str) -> Path:
    """Makes the next numbered job folder below `jobs` and writes its job.json."""
    jobs.mkdir(parents=True, exist_ok=True)
    while True:
        number = 1 + max((int(path.name[:4]) for path in jobs.glob("[0-9][0-9][0-9][0-9]-*")), default=0)
        folder = jobs / f"{number:04d}-{kind}"
        try:
            folder.mkdir()
            break
        except FileExistsError:
            continue
    write_file(folder / "job.json", msgspec.json.format(msgspec.json.encode(job), indent=1))
    return folder


def create_run(home: Path, model: Path, data: Path, config: TrainConfig, name: str = "",
               held_out: Path | None = None) -> Run:
    """A new run folder with run.json and config.toml. The id is the date and the slug of `name`."""
    created = time.time()
    base = time.strftime("%Y%m%d-%H%M%S", time.localtime(created))
    slug = re.sub(r"[^\w]+", "-", unicodedata.normalize("NFKC", name)).strip("-").lower()[:40]
    stem = f"{base}-{slug}" if slug else base
    runs = home / "runs"
    runs.mkdir(parents=True, exist_ok=True)
    for attempt in range(1, 1000):
        folder = runs / (stem if attempt == 1 else f"{stem}-{attempt}")
        try:
            folder.mkdir()
            break
        except FileExistsError:
            continue
    info = RunInfo(
        id=folder.name, name=name or folder.name, created=created, model=str(model), data=str(data),
        held_out=str(held_out or ""), config=config,
    )
    write_file(folder / "config.toml", to_toml(config))
    write_file(folder / "run.json", msgspec.json.format(msgspec.json.encode(info), indent=1))
    return Run(folder)


def list_runs(home: Path) -> list[Run]:
    """Every run below `home`, newest first; a folder whose run.json cannot be read does not hide the others."""
    folder = home / "runs"
    if not folder.is_dir():
        return []
    runs = [Run(path) for path in sorted(folder.iterdir(), reverse=True) if (path / "run.json").is_file()]
    return [run for run in runs if run.is_readable()]


def find_run(home: Path, name: str) -> Run:
    """The run with this id, name, unique id prefix, or folder path. Raises TanrenError run_missing."""
    if Path(name, "run.json").is_file():
        return Run(Path(name).resolve())
    if name and Path(name).name == name and (home / "runs" / name / "run.json").is_file():
        return Run(home / "runs" / name)
    runs = list_runs(home)
    for wanted in (
        [run for run in runs if run.info().name == name][:1],
        [run for run in runs if name and run.id.startswith(name)],
    ):
        if len(wanted) == 1:
            return wanted[0]
    raise TanrenError("run_missing", run=name)


def read_scores(run: Run) -> dict[str, dict[str, Any]]:
    """scores.json of each target that was scored to the end."""
    scores = {}
    for folder in sorted(run.scores.iterdir()) if run.scores.is_dir() else []:
        if read_manifest(folder):
            scores[folder.name] = msgspec.json.decode((folder / "scores.json").read_bytes(), type=dict[str, Any])
    return scores


def clean_run(run: Run) -> None:
    """Removes half-written folders of interrupted jobs; call it only when no job of the run is alive."""
    for folder in (run.folder, run.dataset, run.checkpoints, run.gguf, run.scores):
        remove_leftovers(folder)
