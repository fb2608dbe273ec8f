"""The chosen row of a dataset, twice: as a chat, and as the tokens that the model sees."""

import json
from pathlib import Path
from typing import Any, NamedTuple

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QFrame, QScrollArea, QTabWidget, QVBoxLayout, QWidget

from backend.config.jobs import DataShowJob
from backend.config.reading import Reading
from backend.data.check_texts import CHECKS
from backend.data.dataset import Row
from backend.protocol.messages import Failed
from gui.figures import count, listed
from gui.look import Look
from gui.session import Session
from gui.theme import SPACE_M, SPACE_S
from gui.widgets.dialogue_view import DialogueView
from gui.widgets.error_panel import ErrorPanel
from gui.widgets.parts import label
from gui.widgets.token_view import ShownToken, TokenLegend, TokenView

STEPPING_PAUSE = 250  # ms: each look is a process: not one for every key press
KEPT = 500  # rendered rows


class RowSource(NamedTuple):
    """Where the rows to render lie, how they are read, and the model and maximum length (tokens) to do it with."""

    data: Path | None
    model: Path | None
    max_length: int
    reading: Reading = Reading()


class RowView(QWidget):
    """Shows one row; its tokens are rendered together with the rows that follow it: of the session's dataset with the
    session's model, unless `show_row` is told of another source."""

    READ_AHEAD = 20

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self._source: RowSource | None = None
        self._said = ""
        self._look = Look(session, self)
        self._row: Row | None = None
        self._checks: list[str] = []
        self._near: list[int] = []
        self._rendered: dict[int, dict[str, Any]] = {}
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)
        self.dialogue = DialogueView()
        self.errors = ErrorPanel(session)
        self.origin = label("small", selectable=True)
        self.note = label("muted")
        self.problem = label("warning")
        self.legend = TokenLegend()
        self.tokens = TokenView()
        self.token_page = _page(self.note, self.errors, self.legend, self.tokens)
        self.chat_page = _page(self.origin, self.problem, self.dialogue)
        for page in (self.chat_page, self.token_page):
            self.tabs.addTab(_scrolled(page), "")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.tabs)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(STEPPING_PAUSE)
        self._pause.timeout.connect(self._render)
        self._look.answered.connect(self._take_rows)
        self._look.failed.connect(self._show_failure)
        session.model_changed.connect(self._forget_session)
        session.max_length_changed.connect(self._forget_session)
        self.retranslate()

    def retranslate(self) -> None:
        """Sets every text."""
        self.tabs.setTabText(0, self.tr("As a chat"))
        self.tabs.setTabText(1, self.tr("As the model sees it"))
        self.tabs.setAccessibleName(self.tr("The chosen row"))
        self.legend.retranslate()
        self._show()

    def show_row(self, row: Row | None, checks: list[str], near: list[int], source: RowSource | None = None,
                 said: str = "") -> None:
        """Shows `row`, which met `checks`; `near` are the rows to render with it, itself among them. `source`: where
        they lie, when not in the session's dataset; `said`: what is told of the row instead of its number there."""
        if source != self._source:
            self._source = source
            self._rendered.clear()
            self._look.cancel()
            self.errors.clear()
        elif row == self._row and checks == self._checks and said == self._said and (
                row is None or row.row in self._rendered):
            return
        self._said = said
        self._row, self._checks, self._near = row, checks, near
        self._show()
        if row is not None and row.row not in self._rendered:
            self._pause.start()

    @Slot()
    def forget(self, rows: list[int] | None = None) -> None:
        """These rows, or all, are to be rendered again: they say something else, or another model reads them."""
        for row in rows or list(self._rendered):
            self._rendered.pop(row, None)
        self._look.cancel()
        self.errors.clear()
        self._show()
        if self._row is not None:
            self._pause.start()

    @property
    def source(self) -> RowSource:
        """Where the tokens come from."""
        return self._source or RowSource(self.session.data, self.session.model, self.session.max_length)

    @Slot()
    def _forget_session(self) -> None:
        if self._source is None:
            self.forget()

    @Slot()
    def _render(self) -> None:
        data, model, max_length, reading = self.source
        wanted = [number for number in self._near if number not in self._rendered]
        if self._row is None or data is None or model is None or self._row.row not in wanted:
            self._look.cancel()
        else:
            self.errors.clear()
            self._look.ask(DataShowJob(data=str(data), model=str(model), rows=wanted, max_length=max_length,
                                       reading=reading), "data_show")
        self._show()

    @Slot(dict)
    def _take_rows(self, result: dict[str, Any]) -> None:
        rows = json.loads(Path(result["rows_file"]).read_text(encoding="utf-8"))
        if len(self._rendered) > KEPT:
            self._rendered.clear()
        self._rendered |= {row["row"]: row for row in rows}
        self._show()

    @Slot(object)
    def _show_failure(self, failed: Failed) -> None:
        self.errors.show_error(failed)
        self._show()

    def _show(self) -> None:
        row = self._row
        rendered = self._rendered.get(row.row) if row else None
        tokens = [ShownToken(token["id"], token["text"], token["trained"], bool(token.get("special")))
                  for token in rendered["tokens"]] if rendered else []
        self.tokens.show_tokens(tokens)
        self.tokens.setVisible(bool(tokens))
        self.legend.setVisible(bool(tokens))
        self.note.setText(self._note(rendered, tokens))
        self.note.setVisible(bool(self.note.text()))
        problem = self._problem(rendered)
        self.problem.setText(self._said_of(problem) if problem else self._cut(rendered))
        self.problem.setVisible(bool(self.problem.text()))
        self.origin.setText((self._said or self._origin(row)) if row else "")
        self.origin.setVisible(bool(self.origin.text()))
        if row is None:
            self.dialogue.show_messages([])
        else:
            self.dialogue.show_messages(
                row.messages, trained=not problem and row.side != "held_out",
                answers=rendered["answers"] if rendered else None, text=row.text, rejected=row.rejected,
                tools=row.tools)

    def _problem(self, rendered: dict[str, Any] | None) -> str:
        return str((rendered or {}).get("problem") or (self._row.problem if self._row else ""))

    def _said_of(self, check: str) -> str:
        return CHECKS[check].meaning.in_language(self.session.language) if check in CHECKS else check

    def _origin(self, row: Row) -> str:
        """Where the row comes from, and what else is known of it."""
        parts = [self.tr("Row {0}").format(count(row.row)), row.source]
        if row.label:
            parts.append(self.tr("label: {0}").format(row.label))
        if row.synthetic:
            parts.append(self.tr("made by enlarging: {0}").format(row.synthetic))
        parts += [CHECKS[check].title.in_language(self.session.language) for check in self._checks if check in CHECKS]
        return listed(part for part in parts if part)

    def _note(self, rendered: dict[str, Any] | None, tokens: list[ShownToken]) -> str:
        problem = self._problem(rendered)
        if problem in CHECKS:
            check = CHECKS[problem]
            words = (check.title.in_language(self.session.language), check.meaning.in_language(self.session.language))
            reason = "reason:ja" if self.session.language == "ja" else "reason"
            return "\n".join((*words, (rendered or {}).get(reason, ""))).strip()
        if rendered:
            trained = sum(token.trained for token in tokens)
            if self._row is not None and self._row.side == "held_out":
                said = self.tr("{0} tokens; the loss is measured on {1} of them. Nothing is learned from this row.")
            else:
                said = self.tr("{0} tokens, {1} of them trained: the model learns to say only these.")
            text = said.format(count(len(tokens)), count(trained))
            return "\n".join((text, self._cut(rendered))).strip()
        if self._source is not None and self._source.model is None:
            return self.tr("The base model of this run is no longer there, so the tokens cannot be shown.")
        if self.source.model is None:
            return self.tr("Choose a base model to see this row as its tokens.")
        if self._look.is_running:
            return self.tr("The model's tokenizer is reading the rows…")
        return ""

    def _cut(self, rendered: dict[str, Any] | None) -> str:
        if not rendered or not rendered["truncated"]:
            return ""
        return self.tr("Training cuts this row after {0} tokens, the maximum length.").format(
            count(self.source.max_length))


def _page(*parts: QWidget) -> QWidget:
    page = QWidget()
    layout = QVBoxLayout(page)
    layout.setContentsMargins(0, SPACE_M, 0, 0)
    layout.setSpacing(SPACE_S)
    for part in parts:
        layout.addWidget(part)
    layout.addStretch(1)
    return page


def _scrolled(page: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidget(page)
    area.viewport().setAutoFillBackground(False)
    page.setAutoFillBackground(False)
    return area
