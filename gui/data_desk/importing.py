"""Files become a dataset: one import at a time, the newest choice wins; what was imported before is opened again."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from backend.config.jobs import DataImportJob
from backend.config.reading import Reading
from backend.data.dataset_folder import is_dataset, new_dataset_folder
from backend.protocol.errors import TanrenError, from_exception
from backend.protocol.messages import Failed, Finished
from backend.runs.manifests import read_manifest
from gui.background import Background
from gui.data_desk.sources import MEASURED_UNASKED_BYTES, bytes_of, dataset_name, find_imported, has_changed
from gui.jobs.job import WorkerJob

if TYPE_CHECKING:
    from gui.session import Session

AS_FOUND = Reading()


class Importing(QObject):
    """What is being imported, and the failure of the last import until the next one.

    Signals:
        changed: an import began, ended or failed.
        job_started: its WorkerJob.
    """

    changed = Signal()
    job_started = Signal(object)

    def __init__(self, session: "Session") -> None:
        super().__init__(session)
        self.name = ""
        self.sources: list[Path] = []
        self.failed: Failed | None = None
        self.job: WorkerJob | None = None
        self._session = session
        self._background = Background(self)
        self._newest = 0
        self._running = False

    @property
    def is_running(self) -> bool:
        """Whether something is being looked for or read."""
        return self._running

    def take(self, paths: list[Path], reading: Reading = AS_FOUND, again: bool = False) -> None:
        """Opens the dataset of these files: as it was left when they have not changed, otherwise by importing them.

        Files that changed after something was done to their rows are opened as they were: the user is asked whether
        to read them again. `again` imports in any case.
        """
        paths = [path.absolute() for path in paths]
        if len(paths) == 1 and is_dataset(paths[0]):
            self.cancel()
            self._session.choose_data(paths[0])
            return
        number = self._begin(paths)
        home = self._session.home

        def look() -> tuple[Path | None, int]:
            folder = None if again else find_imported(home, paths, reading)
            if folder is not None and has_changed(folder) and not _was_worked_on(folder):
                folder = None
            return folder, bytes_of(paths)

        def found(answer: tuple[Path | None, int]) -> None:
            folder, size = answer
            if number != self._newest:
                return
            if folder is not None:
                self._end()
                self._session.choose_data(folder)
            else:
                self._start(paths, reading, "", size)

        self._background.do(look, found, lambda error: self._refuse(number, error))

    def replay(self, folder: Path, paths: list[Path]) -> None:
        """Reads the files of a dataset again in the same way and does the same steps: a new dataset."""
        number = self._begin(paths)

        def found(size: int) -> None:
            if number == self._newest:
                self._start(paths, AS_FOUND, str(folder), size)

        self._background.do(lambda: bytes_of(paths), found, lambda error: self._refuse(number, error))

    def cancel(self) -> None:
        """Nothing is imported any more; the dataset that is open stays."""
        self._newest += 1
        if self.job is not None:
            job, self.job = self.job, None
            job.stop("discard")
        if self.is_running:
            self._end()

    def _begin(self, paths: list[Path]) -> int:
        self.cancel()
        self.name, self.sources, self.failed, self._running = dataset_name(paths), paths, None, True
        self.changed.emit()
        return self._newest

    def _start(self, paths: list[Path], reading: Reading, replay: str, size: int) -> None:
        session = self._session
        model = str(session.model or "") if size <= MEASURED_UNASKED_BYTES else ""
        try:
            job = session.start_look(DataImportJob(
                files=[str(path) for path in paths], folder=str(new_dataset_folder(session.home, self.name)),
                name=self.name, reading=reading, replay=replay, model=model, max_length=session.max_length,
            ), "data_import")
        except (TanrenError, OSError) as error:
            self._refuse(self._newest, from_exception(error))
            return
        if job.outcome is not None:  # it could not even start
            self._take(job.outcome)
            return
        self.job = job
        job.ended.connect(lambda outcome: self._ended(job, outcome))
        self.job_started.emit(job)

    def _ended(self, job: WorkerJob, outcome: Finished | Failed) -> None:
        if job is self.job:
            self.job = None
            self._take(outcome)

    def _take(self, outcome: Finished | Failed) -> None:
        if isinstance(outcome, Failed):
            self.failed = outcome
        self._end()
        if isinstance(outcome, Finished) and outcome.state == "succeeded":
            self._session.choose_data(Path(outcome.result["dataset"]))

    def _refuse(self, number: int, error: TanrenError) -> None:
        if number == self._newest:
            self.failed = error.to_event()
            self._end()

    def _end(self) -> None:
        self.name, self.sources, self._running = "", [], False
        self.changed.emit()


def _was_worked_on(folder: Path) -> bool:
    manifest = read_manifest(folder)
    return manifest is not None and bool(manifest.facts.get("steps"))
