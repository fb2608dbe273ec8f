"""The last resort: an exception that nobody caught, shown before it is copied, never sent."""

import platform
from pathlib import Path

from PySide6.QtCore import qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QVBoxLayout, QWidget

from backend.version import BUILD
from gui.fonts import mono_font
from gui.widgets.parts import button, label


def redacted(report: str) -> str:
    """`report` with the user's home folder shortened, and with the versions of what runs."""
    versions = f"{BUILD} · Python {platform.python_version()} · Qt {qVersion()} · {platform.platform()}"
    return f"{versions}\n\n{report}".replace(str(Path.home()), "~")


class CrashDialog(QDialog):
    """Title, next step and the report with a copy button; the window stays usable."""

    def __init__(self, report: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("crash_dialog")
        self.setWindowTitle(self.tr("Something went wrong inside Tanren"))
        self.resize(680, 460)
        heading = label("heading")
        heading.setText(self.tr("Something went wrong inside Tanren"))
        text = label()
        text.setText(self.tr("This is a fault of ours. Jobs that run are not touched by it, and what was finished is "
                             "safe. Go on, or restart Tanren if the window no longer answers. Please pass on the "
                             "report below: read it first, it stays on this computer until you copy it."))
        self.report = QPlainTextEdit(redacted(report))
        self.report.setReadOnly(True)
        self.report.setFont(mono_font(0.9))
        self.report.setAccessibleName(self.tr("Report"))
        copy = button(self._copy, "", "crash_copy")
        copy.setText(self.tr("Copy report"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.addButton(copy, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        for widget in (heading, text, self.report, buttons):
            layout.addWidget(widget)
        self.finished.connect(self.deleteLater)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.report.toPlainText())
