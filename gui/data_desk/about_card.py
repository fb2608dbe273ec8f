"""The dataset at a glance: where it comes from, how it was read and why, how much there is, how long the rows are."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout

from backend.home import sample_data
from backend.runs.manifests import read_manifest
from gui.data_desk.length_chart import LengthChart
from gui.data_desk.overview import Overview, name_of
from gui.figures import count, listed, percent
from gui.jobs.job import WorkerJob
from gui.session import Session
from gui.theme import SPACE_L, SPACE_M, SPACE_S, SPACE_XS, set_role
from gui.widgets.drop_zone import DropZone
from gui.widgets.flow_row import FlowRow
from gui.widgets.job_progress import JobProgress
from gui.widgets.parts import Facts, button, label
from gui.words import format_word, kind_word

COLUMNS_SHOWN = 30


class AboutCard(DropZone):
    """Name, source, facts and the buttons to choose something else; files can be dropped on it.

    Signals:
        files_wanted, folder_wanted, reading_wanted: a dialog is asked for.
        taken: paths to import or open, a list.
    """

    files_wanted = Signal()
    folder_wanted = Signal()
    reading_wanted = Signal()
    taken = Signal(list)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.name = label("heading")
        self.place = label("small", selectable=True)
        self.told = label("muted")
        self.progress = JobProgress(session.language)
        self.facts = Facts()
        self.chart = LengthChart()
        self.chart_title = label("small", wrap=False)
        self.next_button = button(lambda: session.page_requested.emit("train"), "primary", "next_train")
        self.choose_button = button(self.files_wanted.emit, "", "choose_data")
        self.folder_button = button(self.folder_wanted.emit, "", "choose_folder")
        self.recent_button = button(lambda: None, "", "recent_data")
        self.recent_menu = QMenu(self)
        self.recent_menu.setToolTipsVisible(True)  # the folder: names may be the same
        self.recent_button.setMenu(self.recent_menu)
        self.recent_menu.aboutToShow.connect(self._fill_recent)
        self.sample_button = button(lambda: self.taken.emit([sample_data()]), "link", "use_sample")
        self.reading_button = button(self.reading_wanted.emit, "link", "read_differently")
        self.measure_button = button(self._measure, "link", "measure_lengths")
        body = QVBoxLayout(self)
        body.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
        body.setSpacing(SPACE_XS)
        for widget in (self.name, self.place, self.told, self.progress):
            body.addWidget(widget)
        body.addSpacing(SPACE_S)
        right = QVBoxLayout()
        right.addWidget(self.chart_title)
        right.addWidget(self.chart)
        right.addWidget(self.measure_button, 0, Qt.AlignmentFlag.AlignLeft)
        right.addStretch(1)
        both = QHBoxLayout()
        both.setSpacing(SPACE_L)
        both.addWidget(self.facts, 3, Qt.AlignmentFlag.AlignTop)
        both.addLayout(right, 2)
        body.addLayout(both)
        body.addWidget(self.reading_button, 0, Qt.AlignmentFlag.AlignLeft)
        body.addSpacing(SPACE_M)
        body.addLayout(FlowRow(self.next_button, self.choose_button, self.folder_button, self.recent_button,
                               self.sample_button))

    def follow(self, job: WorkerJob) -> None:
        """Shows the import that is going on."""
        self.progress.follow(job)

    def retranslate(self) -> None:
        """Sets every text."""
        self.choose_button.setText(self.tr("Choose files…"))
        self.folder_button.setText(self.tr("Choose a folder…"))
        self.recent_button.setText(self.tr("Recent"))
        self.sample_button.setText(self.tr("Use the sample data"))
        self.next_button.setText(self.tr("Next: training"))
        self.reading_button.setText(self.tr("Read differently…"))
        self.measure_button.setText(self.tr("Count tokens with the chosen model"))
        self.progress.retranslate(self.session.language)
        self.refresh()

    def refresh(self) -> None:
        """Shows the open dataset, or the import that is going on, as it is now."""
        session, imports = self.session, self.session.imports
        dataset = session.dataset
        overview = dataset.overview if dataset else None
        running = imports.is_running
        self.progress.setVisible(imports.job is not None)
        self.name.setText(imports.name if running else session.data_name or self.tr("Drop files here"))
        self.place.setText(listed(str(path) for path in imports.sources) if running
                           else self._places(overview) if overview else "")
        self.place.setVisible(bool(self.place.text()))
        known = overview is not None and not running
        for widget in (self.facts, self.chart, self.chart_title, self.reading_button, self.next_button):
            widget.setVisible(known)
        self.recent_button.setVisible(bool(session.settings.recent_data))
        self.sample_button.setVisible(not running and session.data is None and sample_data().is_file())
        self.choose_button.setVisible(not running)
        self.folder_button.setVisible(not running)
        set_role(self.choose_button, "" if session.data or running else "primary")
        self.measure_button.setVisible(known and dataset is not None and not dataset.is_measured())
        self.measure_button.setEnabled(dataset is not None and not dataset.is_changing)
        self.reading_button.setEnabled(dataset is not None and not dataset.is_changing)
        if running:
            self.told.setText("" if imports.job else self.tr("Looking at the files…"))
        elif session.data is None:
            self.told.setText(self.tr("Questions and answers, chats, tables or plain text: JSON, JSONL, CSV, Excel, "
                                      "Parquet, text, Markdown, Word, PDF, a folder or a zip archive of these."))
        elif overview is None:
            self.told.setText(self.tr("Opening the dataset…"))
        else:
            held_out = session.held_out
            self.told.setText(self.tr("Measured on the held-out set beside it: {0}").format(held_out.name)
                              if held_out else "")
        self.told.setVisible(bool(self.told.text()))
        if overview is not None and known:
            self._show_facts(overview)

    def _show_facts(self, overview: Overview) -> None:
        about = overview.about
        first = about.sources[0] if about.sources else None
        language = self.session.language
        pairs = [(self.tr("Format"), format_word(about.format))]
        if first is not None:
            pairs[0] = (self.tr("Format"), "\n".join(
                part for part in (format_word(about.format), first.format_reason.in_language(language)) if part))
            kind = " · ".join(part for part in (kind_word(first.kind), about.encoding.upper()) if part)
            pairs.append((self.tr("File"), "\n".join(
                part for part in (kind, first.kind_reason.in_language(language)) if part)))
        if len(about.sources) > 1:
            pairs.append((self.tr("Files"), count(len(about.sources))))
        rows = count(overview.rows) if overview.rows == overview.usable else self.tr(
            "{0}, of which {1} can be trained on").format(count(overview.rows), count(overview.usable))
        pairs.append((self.tr("Number of rows"), rows))
        if overview.sides:
            pairs.append((self.tr("Set apart"), self.tr("{0} rows for measuring").format(
                count(overview.sides.get("held_out", 0)))))
        if overview.synthetic:
            pairs.append((self.tr("Made by enlarging"), self.tr("{0} rows").format(count(overview.synthetic))))
        if about.columns:
            more = " …" if len(about.columns) > COLUMNS_SHOWN else ""
            pairs.append((self.tr("Columns"), listed(about.columns[:COLUMNS_SHOWN]) + more))
        tokens = overview.measured
        if tokens and tokens["total"]:  # none where the model's template takes no row
            lengths = self.tr("half of the rows up to {0}, 95 % up to {1}, longest {2}").format(
                count(round(tokens["median"])), count(round(tokens["p95"])), count(tokens["max"]))
            pairs.append((self.tr("Tokens a row"), lengths))
            share = tokens["trained"] / max(1, tokens["total"])
            pairs.append((self.tr("Trained tokens"), self.tr("{0} of {1} ({2})").format(
                count(tokens["trained"]), count(tokens["total"]), percent(share))))
        self.facts.show_pairs(pairs)
        unit = self.tr("tokens") if overview.in_tokens else self.tr("characters")
        self.chart_title.setText(self.tr("Length of the rows in tokens") if overview.in_tokens
                                 else self.tr("Length of the rows in characters"))
        limit = int(overview.measured["max_length"]) if overview.measured else 0
        self.chart.show_lengths(overview.lengths, unit, limit, self.tr("cut after {0}").format(count(limit)))

    def _places(self, overview: Overview) -> str:
        return listed(overview.about.asked[:5]) + (" …" if len(overview.about.asked) > 5 else "")

    def _fill_recent(self) -> None:
        self.recent_menu.clear()
        for text in self.session.settings.recent_data:
            path = Path(text)
            if not path.exists():
                continue
            manifest = read_manifest(path)
            rows = manifest.facts.get("rows") if manifest else None
            name = name_of(path)
            words = self.tr("{0}  ·  {1} rows").format(name, count(rows)) if isinstance(rows, int) else name
            action = self.recent_menu.addAction(words.replace("&", "&&"))
            action.setToolTip(text)
            action.triggered.connect(lambda _checked=False, path=path: self.taken.emit([path]))
        if self.recent_menu.isEmpty():
            self.recent_menu.addAction(self.tr("None is there any more")).setEnabled(False)

    def _measure(self) -> None:
        if self.session.dataset is not None:
            self.session.dataset.apply([])
