"""Settings: how the window looks and speaks, where files lie, what is enforced, what this computer can do."""

import platform
from typing import Any

from PySide6.QtCore import QUrl, Slot, qVersion
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QComboBox, QFormLayout

from backend.protocol.errors import TanrenError
from backend.version import VERSION
from gui.jobs.doctor import DoctorCheck
from gui.pages.page import Page
from gui.session import Session
from gui.theme import SPACE_L, SPACE_M, TEXT_SIZES, set_role
from gui.widgets.error_panel import ErrorPanel
from gui.widgets.licences import LicencesDialog
from gui.widgets.offline_badge import offline_explanation
from gui.widgets.parts import Card, Facts, button, label, row

MARKS = {"good": "✓", "limited": "!", "missing": "✗"}


class SettingsPage(Page):
    """Every change takes effect at once and is remembered."""

    name = "settings"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._build_looks()
        self._build_offline()
        self._build_machine()
        self._build_files()
        self._build_about()
        self.body.addStretch(1)
        session.settings_changed.connect(self._choose_present)
        self.destroyed.connect(self.doctor.stop)
        self.retranslate()

    def _build_looks(self) -> None:
        self.looks = Card()
        self.language_box, self.theme_box, self.size_box = QComboBox(), QComboBox(), QComboBox()
        for value, text in (("en", "English"), ("ja", "日本語")):
            self.language_box.addItem(text, value)
        for theme in ("system", "light", "dark"):
            self.theme_box.addItem("", theme)
        for size in TEXT_SIZES:
            self.size_box.addItem(f"{size} %", size)
        form = QFormLayout()
        form.setHorizontalSpacing(SPACE_L)
        form.setVerticalSpacing(SPACE_M)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.FieldsStayAtSizeHint)
        self.field_names = [label(wrap=False) for _ in range(3)]
        boxes = (self.language_box, self.theme_box, self.size_box)
        for name, box in zip(self.field_names, boxes, strict=True):
            name.setBuddy(box)
            box.setMinimumWidth(200)
            form.addRow(name, box)
        self.looks.body.addLayout(form)
        self.body.addWidget(self.looks)
        self.language_box.activated.connect(lambda: self.session.choose_language(self.language_box.currentData()))
        self.theme_box.activated.connect(lambda: self.session.remember(theme=self.theme_box.currentData()))
        self.size_box.activated.connect(lambda: self.session.remember(text_size=self.size_box.currentData()))

    def _build_offline(self) -> None:
        self.offline = Card()
        self.offline_text = label()
        self.offline.body.addWidget(self.offline_text)
        self.body.addWidget(self.offline)

    def _build_machine(self) -> None:
        self.machine = Card()
        self.machine_text = label("muted")
        self.machine_facts = Facts()
        self.machine_facts.setVisible(False)
        self.machine_errors = ErrorPanel(self.session)
        self.doctor = DoctorCheck(self)
        self.doctor_button = button(self.check_machine, "", "check_machine")
        self.doctor_result: dict[str, Any] = {}
        for widget in (self.machine_text, self.machine_errors, self.machine_facts):
            self.machine.body.addWidget(widget)
        self.machine.body.addLayout(row(self.doctor_button))
        self.body.addWidget(self.machine)
        self.doctor.answered.connect(self._show_machine)
        self.doctor.failed.connect(self._show_machine_error)

    def _build_files(self) -> None:
        self.files = Card()
        self.files_text = label("muted")
        self.home_label = label("mono", selectable=True)
        self.home_label.setText(str(self.session.home))
        self.home_button = button(lambda: self._open_folder("."), "", "open_home")
        self.logs_button = button(lambda: self._open_folder("jobs"), "", "open_logs")
        for widget in (self.files_text, self.home_label):
            self.files.body.addWidget(widget)
        self.files.body.addLayout(row(self.home_button, self.logs_button))
        self.body.addWidget(self.files)

    def _build_about(self) -> None:
        self.about = Card()
        self.versions = Facts()
        self.licences_button = button(lambda: LicencesDialog(self.window()).open(), "", "licences")
        self.about.body.addWidget(self.versions)
        self.about.body.addLayout(row(self.licences_button))
        self.body.addWidget(self.about)

    def retranslate(self) -> None:
        """Sets every text."""
        self.set_title(self.tr("Settings"))
        self.looks.heading.setText(self.tr("Appearance"))
        names = (self.tr("Language"), self.tr("Theme"), self.tr("Text size"))
        boxes = (self.language_box, self.theme_box, self.size_box)
        for name, box, text in zip(self.field_names, boxes, names, strict=True):
            name.setText(text)
            box.setAccessibleName(text)
        themes = (self.tr("As the system"), self.tr("Light"), self.tr("Dark"))
        for place, text in enumerate(themes):
            self.theme_box.setItemText(place, text)
        self.offline.heading.setText(self.tr("Offline"))
        self.machine.heading.setText(self.tr("This computer"))
        self.machine_text.setText(self.tr("What Tanren can use here: processor, memory, graphics card, disk, tools."))
        self.files.heading.setText(self.tr("Files"))
        self.files_text.setText(self.tr("Everything that Tanren writes lies in one folder: runs, models, chats, "
                                        "settings."))
        self.home_button.setText(self.tr("Open the folder"))
        self.logs_button.setText(self.tr("Open the logs"))
        self.about.heading.setText(self.tr("About Tanren"))
        self.versions.show_pairs([
            ("Tanren", VERSION), ("Python", platform.python_version()), ("Qt", qVersion()),
            (self.tr("Typeface"), "Noto Sans JP"),
        ])
        self.licences_button.setText(self.tr("Licences"))
        self._choose_present()
        self._show_offline()
        self._show_doctor()
        if self.doctor_result:  # its findings are in the other language
            self.check_machine()

    def on_shown(self) -> None:
        """The level of the lock may be known better by now."""
        self._show_offline()

    def check_machine(self) -> None:
        """Runs the doctor."""
        self.machine_errors.clear()
        self.doctor.start(self.session.home, self.session.language)
        self._show_doctor()

    @Slot()
    def _choose_present(self) -> None:
        settings = self.session.settings
        for box, value in ((self.language_box, self.session.language), (self.theme_box, settings.theme),
                           (self.size_box, settings.text_size)):
            box.setCurrentIndex(box.findData(value))

    def _show_offline(self) -> None:
        self.offline_text.setText(offline_explanation(self.session.reported_lock))

    @Slot(dict)
    def _show_machine(self, result: dict[str, Any]) -> None:
        self.doctor_result = result
        self._show_doctor()

    @Slot(object)
    def _show_machine_error(self, error: TanrenError) -> None:
        self.machine_errors.show_error(error)
        self._show_doctor()

    def _show_doctor(self) -> None:
        running = self.doctor.is_running
        self.doctor_button.setEnabled(not running)
        self.doctor_button.setText(self.tr("Checking…") if running else self.tr("Check this computer"))
        self.machine_facts.show_pairs([(f"{MARKS[check['state']]} {check['title']}", check["finding"])
                                       for check in self.doctor_result.get("checks", [])])
        self.machine_facts.setVisible(bool(self.doctor_result))
        if self.doctor_result:
            ready = self.doctor_result["ready"]
            set_role(self.machine_text, "good" if ready else "bad")
            self.machine_text.setText(self.tr("Ready to fine-tune.") if ready
                                      else self.tr("Not everything is there: see the lines with ✗."))

    def _open_folder(self, name: str) -> None:
        folder = self.session.home / name
        folder.mkdir(parents=True, exist_ok=True)
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
