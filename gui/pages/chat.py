"""Chat: talk to the very GGUF file that was exported."""

from pathlib import Path
from typing import ClassVar

import msgspec
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QMessageBox, QVBoxLayout, QWidget

from backend.config.jobs import ChatJob
from backend.protocol.errors import TanrenError, from_exception
from backend.protocol.messages import Failed, Reply
from backend.runs.chats import Chat, new_chat, save_chat, with_message
from backend.runs.run import Run
from gui.figures import count
from gui.item_models.gguf_choices import GgufChoice, gguf_choices
from gui.item_models.run_rows import kind_of
from gui.jobs.chat_link import ChatLink
from gui.jobs.job import WorkerJob
from gui.pages.page import Page
from gui.session import Session
from gui.theme import SPACE_M, SPACE_S, set_role
from gui.widgets.chat_list import LOOSE, ChatList
from gui.widgets.chat_settings import ChatSettings
from gui.widgets.chat_view import ChatView, MessageInput
from gui.widgets.empty_state import EmptyState
from gui.widgets.error_panel import ErrorPanel
from gui.widgets.parts import button, label, row

MEMORY_JOBS = ("train", "evaluate", "merge", "export")


class ChatPage(Page):
    """Old chats on the left, the conversation in the middle, the settings on the right."""

    name: ClassVar[str] = "chat"
    scrolls: ClassVar[bool] = False

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.errors = ErrorPanel(session)
        self.link = ChatLink(self._start_job, self)
        self._choices: list[GgufChoice] = []
        self._extra: list[Path] = []
        self._chat: Chat | None = None
        self._folder = session.home / LOOSE
        self._partial = ""
        self.file_box = QComboBox()
        self.file_box.setObjectName("ggufBox")
        self.file_box.setMinimumContentsLength(24)
        self.open_button = button(self._open_file, "link", "openGgufButton")
        self.state_label = label("muted", wrap=False)
        self.settings_button = button(self._toggle_settings, "quiet", "chatSettingsButton")
        self.settings_button.setCheckable(True)
        self.chats = ChatList(session)
        self.view = ChatView()
        self.view.setObjectName("chatView")
        self.input = MessageInput()
        self.input.setObjectName("chatInput")
        self.send_button = button(self.send, "primary", "sendButton")
        self.stop_button = button(self.stop_reply, "", "stopReplyButton")
        self.hint_label = label("small", wrap=False)
        self.settings = ChatSettings()
        self.settings.setVisible(False)
        self.empty = EmptyState(lambda: session.page_requested.emit("export"), "chatGoToExport")
        self._lay_out()
        self.file_box.activated.connect(self._choose_shown)
        self.chats.opened.connect(self._open_chat)
        self.chats.new_wanted.connect(self.begin_chat)
        self.chats.deleted.connect(self._on_deleted)
        self.chats.failed.connect(self._show_failure)
        self.input.submitted.connect(self.send)
        self.view.link_clicked.connect(self._show_link)
        self.settings.keys_changed.connect(self._set_keys)
        self.link.state_changed.connect(lambda _state: self._show_state())
        self.link.piece.connect(self._on_piece)
        self.link.replied.connect(self._on_reply)
        self.link.failed.connect(self._on_failed)
        session.gguf_changed.connect(self._take_gguf)
        session.run_changed.connect(self._take_run)
        session.job_started.connect(self._make_room)
        self.chats.restyle()
        self._take_gguf()
        self.retranslate()

    def retranslate(self) -> None:
        """Sets every text of the page."""
        self.set_title(self.tr("Chat"))
        self.file_box.setAccessibleName(self.tr("Model to talk to"))
        self.open_button.setText(self.tr("Open a GGUF file…"))
        self.settings_button.setText(self.tr("Settings"))
        self.send_button.setText(self.tr("Send"))
        self.stop_button.setText(self.tr("Stop"))
        self.input.setPlaceholderText(self.tr("Write a message"))
        self.input.setAccessibleName(self.tr("Message"))
        self.view.setAccessibleName(self.tr("Conversation"))
        self.hint_label.setText(self.tr("Enter sends, Shift+Enter breaks the line") if self.input.enter_sends
                                else self.tr("Ctrl+Enter sends"))
        self.empty.set_texts(self.tr("No model to talk to yet"),
                             self.tr("Export a trained run as a GGUF file, or open one that you have."),
                             self.tr("Export a run"))
        self.chats.retranslate()
        self.view.retranslate()
        self.settings.retranslate()
        self._show_state()

    def on_shown(self) -> None:
        """Reads files and chats again."""
        self.refresh()
        self.input.setFocus()

    def changeEvent(self, event: QEvent) -> None:
        """Follows the theme."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange) and hasattr(self, "chats"):
            self.chats.restyle()

    @property
    def chat(self) -> Chat | None:
        """The chat that is open; None before the first message."""
        return self._chat

    def refresh(self) -> None:
        """Reads the GGUF files and the old chats again."""
        self._choices = gguf_choices(self.session.home, self._extra)
        if self.link.file is None and self._choices:
            self._choose(self._preferred())
        self.file_box.clear()
        self.file_box.addItems([choice.title for choice in self._choices])
        shown = next((number for number, choice in enumerate(self._choices) if choice.file == self.link.file), -1)
        self.file_box.setCurrentIndex(shown)
        self.chats.refresh(self._chat.id if self._chat else "")
        self._show_state()

    def begin_chat(self) -> None:
        """Turns to an empty chat; it is kept once something was said."""
        self._leave_reply()
        self._chat = None
        self.view.clear()
        self.errors.clear()
        self.chats.refresh("")
        self._show_state()
        self.input.setFocus()

    def send(self) -> None:
        """Sends what was written; the model is loaded first when it is not there."""
        text = self.input.toPlainText().strip()
        if not text or self.link.file is None or self.view.is_replying:
            return
        self.errors.clear()
        chat = self._chat or new_chat(self.link.file)
        chat = msgspec.structs.replace(chat, gguf=str(self.link.file), system=self.settings.system,
                                       sampling=self.settings.sampling())
        self._chat = with_message(chat, "user", text)
        self.input.clear()
        self.view.add("user", text)
        self._begin_reply()
        self._save()
        self.link.ask(self._chat.prompt(), self._chat.sampling)
        self._show_state()

    def stop_reply(self) -> None:
        """Ends the reply; what came of it is kept."""
        if self.link.cancel():
            self._take_back()
        self._show_state()

    def _start_job(self, job: ChatJob, run: Run | None) -> WorkerJob:
        if run is not None and run.folder.is_dir():
            return self.session.start_run_job(run, job, "chat")
        return self.session.start_look(job, "chat")

    def _begin_reply(self) -> None:
        self._partial = ""
        self.view.begin_reply()

    def _on_piece(self, text: str) -> None:
        if self.view.is_replying:
            self._partial += text
            self.view.grow_reply(text)

    def _on_reply(self, reply: Reply) -> None:
        if not self.view.is_replying or self._chat is None:
            return
        if reply.stop_reason == "refused":  # for example a dialogue that does not fit: the chat itself goes on
            self._on_failed(TanrenError(reply.code, **reply.values).to_event())
            return
        figures = self.tr("{tokens} tokens · {rate} tokens/s").format(
            tokens=count(reply.tokens), rate=f"{reply.tokens_per_second:.1f}")
        if reply.stop_reason == "cancelled":
            figures += " · " + self.tr("stopped")
        elif reply.stop_reason == "length":
            figures += " · " + self.tr("cut at the longest reply")
        self.view.end_reply(reply.text, figures)
        self._chat = with_message(self._chat, "assistant", reply.text)
        self._save()
        self._show_state()

    def _on_failed(self, failed: Failed) -> None:
        self.errors.show_error(failed)
        if self.view.is_replying:
            if self._partial and self._chat is not None:
                self.view.end_reply(self._partial, self.tr("broken off"))
                self._chat = with_message(self._chat, "assistant", self._partial)
                self._save()
            else:
                self._take_back()
        self._show_state()

    def _take_back(self) -> None:
        """Puts a question that got no answer back where it was written."""
        self.view.drop_reply()
        if self._chat is not None and self._chat.messages and self._chat.messages[-1].role == "user":
            question = self._chat.messages[-1].content
            self._chat = msgspec.structs.replace(self._chat, messages=self._chat.messages[:-1])
            self.view.drop_last()
            if not self.input.toPlainText().strip():
                self.input.setPlainText(question)
            self._save()

    def _leave_reply(self) -> None:
        """Ends a reply that nobody waits for any more, keeping what was written."""
        if self.view.is_replying:
            self.link.cancel()
            if self._partial and self._chat is not None:
                self._chat = with_message(self._chat, "assistant", self._partial)
                self._save()
            self.view.drop_reply()

    def _save(self) -> None:
        if self._chat is None:
            return
        try:
            save_chat(self._folder, self._chat)
        except OSError as error:
            self.errors.show_error(from_exception(error))
        self.chats.refresh(self._chat.id)

    def _open_chat(self, folder: Path, chat: Chat) -> None:
        self._leave_reply()
        self.errors.clear()
        self._chat = chat
        file = Path(chat.gguf)
        if file.is_file():
            self._offer(file)
        elif self.link.file is None:
            self.errors.show_error(TanrenError("gguf_unreadable", path=file, reason="there is no such file"))
        self._folder = folder
        self.settings.show_values(chat.system, chat.sampling)
        self.view.clear()
        for message in chat.messages:
            self.view.add(message.role, message.content)
        self.refresh()

    def _on_deleted(self, chat_id: str) -> None:
        if self._chat is not None and self._chat.id == chat_id:
            self._leave_reply_unsaved()
            self._chat = None
            self.view.clear()
            self._show_state()

    def _leave_reply_unsaved(self) -> None:
        if self.view.is_replying:
            self.link.cancel()
            self.view.drop_reply()

    def _preferred(self) -> GgufChoice:
        run = self.session.run
        of_run = [choice for choice in self._choices if run and choice.run and choice.run.id == run.id]
        return (of_run or self._choices)[0]

    def _choose_shown(self, index: int) -> None:
        choice = self._choices[index]
        if choice.file != self.link.file:
            self._leave_reply()
            self._choose(choice)
            self.begin_chat()
            self.link.load()

    def _choose(self, choice: GgufChoice) -> None:
        self.link.choose(choice.file, choice.run)
        self._folder = choice.run.chats if choice.run else self.session.home / LOOSE

    def _offer(self, file: Path) -> None:
        """Chooses `file`, as one of a run when it is one."""
        if file not in [choice.file for choice in gguf_choices(self.session.home, [])]:
            self._extra = [file, *(other for other in self._extra if other != file)]
        self._choices = gguf_choices(self.session.home, self._extra)
        choice = next(choice for choice in self._choices if choice.file == file)
        if choice.file != self.link.file:
            self._choose(choice)

    def _take_gguf(self) -> None:
        """A file was dropped on the window, or sent from the Export page."""
        file = self.session.gguf
        if file is not None and file != self.link.file:
            self._offer(file)
            self.begin_chat()
            self.link.load()
            self.refresh()

    def _take_run(self) -> None:
        """Another run was chosen: its file is proposed while nothing was said yet."""
        if self._chat is None and self.session.run is not None and self.session.run.gguf_files():
            self._choices = gguf_choices(self.session.home, self._extra)
            if self._choices and not self.view.is_replying:
                self._choose(self._preferred())
                self.refresh()

    def _open_file(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, self.tr("GGUF file"), str(self.session.home),
                                                self.tr("GGUF files (*.gguf)"))
        if chosen:
            self.session.choose_gguf(Path(chosen))

    def _make_room(self, job: WorkerJob) -> None:
        """Another job needs the memory: an idle model goes and comes back with the next question."""
        if kind_of(job.folder) in MEMORY_JOBS:
            self.link.release()

    def _show_state(self) -> None:
        words = {
            "off": self.tr("Loads with the first message"), "loading": self.tr("Loading…"),
            "ready": self.tr("Ready"), "replying": self.tr("Replying…"),
        }
        has_model = self.link.file is not None
        self.state_label.setText(words[self.link.state] if has_model else "")
        set_role(self.state_label, "good" if self.link.state in ("ready", "replying") else "muted")
        replying = self.view.is_replying
        self.send_button.setVisible(not replying)
        self.stop_button.setVisible(replying)
        self.send_button.setEnabled(has_model)
        self.file_box.setEnabled(not replying)
        self.file_box.setVisible(bool(self._choices))
        nothing = not has_model and not self.view.bubbles
        self.empty.setVisible(nothing)
        self.middle.setVisible(not nothing)

    def _set_keys(self, enter_sends: bool) -> None:
        self.input.enter_sends = enter_sends
        self.retranslate()

    def _toggle_settings(self) -> None:
        self.settings.setVisible(self.settings_button.isChecked())

    def _show_failure(self, error: Exception) -> None:
        self.errors.show_error(from_exception(error))

    def _show_link(self, target: str) -> None:
        """Shows where a link of a reply leads; nothing is opened."""
        box = QMessageBox(QMessageBox.Icon.NoIcon, self.tr("Link"), self.tr("The reply names this address:"),
                          parent=self)
        box.setInformativeText(target)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()

    def _lay_out(self) -> None:
        self.body.setSpacing(SPACE_M)
        top = row(self.file_box, self.open_button, self.state_label, spacing=SPACE_M)
        top.addWidget(self.settings_button)
        self.body.addLayout(top)
        self.body.addWidget(self.errors)
        writing = QHBoxLayout()
        writing.setSpacing(SPACE_S)
        writing.addWidget(self.input, 1)
        writing.addWidget(self.send_button)
        writing.addWidget(self.stop_button)
        self.middle = QWidget()
        conversation = QVBoxLayout(self.middle)
        conversation.setContentsMargins(0, 0, 0, 0)
        conversation.setSpacing(SPACE_S)
        conversation.addWidget(self.view, 1)
        conversation.addLayout(writing)
        conversation.addWidget(self.hint_label)
        parts = QHBoxLayout()
        parts.setSpacing(0)
        parts.addWidget(self.chats)
        parts.addWidget(self.middle, 1)
        parts.addWidget(self.empty, 1)
        parts.addWidget(self.settings)
        self.body.addLayout(parts, 1)
