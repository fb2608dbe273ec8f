"""Says that a file of the open dataset was changed since it was read, and reads it again with or without the steps."""

from pathlib import Path

from PySide6.QtWidgets import QHBoxLayout

from gui.background import Background
from gui.data_desk.sources import has_changed
from gui.session import Session
from gui.theme import SPACE_M
from gui.widgets.parts import Card, button, label


class ChangedBanner(Card):
    """Hidden unless the files are others than those that were read."""

    def __init__(self, session: Session) -> None:
        super().__init__(heading=False, role="panel")
        self.session = session
        self.setObjectName("changed_banner")
        self.text = label()
        self.again_button = button(self._replay, "", "read_again")
        self.plain_button = button(self._plainly, "link", "read_plainly")
        line = QHBoxLayout()
        line.setSpacing(SPACE_M)
        line.addWidget(self.text, 1)
        line.addWidget(self.again_button)
        line.addWidget(self.plain_button)
        self.body.addLayout(line)
        self._background = Background(self)
        self._changed: Path | None = None
        self.hide()

    def retranslate(self) -> None:
        """Sets every text."""
        self.refresh()

    def open(self) -> None:
        """Another dataset is open."""
        self._changed = None
        self.look()

    def look(self) -> None:
        """Compares the files with what was read, in a thread."""
        folder = self.session.data
        if self.session.dataset is None or folder is None:
            self.refresh()
            return
        self._background.do(lambda: has_changed(folder), lambda changed: self._take(folder, changed),
                            lambda _error: None)  # a dataset that cannot be read tells so itself

    def refresh(self) -> None:
        """Shows the banner when the open dataset is the one whose files changed."""
        dataset = self.session.dataset
        overview = dataset.overview if dataset else None
        self.setVisible(overview is not None and dataset is not None and self._changed == dataset.folder
                        and not self.session.imports.is_running)
        steps = overview is not None and overview.can_undo
        self.text.setText(self.tr("The file has changed since it was read. What you see is as it was; edits of single "
                                  "rows do not carry over to the new one.") if steps else
                          self.tr("The file has changed since it was read. What you see is as it was."))
        self.again_button.setText(self.tr("Read it again with the same steps") if steps else self.tr("Read it again"))
        self.plain_button.setText(self.tr("Read it again without steps"))
        self.plain_button.setVisible(steps)

    def _take(self, folder: Path, changed: bool) -> None:
        self._changed = folder if changed else None
        self.refresh()

    def _replay(self) -> None:
        dataset = self.session.dataset
        if dataset is not None and dataset.overview is not None:
            self.session.imports.replay(dataset.folder, [Path(path) for path in dataset.overview.about.asked])

    def _plainly(self) -> None:
        dataset = self.session.dataset
        if dataset is not None and dataset.overview is not None:
            about = dataset.overview.about
            self.session.imports.take([Path(path) for path in about.asked], about.reading, again=True)
