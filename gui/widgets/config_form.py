"""A form made from an option table: the same options are the command line's flags and config.toml."""

from typing import Any, Generic, TypeVar

import msgspec
from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QFileDialog,
    QGridLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QSpinBox,
    QStyle,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from backend.config.option import Option, check_bounds
from backend.protocol.errors import TanrenError
from backend.protocol.languages import Language, Text
from gui.theme import SPACE_L, SPACE_M
from gui.widgets.choice_list import ChoiceList
from gui.widgets.figure_spin_box import CountSpinBox, FigureSpinBox
from gui.widgets.parts import button, label

Config = TypeVar("Config", bound=msgspec.Struct)
Control = QSpinBox | FigureSpinBox | QComboBox | QCheckBox | QLineEdit | QPlainTextEdit | ChoiceList
Words = dict[str, dict[str, Text]]
FILES = ("file", "key")  # options that name a file
CONTROL_DIGITS = 24
LIST_LINES = 4
INT_LIMIT = 2_147_483_647


class ConfigForm(QWidget, Generic[Config]):
    """Edits one config struct; advanced options are folded away at first. `words`: for the values of an option that is
    a choice, what people read; a list with words is chosen by check boxes.

    Signals:
        changed: a value was changed by the user or by set_values.
    """

    changed = Signal()

    def __init__(self, options: dict[str, Option], config: Config, language: Language,
                 parent: QWidget | None = None, words: Words | None = None) -> None:
        super().__init__(parent)
        self._words = words or {}
        self._options = options
        self._config = config
        self._language = language
        self._controls: dict[str, Control] = {}
        self._labels: dict[str, QLabel] = {}
        self._whys: dict[str, QLabel] = {}
        self._basic, self._advanced = QWidget(), QWidget()
        self._grids: list[QGridLayout] = []
        self._fold = button(lambda: self.show_advanced(self._advanced.isHidden()), "link", "advancedButton")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_M)
        layout.addWidget(self._basic)
        layout.addWidget(self._fold, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self._advanced)
        self._build(self._basic, [name for name, option in options.items() if not option.advanced])
        self._build(self._advanced, [name for name, option in options.items() if option.advanced])
        self._fold.setVisible(any(option.advanced for option in options.values()))
        self._advanced.hide()
        self.set_values(config)
        self.retranslate(language)

    def control(self, name: str) -> Control:
        """The control of option `name`."""
        return self._controls[name]

    @property
    def has_controls(self) -> bool:
        """Whether there is anything to set."""
        return bool(self._controls)

    def values(self) -> Config:
        """What the form says. Raises TanrenError setting_invalid."""
        changed: dict[str, Any] = {}
        for name, control in self._controls.items():
            if isinstance(control, QCheckBox):
                changed[name] = control.isChecked()
            elif isinstance(control, QComboBox):
                changed[name] = control.currentData()
            elif isinstance(control, QLineEdit):
                changed[name] = control.text()
            elif isinstance(control, ChoiceList):
                if control.is_empty():
                    raise TanrenError("setting_invalid", name=name, value="", reason=Text(
                        "choose at least one", "1 つ以上選んでください"))
                changed[name] = control.chosen()
            elif isinstance(control, QPlainTextEdit):
                lines = [line.strip() for line in control.toPlainText().splitlines() if line.strip()]
                changed[name] = type(getattr(self._config, name))(lines)
            else:
                control.interpretText()
                changed[name] = control.value()
        config = msgspec.structs.replace(self._config, **changed)
        check_bounds(config, self._options)
        return config

    def set_values(self, config: Config) -> None:
        """Shows `config`; fields that have no option keep their value in it."""
        self._config = config
        for name, control in self._controls.items():
            value = getattr(config, name)
            control.blockSignals(True)
            if isinstance(control, QCheckBox):
                control.setChecked(value)
            elif isinstance(control, QComboBox):
                control.setCurrentIndex(max(0, control.findData(value)))
            elif isinstance(control, QLineEdit):
                control.setText(value)
            elif isinstance(control, ChoiceList):
                control.choose(value)
            elif isinstance(control, QPlainTextEdit):
                control.setPlainText("\n".join(value))
            else:
                control.setValue(value)
            control.blockSignals(False)
        self.changed.emit()

    def show_advanced(self, shown: bool) -> None:
        """Unfolds or folds the advanced options."""
        self._advanced.setVisible(shown)
        self.retranslate(self._language)

    def retranslate(self, language: Language) -> None:
        """Shows every text in `language`."""
        self._language = language
        self._fold.setText(self.tr("Show advanced settings") if self._advanced.isHidden()
                           else self.tr("Hide advanced settings"))
        units = {"rows": self.tr("rows"), "steps": self.tr("steps"), "tokens": self.tr("tokens"),
                 "batches": self.tr("batches"), "characters": self.tr("characters"), "lines": self.tr("lines"), "": ""}
        at_zero = {"max_steps": self.tr("as the epochs need"), "evaluate_every": self.tr("only at the end")}
        choices = {"auto": self.tr("Automatic"), "cpu": "CPU", "cuda": "GPU (CUDA)", "qlora": "QLoRA", "lora": "LoRA",
                   "none": self.tr("Nothing"), "label": self.tr("Label"), "language": self.tr("Language")}
        for name, option in self._options.items():
            control, title = self._controls[name], option.label.in_language(language)
            why = option.why.in_language(language)
            if isinstance(control, QCheckBox):
                control.setText(title)
            else:
                self._labels[name].setText(title)
            if isinstance(control, QComboBox):
                own = {value: text.in_language(language) for value, text in self._words.get(name, {}).items()}
                for index in range(control.count()):
                    value = control.itemData(index)
                    control.setItemText(index, own.get(value, choices.get(value, value)))
            if isinstance(control, ChoiceList):
                control.retranslate(language)
            if isinstance(control, QSpinBox):
                unit = units.get(option.unit, option.unit)
                control.setSuffix(f" {unit}" if unit else "")
                control.setSpecialValueText(at_zero.get(name, ""))
            self._whys[name].setText(why)
            control.setAccessibleName(title)
            control.setAccessibleDescription(why)
            control.setToolTip(f"{why}\n{name}")
        self._align()

    def changeEvent(self, event: QEvent) -> None:
        """Fits the columns to another text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "_grids"):
            self._align()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Lets the wheel scroll the page instead of changing a field that the pointer happens to cross."""
        if event.type() == QEvent.Type.Wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    def _build(self, part: QWidget, names: list[str]) -> None:
        grid = QGridLayout(part)
        self._grids.append(grid)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(SPACE_L)
        grid.setVerticalSpacing(SPACE_M)
        grid.setColumnStretch(2, 1)
        for row, name in enumerate(names):
            control = self._make_control(name, self._options[name])
            control.setObjectName(f"setting_{name}")
            self._controls[name] = control
            why = label("muted")
            why.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
            self._whys[name] = why
            if isinstance(control, QCheckBox):
                grid.addWidget(control, row, 0, 1, 2)
            else:
                title = label(wrap=False)
                title.setBuddy(control)
                self._labels[name] = title
                many = isinstance(control, ChoiceList | QPlainTextEdit)
                grid.addWidget(title, row, 0, Qt.AlignmentFlag.AlignTop if many else Qt.AlignmentFlag(0))
                grid.addWidget(control, row, 1, 1, 2 if isinstance(control, ChoiceList) else 1)
            if not isinstance(control, ChoiceList):  # its tooltip says the same
                grid.addWidget(why, row, 2)

    def _make_control(self, name: str, option: Option) -> Control:
        value = getattr(self._config, name)
        control: Control
        if isinstance(value, bool):
            control = QCheckBox()
            control.toggled.connect(self.changed)
            return control
        if option.choices:
            control = QComboBox()
            for choice in option.choices:
                control.addItem(choice, choice)
            control.currentIndexChanged.connect(self.changed)
        elif isinstance(value, str):
            control = QLineEdit()
            if name in FILES:
                self._add_chooser(control)
            control.textChanged.connect(self.changed)
        elif isinstance(value, list | tuple) and name in self._words:
            control = ChoiceList(self._words[name])
            control.changed.connect(self.changed)
        elif isinstance(value, list | tuple):
            control = QPlainTextEdit()
            control.setTabChangesFocus(True)
            control.setFixedHeight(control.fontMetrics().lineSpacing() * (LIST_LINES + 1))
            control.setPlaceholderText(self.tr("One a line"))
            control.textChanged.connect(self.changed)
        elif isinstance(value, int):
            control = CountSpinBox()
            control.setRange(int(option.low or 0), int(INT_LIMIT if option.high is None else option.high))
            control.setStepType(QAbstractSpinBox.StepType.AdaptiveDecimalStepType if control.maximum() > 10_000
                                else QAbstractSpinBox.StepType.DefaultStepType)
            control.valueChanged.connect(self.changed)
        else:
            low, high = option.low or 0.0, 1e12 if option.high is None else option.high
            control = FigureSpinBox(by_ratio=low > 0)
            control.setRange(low, high)
            control.setSingleStep(0.05 if high <= 1 else 0.1)
            control.valueChanged.connect(self.changed)
        control.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        control.installEventFilter(self)
        return control

    def _add_chooser(self, field: QLineEdit) -> None:
        """A sign at the end of the field that asks for a file."""
        action = field.addAction(self.style().standardIcon(QStyle.StandardPixmap.SP_DirOpenIcon),
                                 QLineEdit.ActionPosition.TrailingPosition)
        action.setToolTip(self.tr("Choose a file"))
        for made in field.findChildren(QToolButton):  # Qt gives it no name
            made.setAccessibleName(self.tr("Choose a file"))
        action.triggered.connect(lambda: self._choose_file(field))

    def _choose_file(self, field: QLineEdit) -> None:
        file, _ = QFileDialog.getOpenFileName(self, self.tr("Choose a file"), field.text())
        if file:
            field.setText(file)

    def _align(self) -> None:
        """Makes both parts one table, as wide as their words at this text size."""
        titles = max((title.sizeHint().width() for title in self._labels.values()), default=0)
        for grid in self._grids:
            grid.setColumnMinimumWidth(0, titles)
        wide = CONTROL_DIGITS * self.fontMetrics().horizontalAdvance("0")
        for control in self._controls.values():
            if not isinstance(control, QCheckBox | ChoiceList):
                control.setFixedWidth(wide)
