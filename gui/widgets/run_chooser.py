"""The box in which a trained run is chosen."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QWidget

from backend.protocol.errors import TanrenError
from backend.runs.run import Run, list_runs
from gui.figures import when
from gui.session import Session


class RunChooser(QComboBox):
    """Runs that have a checkpoint, newest first; follows and sets the session's run.

    Signals:
        chosen: the shown run is now another one (Run or None).
    """

    chosen = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self._runs: list[Run] = []
        self.setObjectName("runChooser")
        self.setMinimumContentsLength(28)
        self.activated.connect(self._on_activated)
        session.run_changed.connect(self._select_chosen)
        session.language_changed.connect(self.refresh)

    @property
    def run(self) -> Run | None:
        """The run that is shown."""
        index = self.currentIndex()
        return self._runs[index] if 0 <= index < len(self._runs) else None

    def refresh(self) -> None:
        """Reads the runs again."""
        found, titles = [], []
        for run in list_runs(self.session.home):
            try:
                info = run.info()
            except TanrenError:
                continue
            if run.finished_checkpoints():
                found.append(run)
                titles.append(f"{info.name}  ·  {when(info.created)}")
        same = [run.id for run in found] == [run.id for run in self._runs]
        self._runs = found
        if not same or titles != [self.itemText(number) for number in range(self.count())]:  # times have words in them
            self.clear()
            self.addItems(titles)
        self._select_chosen()

    def _select_chosen(self) -> None:
        wanted = self.session.run.id if self.session.run else ""
        index = next((number for number, run in enumerate(self._runs) if run.id == wanted), -1)
        if index >= 0:
            self.setCurrentIndex(index)
        self.chosen.emit(self.run)

    def _on_activated(self) -> None:
        if self.run is not None:
            self.session.choose_run(self.run)
