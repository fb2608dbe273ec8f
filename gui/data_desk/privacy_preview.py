"""What hiding personal data would find in the first rows, before anything is changed."""

from typing import Any

import msgspec
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from backend.config.jobs import DataFindJob
from backend.data.privacy.kinds import KINDS
from backend.protocol.messages import Failed
from gui.figures import count, listed
from gui.look import Look
from gui.session import Session
from gui.theme import SPACE_S, SPACE_XS
from gui.widgets.error_panel import ErrorPanel
from gui.widgets.parts import clear_layout, label

TYPING_PAUSE = 800  # ms: each look is a process
ROWS_LOOKED_AT = 300
EXAMPLES_SHOWN = 30


class PrivacyPreview(QWidget):
    """Looks again when the settings change; a newer look replaces the older one."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self._settings: dict[str, Any] = {}
        self._look = Look(session, self)
        self._look.answered.connect(self._show)
        self._look.failed.connect(self._show_failure)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(TYPING_PAUSE)
        self._pause.timeout.connect(self._ask)
        self.heading, self.told, self.errors = label("heading"), label("muted"), ErrorPanel(session)
        self.heading.setText(self.tr("What would be hidden"))
        self.examples = QVBoxLayout()
        self.examples.setSpacing(SPACE_XS)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_S)
        for widget in (self.heading, self.told, self.errors):
            layout.addWidget(widget)
        layout.addLayout(self.examples)

    def look(self, settings: dict[str, Any]) -> None:
        """Looks with these settings of the step, after a pause."""
        self._settings = settings
        self.told.setText(self.tr("Looking through the first rows…"))
        self._pause.start()

    def stop(self) -> None:
        """Nobody looks any more."""
        self._pause.stop()
        self._look.cancel()

    def _ask(self) -> None:
        self.errors.clear()
        settings = msgspec.to_builtins(self._settings)
        self._look.ask(DataFindJob(data=str(self.session.data), settings=settings, limit=ROWS_LOOKED_AT), "data_find")

    def _show(self, found: dict[str, Any]) -> None:
        language = self.session.language
        kinds = [f"{KINDS[kind].title.in_language(language)} {count(finds)}" for kind, finds in found["counts"].items()
                 if finds and kind in KINDS]
        looked_at = self.tr("In the first {0} rows, {1} have something to hide.").format(
            count(found["looked_at"]), count(found["rows"]))
        self.told.setText("\n".join(part for part in (looked_at, listed(kinds)) if part))
        clear_layout(self.examples)
        for example in found["examples"][:EXAMPLES_SHOWN]:
            line = label("small", selectable=True)
            kind = KINDS[example["kind"]].title.in_language(language) if example["kind"] in KINDS else example["kind"]
            said = " ".join(f"{example['before']}【{example['found']}】{example['after']}".split())
            line.setText(self.tr("Row {0} · {1}: {2}").format(count(example["row"]), kind, said))
            self.examples.addWidget(line)

    def _show_failure(self, failed: Failed) -> None:
        self.told.setText("")
        clear_layout(self.examples)
        self.errors.show_error(failed)
