"""The window: a sidebar, the pages, and the strip at the bottom; nothing else."""

import base64
import importlib

from PySide6.QtCore import QByteArray, QEvent, Qt, QTimer, Slot
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QStackedWidget, QVBoxLayout, QWidget

from backend.protocol.errors import TanrenError
from gui.drop import local_paths, take_paths
from gui.item_models.run_rows import MEMORY_JOBS, kind_of
from gui.jobs.job import WorkerJob
from gui.pages.page import Page
from gui.session import Session
from gui.widgets.error_panel import show_error_dialog
from gui.widgets.job_strip import JobStrip
from gui.widgets.note import Note

PAGES = ("home", "models", "data", "train", "results", "export", "chat", "settings")
DISCARD_MS = 2_000  # for a worker that is deaf while a library loads a model


class MainWindow(QWidget):
    """One window on one session. Pages are imported and built when they are first shown."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.pages: dict[str, Page] = {}
        self._ending: list[WorkerJob] = []
        self._note: Note | None = None
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(DISCARD_MS)
        self._patience.timeout.connect(self._end_the_rest)
        self.setObjectName("main_window")
        self.setAcceptDrops(True)
        self.sidebar = QListWidget()
        self.sidebar.setObjectName("sidebar")
        self.sidebar.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.sidebar.addItems(list(PAGES))
        self.stack = QStackedWidget()
        self.strip = JobStrip(session)
        upper = QHBoxLayout()
        upper.setSpacing(0)
        upper.addWidget(self.sidebar)
        upper.addWidget(self.stack, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(upper, 1)
        layout.addWidget(self.strip)
        self.sidebar.currentRowChanged.connect(lambda row: self.show_page(PAGES[row]))
        session.page_requested.connect(self.show_page)
        session.language_changed.connect(self.retranslate)
        session.trouble.connect(self._show_trouble)
        self._add_shortcuts()
        self.retranslate()
        self._restore_geometry()
        self.show_page("home")
        self.sidebar.setFocus()

    def page(self, name: str) -> Page:
        """The page called `name`, built on first use."""
        if name not in self.pages:
            module = importlib.import_module(f"gui.pages.{name}")
            made: Page = getattr(module, f"{name.title()}Page")(self.session)
            self.pages[name] = made
            self.stack.addWidget(made)
        return self.pages[name]

    @Slot(str)
    def show_page(self, name: str) -> None:
        """Brings a page to the front."""
        page = self.page(name)
        self.sidebar.blockSignals(True)
        self.sidebar.setCurrentRow(PAGES.index(name))
        self.sidebar.blockSignals(False)
        self.stack.setCurrentWidget(page)
        page.on_shown()

    @Slot()
    def retranslate(self) -> None:
        """Sets the window's own texts in the present language."""
        self.setWindowTitle("Tanren")
        names = (self.tr("Home"), self.tr("Models"), self.tr("Data"), self.tr("Train"), self.tr("Results"),
                 self.tr("Export"), self.tr("Chat"), self.tr("Settings"))
        for row, text in enumerate(names):
            self.sidebar.item(row).setText(text)
        self.sidebar.setAccessibleName(self.tr("Pages"))
        self._fit_sidebar()

    def changeEvent(self, event: QEvent) -> None:
        """Keeps the sidebar as wide as its words when the text size changes."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "sidebar"):
            self._fit_sidebar()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accepts what has a local path."""
        if local_paths(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Takes a model folder, data, a GGUF file or a run folder to its page."""
        event.acceptProposedAction()
        take_paths(self.session, local_paths(event.mimeData()))

    def closeEvent(self, event: QCloseEvent) -> None:
        """Asks what is running to end, once, and closes when it has: looks and chats have nothing to save."""
        for page in self.pages.values():
            page.on_closing()
        running = [job for job in self.session.jobs if job.is_running]
        if not running:
            self._patience.stop()
            self.session.remember(geometry=base64.b64encode(self.saveGeometry().data()).decode("ascii"))
            event.accept()
            return
        event.ignore()
        for job in running:
            self._end(job)
        if any(_saves(job) for job in running):
            self._show_closing_note()

    def _end(self, job: WorkerJob) -> None:
        if job in self._ending:
            return
        self._ending.append(job)
        job.ended.connect(self._close_after, Qt.ConnectionType.QueuedConnection)
        if _saves(job):
            job.stop("save")
        else:
            job.stop("discard")
            self._patience.start()

    @Slot()
    def _close_after(self) -> None:
        self._ending = [job for job in self._ending if job in self.session.jobs]
        if not self._ending:
            self.close()

    @Slot()
    def _end_the_rest(self) -> None:
        for job in self._ending:
            if job in self.session.jobs and not _saves(job):
                job.kill()

    def _show_closing_note(self) -> None:
        if self._note is not None:
            return
        self._note = Note(self, self.tr("Saving before closing…"),
                          self.tr("The running job is writing what it needs to go on later. "
                                  "The window closes by itself when it is done."),
                          (self.tr("End it at once"), self._kill_jobs))
        self._note.finished.connect(self._forget_note)
        self._note.open()

    @Slot()
    def _forget_note(self) -> None:
        self._note = None

    @Slot()
    def _kill_jobs(self) -> None:
        for job in self.session.jobs:
            job.kill()

    @Slot(object)
    def _show_trouble(self, error: TanrenError) -> None:
        show_error_dialog(self, self.session, error)

    def _add_shortcuts(self) -> None:
        for number, name in enumerate(PAGES, start=1):
            shortcut = QShortcut(QKeySequence(f"Ctrl+{number}"), self)
            shortcut.activated.connect(lambda name=name: self.show_page(name))
        for keys, action in (
            ("Ctrl+O", self._open), ("Ctrl+Q", self.close), ("F1", self.show_help), ("Ctrl+,", self._settings),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(action)

    @Slot()
    def _open(self) -> None:
        """Ctrl+O: a model folder on the Models page, else a dataset."""
        models = self.sidebar.currentRow() == PAGES.index("models")
        page = self.page("models" if models else "data")
        self.show_page(page.name)
        page.choose()  # type: ignore[attr-defined]

    @Slot()
    def _settings(self) -> None:
        self.show_page("settings")

    @Slot()
    def show_help(self) -> None:
        """F1: the steps and the keys."""
        Note(self, self.tr("From a dataset to your own model"), self.tr(
            "1. Models: choose a base model folder.\n"
            "2. Data: drop a file with questions and answers.\n"
            "3. Train: start, watch the loss fall, stop and resume as you like.\n"
            "4. Results: compare the answers before and after.\n"
            "5. Export: write one GGUF file.\n"
            "6. Chat: talk to that very file.\n\n"
            "Ctrl+1 … Ctrl+8: pages\nCtrl+O: open a model or a dataset\nCtrl+,: settings\nCtrl+Q: quit\nF1: this help"
        )).open()

    def _fit_sidebar(self) -> None:
        self.sidebar.ensurePolished()
        self.sidebar.setFixedWidth(max(168, self.sidebar.sizeHintForColumn(0) + 40))

    def _restore_geometry(self) -> None:
        self.setMinimumSize(880, 600)
        saved = QByteArray(base64.b64decode(self.session.settings.geometry or b""))
        if saved.isEmpty() or not self.restoreGeometry(saved):
            self.resize(1180, 780)


def _saves(job: WorkerJob) -> bool:
    return kind_of(job.folder) in MEMORY_JOBS
