"""Chat: talk to the very GGUF file that was exported."""

from pathlib import Path
from typing import ClassVar

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QMessageBox

from backend.config.jobs import ChatJob
from backend.protocol.errors import TanrenError, from_exception
from backend.protocol.languages import Text
from backend.runs.chats import Chat
from backend.runs.origin import stale
from backend.runs.run import Run
from gui.item_models.gguf_choices import GgufChoice, gguf_choices
from gui.item_models.run_rows import MEMORY_JOBS, kind_of
from gui.jobs.chat_link import ChatLink
from gui.jobs.job import WorkerJob
from gui.pages.page import Page
from gui.session import Session
from gui.theme import SPACE_M, set_role
from gui.widgets.chat_list import LOOSE, ChatList
from gui.widgets.chat_settings import ChatSettings
from gui.widgets.conversation import Conversation
from gui.widgets.empty_state import EmptyState
from gui.widgets.error_panel import ErrorPanel
from gui.widgets.parts import button, label, row
from gui.words import stale_words


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
        self._gone: Path | None = None
        self.file_box = QComboBox()
        self.file_box.setObjectName("ggufBox")
        self.file_box.setMinimumContentsLength(24)
        self.open_button = button(self._open_file, "link", "openGgufButton")
        self.state_label = label("muted", wrap=False)
        self.settings_button = button(self._toggle_settings, "quiet", "chatSettingsButton")
        self.settings_button.setCheckable(True)
        self.file_note = label("warning")
        self.file_note.setObjectName("fileNote")
        self.chats = ChatList(session)
        self.settings = ChatSettings()
        self.settings.setVisible(False)
        self.talk = Conversation(self.link, session.home / LOOSE,
                                 lambda: (self.settings.system, self.settings.sampling()))
        self.empty = EmptyState(lambda: session.page_requested.emit("export"), "chatGoToExport")
        self._lay_out()
        self.file_box.activated.connect(self._choose_shown)
        self.chats.opened.connect(self._open_chat)
        self.chats.new_wanted.connect(self.begin_chat)
        self.chats.deleted.connect(self._on_deleted)
        self.chats.failed.connect(self._show_failure)
        self.talk.changed.connect(self._show_state)
        self.talk.saved.connect(self._list_chats)
        self.talk.asked.connect(self.errors.clear)
        self.talk.failed.connect(self.errors.show_error)
        self.talk.view.link_clicked.connect(self._show_link)
        self.settings.keys_changed.connect(self._set_keys)
        self.link.state_changed.connect(lambda _state: self._show_state())
        session.gguf_changed.connect(self._take_gguf)
        session.run_changed.connect(self._take_run)
        session.runs_changed.connect(self._leave_lost_run)
        session.job_started.connect(self._make_room)
        self.settings.keys_box.setCurrentIndex(0 if session.settings.enter_sends else 1)
        self.chats.restyle()
        self._take_gguf()
        self.retranslate()

    def retranslate(self) -> None:
        """Sets every text of the page."""
        self.set_title(self.tr("Chat"))
        self.file_box.setAccessibleName(self.tr("Model to talk to"))
        self.open_button.setText(self.tr("Open a GGUF file…"))
        self.settings_button.setText(self.tr("Reply settings"))
        self.empty.set_texts(self.tr("No model to talk to yet"),
                             self.tr("Export a trained run as a GGUF file, or open one that you have."),
                             self.tr("Export a run"))
        self.chats.retranslate()
        self.talk.retranslate()
        self.settings.retranslate()
        self._show_state()

    def on_shown(self) -> None:
        """Reads files and chats again."""
        self.refresh()
        self.talk.input.setFocus()

    def on_closing(self) -> None:
        """Keeps what was written of a reply."""
        self.talk.leave_reply()

    def changeEvent(self, event: QEvent) -> None:
        """Follows the theme."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange) and hasattr(self, "chats"):
            self.chats.restyle()

    def refresh(self) -> None:
        """Reads the GGUF files and the old chats again."""
        self._choices = gguf_choices(self.session.home, self._extra)
        if self.link.file is None and self._choices:
            self._choose(self._preferred())
        self.file_box.clear()
        self.file_box.addItems([choice.title for choice in self._choices])
        shown = next((number for number, choice in enumerate(self._choices) if choice.file == self.link.file), -1)
        self.file_box.setCurrentIndex(shown)
        self._list_chats()
        self._show_state()

    def begin_chat(self) -> None:
        """Turns to an empty chat with the chosen file."""
        self.errors.clear()
        self._gone = None
        self.talk.begin(self._folder_for(self.link.file))
        self._list_chats()
        self.talk.input.setFocus()

    def _start_job(self, job: ChatJob, run: Run | None) -> WorkerJob:
        if run is not None and run.folder.is_dir():
            return self.session.start_run_job(run, job, "chat")
        return self.session.start_look(job, "chat")

    def _list_chats(self) -> None:
        self.chats.refresh(self.talk.chat.id if self.talk.chat else "")

    def _open_chat(self, folder: Path, chat: Chat) -> None:
        self.errors.clear()
        self.talk.go_on(folder, chat)
        self.settings.show_values(chat.system, chat.sampling)
        file = Path(chat.gguf)
        self._gone = None if file.is_file() else file
        if self._gone is None:
            self._offer(file)
        elif self.link.file in (None, file):
            self.errors.show_error(TanrenError("gguf_unreadable", path=file, reason=Text(
                "there is no such file", "ファイルがありません")))
        self.refresh()

    def _on_deleted(self, chat_id: str) -> None:
        if self.talk.chat is not None and self.talk.chat.id == chat_id:
            self.talk.leave_reply(keep=False)
            self._gone = None
            self.talk.begin(self._folder_for(self.link.file))

    def _leave_lost_run(self) -> None:
        """The run of the open chat or of the chosen file was deleted: nothing is written to it any more."""
        chat_is_lost = not self.talk.folder.parent.is_dir()
        file_is_lost = self.link.run is not None and not self.link.run.folder.is_dir()
        if not chat_is_lost and not file_is_lost:
            return
        if chat_is_lost:
            self.talk.leave_reply(keep=False)
        else:
            self.link.cancel()
            self.talk.break_off()
        if file_is_lost:
            self._gone = self.link.file
            self.link.choose(None, None)
        if chat_is_lost or self.talk.chat is None:
            self._gone = None
            self.talk.begin(self._folder_for(self.link.file))
        if self.isVisible():
            self.refresh()

    def _preferred(self) -> GgufChoice:
        run = self.session.run
        of_run = [choice for choice in self._choices if run and choice.run and choice.run.id == run.id]
        return (of_run or self._choices)[0]

    def _choose_shown(self, index: int) -> None:
        choice = self._choices[index]
        if choice.file != self.link.file:
            self.talk.leave_reply()
            self._choose(choice)
            self.begin_chat()
            self.link.load()

    def _choose(self, choice: GgufChoice) -> None:
        """Makes a file the one to talk to; a chat that has not begun yet will lie with it."""
        self.link.choose(choice.file, choice.run)
        if self.talk.chat is None:
            self.talk.folder = self._folder_for(choice.file)

    def _folder_for(self, file: Path | None) -> Path:
        """Where new chats with `file` are kept: with its run, else in the home folder."""
        run = next((choice.run for choice in self._choices if choice.file == file), None)
        return run.chats if run else self.session.home / LOOSE

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
            self.talk.leave_reply()
            self._offer(file)
            self.begin_chat()
            self.link.load()
            self.refresh()

    def _take_run(self) -> None:
        """Another run was chosen: its file is proposed while nothing was said yet."""
        if self.talk.chat is None and self.session.run is not None and self.session.run.gguf_files():
            self._choices = gguf_choices(self.session.home, self._extra)
            if self._choices:
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

    def _set_keys(self, enter_sends: bool) -> None:
        self.talk.set_keys(enter_sends)
        self.session.remember(enter_sends=enter_sends)

    def _show_state(self) -> None:
        words = {
            "off": self.tr("Loads with the first message"), "loading": self.tr("Loading…"),
            "ready": self.tr("Ready"), "replying": self.tr("Replying…"),
        }
        has_model = self.link.file is not None
        self.state_label.setText(words[self.link.state] if has_model else "")
        set_role(self.state_label, "good" if self.link.state in ("ready", "replying") else "muted")
        self.file_box.setVisible(bool(self._choices))
        self.talk.show_buttons()
        self.file_note.setText(self._about_file())
        self.file_note.setVisible(bool(self.file_note.text()))
        nothing = not has_model and not self.talk.view.bubbles
        self.empty.setVisible(nothing)
        self.talk.setVisible(not nothing)

    def _about_file(self) -> str:
        """What to know about the file that answers: it is another one than this chat's, or older than its run."""
        file, notes = self.link.file, []
        if self._gone is not None and file not in (None, self._gone):
            notes.append(self.tr("This chat was held with {file}, and that file is gone. "
                                 "Answers now come from {other}.").format(
                file=self._gone, other=self.file_box.currentText()))
        if file is not None and self.link.run is not None and (age := stale(self.link.run, file.parent)) is not None:
            notes.append(stale_words(age))
        return "\n".join(f"! {note}" for note in notes)

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
        self.body.addWidget(self.file_note)
        parts = QHBoxLayout()
        parts.setSpacing(0)
        parts.addWidget(self.chats)
        parts.addWidget(self.talk, 1)
        parts.addWidget(self.empty, 1)
        parts.addWidget(self.settings)
        self.body.addLayout(parts, 1)
