"""The GGUF files of a run: what they are, how large, what was checked, where they lie."""

from pathlib import Path
from typing import Any

import msgspec
from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from backend.protocol.messages import Finished
from backend.runs.events import outcome
from backend.runs.run import Run
from gui.figures import size
from gui.item_models.run_rows import kind_of
from gui.theme import SPACE_M, SPACE_S
from gui.widgets.parts import Card, button, label


class Parity(msgspec.Struct, frozen=True, kw_only=True):
    """What the comparison of a GGUF file with the trained model found; None where it was not computed."""

    verdict: str = ""
    max_logit_diff: float | None = None
    kl: float | None = None


class GgufList(QWidget):
    """One card a file.

    Signals:
        chat_wanted: talk to this file (Path).
    """

    chat_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cards = QVBoxLayout(self)
        self._cards.setContentsMargins(0, 0, 0, 0)
        self._cards.setSpacing(SPACE_M)
        self._run: Run | None = None

    def show_run(self, run: Run | None) -> int:
        """Shows the files of `run`; returns how many there are."""
        self._run = run
        while (item := self._cards.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        files = run.gguf_files() if run is not None else {}
        checks = parities(run) if run is not None else {}
        for quant, path in files.items():
            self._cards.addWidget(self._card(quant, path, checks.get(quant)))
        return len(files)

    def retranslate(self) -> None:
        """Shows every text in the present language."""
        self.show_run(self._run)

    def _card(self, quant: str, path: Path, parity: Parity | None) -> Card:
        card = Card()
        card.setObjectName(f"gguf_{quant}")
        card.heading.setText(f"{quant}  ·  {size(path.stat().st_size)}")
        place = label("mono", selectable=True)
        place.setText(str(path))
        card.body.addWidget(place)
        if parity is not None:
            verdict = label(_tone(parity))
            verdict.setText(self._parity_text(parity))
            card.body.addWidget(verdict)
        chat = button(lambda: self.chat_wanted.emit(path), "", f"chatWith_{quant}")
        chat.setText(self.tr("Chat with this file"))
        show = button(lambda: _open_folder(path.parent), "quiet", f"reveal_{quant}")
        show.setText(self.tr("Open the folder"))
        line = QHBoxLayout()
        line.setSpacing(SPACE_S)
        line.addWidget(chat)
        line.addWidget(show)
        line.addStretch(1)
        card.body.addLayout(line)
        return card

    def _parity_text(self, parity: Parity) -> str:
        if _tone(parity) == "bad":
            words = self.tr("✗ This file does not answer like the trained model: {verdict}").format(
                verdict=parity.verdict)
        else:
            words = self.tr("✓ Compared with the trained model: {verdict}").format(verdict=parity.verdict)
        if parity.max_logit_diff is not None:
            words += self.tr(" (largest logit difference {figure})").format(figure=f"{parity.max_logit_diff:.3g}")
        return words


def parities(run: Run) -> dict[str, Parity]:
    """The checks that the exports of `run` reported, by quantization; the newest wins."""
    found: dict[str, Parity] = {}
    for job in run.job_folders():
        last = outcome(job) if kind_of(job) == "export" else None
        files: Any = last.result.get("files") if isinstance(last, Finished) else None
        for file in files if isinstance(files, list) else []:
            if isinstance(file, dict) and file.get("parity"):
                try:
                    found[str(file.get("quant"))] = msgspec.convert(file["parity"], Parity)
                except msgspec.ValidationError:
                    continue
    return found


def _tone(parity: Parity) -> str:
    return "good" if parity.verdict in ("same", "match", "ok", "pass", "passed") else "bad"


def _open_folder(folder: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
