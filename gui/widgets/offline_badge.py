"""The badge that is always in view: Tanren is offline, and how strongly the workers are held to it."""

from PySide6.QtCore import QCoreApplication, Qt, Slot
from PySide6.QtWidgets import QPushButton, QWidget

from backend.network_lock import AUDIT_HOOK, SECCOMP
from gui.session import Session
from gui.theme import set_role
from gui.widgets.note import Note


class OfflineBadge(QPushButton):
    """Shows the level that the newest worker reported; before any worker, that nothing was checked yet."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("offline_badge")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.session = session
        self.clicked.connect(self.explain)
        session.lock_reported.connect(self.retranslate)
        session.language_changed.connect(self.retranslate)
        self.retranslate()

    @Slot()
    def retranslate(self) -> None:
        """Sets the texts in the present language."""
        words = {SECCOMP: self.tr("OFFLINE · enforced by the kernel"),
                 AUDIT_HOOK: self.tr("OFFLINE · guarded by Tanren")}
        self.setText(words.get(self.session.reported_lock, self.tr("OFFLINE · not yet checked")))
        set_role(self, "known" if self.session.reported_lock in words else "")  # green only for what was reported
        self.setToolTip(self.tr("What does this mean?"))
        self.setAccessibleName(self.text())

    def explain(self) -> None:
        """Opens the explanation."""
        Note(self.window(), self.text(), offline_explanation(self.session.reported_lock)).open()


def offline_explanation(level: str) -> str:
    """What the `level` that a worker reported means, in plain words; it is empty before the first one."""
    if level == SECCOMP:
        text = QCoreApplication.translate(
            "Offline",
            "Everything that touches your model or your data runs in separate worker processes. Before a worker "
            "loads anything, it tells Linux itself (by a seccomp filter) to refuse every network connection of "
            "this process and of all its children. The filter cannot be taken off again, not even by a fault in "
            "a library or by a malicious model.")
    elif level == AUDIT_HOOK:
        text = QCoreApplication.translate(
            "Offline",
            "Everything that touches your model or your data runs in separate worker processes. In each of them "
            "Tanren refuses network connections at the level of Python (by an audit hook). This stops Python "
            "libraries; native code could in principle go around it. On Linux the kernel itself enforces the lock.")
    else:
        text = QCoreApplication.translate(
            "Offline",
            "Everything that touches your model or your data runs in separate worker processes. Each of them locks "
            "its own network before it loads anything, and reports here how firmly. No worker has started yet.")
    window = QCoreApplication.translate(
        "Offline", "The window itself holds no code that uses the network: no update check, no telemetry, no accounts.")
    source = QCoreApplication.translate("Offline", "The newest worker reported this level when it started.")
    return "\n\n".join((text, window, source) if level else (text, window))
