"""A field for real numbers of any size: shows 0.0002 as 2e-4, takes 2e-4, 0.0002 or full-width digits."""

import math
import unicodedata

from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QDoubleSpinBox, QSpinBox, QWidget

from gui.theme import SPACE_S

STEPS = (1.0, 2.0, 5.0, 10.0)


class CountSpinBox(QSpinBox):
    """A spin box for whole numbers. Style sheets leave no room before its text, so it makes that itself."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lineEdit().setTextMargins(SPACE_S, 0, 0, 0)


class FigureSpinBox(QDoubleSpinBox):
    """A spin box that keeps every digit typed; `by_ratio` steps 1, 2, 5, 10, 20 … instead of adding."""

    def __init__(self, by_ratio: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._by_ratio = by_ratio
        self.setDecimals(12)
        self.lineEdit().setTextMargins(SPACE_S, 0, 0, 0)

    def textFromValue(self, value: float) -> str:
        """The shortest usual way to write `value`."""
        return figure_text(value)

    def valueFromText(self, text: str) -> float:
        """The number in `text`, or the present value when there is none."""
        number = parse_figure(self._bare(text))
        return self.value() if number is None else number

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        """Whether `text` is, or may become, a number inside the bounds."""
        bare = self._bare(text)
        number = parse_figure(bare)
        if number is None:
            allowed = all(character in "0123456789.eE+-" for character in unicodedata.normalize("NFKC", bare))
            return (QValidator.State.Intermediate if allowed else QValidator.State.Invalid, text, position)
        inside = self.minimum() <= number <= self.maximum()
        return (QValidator.State.Acceptable if inside else QValidator.State.Intermediate, text, position)

    def stepBy(self, steps: int) -> None:
        """Goes `steps` up or down."""
        if not self._by_ratio:
            super().stepBy(steps)
            return
        value = self.value()
        for _ in range(abs(steps)):
            value = _next(value) if steps > 0 else _previous(value)
        self.setValue(value)

    def _bare(self, text: str) -> str:
        suffix = self.suffix()
        return (text[: -len(suffix)] if suffix and text.endswith(suffix) else text).strip()


def figure_text(value: float) -> str:
    """`value` with at most 8 digits; below 0.001 as 2e-4."""
    if value and abs(value) < 1e-3:
        mantissa, exponent = f"{value:.7e}".split("e")
        return f"{mantissa.rstrip('0').rstrip('.')}e{int(exponent)}"
    return f"{value:.8g}"


def parse_figure(text: str) -> float | None:
    """The finite number in `text` (full-width digits too), or None."""
    try:
        number = float(unicodedata.normalize("NFKC", text).replace("−", "-"))
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _next(value: float) -> float:
    if value <= 0:
        return value
    power = 10.0 ** math.floor(math.log10(value) + 1e-9)
    return next(step for step in STEPS if step > value / power * (1 + 1e-9)) * power


def _previous(value: float) -> float:
    if value <= 0:
        return value
    power = 10.0 ** math.floor(math.log10(value) + 1e-9)
    below = [step for step in STEPS if step < value / power * (1 - 1e-9)]
    return below[-1] * power if below else 0.5 * power
