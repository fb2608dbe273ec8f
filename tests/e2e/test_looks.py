"""The Data page with a real model: rows as tokens, the trained ones marked, odd rows explained."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("PySide6")
pytest.importorskip("torch")

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.pages.data import DataPage
from gui.session import Session
from tests.tiny_models import make_model

LONG = 120_000
ROWS = [
    {"instruction": "Where is the office?", "output": "It is in Chiba."},
    {"instruction": "空の回答は？", "output": ""},
    {"instruction": "Say much.", "output": "word " * 1500},
]


@pytest.fixture
def page(qapp: QApplication, qtbot: QtBot, home: Path, tmp_path: Path) -> Iterator[DataPage]:
    session = Session(home, "en")
    file = tmp_path / "rows.jsonl"
    file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in ROWS), encoding="utf-8")
    session.choose_model(make_model(tmp_path / "model"))
    made = DataPage(session)
    made.show()
    session.imports.take([file])
    qtbot.waitUntil(lambda: session.dataset is not None and session.dataset.overview is not None, timeout=LONG)
    yield made
    qtbot.waitUntil(lambda: not session.jobs, timeout=LONG)
    made.close()
    made.deleteLater()
    session.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_each_row_is_shown_as_the_model_sees_it(page: DataPage, qtbot: QtBot) -> None:
    view, table = page.rows_card.view, page.rows_card.table
    view.tabs.setCurrentIndex(1)
    qtbot.waitUntil(lambda: bool(view.tokens.tokens), timeout=LONG)
    trained = "".join(token.text for token in view.tokens.tokens if token.trained)
    read = "".join(token.text for token in view.tokens.tokens if not token.trained)
    assert trained.startswith("It is in Chiba.")
    assert "Where is the office?" in read
    assert "Chiba" not in read
    stop = next(token for token in reversed(view.tokens.tokens) if token.trained)
    assert stop.special, "the stop token is trained, too"
    assert view.legend.isVisible()
    assert f"{len(view.tokens.tokens)} tokens" in view.note.text()

    table.selectRow(1)
    assert not view.tokens.tokens
    assert "Empty answers" in view.note.text()
    view.tabs.setCurrentIndex(0)
    assert view.problem.isVisible()

    table.selectRow(2)
    view.tabs.setCurrentIndex(1)
    assert len(view.tokens.tokens) == 1024, "it was rendered together with the first"
    assert "cuts this row after 1,024 tokens" in view.note.text()
    assert "too_long" in page.findings.lines
    overview = page.session.dataset.overview  # type: ignore[union-attr]
    assert overview is not None and overview.measured is not None
    assert overview.measured["max_length"] == page.about.chart.limit == 1024

    page.session.choose_max_length(256)
    qtbot.waitUntil(lambda: len(view.tokens.tokens) == 256, timeout=LONG)
    qtbot.waitUntil(lambda: page.about.chart.limit == 256, timeout=LONG)


@pytest.mark.slow
def test_another_model_has_other_tokens(page: DataPage, qtbot: QtBot, tmp_path: Path) -> None:
    view = page.rows_card.view
    qtbot.waitUntil(lambda: bool(view.tokens.tokens), timeout=LONG)
    assert any("im_start" in token.text for token in view.tokens.tokens)
    page.session.choose_model(make_model(tmp_path / "gemma", "gemma"))
    qtbot.waitUntil(lambda: any("start_of_turn" in token.text for token in view.tokens.tokens), timeout=LONG)
    page.session.choose_model(None)
    qtbot.waitUntil(lambda: not page.session.jobs, timeout=LONG)
    assert not view.tokens.tokens
    assert "Choose a base model" in view.note.text()
