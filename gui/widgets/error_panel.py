"""What went wrong, as people need it: title, cause, next step, and the technical details folded away."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFrame, QPlainTextEdit, QVBoxLayout, QWidget

from backend.protocol.error_codes import ERROR_CODES
from backend.protocol.errors import TanrenError, hint_of, message_of, words_of
from backend.protocol.languages import Language
from backend.protocol.messages import Failed
from gui.fonts import mono_font
from gui.session import Session
from gui.theme import SPACE_L, SPACE_M, SPACE_S, set_role
from gui.widgets.parts import button, label, row


def sentences(failed: Failed, language: Language) -> tuple[str, str, str]:
    """Title, what happened, next step in `language`; a code that is not known falls back to the sent words."""
    kind = words_of(failed)
    if failed.code in ERROR_CODES:
        happened = message_of(failed.code, failed.values, language)
        step = hint_of(failed.code, failed.values, language)
    else:
        happened, step = failed.message, failed.hint
    return (kind.title.in_language(language), happened or kind.cause.in_language(language),
            step or kind.next_step.in_language(language))


class ErrorPanel(QFrame):
    """Hidden until `show_error`; follows the session's language."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.failed: Failed | None = None
        self._action: Callable[[], object] | None = None
        self.setObjectName("error_panel")
        set_role(self, "error_panel")
        self.title_label = label("heading")
        self.cause_label = label(selectable=True)
        self.step_label = label(selectable=True)
        self.details = QPlainTextEdit()
        self.details.setReadOnly(True)
        self.details.setFont(mono_font(0.9))
        self.details.setMinimumHeight(160)
        self.action_button = button(self._act, "", "error_action")
        self.fold_button = button(self._fold, "link", "error_details")
        self.copy_button = button(self._copy, "link", "error_copy")
        self.close_button = button(self.clear, "link", "error_close")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_L, SPACE_M, SPACE_L, SPACE_M)
        layout.setSpacing(SPACE_S)
        for widget in (self.title_label, self.cause_label, self.step_label):
            layout.addWidget(widget)
        layout.addLayout(row(self.action_button))
        layout.addLayout(row(self.fold_button, self.copy_button, self.close_button))
        layout.addWidget(self.details)
        session.language_changed.connect(self._retranslate)
        self.clear()

    def show_error(self, error: Failed | TanrenError) -> None:
        """Shows a Failed event or a TanrenError."""
        self.failed = error.to_event() if isinstance(error, TanrenError) else error
        self._action = None
        self.details.setVisible(False)
        self._retranslate()
        self.setVisible(True)

    def offer(self, words: str, action: Callable[[], object]) -> None:
        """Offers a way on from the error that is shown; call it again with other words in another language."""
        self._action = action
        self.action_button.setText(words)
        self._retranslate()

    @Slot()
    def clear(self) -> None:
        """Hides the panel: the error is over."""
        self.failed = self._action = None
        self._retranslate()
        self.setVisible(False)

    def report(self) -> str:
        """What the copy button copies."""
        assert self.failed is not None
        return "\n".join((*sentences(self.failed, self.session.language), "",
                          f"{self.failed.kind} / {self.failed.code}", self.failed.detail))

    def changeEvent(self, event: QEvent) -> None:
        """The fixed-width font follows the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ApplicationFontChange:
            self.details.setFont(mono_font(0.9))

    @Slot()
    def _retranslate(self) -> None:
        self.close_button.setText(self.tr("Close"))
        self.copy_button.setText(self.tr("Copy report"))
        self.details.setAccessibleName(self.tr("Technical details"))
        self.action_button.setVisible(self._action is not None)
        # isHidden, not isVisible: the panel itself may be on a page that is not in front
        folded = self.details.isHidden()
        self.fold_button.setText(self.tr("Show details") if folded else self.tr("Hide details"))
        if self.failed is None:
            return
        title, happened, step = sentences(self.failed, self.session.language)
        self.title_label.setText(title)
        self.cause_label.setText(happened)
        self.step_label.setText(step)
        self.details.setPlainText(self.failed.detail)
        self.fold_button.setVisible(bool(self.failed.detail.strip()))
        self.setAccessibleName(title)
        self.setAccessibleDescription(f"{happened} {step}")

    def _fold(self) -> None:
        self.details.setVisible(self.details.isHidden())
        self._retranslate()

    def _act(self) -> None:
        action = self._action
        self.clear()
        if action is not None:
            action()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.report())


def show_error_dialog(parent: QWidget, session: Session, error: Failed | TanrenError) -> QDialog:
    """A dialog around an error panel, for errors that belong to no page."""
    dialog = QDialog(parent)
    dialog.setWindowTitle("Tanren")
    dialog.setMinimumWidth(480)
    panel = ErrorPanel(session)
    panel.close_button.setVisible(False)
    panel.show_error(error)
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    buttons.rejected.connect(dialog.reject)
    layout = QVBoxLayout(dialog)
    layout.addWidget(panel)
    layout.addWidget(buttons)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog
