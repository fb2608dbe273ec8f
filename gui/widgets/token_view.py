"""A row as the model sees it: every token in order, the trained ones coloured and underlined, special ones boxed."""

from typing import NamedTuple

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from gui.theme import SPACE_L, SPACE_XS, colors

PADDING = 2.0
LEADING = 1.75
GAP = 2


class ShownToken(NamedTuple):
    """One token: its number in the vocabulary, its text, whether its prediction is trained, whether it is special."""

    id: int
    text: str
    trained: bool
    special: bool


class TokenView(QWidget):
    """Wraps tokens like words on a page. Painted by hand: a row can have thousands of them."""

    def __init__(self) -> None:
        super().__init__()
        self.tokens: list[ShownToken] = []
        self._places: list[QRectF] = []
        self._laid_out_for = -1
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setMinimumWidth(240)

    def show_tokens(self, tokens: list[ShownToken]) -> None:
        """Replaces the row."""
        self.tokens = tokens
        self._laid_out_for = -1
        trained = sum(token.trained for token in tokens)
        self.setAccessibleName(self.tr("{0} tokens, {1} of them trained").format(len(tokens), trained))
        self.setAccessibleDescription("".join(token.text for token in tokens))
        self.updateGeometry()
        self.update()

    def hasHeightForWidth(self) -> bool:
        """Yes: narrower means more lines."""
        return True

    def heightForWidth(self, width: int) -> int:
        """The height (pixels) that the tokens need at `width`."""
        places = self._layout(width)
        return int(places[-1].bottom() + 2 * SPACE_XS) + 1 if places else 0

    def sizeHint(self) -> QSize:
        """The present width and the height that goes with it."""
        width = max(self.width(), 240)
        return QSize(width, self.heightForWidth(width))

    def changeEvent(self, event: QEvent) -> None:
        """Font and colours may have changed."""
        super().changeEvent(event)
        self._laid_out_for = -1
        self.updateGeometry()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paints the tokens that lie in the exposed part."""
        chosen = colors()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._font())
        for token, place in zip(self.tokens, self._layout(self.width()), strict=True):
            if place.bottom() < event.rect().top() or place.top() > event.rect().bottom():
                continue
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(chosen.accent_soft if token.trained else chosen.tint))
            painter.drawRoundedRect(place, 3, 3)
            if token.special:
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(QColor(chosen.strong_border), 1))
                painter.drawRoundedRect(place.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
            painter.setPen(QColor(chosen.muted if token.special else chosen.text))
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, shown_text(token.text))
            if token.trained:
                painter.setPen(QPen(QColor(chosen.accent), 2))
                painter.drawLine(QPointF(place.left() + 2, place.bottom()), QPointF(place.right() - 2, place.bottom()))

    def event(self, event: QEvent) -> bool:
        """A tooltip tells the token under the mouse."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            for token, place in zip(self.tokens, self._layout(self.width()), strict=True):
                if place.contains(QPointF(event.pos())):
                    trained = self.tr("trained") if token.trained else self.tr("only read")
                    QToolTip.showText(event.globalPos(), f"{token.text!r}\n{token.id} · {trained}", self)
                    return True
            QToolTip.hideText()
            return True
        return super().event(event)

    def _font(self) -> QFont:
        return self.font()

    def _layout(self, width: int) -> list[QRectF]:
        if width == self._laid_out_for:
            return self._places
        metrics = QFontMetricsF(self._font())
        line = round(metrics.height() * LEADING)  # whole pixels keep frames and underlines sharp
        height = round(metrics.height() + 2 * PADDING)
        x, y = 0.0, float(SPACE_XS)
        places = []
        for token in self.tokens:
            wide = round(metrics.horizontalAdvance(shown_text(token.text)) + 2 * PADDING + 1)
            if x > 0 and x + wide > width:
                x, y = 0.0, y + line
            places.append(QRectF(x, y, wide, height))
            x += wide + GAP
            if token.text.endswith("\n"):
                x, y = 0.0, y + line
        self._places, self._laid_out_for = places, width
        return places


class TokenLegend(QWidget):
    """What the looks of TokenView mean, drawn with the same tokens."""

    def __init__(self) -> None:
        super().__init__()
        self.view = TokenView()
        self.view.setParent(self)
        self.retranslate()

    def retranslate(self) -> None:
        """Sets the words."""
        self.view.show_tokens([
            ShownToken(0, self.tr("trained"), True, False), ShownToken(0, self.tr("only read"), False, False),
            ShownToken(0, self.tr("special"), False, True),
            ShownToken(0, self.tr("{0} rest of the character before").format(shown_text("")), False, False),
        ])
        self.view.setAccessibleName(
            self.tr("Legend: trained tokens are coloured and underlined, special tokens are boxed"))
        self.setMinimumHeight(self.view.heightForWidth(600) + SPACE_XS)

    def resizeEvent(self, event: QEvent) -> None:  # type: ignore[override]
        """The view fills the legend."""
        self.view.setGeometry(0, 0, max(self.width(), SPACE_L), self.height())

    def changeEvent(self, event: QEvent) -> None:
        """New language, new words."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()


def shown_text(text: str) -> str:
    """A token's text on one line: line ends and tabs as signs, a space at the edge as a middle dot."""
    made = text.replace("\r", "␍").replace("\n", "↵").replace("\t", "⇥")
    stripped = made.strip(" ")
    if not stripped:
        return "·" * len(made) or "∅"
    start = len(made) - len(made.lstrip(" "))
    return "·" * start + stripped + "·" * (len(made) - start - len(stripped))
