"""What every page is: a title, a column of content, and the session.

A page module gui/pages/<name>.py holds one class <Name>Page(Page). Its constructor builds the widgets without texts
and ends with `self.retranslate()`, which sets every text; the base class calls it again on each language change.
Pages are built when they are first shown, so read what the session already holds in the constructor.
"""

from typing import ClassVar

from PySide6.QtCore import QPoint, Qt, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from gui.session import Session
from gui.theme import PAGE_WIDTH, SPACE_L, SPACE_XL, SPACE_XS, set_role


class Page(QWidget):
    """A page of the window.

    `name`: as in Session.page_requested. `scrolls`: False for a page that fills the window itself (a chat).
    `body`: the layout for the content, below title and subtitle.
    """

    name: ClassVar[str] = ""
    scrolls: ClassVar[bool] = True

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.setObjectName(f"page_{self.name}")
        self.title_label = QLabel()
        self.subtitle_label = QLabel()
        self.subtitle_label.setWordWrap(True)
        set_role(self.title_label, "title")
        set_role(self.subtitle_label, "muted")
        column = QWidget()
        column.setObjectName("page_column")
        if self.scrolls:
            column.setMaximumWidth(PAGE_WIDTH + 2 * SPACE_XL)
        content = QVBoxLayout(column)
        content.setContentsMargins(SPACE_XL, SPACE_XL, SPACE_XL, SPACE_XL)
        content.setSpacing(SPACE_L)
        heading = QVBoxLayout()
        heading.setSpacing(SPACE_XS)
        heading.addWidget(self.title_label)
        heading.addWidget(self.subtitle_label)
        content.addLayout(heading)
        self._scroll: QScrollArea | None = None
        self.body = QVBoxLayout()
        self.body.setSpacing(SPACE_L)
        content.addLayout(self.body, 1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._scroll_area(column) if self.scrolls else column)
        session.language_changed.connect(self._language_changed)

    @property
    def title(self) -> str:
        """The page's title as shown."""
        return self.title_label.text()

    def set_title(self, title: str, subtitle: str = "") -> None:
        """Sets the heading; call it from retranslate()."""
        self.title_label.setText(title)
        self.subtitle_label.setText(subtitle)
        self.subtitle_label.setVisible(bool(subtitle))

    def scroll_to(self, part: QWidget) -> None:
        """Brings the upper end of a part of the page into sight."""
        if self._scroll is not None and (holder := self._scroll.widget()) is not None:
            self._scroll.verticalScrollBar().setValue(part.mapTo(holder, QPoint(0, 0)).y() - SPACE_L)

    def retranslate(self) -> None:
        """Sets every text of the page in the session's language."""

    def on_shown(self) -> None:
        """Called each time the page comes to the front: refresh lists here."""

    def on_closing(self) -> None:
        """Called when the window is about to close: keep on disk what is only on the screen."""

    @Slot(str)
    def _language_changed(self, _language: str) -> None:
        self.retranslate()

    def _scroll_area(self, column: QWidget) -> QScrollArea:
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        holder = QWidget()
        holder.setObjectName("page_holder")
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(column, 100)
        row.addStretch(1)
        area.setWidget(holder)
        self._scroll = area
        return area
