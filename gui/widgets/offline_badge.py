"""The badge that is always in view: Tanren is offline, and how strongly the workers are held to it."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QMessageBox, QPushButton, QWidget

from backend.network_lock import SECCOMP, expected_level
from backend.protocol.messages import Hello, WorkerEvent
from gui.jobs.job import WorkerJob
from gui.session import Session


class OfflineBadge(QPushButton):
    """Shows the level of the newest worker; before any worker, the level that this platform gives."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("offline_badge")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.level = expected_level()
        self.reported = False
        self.clicked.connect(self.explain)
        session.job_started.connect(self._watch)
        session.language_changed.connect(self.retranslate)
        self.retranslate()

    @Slot()
    def retranslate(self) -> None:
        """Sets the texts in the present language."""
        strong = self.level == SECCOMP
        self.setText(self.tr("OFFLINE · enforced by the kernel") if strong
                     else self.tr("OFFLINE · guarded by Tanren"))
        self.setToolTip(self.tr("What does this mean?"))
        self.setAccessibleName(self.text())

    def explanation(self) -> str:
        """What the level means, in plain words."""
        if self.level == SECCOMP:
            text = self.tr(
                "Everything that touches your model or your data runs in separate worker processes. Before a worker "
                "loads anything, Linux itself is told (by a seccomp filter) to refuse every network connection of "
                "that process and of all its children. The filter cannot be taken off again, not even by a fault in "
                "a library or by a malicious model.")
        else:
            text = self.tr(
                "Everything that touches your model or your data runs in separate worker processes. In each of them "
                "Tanren refuses network connections at the level of Python (by an audit hook). This stops Python "
                "libraries; native code could in principle go around it. On Linux the kernel itself enforces the lock.")
        source = (self.tr("The newest worker reported this level when it started.") if self.reported
                  else self.tr("No worker has started yet; this is what your system will give."))
        window = self.tr("The window itself holds no code that uses the network: "
                         "no update check, no telemetry, no accounts.")
        return "\n\n".join((text, window, source))

    def explain(self) -> None:
        """Opens the explanation."""
        box = QMessageBox(QMessageBox.Icon.NoIcon, self.tr("Offline"), self.text(), parent=self.window())
        box.setInformativeText(self.explanation())
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()

    @Slot(object)
    def _watch(self, job: WorkerJob) -> None:
        job.event.connect(self._event)

    @Slot(object)
    def _event(self, event: WorkerEvent) -> None:
        if isinstance(event, Hello):
            self.level, self.reported = event.lock, True
            self.retranslate()
