"""Several of many: a check box for each, all chosen at first; all of them is the same as an empty list."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QWidget

from backend.protocol.languages import Language, Text
from gui.theme import SPACE_L, SPACE_XS

COLUMNS = 2


class ChoiceList(QWidget):
    """Signals:
        changed: a box was checked or unchecked.
    """

    changed = Signal()

    def __init__(self, choices: dict[str, Text]) -> None:
        super().__init__()
        self._choices = choices
        self.boxes = {name: QCheckBox() for name in choices}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(SPACE_L)
        grid.setVerticalSpacing(SPACE_XS)
        for place, (name, box) in enumerate(self.boxes.items()):
            box.setObjectName(f"choice_{name}")
            box.toggled.connect(self.changed)
            grid.addWidget(box, place // COLUMNS, place % COLUMNS)

    def chosen(self) -> list[str]:
        """The chosen names; none when all are."""
        names = [name for name, box in self.boxes.items() if box.isChecked()]
        return [] if len(names) == len(self.boxes) else names

    def choose(self, names: Sequence[str]) -> None:
        """Chooses these names, of an empty list all."""
        for name, box in self.boxes.items():
            box.setChecked(not names or name in names)

    def is_empty(self) -> bool:
        """Whether nothing is chosen."""
        return not any(box.isChecked() for box in self.boxes.values())

    def retranslate(self, language: Language) -> None:
        """Shows the words in `language`."""
        for name, box in self.boxes.items():
            box.setText(self._choices[name].in_language(language))
