"""How files are to be read, where what was found out is wrong: format, encoding, sheet, and which column is what."""

from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from backend.config.jobs import DataInspectJob
from backend.config.reading import ENCODINGS, FORMATS, PARTS, Reading
from backend.data.dataset_folder import About
from backend.data.readers.encoding import encodings_of
from backend.data.readers.xlsx_file import sheets_of
from backend.protocol.errors import TanrenError
from backend.protocol.languages import Text
from backend.protocol.messages import Failed
from gui.background import Background
from gui.figures import count
from gui.look import Look
from gui.session import Session
from gui.theme import SPACE_L, SPACE_M, SPACE_S
from gui.widgets.dialogue_view import DialogueView
from gui.widgets.error_panel import ErrorPanel
from gui.widgets.figure_spin_box import CountSpinBox
from gui.widgets.parts import button, clear_layout, label
from gui.words import format_word, part_word

TYPING_PAUSE = 500  # ms: each preview is a process
PREVIEW_ROWS = 200  # of the first file: its format and findings are told by these
ROWS_SHOWN = 3
ENCODING_LINES = 4
WIDTH, HEIGHT = 980, 720
BOX_CHARACTERS = 8
DIALOGUE = ("question", "answer", "system", "rejected")  # parts that a text has not
BREAK = "↵"  # a field of one line shows and takes line breaks as this sign


