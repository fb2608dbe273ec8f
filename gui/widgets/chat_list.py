"""The old chats of every run, newest first."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from backend.protocol.errors import TanrenError
from backend.runs.chats import Chat, delete_chat, list_chats, restore_chat
from backend.runs.run import list_runs
from gui.figures import when
from gui.session import Session
from gui.theme import SPACE_M, SPACE_S, colors
from gui.widgets.parts import button
from gui.widgets.undo_bar import UndoBar

LIST_DIGITS, WIDEST = 27, 260
LOOSE = "chats"


class ChatList(QWidget):
    """Opens an old chat, begins a new one, deletes and brings back.

    Signals:
        opened: (folder: Path, chat: Chat) the user wants to go on with this chat.
        new_wanted: an empty chat is wanted.
        deleted: the id of a chat that was moved to the trash.
        failed: a TanrenError or OSError.
    """

    opened = Signal(object, object)
    new_wanted = Signal()
    deleted = Signal(str)
    failed = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self._found: list[tuple[Path, Chat]] = []
        self._current = ""
        self.new_button = button(self.new_wanted.emit, "", "newChatButton")
        self.list = QListWidget()
        self.list.setObjectName("chatList")
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.itemClicked.connect(self._open)
        self.list.itemActivated.connect(self._open)
        self.list.currentRowChanged.connect(lambda _row: self._show_delete())
        self.delete_button = button(self.delete, "link", "deleteChatButton")
        self.undo = UndoBar()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, SPACE_M, 0)
        layout.setSpacing(SPACE_S)
        for widget in (self.new_button, self.list, self.delete_button, self.undo):
            layout.addWidget(widget)
        layout.setAlignment(self.delete_button, Qt.AlignmentFlag.AlignLeft)
        shortcut = QShortcut(QKeySequence(QKeySequence.StandardKey.Delete), self.list)
        shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
        shortcut.activated.connect(self.delete)
        self.retranslate()

    def refresh(self, current: str) -> None:
        """Reads the chats again; `current` is the id of the one that is open."""
        self._current = current
        folders = [self.session.home / LOOSE, *(run.chats for run in list_runs(self.session.home))]
        self._found = sorted(((folder, chat) for folder in folders for chat in list_chats(folder)),
                             key=lambda found: (found[1].created, found[1].id), reverse=True)
        self.list.blockSignals(True)
        self.list.clear()
        for _folder, chat in self._found:
            item = QListWidgetItem(chat.title or Path(chat.gguf).name)
            item.setToolTip(f"{chat.title}\n{Path(chat.gguf).name}\n"
                            f"{when(chat.created)}")
            self.list.addItem(item)
            if chat.id == current:
                self.list.setCurrentItem(item)
        self.list.blockSignals(False)
        self._show_delete()

    def delete(self) -> None:
        """Moves the selected chat to the trash beside it; the bar brings it back."""
        row = self.list.currentRow()
        if not 0 <= row < len(self._found):
            return
        folder, chat = self._found[row]
        try:
            delete_chat(folder, chat.id)
        except (TanrenError, OSError) as error:
            self.failed.emit(error)
            return
        self.undo.offer(self.tr("Deleted"), lambda: self._restore(folder, chat.id))
        self.deleted.emit(chat.id)
        self.refresh("" if chat.id == self._current else self._current)

    def retranslate(self) -> None:
        """Shows every text in the present language."""
        self.new_button.setText(self.tr("New chat"))
        self.delete_button.setText(self.tr("Delete the chat"))
        self.list.setAccessibleName(self.tr("Old chats"))
        self.undo.retranslate()
        self.refresh(self._current)

    def restyle(self) -> None:
        """Takes colours and text size of the theme."""
        self.setFixedWidth(min(LIST_DIGITS * self.fontMetrics().horizontalAdvance("0"), WIDEST))
        chosen = colors()
        self.list.setStyleSheet(
            "QListWidget { background: transparent; border: none; outline: none; }"
            "QListWidget::item { padding: 7px 8px; border-radius: 6px; }"
            f"QListWidget::item:hover {{ background: {chosen.tint}; }}"
            f"QListWidget::item:selected {{ background: {chosen.accent_soft}; color: {chosen.text}; }}")

    def _open(self, item: QListWidgetItem) -> None:
        folder, chat = self._found[self.list.row(item)]
        if chat.id != self._current:
            self.opened.emit(folder, chat)

    def _show_delete(self) -> None:
        self.delete_button.setEnabled(self.list.currentRow() >= 0)

    def _restore(self, folder: Path, chat_id: str) -> None:
        try:
            restore_chat(folder, chat_id)
        except (TanrenError, OSError) as error:
            self.failed.emit(error)
        self.refresh(self._current)
