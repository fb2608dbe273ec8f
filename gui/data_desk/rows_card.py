"""The rows of the open dataset: filters, the table, what was just taken out, and the chosen row in full."""

from PySide6.QtCore import QItemSelectionModel, Signal

from backend.data.row_filter import RowFilter
from gui.data_desk.open_dataset import OpenDataset
from gui.data_desk.row_filters import RowFilters
from gui.data_desk.rows_table import RowsTable
from gui.figures import count
from gui.item_models.dataset_rows import DatasetRows
from gui.session import Session
from gui.widgets.parts import Card, label
from gui.widgets.row_view import RowView
from gui.widgets.undo_bar import UndoBar

VIEW_HEIGHT = 320
OF_ALL = ("too_few_rows", "mapping_guessed")  # said of the dataset as a whole: they tell no rows apart


class RowsCard(Card):
    """Follows the session's dataset: `open` when it is another one, `refresh` when it changed.

    Signals:
        failed: a TanrenError: rows could not be read.
    """

    failed = Signal(object)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.rows = DatasetRows(self)
        self.filters = RowFilters(session)
        self.table = RowsTable(self.rows)
        self.undo_bar = UndoBar()
        self.hint = label("small")
        self.none_found = label("muted")
        self.view = RowView(session)
        self.view.setMinimumHeight(VIEW_HEIGHT)
        self._chosen = 0
        self._taken_out: int | None = None  # the step that the undo bar takes back; None until it is known
        for part in (self.filters, self.undo_bar, self.table, self.none_found, self.hint, self.view):
            self.body.addWidget(part)
        self.filters.changed.connect(lambda: self.rows.ask(self.filters.wanted(self.rows.wanted)))
        self.rows.answered.connect(self._show_answer)
        self.rows.failed.connect(self.failed)
        self.rows.edited.connect(self._edit)
        self.table.row_chosen.connect(self._choose)
        self.table.delete_wanted.connect(self._remove)
        self.none_found.hide()

    def retranslate(self) -> None:
        """Sets every text."""
        self.table.setAccessibleName(self.tr("Rows of the dataset"))
        self.hint.setText(self.tr("Double-click a question or an answer to change it, Delete takes rows out. A click "
                                  "on a heading sorts."))
        self.none_found.setText(self.tr("No row matches."))
        self.filters.retranslate()
        self.rows.retranslate(self.session.language)
        self.undo_bar.retranslate()
        self.view.retranslate()
        self._name_rows()

    def open(self, dataset: OpenDataset | None) -> None:
        """Shows another dataset from its first row."""
        self._chosen = 0
        self.filters.reset()
        self.filters.show_choices(None)
        self.undo_bar.hide()
        self.view.forget()
        self.rows.open(dataset.folder if dataset else None)
        self.refresh()

    def refresh(self) -> None:
        """Shows the dataset as a whole as it is now."""
        dataset = self.session.dataset
        overview = dataset.overview if dataset else None
        self.setVisible(overview is not None and not self.session.imports.is_running)
        self.rows.can_edit = dataset is not None and dataset.job is None
        if overview is None:
            return
        self._keep_undo_bar([step.step for step in overview.steps if not step.undone])
        if self.rows.in_tokens != overview.in_tokens:
            self.rows.show_lengths(overview.in_tokens)
        self.rows.unsaid = {finding.check for finding in overview.findings
                            if finding.check in OF_ALL or finding.count == overview.rows > 1}
        self.filters.show_choices(overview)
        self.table.show_columns(overview)
        self._name_rows()

    def take_changes(self, rows: list[int]) -> None:
        """Rows say something else now; all may, when none is named."""
        self.rows.refresh(rows)
        self.view.forget(rows)

    def show_check(self, check: str) -> None:
        """Shows the rows of a finding."""
        self.filters.show_check(check)
        self.table.setFocus()

    def show_numbers(self, numbers: list[int]) -> None:
        """Shows these rows, in this order."""
        self.filters.reset()
        self.rows.ask(numbers)
        self.table.setFocus()

    def _show_answer(self) -> None:
        """Finds the chosen row again among those that are shown now, or takes the first."""
        found = self.rows.rowCount()
        self.filters.show_clear(not isinstance(self.rows.wanted, RowFilter))
        self.none_found.setVisible(not found)
        if found:
            line = max(0, self.rows.line_of(self._chosen)) if self._chosen else 0
            flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
            current = self.table.currentIndex()
            if not current.isValid() or self.rows.number_at(current.row()) != self.rows.number_at(line):
                self.table.selectionModel().setCurrentIndex(self.rows.index(line, 1), flags)
            self._choose(self.rows.number_at(line))
        else:
            self._choose(0)
        self._name_rows()

    def _keep_undo_bar(self, steps: list[int]) -> None:
        """The bar takes back the newest step: it goes when another was done, or this one was undone elsewhere."""
        if self.undo_bar.isHidden() or (self.session.dataset is not None and self.session.dataset.is_changing):
            return
        newest = steps[-1] if steps else -1
        if self._taken_out is None:
            self._taken_out = newest
        elif self._taken_out != newest:
            self.undo_bar.hide()

    def _name_rows(self) -> None:
        dataset = self.session.dataset
        overview = dataset.overview if dataset else None
        if overview is None:
            return
        shown = self.rows.rowCount()
        if shown == overview.rows:
            self.heading.setText(self.tr("{0} rows").format(count(shown)))
        else:
            self.heading.setText(self.tr("{0} of {1} rows").format(count(shown), count(overview.rows)))

    def _choose(self, number: int) -> None:
        self._chosen = number
        line = self.rows.line_of(number) if number else -1
        row = self.rows.row_at(line) if line >= 0 else None
        near = [self.rows.number_at(place) for place in range(max(0, line), min(line + RowView.READ_AHEAD,
                                                                               self.rows.rowCount()))]
        self.view.show_row(row, self.rows.checks_at(line) if line >= 0 else [], near)

    def _edit(self, number: int, part: str, text: str) -> None:
        if self.session.dataset is not None:
            self.session.dataset.edit(number, part, text)  # type: ignore[arg-type]

    def _remove(self, numbers: list[int]) -> None:
        dataset = self.session.dataset
        if dataset is None:
            return
        last = self.rows.line_of(numbers[-1])  # they are in the order of the table
        after = self.rows.number_at(last + 1) if last + 1 < self.rows.rowCount() else 0
        self._chosen = after
        self._taken_out = None
        dataset.remove(numbers)
        self.undo_bar.offer(self.tr("Row {0} was taken out.").format(count(numbers[0])) if len(numbers) == 1
                            else self.tr("{0} rows were taken out.").format(count(len(numbers))), dataset.undo)
