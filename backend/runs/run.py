"""The run folder: where everything that came of one fine-tuning lies."""

import re
import shutil
import time
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from backend.config.jobs import Job
from backend.config.toml import to_toml
from backend.config.train import TrainConfig
from backend.protocol.errors import TanrenError
from backend.runs.atomic import make_folder, remove_leftovers, write_file
from backend.runs.events import was_refused
from backend.runs.job_state import ENDED, State, is_alive, settle_state
from backend.runs.locks import FileLock
from backend.runs.manifests import read_manifest

RUN_FORMAT = 1
LOOKS_KEPT = 50
JOB_FILE = "job.json"


class RunInfo(msgspec.Struct, frozen=True, kw_only=True):
    """run.json: what the run is and where its inputs were; sizes and hashes are in the manifests."""

    id: str
    name: str
    created: float
    model: str
    data: str
    held_out: str = ""
    config: TrainConfig = TrainConfig()
    accepted: list[str] = []  # blocking findings of the dataset that the user trains in spite of
    format: int = RUN_FORMAT


class Run:
    """One run folder and the places in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.id = folder.name
        self.lock = folder / "run.lock"
        self.jobs = folder / "jobs"
        self.dataset = folder / "dataset"
        self.checkpoints = folder / "checkpoints"
        self.merged = folder / "merged"
        self.gguf = folder / "gguf"
        self.scores = folder / "scores"
        self.row_losses = folder / "row_losses"
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
        """All job folders, oldest first; one without job.json (a kill while it was made) never was a job."""
        return [job for job in _numbered(self.jobs) if (job / JOB_FILE).is_file()]

    def trainings(self) -> list[Path]:
        """The folders of training jobs, oldest first, without those that were refused and so did nothing."""
        return [job for job in self.job_folders() if job.name.endswith("-train") and not was_refused(job)]

    def training_state(self) -> State:
        """The true state of the newest training; queued when it never trained."""
        trainings = self.trainings()
        return settle_state(trainings[-1]) if trainings else "queued"

    def change_config(self, config: TrainConfig) -> None:
        """Records other settings than those the run began with, in run.json and config.toml."""
        info = self.info()
        if info.config != config:
            _write_info(self.folder, msgspec.structs.replace(info, config=config))


@contextmanager
def hold_run(run: Run) -> Iterator[None]:
    """Holds the run's lock: one job at a time changes a run (a chat only reads a file of it).

    The system frees the lock when its process ends, by kill -9 too. Raises TanrenError job_running.
    """
    lock = FileLock(run.lock)
    if not lock.acquire():
        raise TanrenError("job_running", path=run.folder)
    try:
        yield
    finally:
        lock.release()


def create_job(jobs: Path, job: Job, kind: str) -> Path:
    """Makes the next numbered job folder below `jobs` and writes its job.json."""
    make_folder(jobs)
    while True:
        number = 1 + max((_number(path) for path in _numbered(jobs)), default=0)
        folder = jobs / f"{number:04d}-{kind}"
        try:
            make_folder(folder, exist_ok=False)
            break
        except FileExistsError:
            continue
    try:
        write_file(folder / JOB_FILE, msgspec.json.format(msgspec.json.encode(job), indent=1))
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return folder


def create_look(home: Path, job: Job, kind: str) -> Path:
    """A job that belongs to no run, in HOME/jobs; of older looks of its kind the newest LOOKS_KEPT stay."""
    jobs = home / "jobs"
    for old in [look for look in _numbered(jobs) if look.name.endswith(f"-{kind}")][:-LOOKS_KEPT]:
        if not is_alive(old) and (settle_state(old) in ENDED or not (old / JOB_FILE).is_file()):
            shutil.rmtree(old, ignore_errors=True)
    return create_job(jobs, job, kind)


def remove_data_looks(home: Path) -> None:
    """Deletes the looks at data that have ended: what they told holds rows as they were then."""
    for look in _numbered(home / "jobs"):
        if "-data_" in look.name and not is_alive(look) and settle_state(look) in ENDED:
            shutil.rmtree(look, ignore_errors=True)


def _numbered(jobs: Path) -> list[Path]:
    """The job folders below `jobs` by number (0002 before 0010 before 10000)."""
    if not jobs.is_dir():
        return []
    return sorted((path for path in jobs.iterdir() if re.match(r"\d+-", path.name) and path.is_dir()), key=_number)


def _number(job: Path) -> int:
    return int(job.name.partition("-")[0])


def create_run(home: Path, model: Path, data: Path, config: TrainConfig, name: str = "",
               held_out: Path | None = None, accepted: Sequence[str] = ()) -> Run:
    """A new run folder with run.json and config.toml. The id is the date and the slug of `name`."""
    created = time.time()
    base = time.strftime("%Y%m%d-%H%M%S", time.localtime(created))
    slug = re.sub(r"[^\w]+", "-", unicodedata.normalize("NFKC", name)).strip("-").lower()[:40]
    stem = f"{base}-{slug}" if slug else base
    runs = home / "runs"
    make_folder(runs)
    for attempt in range(1, 1000):
        folder = runs / (stem if attempt == 1 else f"{stem}-{attempt}")
        try:
            make_folder(folder, exist_ok=False)
            break
        except FileExistsError:
            continue
    info = RunInfo(
        id=folder.name, name=name or folder.name, created=created, model=str(model), data=str(data),
        held_out=str(held_out or ""), config=config, accepted=list(accepted),
    )
    try:
        _write_info(folder, info)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return Run(folder)


def _write_info(folder: Path, info: RunInfo) -> None:
    """config.toml, then run.json: that one counts, the other is for people to read."""
    write_file(folder / "config.toml", to_toml(info.config))
    write_file(folder / "run.json", msgspec.json.format(msgspec.json.encode(info), indent=1))


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
    """Removes half-written folders of interrupted jobs. Raises TanrenError job_running while a job works on the run."""
    with hold_run(run):
        for folder in (run.folder, run.dataset, run.checkpoints, run.gguf, run.scores):
            remove_leftovers(folder)
