"""The Chat page of a run with one GGUF file, its workers scripted."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from backend.runs.run import Run
from gui.pages.chat import ChatPage
from gui.session import Session
from tests.gui.chat.talking import PATIENCE
from tests.gui.scripted import prepared_gguf, prepared_run, use_worker


@pytest.fixture
def session(home: Path) -> Session:
    return Session(home, "en")


@pytest.fixture
def run(session: Session, monkeypatch: pytest.MonkeyPatch) -> Run:
    use_worker(monkeypatch)
    made = prepared_run(session.home, "support desk")
    prepared_gguf(made)
    return made


@pytest.fixture
def page(session: Session, run: Run, qtbot: QtBot) -> Iterator[ChatPage]:
    made = ChatPage(session)
    qtbot.addWidget(made)
    made.resize(1000, 700)
    made.show()
    made.on_shown()
    yield made
    for job in session.jobs:
        job.stop("discard")
    qtbot.waitUntil(lambda: session.jobs == [], timeout=PATIENCE)
