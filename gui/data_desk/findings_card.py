"""What was noticed in a dataset: how serious, how often, what it means for training, and what can be done about it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QVBoxLayout, QWidget

from backend.config.steps import StepSpec
from backend.data.check_texts import CHECKS
from backend.data.dataset import Finding
from gui.data_desk.overview import Overview
from gui.figures import count
from gui.session import Session
from gui.theme import SPACE_L, SPACE_M, SPACE_XS, set_role
from gui.widgets.flow_row import FlowRow
from gui.widgets.note import Note
from gui.widgets.parts import Card, button, clear_layout, label, row
from gui.words import severity_role, severity_word

GUESSED = "mapping_guessed"
SEVERITIES = ("error", "warning", "info")


class FindingsCard(Card):
    """One line a finding, the most serious first.

    Signals:
        rows_wanted: the name of the check whose rows are to be shown.
        reading_wanted: the columns are to be chosen by hand.
    """

    rows_wanted = Signal(str)
    reading_wanted = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.lines: dict[str, FindingLine] = {}
        self._said: object = None
        self.stale = QFrame()
        set_role(self.stale, "panel")
        self.stale_text = label()
        self.check_button = button(self._check_again, "", "check_again")
        inside = QVBoxLayout(self.stale)
        inside.addLayout(row(self.stale_text, self.check_button, stretch=False, spacing=SPACE_M))
        self.nothing = label("good")
        self.list = QVBoxLayout()
        self.list.setSpacing(SPACE_L)
        for part in (self.stale, self.nothing):
            self.body.addWidget(part)
        self.body.addLayout(self.list)

    def retranslate(self) -> None:
        """Sets every text."""
        self.heading.setText(self.tr("What was noticed"))
        self.stale_text.setText(self.tr("Rows were changed by hand. What concerns several rows, such as copies, is "
                                        "looked for again on request."))
        self.check_button.setText(self.tr("Check again"))
        self.nothing.setText(self.tr("Nothing: every row can be used."))
        self.refresh()

    def refresh(self) -> None:
        """Shows the findings of the open dataset as they are now."""
        dataset = self.session.dataset
        overview = dataset.overview if dataset else None
        self.setVisible(overview is not None and not self.session.imports.is_running)
        if dataset is None or overview is None:
            return
        self.stale.setVisible(not overview.checked)
        self.check_button.setEnabled(not dataset.is_changing)
        self.nothing.setVisible(not overview.findings and overview.usable > 0)
        said = (self.session.language, overview.findings, overview.accepted, overview.blocking)
        if said != self._said:  # otherwise the keyboard stays where it is
            self._said = said
            clear_layout(self.list)
            known = [finding for finding in overview.findings if finding.check in CHECKS]
            known.sort(key=lambda finding: SEVERITIES.index(finding.severity))
            self.lines = {finding.check: FindingLine(self, finding, overview) for finding in known}
            before: QWidget = self.check_button
            for line in self.lines.values():
                self.list.addWidget(line)
                for made in (line.show_button, line.fix_button, line.accept_button):
                    QWidget.setTabOrder(before, made)  # made later than what stands below it
                    before = made
        for line in self.lines.values():
            line.show_free(not dataset.is_changing)

    def fix(self, check: str) -> None:
        """Does the step that mends a finding."""
        if self.session.dataset is not None:
            self.session.dataset.apply([StepSpec(name=CHECKS[check].fix, settings={"check": check})])

    def ask_to_accept(self, check: str) -> None:
        """Asks whether training may start in spite of a finding."""
        language = self.session.language
        words = CHECKS[check]
        note = Note(self.window(), self.tr("Train in spite of this?"), "\n\n".join((
            f"{words.title.in_language(language)}: {words.meaning.in_language(language)}",
            self.tr("That you accepted it is written down with the dataset and with each run. You can take it back."))),
            (self.tr("Accept"), lambda: self._accept(note, check)))
        note.open()

    def _accept(self, note: Note, check: str) -> None:
        note.accept()
        self.accept(check, True)

    def accept(self, check: str, accepted: bool) -> None:
        """Records an acceptance, or takes it back."""
        if self.session.dataset is not None:
            self.session.dataset.accept(check, accepted)

    def _check_again(self) -> None:
        if self.session.dataset is not None:
            self.session.dataset.apply([])


class FindingLine(QWidget):
    """One finding with its buttons."""

    def __init__(self, card: FindingsCard, finding: Finding, overview: Overview) -> None:
        super().__init__()
        language = card.session.language
        check = CHECKS[finding.check]
        title_text = check.title.in_language(language)
        accepted = finding.check in overview.accepted and finding.check not in overview.blocking
        self.severity = label("muted" if accepted else severity_role(finding.severity), wrap=False)
        self.severity.setText(self.tr("Accepted") if accepted else severity_word(finding.severity))
        self.title = label()
        rows = self.tr("1 row") if finding.count == 1 else self.tr("{0} rows").format(count(finding.count))
        self.title.setText(f"{title_text} · {rows}" if finding.count else title_text)
        self.meaning = label("small")
        self.meaning.setText(check.meaning.in_language(language))
        if finding.check == GUESSED:
            self.show_button = button(card.reading_wanted.emit, "link", f"show_{finding.check}")
            self.show_button.setText(self.tr("Look at the columns…"))
        else:
            self.show_button = button(lambda: card.rows_wanted.emit(finding.check), "link", f"show_{finding.check}")
            self.show_button.setText(self.tr("Show the rows"))
        self.fix_button = button(lambda: card.fix(finding.check), "link", f"fix_{finding.check}")
        self.fix_button.setText(check.fix_title.in_language(language))
        self.accept_button = button(
            lambda: card.accept(finding.check, False) if accepted else card.ask_to_accept(finding.check),
            "link", f"accept_{finding.check}")
        self.accept_button.setText(self.tr("Take back") if accepted else self.tr("Accept…"))
        for made in (self.show_button, self.fix_button, self.accept_button):
            made.setAccessibleName(f"{made.text()}: {title_text}")
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(SPACE_L)
        grid.setVerticalSpacing(SPACE_XS)
        grid.setColumnStretch(1, 1)
        grid.setColumnMinimumWidth(0, _severity_width(self.severity))
        grid.addWidget(self.severity, 0, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self.title, 0, 1)
        grid.addWidget(self.meaning, 1, 1)
        grid.addLayout(FlowRow(self.show_button, self.fix_button, self.accept_button), 2, 1)
        # only now: what is shown before it has a place is a window of its own for a moment
        self.show_button.setVisible(finding.count > 0)
        self.fix_button.setVisible(bool(check.fix))
        self.accept_button.setVisible(finding.severity == "error" and finding.check != "no_usable_row")

    def show_free(self, free: bool) -> None:
        """Whether the dataset can be changed now."""
        self.fix_button.setEnabled(free)
        self.accept_button.setEnabled(free)


def _severity_width(severity: QWidget) -> int:
    """The widest of the words, so that the titles stand in one line."""
    return max(severity.fontMetrics().horizontalAdvance(severity_word(word)) for word in SEVERITIES)
