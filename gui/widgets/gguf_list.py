"""The GGUF files of a run: what they are, how large, what was checked, where they lie."""

from pathlib import Path

import msgspec
from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from backend.config.export import VERY_CLOSE_KL
from backend.runs.manifests import read_manifest
from backend.runs.origin import stale
from backend.runs.run import Run
from gui.figures import size
from gui.theme import SPACE_M, SPACE_S
from gui.widgets.parts import Card, button, label
from gui.words import stale_words

ROLES = {"green": "good", "yellow": "warning", "unchecked": "warning"}


class Parity(msgspec.Struct, frozen=True, kw_only=True):
    """What the comparison of a GGUF file with the trained model found; None where it was not computed.

    `needed_mib` is the free memory that the comparison of answers would have taken.
    """

    verdict: str = ""
    max_logit_diff: float | None = None
    kl: float | None = None
    needed_mib: int = 0


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
        for quant, path in files.items():
            self._cards.addWidget(self._card(quant, path, parity_of(path.parent)))
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
            verdict = label(ROLES.get(parity.verdict, "bad"))
            verdict.setText(self._parity_text(parity))
            card.body.addWidget(verdict)
        if self._run is not None and (old := stale(self._run, path.parent)) is not None:
            warning = label("warning")
            warning.setObjectName(f"stale_{quant}")
            warning.setText(f"! {stale_words(old)}")
            card.body.addWidget(warning)
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
        if parity.verdict == "unchecked":
            return self.tr("! Same prompt and same tokens as the trained model. Its answers were not compared: "
                           "{size} of free memory would be needed.").format(size=size(parity.needed_mib * 2**20))
        words = self.tr("✗ This file does not answer like the trained model.")
        if parity.verdict == "yellow":
            words = self.tr("! Same prompt and tokens as the trained model, but its answers differ noticeably. "
                            "A file with more bits stays closer.")
        elif parity.verdict == "green" and parity.kl is not None:
            words = (self.tr("✓ Same prompt and tokens as the trained model, answers very close to it.")
                     if parity.kl <= VERY_CLOSE_KL else
                     self.tr("✓ Same prompt and tokens as the trained model, answers close to it."))
        if parity.kl is not None:
            words += " " + self.tr("(KL {figure} nats per token, measured on one dialogue)").format(
                figure=f"{parity.kl:.2g}")
        return words


def parity_of(folder: Path) -> Parity | None:
    """The comparison that the manifest of a GGUF folder tells of, or None when there was none."""
    manifest = read_manifest(folder)
    told = manifest.facts.get("parity") if manifest else None
    if not told:
        return None
    try:
        return msgspec.convert(told, Parity)
    except msgspec.ValidationError:
        return None


def _open_folder(folder: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
