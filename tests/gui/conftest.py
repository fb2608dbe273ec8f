"""The window as a fixture: the real one, on a home of its own, with nothing left of it afterwards."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.app import build
from gui.main_window import MainWindow


@pytest.fixture
def open_window(qapp: QApplication, qtbot: QtBot, home: Path) -> Iterator[Callable[[], MainWindow]]:
    """Opens a window on the test's home; all are put away at the end."""
    opened: list[MainWindow] = []

    def open_one() -> MainWindow:
        opened.append(build(qapp, home))
        opened[-1].show()
        qtbot.waitExposed(opened[-1])
        return opened[-1]

    yield open_one
    for made in opened:
        _put_away(made, qtbot)


@pytest.fixture
def window(open_window: Callable[[], MainWindow]) -> MainWindow:
    """The main window, shown, in English."""
    made = open_window()
    made.session.choose_language("en")
    return made


def _put_away(window: MainWindow, qtbot: QtBot) -> None:
    """Not by qtbot.addWidget: that deletes the window before its workers have ended.

    Ends the jobs, closes and deletes the window, and takes its translators off the application.
    """
    window.session.choose_language("en")
    for job in list(window.session.jobs):
        job.stop("discard")
    qtbot.waitUntil(lambda: not window.session.jobs, timeout=60_000)
    window.close()
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
