"""Every kind of failure shows its title, cause and next step, in both languages."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from backend.protocol.error_codes import ERROR_CODES
from backend.protocol.error_kinds import ERROR_KINDS
from backend.protocol.errors import TanrenError
from backend.protocol.languages import Language
from backend.protocol.messages import Failed
from gui.session import Session
from gui.widgets.error_panel import ErrorPanel


@pytest.fixture
def session(home: Path) -> Session:
    return Session(home, "en")


@pytest.fixture
def panel(session: Session, qtbot: QtBot) -> ErrorPanel:
    made = ErrorPanel(session)
    qtbot.addWidget(made)
    return made


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("kind", sorted(ERROR_KINDS))
def test_each_kind_shows_title_cause_and_step(
    panel: ErrorPanel, session: Session, kind: str, language: Language
) -> None:
    session.choose_language(language)
    panel.show_error(Failed(kind=kind, message="", hint=""))
    texts = ERROR_KINDS[kind]
    assert panel.isVisible()
    assert panel.title_label.text() == texts.title.in_language(language)
    assert panel.cause_label.text() == texts.cause.in_language(language)
    assert panel.step_label.text() == texts.next_step.in_language(language)


@pytest.mark.parametrize("code", sorted(ERROR_CODES))
def test_each_code_is_said_in_the_language_of_the_window(panel: ErrorPanel, session: Session, code: str) -> None:
    panel.show_error(TanrenError(code, path="/a/b"))
    english = (panel.title_label.text(), panel.cause_label.text(), panel.step_label.text())
    session.choose_language("ja")
    japanese = (panel.title_label.text(), panel.cause_label.text(), panel.step_label.text())
    assert all(english) and all(japanese)
    assert english[0] != japanese[0]
    assert english[2] != japanese[2]


def test_an_unknown_code_falls_back_to_the_words_that_were_sent(panel: ErrorPanel) -> None:
    panel.show_error(Failed(kind="from_the_future", message="what", hint="do", code="new_code"))
    assert panel.cause_label.text() == "what"
    assert panel.step_label.text() == "do"
    assert panel.title_label.text() == ERROR_KINDS["internal"].title.en


def test_details_are_folded_and_can_be_copied(panel: ErrorPanel) -> None:
    panel.show_error(TanrenError("internal", error="x", detail="Traceback: deep"))
    assert not panel.details.isVisible()
    panel.fold_button.click()
    assert panel.details.isVisible()
    assert panel.details.toPlainText() == "Traceback: deep"
    assert panel.fold_button.text() == "Hide details"
    panel.copy_button.click()
    copied = QApplication.clipboard().text()
    assert "Traceback: deep" in copied and "internal" in copied
    panel.close_button.click()
    assert not panel.isVisible()


def test_without_details_there_is_nothing_to_unfold(panel: ErrorPanel) -> None:
    panel.show_error(TanrenError("data_empty", path="/x.jsonl"))
    assert not panel.fold_button.isVisible()


def test_what_a_file_name_says_is_never_markup(panel: ErrorPanel) -> None:
    panel.show_error(TanrenError("data_empty", path="/<b>bold</b><img src=file:///etc/passwd>"))
    assert "<b>bold</b>" in panel.cause_label.text()
    assert panel.cause_label.textFormat() == panel.cause_label.textFormat().PlainText
