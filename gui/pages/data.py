"""Data: choose a dataset, see what is in it, what is wrong with it, and what the model will see of it."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QSignalBlocker, Qt, QTimer, Slot
from PySide6.QtWidgets import QAbstractItemView, QFileDialog, QGridLayout, QHeaderView, QTableView, QVBoxLayout

from backend.config.jobs import DataInspectJob
from backend.data.check_texts import CHECKS
from backend.home import sample_data
from backend.protocol.messages import Failed
from gui.drop import take_path
from gui.figures import count, listed, percent
from gui.item_models.dataset_rows import DatasetRows
from gui.look import Look
from gui.pages.page import Page
from gui.session import Session
from gui.theme import SPACE_L, SPACE_M, SPACE_S, SPACE_XS, set_role
from gui.widgets.drop_zone import DropZone
from gui.widgets.error_panel import ErrorPanel
from gui.widgets.figure_spin_box import CountSpinBox
from gui.widgets.parts import Card, Facts, button, clear_layout, label, row
from gui.widgets.row_view import RowView
from gui.words import format_word, severity_role, severity_word

ROWS_SEEN = 7
ROW_HEIGHT = 320
ROWS_NAMED = 8
TYPING_PAUSE, STEPPING_PAUSE = 500, 250  # ms
SEVERITIES = ("error", "warning", "info")


class DataPage(Page):
    """The dataset from the file to the trained token."""

    name = "data"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.look = Look(session, self)
        self.rows_look = Look(session, self)  # for other rows of the same file
        self.facts: dict[str, Any] = {}
        self.errors = ErrorPanel(session)
        self.drop_zone = DropZone()
        self.file_name = label("heading")
        self.place = label("small", selectable=True)
        self.told = label("muted")
        self.choose_button = button(self.choose, "", "choose_data")
        self.sample_button = button(lambda: self.take(sample_data()), "link", "use_sample")
        self.next_button = button(lambda: session.page_requested.emit("train"), "primary", "next_train")
        zone = QVBoxLayout(self.drop_zone)
        zone.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
        zone.setSpacing(SPACE_XS)
        for widget in (self.file_name, self.place, self.told):
            zone.addWidget(widget)
        zone.addSpacing(SPACE_M)
        zone.addLayout(row(self.next_button, self.choose_button, self.sample_button, spacing=SPACE_M))
        self.about = Card()
        self.table_of_facts = Facts()
        self.findings = QGridLayout()
        self.findings.setHorizontalSpacing(SPACE_L)
        self.findings.setVerticalSpacing(SPACE_XS)
        self.findings.setColumnStretch(1, 1)
        self.findings_heading = label("heading")
        self.about.body.addWidget(self.table_of_facts)
        self.about.body.addSpacing(SPACE_S)
        self.about.body.addWidget(self.findings_heading)
        self.about.body.addLayout(self.findings)
        self.rows_card = Card()
        self.rows = DatasetRows()
        self.table = _table(self.rows)
        self.row_view = RowView(session)
        self.row_view.setMinimumHeight(ROW_HEIGHT)
        self.first_title = label(wrap=False)
        self.first_box = CountSpinBox()
        self.first_box.setObjectName("first_row")
        self.first_box.setKeyboardTracking(False)  # a typed number counts when it is whole
        self.first_title.setBuddy(self.first_box)
        self.rows_card.body.addLayout(row(self.first_title, self.first_box))
        self.rows_card.body.addWidget(self.table)
        self.rows_card.body.addWidget(self.row_view)
        for card in (self.errors, self.drop_zone, self.about, self.rows_card):
            self.body.addWidget(card)
        self.body.addStretch(1)
        self.table.selectionModel().currentRowChanged.connect(self._row_chosen)
        self.drop_zone.dropped.connect(lambda path: take_path(session, path))
        self.look.answered.connect(self._show_facts)
        self.look.failed.connect(self._show_failure)
        session.data_changed.connect(self._inspect)
        session.model_changed.connect(self._measure_again)
        self._length_timer = QTimer(self)  # a number is typed digit by digit
        self._length_timer.setSingleShot(True)
        self._length_timer.setInterval(TYPING_PAUSE)
        self._length_timer.timeout.connect(self._measure_again)
        session.max_length_changed.connect(self._length_timer.start)
        self._rows_timer = QTimer(self)  # each look is a process: not one for every click on an arrow
        self._rows_timer.setSingleShot(True)
        self._rows_timer.setInterval(STEPPING_PAUSE)
        self._rows_timer.timeout.connect(self._read_rows)
        self.first_box.valueChanged.connect(self._rows_timer.start)
        self.rows_look.answered.connect(self._show_rows)
        self.rows_look.failed.connect(self._show_failure)
        self.retranslate()
        self._inspect()

    def retranslate(self) -> None:
        """Sets every text."""
        self.set_title(self.tr("Dataset"),
                       self.tr("Questions and the answers you want. JSON, JSONL, CSV and other tables are recognised. "
                               "Your file is only read, never changed."))
        self.choose_button.setText(self.tr("Choose a file…"))
        self.sample_button.setText(self.tr("Use the sample data"))
        self.next_button.setText(self.tr("Next: training"))
        self.about.heading.setText(self.tr("What is in the file"))
        self.findings_heading.setText(self.tr("What was noticed"))
        self.first_title.setText(self.tr("Show from row"))
        self.first_box.setAccessibleName(self.first_title.text())
        self.table.setAccessibleName(self.tr("Rows of the dataset"))
        self.rows.retranslate()
        self.row_view.retranslate()
        self._show_state()
        self._fill()

    def choose(self) -> None:
        """Asks for a dataset file."""
        start = next(iter(self.session.settings.recent_data), "")
        datasets, everything = self.tr("Datasets"), self.tr("All files")  # lupdate does not look into f-strings
        kinds = f"{datasets} (*.json *.jsonl *.csv *.tsv *.txt);;{everything} (*)"
        file, _ = QFileDialog.getOpenFileName(self, self.tr("Choose a dataset"), start, kinds)
        if file:
            self.take(Path(file))

    def take(self, file: Path) -> None:
        """Chooses `file`; the same file again is read again."""
        if file == self.session.data:
            self._inspect()
        else:
            self.session.choose_data(file)

    @Slot()
    def _inspect(self) -> None:
        self.errors.clear()
        self.facts = {}
        self.rows_look.cancel()
        self.rows.show_rows([])
        self.row_view.show_row(None)
        data = self.session.data
        if data is None:
            self.look.cancel()
        else:
            self.look.ask(DataInspectJob(data=str(data), model=str(self.session.model or ""),
                                         max_length=self.session.max_length), "data_inspect")
        self._show_state()

    @Slot()
    def _measure_again(self) -> None:
        """Lengths and tokens are another model's now, or rows are cut elsewhere."""
        if self.session.data is not None:
            self._inspect()

    @Slot(dict)
    def _show_facts(self, facts: dict[str, Any]) -> None:
        self.facts = facts
        with QSignalBlocker(self.first_box):
            self.first_box.setRange(1, max(1, facts["rows"]))
            self.first_box.setSingleStep(max(1, len(facts["preview"])))  # an arrow turns the page
        self.first_box.setValue(1)
        self._show_rows(facts)
        self._fill()
        self._show_state()

    @Slot()
    def _read_rows(self) -> None:
        """Reads the rows from the number in the field, unless they are shown already."""
        first = self.first_box.value()
        shown = self.rows.rowCount() and self.rows.row_at(0)["row"]
        if self.session.data is not None and self.facts and first != shown:
            self.rows_look.ask(DataInspectJob(data=str(self.session.data), first=first - 1), "data_inspect")

    @Slot(dict)
    def _show_rows(self, facts: dict[str, Any]) -> None:
        preview = facts["preview"]
        self.rows.show_rows(preview)
        self.table.setFixedHeight(_height(self.table, len(preview)))
        if preview and self.session.data:
            first, last = preview[0]["row"], preview[-1]["row"]
            self.row_view.render_rows(self.session.data, first - 1, last - first + 1)
            self.table.selectionModel().setCurrentIndex(
                self.rows.index(0, 0),
                QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows)
        self._name_rows()

    @Slot(object)
    def _show_failure(self, failed: Failed) -> None:
        self.errors.show_error(failed)
        self._show_state()

    @Slot(QModelIndex, QModelIndex)
    def _row_chosen(self, current: QModelIndex, _before: QModelIndex) -> None:
        self.row_view.show_row(self.rows.row_at(current.row()) if current.isValid() else None)

    def _show_state(self) -> None:
        data = self.session.data
        known = bool(self.facts)
        self.about.setVisible(known)
        self.rows_card.setVisible(known)
        self.place.setVisible(data is not None)
        self.sample_button.setVisible(data != sample_data() and sample_data().is_file())
        self.next_button.setVisible(known)
        set_role(self.choose_button, "" if data else "primary")
        self.file_name.setText(data.name if data else self.tr("Drop a file here"))
        self.place.setText(str(data or ""))
        if data is None:
            self.told.setText(self.tr("Each row needs a question and the answer that you want to hear."))
        elif self.look.is_running:
            self.told.setText(self.tr("Reading the file…"))
        else:
            held_out = self.session.held_out
            self.told.setText(self.tr("Measured on the held-out set beside it: {0}").format(held_out.name)
                              if held_out and known else "")
        self.told.setVisible(bool(self.told.text()))

    def _fill(self) -> None:
        """Facts and findings."""
        facts = self.facts
        if not facts:
            return
        pairs = [(self.tr("Format"), format_word(facts["format"])), (self.tr("Encoding"), facts["encoding"].upper()),
                 (self.tr("Number of rows"), self._rows(facts["rows"], facts["usable"]))]
        if facts.get("columns"):
            pairs.append((self.tr("Columns"), listed(facts["columns"])))
        if tokens := facts.get("tokens"):
            lengths = self.tr("half of the rows up to {0}, 95 % up to {1}, longest {2}").format(
                count(round(tokens["median"])), count(round(tokens["p95"])), count(tokens["max"]))
            pairs.append((self.tr("Tokens a row"), lengths))
            pairs.append((self.tr("Cut after"), self.tr("{0} tokens, the maximum length set for training").format(
                count(tokens["max_length"]))))
            share = tokens["trained"] / max(1, tokens["total"])
            pairs.append((self.tr("Trained tokens"), self.tr("{0} of {1} ({2})").format(
                count(tokens["trained"]), count(tokens["total"]), percent(share))))
        self.table_of_facts.show_pairs(pairs)
        self._name_rows()
        clear_layout(self.findings)
        for finding in sorted(facts["findings"], key=lambda finding: SEVERITIES.index(finding["severity"])):
            self._add_finding(finding)
        if not facts["findings"]:
            nothing = label("good")
            nothing.setText(self.tr("Nothing: every row can be used."))
            self.findings.addWidget(nothing, 0, 0, 1, 2)

    def _name_rows(self) -> None:
        """Says which rows are in the table."""
        if shown := self.rows.rowCount():
            first, last = (count(self.rows.row_at(line)["row"]) for line in (0, shown - 1))
            self.rows_card.heading.setText(self.tr("Rows {first} to {last} of {all}").format(
                first=first, last=last, all=count(self.facts["rows"])))

    def _rows(self, rows: int, usable: int) -> str:
        if rows == usable:
            return count(rows)
        return self.tr("{0}, of which {1} can be trained on").format(count(rows), count(usable))

    def _add_finding(self, finding: dict[str, Any]) -> None:
        check = CHECKS[finding["check"]]
        severity, title, meaning = label(severity_role(finding["severity"]), wrap=False), label(), label("small")
        severity.setText(severity_word(finding["severity"]))
        rows = listed(count(number) for number in finding["rows"][:ROWS_NAMED])
        more = " …" if finding["count"] > ROWS_NAMED else ""
        where = ""
        if rows:
            where = (self.tr("row {0}").format(rows) if finding["count"] == 1
                     else self.tr("{0} rows: {1}").format(count(finding["count"]), rows + more))
        title.setText(f"{check.title.in_language(self.session.language)}   {where}".strip())
        meaning.setText(check.meaning.in_language(self.session.language))
        line = self.findings.rowCount()
        self.findings.addWidget(severity, line, 0, Qt.AlignmentFlag.AlignTop)
        self.findings.addWidget(title, line, 1)
        self.findings.addWidget(meaning, line + 1, 1)


def _table(rows: DatasetRows) -> QTableView:
    table = QTableView()
    table.setModel(rows)
    table.setObjectName("rows_table")
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setAlternatingRowColors(False)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setTabKeyNavigation(False)
    table.verticalHeader().setVisible(False)
    table.horizontalHeader().setHighlightSections(False)
    table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
    table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
    return table


def _height(table: QTableView, rows: int) -> int:
    """As high as its rows, ROWS_SEEN at most."""
    height = min(max(rows, 1), ROWS_SEEN) * table.verticalHeader().defaultSectionSize()
    return table.horizontalHeader().sizeHint().height() + height + 2 * table.frameWidth()
