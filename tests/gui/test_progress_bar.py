"""Progress of any size on a bar whose own numbers are 32-bit."""

import pytest
from PySide6.QtWidgets import QProgressBar
from pytestqt.qtbot import QtBot

from backend.protocol.messages import Progress
from gui.widgets.progress_bar import STEPS, show_progress


@pytest.mark.parametrize(("done", "total", "shown"), [
    (3_000_000_000, 6_000_000_000, STEPS // 2), (10**30, 10**30, STEPS), (7, 4, STEPS), (-1, 4, 0), (1, 4, STEPS // 4),
])
def test_numbers_of_any_size(done: int, total: int, shown: int, qtbot: QtBot) -> None:
    bar = QProgressBar()
    qtbot.addWidget(bar)
    show_progress(bar, Progress(done=done, total=total, unit="bytes"))
    assert (bar.maximum(), bar.value()) == (STEPS, shown)


@pytest.mark.parametrize("progress", [
    None, Progress(done=5, total=0, unit="bytes"), Progress(done=0, total=-1, unit="rows")])
def test_an_unknown_end_is_a_moving_bar(progress: Progress | None, qtbot: QtBot) -> None:
    bar = QProgressBar()
    qtbot.addWidget(bar)
    show_progress(bar, progress)
    assert (bar.minimum(), bar.maximum()) == (0, 0)