class ReadingDialog(QDialog):
    """Settings on the left, the first rows as they would be read on the right."""

    def __init__(self, parent: QWidget, session: Session, about: About) -> None:
        super().__init__(parent)
        self.session = session
        self.about = about
        self.files = [Path(path) for path in about.asked]
        self.setObjectName("reading_dialog")
        self.setWindowTitle(self.tr("Read differently"))
        first = about.sources[0]
        self.format_box, self.encoding_box, self.sheet_box = QComboBox(), QComboBox(), QComboBox()
        self.characters_box = CountSpinBox()
        self.characters_box.setRange(200, 1_000_000)
        self.characters_box.setValue(about.reading.characters)
        self.encoding_preview = QPlainTextEdit()
        self.encoding_preview.setReadOnly(True)
        self.encoding_preview.setAccessibleName(self.tr("The first lines in this encoding"))
        self.encoding_preview.setFixedHeight(self.fontMetrics().lineSpacing() * (ENCODING_LINES + 1))
        self._lines: dict[str, str] = {}
        self._detected = dict(first.mapping)
        self._columns = list(first.columns)
        self.parts = {part: self._part_box(part, first.columns) for part in PARTS}
        self._fill(self.format_box, [(name, format_word(name)) for name in FORMATS], about.reading.format)
        self._fill(self.encoding_box, [(name, name.upper()) for name in ENCODINGS], about.reading.encoding)
        self._fill(self.sheet_box, [], about.reading.sheet)
        self._settings = QGridLayout()
        self._settings.setHorizontalSpacing(SPACE_L)
        self._settings.setVerticalSpacing(SPACE_M)
        self._settings.setColumnStretch(1, 1)
        self._add(self.tr("Format"), self.format_box)
        encoding = [self._add(self.tr("Encoding"), self.encoding_box), self._add("", self.encoding_preview)]
        sheet = self._add(self.tr("Sheet"), self.sheet_box)
        pieces = self._add(self.tr("Length of a piece"), self.characters_box)
        self.characters_box.setSuffix(self.tr(" characters"))
        heading = label("heading")
        heading.setText(self.tr("Which column is what"))
        hint = label("small")
        hint.setText(self.tr("Choose a column, or write a text with columns in braces, such as {title}: {body}. ↵ "
                             "breaks the line."))
        self._settings.addWidget(heading, self._settings.rowCount(), 0, 1, 2)
        self._settings.addWidget(hint, self._settings.rowCount(), 0, 1, 2)
        for part, box in self.parts.items():
            self._add(part_word(part), box)
        self.told, self.errors = label("muted"), ErrorPanel(session)
        self.rows = QVBoxLayout()
        self.rows.setSpacing(SPACE_L)
        self.read_button = button(self._read, "primary", "read_so")
        self.read_button.setText(self.tr("Read it this way"))
        self.cancel_button = button(self.reject, "", "cancel_reading")
        self.cancel_button.setText(self.tr("Cancel"))
        self.cancel_button.setAutoDefault(False)
        self._build()
        self._show_parts(encoding, bool(first.encoding))  # not before they have a place: they would be windows
        self._show_parts([sheet], first.kind == "xlsx")
        self._show_parts([pieces], about.format == "text")
        self._look = Look(session, self)
        self._look.answered.connect(self._show_preview)
        self._look.failed.connect(self._show_failure)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(TYPING_PAUSE)
        self._pause.timeout.connect(self._preview)
        self.finished.connect(self._look.cancel)
        self.finished.connect(self._pause.stop)
        for box in (self.format_box, self.encoding_box, self.sheet_box):
            box.currentTextChanged.connect(self._changed)
        for part, box in self.parts.items():
            box.currentTextChanged.connect(partial(self._part_changed, part))
        self.characters_box.valueChanged.connect(self._changed)
        self._background = Background(self)
        self._find_choices(first.kind, bool(first.encoding))
        self._preview()

    def reading(self) -> Reading:
        """How the files are to be read; what is left to be found out is empty."""
        mapping = {part: _whole(box.currentText()) for part, box in self.parts.items() if box.currentText().strip()}
        if mapping == self._detected and not self.about.reading.mapping:
            mapping = {}
        return Reading(
            format=str(self.format_box.currentData() or ""), encoding=str(self.encoding_box.currentData() or ""),
            mapping=mapping, sheet=str(self.sheet_box.currentData() or ""), characters=self.characters_box.value())

    def _changed(self) -> None:
        self.encoding_preview.setPlainText(self._lines.get(str(self.encoding_box.currentData() or ""), ""))
        self._pause.start()

    def _part_changed(self, part: str, text: str) -> None:
        """A row is a text, or a question with its answer: choosing one gives the other up."""
        if text.strip():
            for other, box in self.parts.items():
                if (part == "text" and other in DIALOGUE) or (part in DIALOGUE and other == "text"):
                    box.blockSignals(True)
                    box.setCurrentText("")
                    box.blockSignals(False)
        self._changed()

    def _preview(self) -> None:
        self.errors.clear()
        self.told.setText(self.tr("Reading the first rows…"))
        job = DataInspectJob(data=str(self.files[0]), reading=self.reading(), limit=PREVIEW_ROWS)
        self._look.ask(job, "data_inspect")

    def _show_preview(self, facts: dict[str, Any]) -> None:
        language = self.session.language
        first = facts["sources"][0]
        reason = Text(*first["format_reason"]).in_language(language)
        rows = self.tr("{0} rows, of which {1} can be trained on").format(count(facts["rows"]), count(facts["usable"]))
        self.told.setText("\n".join(part for part in (format_word(facts["format"]), reason, rows) if part))
        self._take_columns(first["columns"], first["mapping"])
        clear_layout(self.rows)
        for row in facts["preview"][:ROWS_SHOWN]:
            view = DialogueView()
            view.show_messages(row["messages"], trained=not row["problem"], text=row["text"])
            self.rows.addWidget(view)
        self.rows.addStretch(1)

    def _take_columns(self, columns: list[str], mapping: dict[str, str]) -> None:
        """Another sheet or encoding has other columns: these are offered, and what was found out about the old ones
        goes. What was chosen by hand stays. A preview cuts long names and lists: as long as they begin the same, the
        whole ones stay."""
        by_hand = self.reading().mapping
        if not _cut_from(columns, self._columns):
            self._columns = columns
            for box in self.parts.values():
                text = box.currentText()
                box.blockSignals(True)
                box.clear()
                box.addItems(["", *columns])
                box.setCurrentText(text)
                box.blockSignals(False)
        known = list(self._detected.values())
        if not by_hand and not (list(mapping) == list(self._detected) and _cut_from(list(mapping.values()), known)):
            self._detected = dict(mapping)
            for part, box in self.parts.items():
                box.blockSignals(True)
                box.setCurrentText(mapping.get(part, "").replace("\n", BREAK))
                box.blockSignals(False)

    def _show_failure(self, failed: Failed) -> None:
        clear_layout(self.rows)
        self.told.setText("")
        self.errors.show_error(failed)

    def _read(self) -> None:
        self.accept()
        self.session.imports.take(self.files, self.reading())

    def _find_choices(self, kind: str, has_encoding: bool) -> None:
        """Looks into the first file for the encodings that it can be read in, and for the sheets of a workbook."""
        file = self.files[0]
        if has_encoding and file.is_file():
            self._background.do(lambda: encodings_of(file), self._offer_encodings, self._no_choices)
        elif kind == "xlsx" and file.is_file():
            self._background.do(lambda: sheets_of(file), self._offer_sheets, self._no_choices)

    def _offer_encodings(self, found: list[tuple[str, str, float]]) -> None:
        self._lines = {name: "\n".join(lines.splitlines()[:ENCODING_LINES]) for name, lines, _ in found}
        if found:
            self._lines[""] = self._lines[found[0][0]]
        others = [name for name in ENCODINGS if name not in self._lines]
        self._fill(self.encoding_box, [(name, name.upper()) for name in (*(name for name, _, _ in found), *others)],
                   str(self.encoding_box.currentData() or ""))
        self.encoding_preview.setPlainText(self._lines.get(str(self.encoding_box.currentData() or ""), ""))

    def _offer_sheets(self, sheets: list[str]) -> None:
        self._fill(self.sheet_box, [(name, name) for name in sheets], str(self.sheet_box.currentData() or ""))

    def _no_choices(self, _error: TanrenError) -> None:
        """The file is gone or unreadable: the preview tells it."""

    def _part_box(self, part: str, columns: list[str]) -> QComboBox:
        box = QComboBox()
        box.setObjectName(f"part_{part}")
        box.setEditable(True)
        box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        box.addItem("")
        box.addItems(columns)
        box.setCurrentText(self.about.reading.mapping.get(part, self._detected.get(part, "")).replace("\n", BREAK))
        return box

    def _fill(self, box: QComboBox, choices: list[tuple[str, str]], chosen: str) -> None:
        box.blockSignals(True)
        box.clear()
        box.addItem(self.tr("Find out"), "")
        for data, text in choices:
            box.addItem(text, data)
        box.setCurrentIndex(max(0, box.findData(chosen)))
        box.blockSignals(False)

    def _add(self, words: str, control: QWidget) -> tuple[QLabel, QWidget]:
        if isinstance(control, QComboBox):  # long names of columns leave the rows their place
            control.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            control.setMinimumContentsLength(BOX_CHARACTERS)
        title = label(wrap=False)
        title.setText(words)
        if words:
            title.setBuddy(control)
            control.setAccessibleName(words)
        line = self._settings.rowCount()
        self._settings.addWidget(title, line, 0, Qt.AlignmentFlag.AlignTop)
        self._settings.addWidget(control, line, 1)
        return title, control

    def _show_parts(self, pairs: list[tuple[QLabel, QWidget]], shown: bool) -> None:
        for pair in pairs:
            for widget in pair:
                widget.setVisible(shown)

    def _build(self) -> None:
        left = QVBoxLayout()
        left.addLayout(self._settings)
        left.addStretch(1)
        shown = QWidget()
        inner = QVBoxLayout(shown)
        inner.setContentsMargins(0, 0, SPACE_M, 0)
        inner.addLayout(self.rows)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(shown)
        area.setAccessibleName(self.tr("The first rows as they would be read"))
        right = QVBoxLayout()
        right.setSpacing(SPACE_M)
        heading = label("heading")
        heading.setText(self.tr("The first rows as they would be read"))
        for widget in (heading, self.told, self.errors):
            right.addWidget(widget)
        right.addWidget(area, 1)
        both = QHBoxLayout()
        both.setSpacing(SPACE_L)
        both.addLayout(left, 2)
        both.addLayout(right, 3)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE_S)
        buttons.addStretch(1)
        buttons.addWidget(self.cancel_button)
        buttons.addWidget(self.read_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
        layout.setSpacing(SPACE_L)
        layout.addLayout(both, 1)
        layout.addLayout(buttons)
        self.resize(WIDTH, HEIGHT)


def _cut_from(texts: list[str], whole: list[str]) -> bool:
    return len(texts) <= len(whole) and all(full.startswith(text) for text, full in zip(texts, whole, strict=False))


def _whole(text: str) -> str:
    """What a part's field means: a column, or a text with columns in braces and real line breaks."""
    return text.strip().replace(BREAK, "\n")
