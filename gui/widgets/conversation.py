"""One chat being held: its messages, the field for the next one, and how each answer ends."""

from collections.abc import Callable
from pathlib import Path

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from backend.protocol.error_codes import ERROR_CODES
from backend.protocol.errors import TanrenError, from_exception
from backend.protocol.messages import Failed, Reply, Sampling
from backend.runs.chats import Chat, new_chat, save_chat, with_message
from gui.figures import count
from gui.jobs.chat_link import ChatLink
from gui.theme import SPACE_S
from gui.widgets.chat_view import ChatView
from gui.widgets.message_input import MessageInput
from gui.widgets.parts import button, label


class Conversation(QWidget):
    """Asks through a ChatLink and keeps the chat on disk in `folder` after every turn.

    Signals:
        changed: a reply began or ended, or another chat is open.
        saved: the chat was written.
        asked: a new question is sent (an error shown before is over).
        failed: a Failed event to show.
    """

    changed = Signal()
    saved = Signal()
    asked = Signal()
    failed = Signal(object)

    def __init__(self, link: ChatLink, folder: Path, wishes: Callable[[], tuple[str, Sampling]]) -> None:
        super().__init__()
        self.link = link
        self.folder = folder
        self.chat: Chat | None = None
        self._wishes = wishes
        self._partial = ""
        self._put_back = ""
        self.view = ChatView()
        self.view.setObjectName("chatView")
        self.input = MessageInput()
        self.input.setObjectName("chatInput")
        self.send_button = button(self.send, "primary", "sendButton")
        self.stop_button = button(self.stop_reply, "", "stopReplyButton")
        self.hint_label = label("small", wrap=False)
        writing = QHBoxLayout()
        writing.setSpacing(SPACE_S)
        writing.addWidget(self.input, 1)
        writing.addWidget(self.send_button)
        writing.addWidget(self.stop_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_S)
        layout.addWidget(self.view, 1)
        layout.addLayout(writing)
        layout.addWidget(self.hint_label)
        self.input.submitted.connect(self.send)
        self.changed.connect(self.show_buttons)
        link.piece.connect(self._on_piece)
        link.replied.connect(self._on_reply)
        link.failed.connect(self._on_failed)
        link.unanswered.connect(self.break_off)
        self.retranslate()
        self.show_buttons()

    @property
    def is_replying(self) -> bool:
        """Whether an answer is awaited or being written."""
        return self.view.is_replying

    def retranslate(self) -> None:
        """Shows every text in the present language."""
        self.send_button.setText(self.tr("Send"))
        self.stop_button.setText(self.tr("Stop"))
        self.input.setPlaceholderText(self.tr("Write a message"))
        self.input.setAccessibleName(self.tr("Message"))
        self.view.setAccessibleName(self.tr("Conversation"))
        self.hint_label.setText(self.tr("Enter sends, Shift+Enter breaks the line") if self.input.enter_sends
                                else self.tr("Ctrl+Enter sends"))
        self.view.retranslate()

    def set_keys(self, enter_sends: bool) -> None:
        """Chooses the key that sends: Enter, or Ctrl+Enter."""
        self.input.enter_sends = enter_sends
        self.retranslate()

    def begin(self, folder: Path) -> None:
        """Turns to an empty chat; it is kept in `folder` once something was said."""
        self.leave_reply()
        if self._put_back and self.input.toPlainText() == self._put_back:
            self.input.clear()  # it still stands in the chat that it came from
        self._put_back = ""
        self.chat, self.folder = None, folder
        self.view.clear()
        self.changed.emit()

    def go_on(self, folder: Path, chat: Chat) -> None:
        """Opens a chat that lies in `folder`; a last question without an answer goes to where it can be sent again."""
        self.begin(folder)
        self.chat = chat
        for message in chat.messages:
            self.view.add(message.role, message.content)
        self._put_back = self._drop_question()
        self._write_again(self._put_back)
        self.changed.emit()

    def send(self) -> None:
        """Sends what was written; the model is loaded first when it is not there."""
        text = self.input.toPlainText().strip()
        if not text or self.link.file is None or self.is_replying:
            return
        self.asked.emit()
        system, sampling = self._wishes()
        chat = self.chat or new_chat(self.link.file)
        chat = msgspec.structs.replace(chat, gguf=str(self.link.file), system=system, sampling=sampling)
        self.chat = with_message(chat, "user", text)
        self.input.clear()
        self.view.add("user", text)
        self._partial = ""
        self.view.begin_reply()
        self._save()
        self.link.ask(self.chat.prompt(), sampling)
        self.changed.emit()

    def stop_reply(self) -> None:
        """Ends the reply; what came of it is kept."""
        if self.link.cancel():
            self._take_back()
        self.changed.emit()

    def leave_reply(self, keep: bool = True) -> None:
        """Ends a reply that nobody waits for any more; `keep` saves what was written of it.

        A question of which nothing was answered stays on disk as the last word of its chat: `go_on` finds it there.
        """
        if not self.is_replying:
            return
        self.link.cancel()
        if keep and self._partial:
            self._keep_partial()
        else:
            self.view.drop_reply()
            self._drop_question()
        self.changed.emit()

    def _on_piece(self, text: str) -> None:
        if self.is_replying:
            self._partial += text
            self.view.grow_reply(text)

    def _on_reply(self, reply: Reply) -> None:
        if not self.is_replying or self.chat is None:
            return
        if reply.stop_reason == "refused":  # for example a dialogue that does not fit: the chat itself goes on
            known = ERROR_CODES.get(reply.code)
            self._on_failed(Failed(kind=known.kind if known else "tool_failed", message=reply.code, hint="",
                                   code=reply.code, values=reply.values))
            return
        if reply.stop_reason == "cancelled" and not reply.text:
            self._take_back()
            self.changed.emit()
            return
        self._keep_reply(reply.text, lambda: self._figures(reply))

    def _figures(self, reply: Reply) -> str:
        figures = self.tr("{tokens} tokens · {rate} tokens/s").format(
            tokens=count(reply.tokens), rate=f"{reply.tokens_per_second:.1f}")
        if reply.stop_reason == "cancelled":
            figures += " · " + self.tr("stopped")
        elif reply.stop_reason == "length":
            figures += " · " + self.tr("cut at the longest reply")
        return figures

    def _on_failed(self, failed: Failed) -> None:
        self.failed.emit(failed)
        self.break_off()

    def break_off(self) -> None:
        """No more will come of the reply: what was written is kept, a question without an answer comes back."""
        if self.is_replying and self._partial:
            self._keep_partial()
        elif self.is_replying:
            self._take_back()
        self.changed.emit()

    def _keep_partial(self) -> None:
        self._keep_reply(self._partial, lambda: self.tr("broken off"))

    def _keep_reply(self, text: str, figures: Callable[[], str]) -> None:
        self.view.end_reply(text, figures)
        if self.chat is not None:
            self.chat = with_message(self.chat, "assistant", text)
            self._save()
        self.changed.emit()

    def _take_back(self) -> None:
        """Puts a question that got no answer back where it was written."""
        self.view.drop_reply()
        question = self._drop_question()
        if question:
            self._write_again(question)
            self._save()

    def _drop_question(self) -> str:
        """Takes a question that ends the dialogue out of it, and returns it.

        Many chat templates refuse two questions in a row.
        """
        if self.chat is None or not self.chat.messages or self.chat.messages[-1].role != "user":
            return ""
        question = self.chat.messages[-1].content
        self.chat = msgspec.structs.replace(self.chat, messages=self.chat.messages[:-1])
        self.view.drop_last()
        return question

    def _write_again(self, question: str) -> None:
        """Puts `question` before what is being written."""
        draft = self.input.toPlainText()
        if question and draft.strip() != question:
            self.input.setPlainText(f"{question}\n\n{draft}" if draft.strip() else question)

    def _save(self) -> None:
        if self.chat is None:
            return
        try:
            save_chat(self.folder, self.chat)
        except (OSError, TanrenError) as error:
            self.failed.emit(from_exception(error).to_event())
        self.saved.emit()

    def show_buttons(self) -> None:
        """Send or Stop, as things stand; called as well when another file was chosen."""
        self.send_button.setVisible(not self.is_replying)
        self.stop_button.setVisible(self.is_replying)
        self.send_button.setEnabled(self.link.file is not None)
