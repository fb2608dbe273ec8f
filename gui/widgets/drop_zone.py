"""A place that asks for files: lit while some are held over it."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QFrame

from gui.drop import local_paths
from gui.theme import set_role


class DropZone(QFrame):
    """Takes what has a local path.

    Signals:
        dropped: the paths, a list of texts.
    """

    dropped = Signal(list)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("drop_zone")
        self.setAcceptDrops(True)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Lights up for files."""
        if local_paths(event.mimeData()):
            event.acceptProposedAction()
            set_role(self, "over")

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """They were taken elsewhere."""
        set_role(self, "")
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """The files are here."""
        set_role(self, "")
        event.acceptProposedAction()
        self.dropped.emit(local_paths(event.mimeData()))
