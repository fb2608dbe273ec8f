"""The chosen row of a dataset, twice: as a chat, and as the tokens that the model sees."""

import json
from pathlib import Path
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFrame, QScrollArea, QTabWidget, QVBoxLayout, QWidget

from backend.config.jobs import DataShowJob
from backend.data.check_texts import CHECKS
from backend.protocol.messages import Failed
from gui.figures import count
from gui.look import Look
from gui.session import Session
from gui.theme import SPACE_M, SPACE_S
from gui.widgets.dialogue_view import DialogueView
from gui.widgets.error_panel import ErrorPanel
from gui.widgets.parts import label
from gui.widgets.token_view import ShownToken, TokenLegend, TokenView


class RowView(QWidget):
    """Renders the rows of a preview with the session's model, all in one job, and shows the one that is chosen."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self._look = Look(session, self)
        self._row: dict[str, Any] | None = None
        self._rendered: dict[int, dict[str, Any]] = {}
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)
        self.dialogue = DialogueView()
        self.errors = ErrorPanel(session)
        self.note = label("muted")
        self.problem = label("warning")
        self.legend = TokenLegend()
        self.tokens = TokenView()
        token_page = QWidget()
        layout = QVBoxLayout(token_page)
        layout.setContentsMargins(0, SPACE_M, 0, 0)
        layout.setSpacing(SPACE_S)
        for widget in (self.note, self.errors, self.legend, self.tokens):
            layout.addWidget(widget)
        layout.addStretch(1)
        chat_page = QWidget()
        chat_layout = QVBoxLayout(chat_page)
        chat_layout.setContentsMargins(0, SPACE_M, 0, 0)
        chat_layout.addWidget(self.problem)
        chat_layout.addWidget(self.dialogue)
        chat_layout.addStretch(1)
        for page in (chat_page, token_page):
            self.tabs.addTab(_scrolled(page), "")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.tabs)
        self._look.answered.connect(self._take_rows)
        self._look.failed.connect(self._show_failure)
        self.retranslate()

    def retranslate(self) -> None:
        """Sets every text."""
        self.tabs.setTabText(0, self.tr("As a chat"))
        self.tabs.setTabText(1, self.tr("As the model sees it"))
        self.tabs.setAccessibleName(self.tr("The chosen row"))
        self.dialogue.retranslate()
        self.legend.retranslate()
        self._show()

    def render_rows(self, data: Path, first: int, rows: int) -> None:
        """Asks the engine for the tokens of `rows` rows from `first` (0-based)."""
        self._rendered = {}
        self.errors.clear()
        if self.session.model is None or rows == 0:
            self._look.cancel()
        else:
            self._look.ask(DataShowJob(
                data=str(data), model=str(self.session.model), first=first, count=rows,
                max_length=self.session.max_length), "data_show")
        self._show()

    def show_row(self, row: dict[str, Any] | None) -> None:
        """Shows one row of the preview: {"row", "messages"}."""
        self._row = row
        self._show()

    @Slot(dict)
    def _take_rows(self, result: dict[str, Any]) -> None:
        rows = json.loads(Path(result["rows_file"]).read_text(encoding="utf-8"))
        self._rendered = {row["row"]: row for row in rows}
        self._show()

    @Slot(object)
    def _show_failure(self, failed: Failed) -> None:
        self.errors.show_error(failed)
        self._show()

    def _show(self) -> None:
        rendered = self._rendered.get(self._row["row"]) if self._row else None
        tokens = [ShownToken(token["id"], token["text"], token["trained"], bool(token.get("special")))
                  for token in rendered["tokens"]] if rendered else []
        self.tokens.show_tokens(tokens)
        self.tokens.setVisible(bool(tokens))
        self.legend.setVisible(bool(tokens))
        self.note.setText(self._note(rendered, tokens))
        problem = (rendered or {}).get("problem") or (self._row or {}).get("problem")
        self.dialogue.show_messages(self._row["messages"] if self._row else [], trained=not problem,
                                    answers=rendered["answers"] if rendered else None)
        if problem:
            self.problem.setText(CHECKS[problem].meaning.in_language(self.session.language))
        else:
            self.problem.setText(self._cut(rendered))
        self.problem.setVisible(bool(self.problem.text()))
        self.note.setVisible(bool(self.note.text()))

    def _note(self, rendered: dict[str, Any] | None, tokens: list[ShownToken]) -> str:
        problem = (rendered or self._row or {}).get("problem")
        if problem:
            check = CHECKS[problem]
            words = (check.title.in_language(self.session.language), check.meaning.in_language(self.session.language))
            reason = "reason:ja" if self.session.language == "ja" else "reason"
            return "\n".join((*words, (rendered or {}).get(reason, ""))).strip()
        if rendered:
            trained = sum(token.trained for token in tokens)
            text = self.tr("{0} tokens, {1} of them trained: the model learns to say only these.").format(
                count(len(tokens)), count(trained))
            return "\n".join((text, self._cut(rendered))).strip()
        if self.session.model is None:
            return self.tr("Choose a base model to see this row as its tokens.")
        if self._look.is_running:
            return self.tr("The model's tokenizer is reading the rows…")
        return ""

    def _cut(self, rendered: dict[str, Any] | None) -> str:
        if not rendered or not rendered["truncated"]:
            return ""
        return self.tr("Training cuts this row after {0} tokens, the maximum length.").format(
            count(self.session.max_length))


def _scrolled(page: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidget(page)
    area.viewport().setAutoFillBackground(False)
    page.setAutoFillBackground(False)
    return area
