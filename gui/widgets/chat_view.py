"""A conversation: one bubble a message, the newest in sight, replies growing while they are written."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gui.theme import colors
from gui.widgets.message_text import MessageText
from gui.widgets.parts import label

STREAM_MS = 100
COLUMN_WIDTH = 820
USER_SHARE = 0.78
SIDES, FOOT_GAP = 32, 16


class MessageBubble(QFrame):
    """One message with its copy button and, under replies, a line of figures.

    Signals:
        link_clicked: the target of a link in the text.
    """

    link_clicked = Signal(str)

    def __init__(self, role: str, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.speaker = role
        self.setObjectName("messageBubble")
        self.text = MessageText(self)
        self.text.link_clicked.connect(self.link_clicked)
        self.figures = label("small", wrap=False)
        self._make_figures: Callable[[], str] = str
        self.copy_button = QToolButton()
        self.copy_button.setObjectName("copyMessage")
        self.copy_button.setAutoRaise(True)
        self.copy_button.clicked.connect(self._copy)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 10, 14, 6)
        layout.setSpacing(4)
        layout.addWidget(self.text)
        foot = QHBoxLayout()
        foot.addWidget(self.figures)
        foot.addStretch(1)
        foot.addWidget(self.copy_button)
        layout.addLayout(foot)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        if text:
            self.show_whole(text)
        self._colour()
        self.retranslate()

    def show_whole(self, text: str) -> None:
        """Shows a complete message: the user's as typed, a reply as Markdown."""
        if self.speaker == "assistant":
            self.text.show_markdown(text)
        else:
            self.text.show_plain(text)

    def show_figures(self, make: Callable[[], str]) -> None:
        """Shows a short line below the message; `make` gives it in the present language."""
        self._make_figures = make
        self.figures.setText(make())

    def wished_width(self) -> int:
        """The width in pixels at which neither a line of the text nor the figures below it are broken."""
        foot = self.figures.sizeHint().width() + self.copy_button.sizeHint().width() + FOOT_GAP
        return max(self.text.ideal_width(), foot) + SIDES

    def retranslate(self) -> None:
        """Shows every text in the present language."""
        self.figures.setText(self._make_figures())
        self.copy_button.setText(self.tr("Copy"))
        self.setAccessibleName(self.tr("You") if self.speaker == "user" else self.tr("Reply"))
        self.text.setAccessibleName(self.accessibleName())

    def changeEvent(self, event: QEvent) -> None:
        """Follows the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._colour()

    def _colour(self) -> None:
        chosen = colors()
        back, line = (chosen.accent_soft, chosen.accent_soft) if self.speaker == "user" else (
            chosen.surface, chosen.border)
        sheet = (f"#messageBubble {{ background: {back}; border: 1px solid {line}; border-radius: 12px; }}"
                 f"#copyMessage {{ border: none; color: {chosen.muted}; padding: 0 2px; }}"
                 f"#copyMessage:hover, #copyMessage:focus {{ color: {chosen.accent}; text-decoration: underline; }}")
        if self.styleSheet() != sheet:
            self.setStyleSheet(sheet)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.written)


class ChatView(QScrollArea):
    """The messages of one chat.

    Signals:
        link_clicked: the target of a link in a reply.
    """

    link_clicked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._pending: str | None = None
        self._bubbles: list[MessageBubble] = []
        self._follow = True
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(STREAM_MS)
        self._timer.timeout.connect(self._show_pending)
        inside = QWidget()
        inside.setObjectName("chatColumn")
        self._rows = QVBoxLayout(inside)
        self._rows.setContentsMargins(16, 16, 16, 16)
        self._rows.setSpacing(12)
        self.opening = label("muted")
        self.opening.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._rows.addWidget(self.opening, 1)
        self._rows.addStretch(1)
        self.setWidget(inside)
        self.verticalScrollBar().valueChanged.connect(self._note_place)
        self.verticalScrollBar().rangeChanged.connect(self._keep_place)

    @property
    def bubbles(self) -> list[MessageBubble]:
        """The messages from first to last."""
        return list(self._bubbles)

    @property
    def is_replying(self) -> bool:
        """Whether a reply is awaited or being written."""
        return self._pending is not None

    def clear(self) -> None:
        """Takes every message away."""
        self._timer.stop()
        self._pending = None
        while self._bubbles:
            self.drop_last()
        self._follow = True

    def add(self, role: str, text: str) -> MessageBubble:
        """Shows a complete message."""
        bubble = MessageBubble(role)
        bubble.link_clicked.connect(self.link_clicked)
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        if role == "user":
            line.addStretch(1)
        line.addWidget(bubble)
        if role != "user":
            line.addStretch(1)
        self._rows.insertWidget(self._rows.count() - 1, row)
        self._bubbles.append(bubble)
        self.opening.hide()
        bubble.show_whole(text)
        self._set_width(bubble)
        self._follow = True
        return bubble

    def begin_reply(self) -> None:
        """Opens an empty bubble for a reply that will grow."""
        bubble = self.add("assistant", "")
        bubble.copy_button.hide()
        bubble.show_figures(lambda: self.tr("Thinking…"))
        self._set_width(bubble)
        self._pending = ""

    def grow_reply(self, piece: str) -> None:
        """Adds a piece to the reply; drawn at most ten times a second, as plain text."""
        if self._pending is None:
            self.begin_reply()
        self._pending = (self._pending or "") + piece
        if not self._timer.isActive():
            self._timer.start()

    def end_reply(self, text: str, figures: Callable[[], str]) -> None:
        """Shows the finished reply as Markdown; `figures` gives a short line below it in the present language."""
        if self._pending is None:
            self.begin_reply()
        self._timer.stop()
        self._pending = None
        bubble = self._bubbles[-1]
        bubble.show_whole(text)
        bubble.copy_button.show()
        bubble.show_figures(figures)
        self._set_width(bubble)

    def drop_reply(self) -> None:
        """Takes away the reply that is being written."""
        self._timer.stop()
        self._pending = None
        if self._bubbles and self._bubbles[-1].speaker == "assistant":
            self.drop_last()

    def drop_last(self) -> None:
        """Takes the last message away."""
        row = self._bubbles.pop().parentWidget()
        if row is not None:
            row.hide()
            row.deleteLater()
        self.opening.setVisible(not self._bubbles)

    def retranslate(self) -> None:
        """Shows every text in the present language."""
        self.opening.setText(self.tr("Write the first message below. The model answers on this computer."))
        for bubble in self._bubbles:
            bubble.retranslate()
            self._set_width(bubble)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keeps lines short enough to read."""
        super().resizeEvent(event)
        for bubble in self._bubbles:
            self._set_width(bubble)

    def _show_pending(self) -> None:
        if self._pending is not None and self._bubbles:
            bubble = self._bubbles[-1]
            bubble.text.show_plain(self._pending)
            bubble.show_figures(lambda: self.tr("Writing…"))
            self._set_width(bubble)

    def _set_width(self, bubble: MessageBubble) -> None:
        column = min(self.viewport().width() - 32, COLUMN_WIDTH)
        widest = int(column * USER_SHARE) if bubble.speaker == "user" else column
        bubble.setFixedWidth(min(widest, bubble.wished_width()))

    def _note_place(self, value: int) -> None:
        self._follow = value >= self.verticalScrollBar().maximum() - 24

    def _keep_place(self, _low: int, high: int) -> None:
        if self._follow:
            self.verticalScrollBar().setValue(high)
