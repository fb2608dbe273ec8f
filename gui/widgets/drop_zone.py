"""A place that asks for a file: lit while one is held over it."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QFrame

from gui.drop import local_path
from gui.theme import set_role


class DropZone(QFrame):
    """Takes what has a local path.

    Signals:
        dropped: the path.
    """

    dropped = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("drop_zone")
        self.setAcceptDrops(True)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Lights up for a file."""
        if local_path(event.mimeData()):
            event.acceptProposedAction()
            set_role(self, "over")

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """The file was taken elsewhere."""
        set_role(self, "")
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """The file is here."""
        set_role(self, "")
        event.acceptProposedAction()
        self.dropped.emit(local_path(event.mimeData()))
