"""What the pages share: the home folder, the chosen model, dataset and run, the language, the running jobs."""

import contextlib
from pathlib import Path
from typing import Any

import msgspec
from PySide6.QtCore import QObject, Signal

from backend import settings
from backend.config.jobs import Job
from backend.config.presets import PRESETS, preset_for
from backend.config.train import TrainConfig
from backend.data.dataset_folder import is_dataset
from backend.home import held_out_beside, starter_model
from backend.protocol.errors import TanrenError, from_exception
from backend.protocol.languages import Language
from backend.protocol.messages import Hello, WorkerEvent
from backend.runs.run import Run, create_look, find_run
from gui.data_desk.importing import Importing
from gui.data_desk.open_dataset import OpenDataset
from gui.data_desk.overview import name_of, source_of
from gui.jobs.job import WorkerJob


class Session(QObject):
    """One window's state. Pages read it and call its setters; they never reach into each other.

    Signals:
        model_changed, data_changed, run_changed: another model folder, dataset or run was chosen.
        dataset_changed: what is in the chosen dataset is known now, or is known anew; or a change to it began or ended.
        max_length_changed: the next training cuts rows at another number of tokens.
        gguf_changed: a GGUF file was dropped on the window, to chat with.
        runs_changed: a run was made, ended or deleted: lists are to be read again.
        job_started: a WorkerJob began (its own signals tell the rest).
        page_requested: a page name (home, models, data, train, results, export, chat, settings) to show.
        language_changed: en or ja.
        settings_changed: theme, text size or another remembered value changed.
        lock_reported: a worker told the level of its network lock.
        trouble: a TanrenError that belongs to no page (settings that could not be written).
    """

    model_changed = Signal()
    data_changed = Signal()
    dataset_changed = Signal()
    max_length_changed = Signal()
    run_changed = Signal()
    gguf_changed = Signal()
    runs_changed = Signal()
    job_started = Signal(object)
    page_requested = Signal(str)
    language_changed = Signal(str)
    settings_changed = Signal()
    lock_reported = Signal()
    trouble = Signal(object)

    def __init__(self, home: Path, language: Language) -> None:
        super().__init__()
        self.home = home
        self.language: Language = language
        self.model: Path | None = None
        self.data: Path | None = None  # the folder of an imported dataset
        self.data_name = ""
        self.dataset: OpenDataset | None = None
        self.max_length = TrainConfig().max_length  # tokens; what the Train page is set to
        self.run: Run | None = None
        self.gguf: Path | None = None
        self.jobs: list[WorkerJob] = []
        self.reported_lock = ""  # of the newest worker: seccomp or audit_hook; empty until one said hello
        self.settings = settings.load(home)
        self.imports = Importing(self)

    def restore(self) -> None:
        """Takes up model, dataset and run of the last time, where they are still there."""
        remembered = self.settings
        if remembered.model and Path(remembered.model).is_dir():
            self.choose_model(Path(remembered.model))
        if remembered.data and is_dataset(Path(remembered.data)):
            self.choose_data(Path(remembered.data))
        elif remembered.data and Path(remembered.data).is_file():  # of a version that kept no datasets
            self.imports.take([Path(remembered.data)])
        if remembered.run:
            with contextlib.suppress(TanrenError):  # deleted since
                self.choose_run(find_run(self.home, remembered.run))

    def remember(self, **changes: Any) -> None:
        """Changes fields of `settings` and writes them; a full disk is told through `trouble`."""
        changed = msgspec.structs.replace(self.settings, **changes)
        if changed == self.settings:
            return
        self.settings = changed
        try:
            settings.save(self.home, changed)
        except OSError as error:
            self.trouble.emit(from_exception(error))
        self.settings_changed.emit()

    def choose_model(self, folder: Path | None) -> None:
        """Sets the base model folder."""
        if folder != self.model:
            self.model = folder
            preset = preset_for(None, folder == starter_model())
            self.max_length = PRESETS[preset].config.max_length
            recent = self.settings.recent_models
            self.remember(model=str(folder or ""),
                          recent_models=settings.with_recent(recent, str(folder)) if folder else recent)
            self.model_changed.emit()

    def choose_max_length(self, tokens: int) -> None:
        """Sets at how many tokens the next training cuts a row."""
        if tokens != self.max_length:
            self.max_length = tokens
            self.max_length_changed.emit()

    def choose_data(self, folder: Path | None) -> None:
        """Sets the dataset: the folder of an imported one (files become datasets by `imports`)."""
        if folder == self.data:
            return
        if self.dataset is not None:
            self.dataset.close()
        self.data, self.dataset = folder, None
        self.data_name = name_of(folder) if folder else ""
        recent = self.settings.recent_data
        self.remember(data=str(folder or ""),
                      recent_data=settings.with_recent(recent, str(folder)) if folder else recent)
        if folder is not None and is_dataset(folder):
            self.dataset = OpenDataset(self, folder)
            self.dataset.changed.connect(self.dataset_changed)
            self.dataset.busy_changed.connect(self.dataset_changed)
        self.data_changed.emit()

    @property
    def held_out(self) -> Path | None:
        """The held-out set that lies beside the file of the chosen dataset (NAME_held_out.SUFFIX), where there is one.

        A dataset whose rows were divided needs none.
        """
        if self.data is None or (self.dataset is not None and self.dataset.is_divided):
            return None
        source = source_of(self.data)
        return held_out_beside(source) if source else None

    def choose_run(self, run: Run | None) -> None:
        """Sets the run that Results, Export and Chat show."""
        self.run = run
        self.remember(run=run.id if run else "")
        self.run_changed.emit()

    def choose_gguf(self, file: Path | None) -> None:
        """Sets a GGUF file of its own, apart from any run, for Chat."""
        self.gguf = file
        self.gguf_changed.emit()

    def choose_language(self, language: Language) -> None:
        """Switches the language; every page retranslates itself on language_changed."""
        if language != self.language:
            self.language = language
            self.remember(language=language)
            self.language_changed.emit(language)

    def start_run_job(self, run: Run, job: Job, kind: str) -> WorkerJob:
        """Starts a worker for a job of a run (train, evaluate, merge, export, chat)."""
        return self._start(run.new_job(job, kind))

    def start_look(self, job: Job, kind: str) -> WorkerJob:
        """Starts a worker for a job that belongs to no run: looks at models and data, import and steps, chats."""
        return self._start(create_look(self.home, job, kind))

    def _start(self, folder: Path) -> WorkerJob:
        job = WorkerJob(folder, self)
        self.jobs.append(job)
        job.event.connect(self._take_event)
        job.ended.connect(lambda _outcome: self._forget(job))
        self.job_started.emit(job)
        job.start()
        return job

    def _take_event(self, event: WorkerEvent) -> None:
        if isinstance(event, Hello):
            self.reported_lock = event.lock
            self.lock_reported.emit()

    def _forget(self, job: WorkerJob) -> None:
        if job in self.jobs:
            self.jobs.remove(job)
        job.deleteLater()
        self.runs_changed.emit()
