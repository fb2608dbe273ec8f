"""How replies are made: system prompt, sampling, and the key that sends."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QPlainTextEdit, QScrollArea, QVBoxLayout, QWidget

from backend.protocol.messages import Sampling
from gui.theme import SPACE_M, SPACE_XS
from gui.widgets.figure_spin_box import CountSpinBox, FigureSpinBox
from gui.widgets.parts import label

PANEL_DIGITS, WIDEST = 31, 320


class ChatSettings(QScrollArea):
    """The side panel of the chat.

    Signals:
        keys_changed: True when Enter sends, False when Ctrl+Enter does.
    """

    keys_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        plain = Sampling()
        self.system_edit = QPlainTextEdit()
        self.system_edit.setObjectName("systemPrompt")
        self.system_edit.setTabChangesFocus(True)
        self.system_edit.setFixedHeight(110)
        self.temperature_box = FigureSpinBox()
        self.temperature_box.setRange(0.0, 5.0)
        self.temperature_box.setSingleStep(0.1)
        self.temperature_box.setValue(plain.temperature)
        self.top_p_box = FigureSpinBox()
        self.top_p_box.setRange(0.01, 1.0)
        self.top_p_box.setSingleStep(0.05)
        self.top_p_box.setValue(plain.top_p)
        self.length_box = CountSpinBox()
        self.length_box.setRange(1, 100_000)
        self.length_box.setSingleStep(64)
        self.length_box.setValue(plain.max_tokens)
        self.seed_box = CountSpinBox()
        self.seed_box.setRange(-1, 2_147_483_647)
        self.seed_box.setValue(-1)
        self.keys_box = QComboBox()
        self.keys_box.addItems(["Enter", "Ctrl+Enter"])
        self.keys_box.currentIndexChanged.connect(lambda index: self.keys_changed.emit(index == 0))
        self._controls: dict[str, QWidget] = {
            "system": self.system_edit, "temperature": self.temperature_box, "top_p": self.top_p_box,
            "max_tokens": self.length_box, "seed": self.seed_box, "keys": self.keys_box,
        }
        self._titles = {name: label(wrap=False) for name in self._controls}
        self._whys = {name: label("small") for name in ("temperature", "top_p", "seed")}
        column = QWidget()
        column.setObjectName("page_column")
        self.setWidget(column)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        layout = QVBoxLayout(column)
        layout.setContentsMargins(SPACE_M, 0, SPACE_M, 0)
        layout.setSpacing(SPACE_XS)
        for name, control in self._controls.items():
            self._titles[name].setBuddy(control)
            layout.addWidget(self._titles[name])
            layout.addWidget(control)
            if name in self._whys:
                layout.addWidget(self._whys[name])
            layout.addSpacing(SPACE_M)
        layout.addStretch(1)
        self._fit()
        self.retranslate()

    def changeEvent(self, event: QEvent) -> None:
        """Grows with the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def _fit(self) -> None:
        self.setFixedWidth(min(PANEL_DIGITS * self.fontMetrics().horizontalAdvance("0"), WIDEST))

    @property
    def system(self) -> str:
        """The system prompt, empty when there is none."""
        return self.system_edit.toPlainText().strip()

    def sampling(self) -> Sampling:
        """How the next reply is sampled."""
        seed = self.seed_box.value()
        return Sampling(temperature=self.temperature_box.value(), top_p=self.top_p_box.value(),
                        max_tokens=self.length_box.value(), seed=None if seed < 0 else seed)

    def show_values(self, system: str, sampling: Sampling) -> None:
        """Shows what an old chat was made with."""
        self.system_edit.setPlainText(system)
        self.temperature_box.setValue(sampling.temperature)
        self.top_p_box.setValue(sampling.top_p)
        self.length_box.setValue(sampling.max_tokens)
        self.seed_box.setValue(-1 if sampling.seed is None else sampling.seed)

    def retranslate(self) -> None:
        """Shows every text in the present language."""
        titles = {
            "system": self.tr("System prompt"), "temperature": self.tr("Temperature"), "top_p": self.tr("Top-p"),
            "max_tokens": self.tr("Longest reply"), "seed": self.tr("Seed"), "keys": self.tr("Send with"),
        }
        for name, title in titles.items():
            self._titles[name].setText(title)
            self._controls[name].setAccessibleName(title)
        self._whys["temperature"].setText(self.tr("0 always takes the likeliest word; higher is freer."))
        self._whys["top_p"].setText(self.tr("Leaves out unlikely words; 1 keeps all."))
        self._whys["seed"].setText(self.tr("The same seed gives the same reply again."))
        self.system_edit.setPlaceholderText(self.tr("Who the model is and how it should answer (optional)"))
        self.length_box.setSuffix(self.tr(" tokens"))
        self.seed_box.setSpecialValueText(self.tr("new each time"))
