"""What is trained on what, and how: the form from which a run is started."""

import contextlib
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QFileDialog, QGridLayout, QLineEdit, QVBoxLayout, QWidget

from backend.config.presets import PRESETS, preset_for
from backend.config.train import OPTIONS, TrainConfig
from backend.data.check_texts import CHECKS
from backend.home import starter_model
from backend.protocol.errors import TanrenError
from backend.runs.manifests import read_manifest
from gui.data_desk.overview import source_of
from gui.figures import count, listed
from gui.runs import model_name
from gui.session import Session
from gui.theme import SPACE_L, SPACE_M
from gui.widgets.config_form import ConfigForm
from gui.widgets.parts import Card, button, label, row

OWN = "own"


class RunSetup(QWidget):
    """Model, dataset, held-out rows, name, preset and settings.

    Signals:
        start_wanted: the user pressed Start.
    """

    start_wanted = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.held_out: Path | None = None
        self.held_out_is_proposed = True
        self._busy = False
        self._chose = False
        self._names = {name: label(wrap=False) for name in ("model", "data", "held_out", "name", "preset")}
        self.model_label, self.data_label, self.held_out_label = label(), label(), label()
        self.model_button = button(lambda: session.page_requested.emit("models"), "link", "goToModels")
        self.data_button = button(lambda: session.page_requested.emit("data"), "link", "goToData")
        self.held_out_button = button(self._choose_held_out, "link", "chooseHeldOut")
        self.name_edit = QLineEdit()
        self.name_edit.setObjectName("runName")
        self.name_edit.setMaxLength(80)
        self.preset_box = QComboBox()
        self.preset_box.setObjectName("presetBox")
        self.start_button = button(self.start_wanted.emit, "primary", "startButton")
        self.reason_label = label("muted")
        self.decide_button = button(lambda: session.page_requested.emit("data"), "link", "decideOnData")
        self.form = ConfigForm(OPTIONS, TrainConfig(), session.language)
        self.what, self.how = Card(heading=False), Card()
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE_L)
        grid.setVerticalSpacing(SPACE_M)
        grid.setColumnStretch(1, 1)
        rows: list[tuple[str, QWidget, QWidget | None]] = [
            ("model", self.model_label, self.model_button), ("data", self.data_label, self.data_button),
            ("held_out", self.held_out_label, self.held_out_button), ("name", self.name_edit, None),
            ("preset", self.preset_box, None),
        ]
        for line, (name, widget, link) in enumerate(rows):
            grid.addWidget(self._names[name], line, 0)
            grid.addWidget(widget, line, 1)
            if link is not None:
                grid.addWidget(link, line, 2, Qt.AlignmentFlag.AlignRight)
        self._names["name"].setBuddy(self.name_edit)
        self._names["preset"].setBuddy(self.preset_box)
        self.what.body.addLayout(grid)
        start_line = row(self.start_button, self.reason_label, self.decide_button, stretch=False, spacing=SPACE_M)
        start_line.setStretch(1, 1)
        self.what.body.addLayout(start_line)
        self.how.body.addWidget(self.form)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_L)
        layout.addWidget(self.what)
        layout.addWidget(self.how)
        layout.addStretch(1)
        for name in (*PRESETS, OWN):
            self.preset_box.addItem(name, name)
        self.preset_box.activated.connect(self._choose_preset)
        self.form.changed.connect(self._note_own_settings)
        session.model_changed.connect(self._take_model)
        session.data_changed.connect(self._take_data)
        session.dataset_changed.connect(self._take_dataset)
        session.imports.changed.connect(self.refresh)
        self._take_data()
        self.retranslate()

    @property
    def name(self) -> str:
        """The name for the run: as typed, else the dataset's."""
        return self.name_edit.text().strip() or self.session.data_name

    @property
    def can_start(self) -> bool:
        """Whether nothing stands in the way of a run."""
        return not self._reason()

    def set_busy(self, busy: bool) -> None:
        """Says that a training is going on, so that no second one can start."""
        self._busy = busy
        self.refresh()

    def retranslate(self) -> None:
        """Shows every text in the session's language."""
        words = {"model": self.tr("Base model"), "data": self.tr("Dataset"), "held_out": self.tr("Measured with"),
                 "name": self.tr("Name"), "preset": self.tr("Preset")}
        for name, title in self._names.items():
            title.setText(words[name])
        presets = {
            "small": self.tr("Little data (up to 1,000 rows)"), "medium": self.tr("Some data (up to 10,000 rows)"),
            "large": self.tr("Much data (over 10,000 rows)"), "try": self.tr("Quick try (20 steps)"),
            "starter": self.tr("Starter model (a few minutes)"), OWN: self.tr("Own settings"),
        }
        for index in range(self.preset_box.count()):
            self.preset_box.setItemText(index, presets[self.preset_box.itemData(index)])
        self.preset_box.setAccessibleName(words["preset"])
        self.name_edit.setAccessibleName(words["name"])
        self.how.heading.setText(self.tr("Settings"))
        self.start_button.setText(self.tr("Start training"))
        self.decide_button.setText(self.tr("Go to the Data page"))
        self.form.retranslate(self.session.language)
        self.refresh()

    def refresh(self) -> None:
        """Shows the chosen model and dataset, and whether a run can start."""
        model, data = self.session.model, self.session.data
        self.model_label.setText(model_name(model) if model else self.tr("None chosen yet"))
        self.model_label.setToolTip(str(model or ""))
        self.data_label.setText(self._data_words())
        self.data_label.setToolTip(str(data or ""))
        self.model_button.setText(self.tr("Change…") if model else self.tr("Choose…"))
        self.data_button.setText(self.tr("Change…") if data else self.tr("Choose…"))
        self.name_edit.setPlaceholderText(self.session.data_name)
        divided = self.held_out is None and self.session.dataset is not None and self.session.dataset.is_divided
        self.held_out_label.setText(self.held_out.name if self.held_out else self._apart_words(divided))
        self.held_out_button.setText(self.tr("Set rows apart instead") if self.held_out else self.tr("Own file…"))
        self.form.control("held_out_fraction").setEnabled(self.held_out is None and not divided)
        reason = self._reason()
        self.start_button.setEnabled(not reason)
        self.reason_label.setText(reason)
        waits = data is None and self.session.imports.failed is not None
        self.decide_button.setVisible(model is not None and (waits or self._is_for_the_data_page()))

    def _reason(self) -> str:
        """Why no run can start now; empty when one can."""
        session = self.session
        dataset = session.dataset
        if session.model is None:
            return self.tr("Choose a base model first.")
        if session.imports.is_running:
            return self.tr("The dataset is being imported.")
        if session.data is None:
            return self.tr("The import failed: see the Data page.") if session.imports.failed else self.tr(
                "Choose a dataset first.")
        if self._busy:
            return self.tr("A training is running; wait for it or stop it first.")
        if dataset is not None and dataset.overview is None:
            return self.tr("The dataset is being opened.")
        if dataset is not None and dataset.is_changing:
            return self.tr("The dataset is being changed.")
        if dataset is not None and dataset.overview is not None and self._is_blocked():
            titles = [CHECKS[check].title.in_language(session.language) for check in dataset.overview.blocking
                      if check in CHECKS]
            return self.tr("Decide on the Data page first: {0}").format(listed(titles))
        if dataset is not None and dataset.has_nothing_to_train():
            return self.tr("No row can be trained on with this model: see the Data page.")
        return ""

    def _is_blocked(self) -> bool:
        """Whether the dataset has findings that must be fixed or accepted first."""
        dataset = self.session.dataset
        return dataset is not None and dataset.overview is not None and bool(dataset.overview.blocking)

    def _is_for_the_data_page(self) -> bool:
        dataset = self.session.dataset
        return self._is_blocked() or (dataset is not None and dataset.has_nothing_to_train())

    def _data_words(self) -> str:
        session = self.session
        if session.imports.is_running:
            return self.tr("{0} (being imported)").format(session.imports.name)
        return session.data_name or self.tr("None chosen yet")

    def _apart_words(self, divided: bool) -> str:
        dataset = self.session.dataset
        if divided and dataset is not None and dataset.overview is not None:
            return self.tr("{0} rows that are set apart in the dataset").format(
                count(dataset.overview.sides.get("held_out", 0)))
        return self.tr("rows set apart from the dataset")

    def propose_preset(self) -> None:
        """Takes the preset for this model and number of rows, unless the user has chosen already."""
        data = self.session.data
        if data is None or self._chose:
            return
        name = preset_for(known_rows(data), self.session.model == starter_model())
        self.preset_box.setCurrentIndex(self.preset_box.findData(name))
        self._apply(name)

    def _take_model(self) -> None:
        self._chose = False
        self.propose_preset()
        self.refresh()

    def _take_data(self) -> None:
        """Proposes the held-out file that lies beside the dataset and the preset for its number of rows."""
        self.held_out = self.session.held_out
        self.held_out_is_proposed = True
        self._chose = False
        self.propose_preset()
        self.refresh()

    def _take_dataset(self) -> None:
        """Rows may have been set apart in the dataset: then none are needed from elsewhere."""
        if self.session.dataset is not None and self.session.dataset.is_divided and self.held_out_is_proposed:
            self.held_out = None
        self.propose_preset()
        self.refresh()

    def _choose_preset(self) -> None:
        self._chose = True
        self._apply(self.preset_box.currentData())

    def _apply(self, name: str) -> None:
        if name in PRESETS:
            self.form.blockSignals(True)
            self.form.set_values(PRESETS[name].config)
            self.form.blockSignals(False)
            self.session.choose_max_length(PRESETS[name].config.max_length)

    def _note_own_settings(self) -> None:
        self._chose = True
        self.preset_box.setCurrentIndex(self.preset_box.findData(OWN))
        with contextlib.suppress(TanrenError):  # told when the run is started
            self.session.choose_max_length(self.form.values().max_length)

    def _choose_held_out(self) -> None:
        self.held_out_is_proposed = False
        if self.held_out is not None:
            self.held_out = None
        else:
            source = source_of(self.session.data) if self.session.data else None
            start = str(source.parent) if source else ""
            chosen, _ = QFileDialog.getOpenFileName(self, self.tr("Held-out rows"), start)
            self.held_out = Path(chosen) if chosen else None
        self.refresh()


def known_rows(data: Path) -> int | None:
    """How many rows of the dataset can be trained on, as its manifest counts them; None when that is not known."""
    manifest = read_manifest(data)
    rows = manifest.facts.get("usable") if manifest else None
    return rows if isinstance(rows, int) else None
