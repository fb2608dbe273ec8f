"""The loss chart: what it draws, live and from disk, and that it draws late and seldom."""

import subprocess
import sys

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from backend.protocol.messages import Metric
from gui.theme import apply_theme, colors
from gui.widgets.loss_chart import LossChart, smoothed


def test_smoothing_follows_a_constant_at_once_and_damps_noise() -> None:
    assert smoothed([2.0, 2.0, 2.0]) == pytest.approx([2.0, 2.0, 2.0])
    noisy = smoothed([1.0, 3.0] * 500)
    assert max(noisy[500:]) - min(noisy[500:]) < 0.1
    falling = smoothed([float(10 - step) for step in range(10)])
    assert falling[-1] < 2.5  # a short run is not flattened
    assert smoothed([]) == []


def test_points_of_an_old_run(qtbot: QtBot) -> None:
    chart = LossChart()
    qtbot.addWidget(chart)
    chart.add(7, {"loss": 7.0})
    chart.set_metrics([Metric(step=1, values={"loss": 2.0}), Metric(step=2, values={"loss": 1.0}),
                       Metric(step=2, values={"held_out_loss": 1.5}), Metric(step=3, values={"learning_rate": 1.0})])
    assert chart.points()["raw"] == [(1, 2.0), (2, 1.0)]
    assert chart.points()["held_out"] == [(2, 1.5)]


def test_a_resumed_run_replaces_the_steps_it_does_again(qtbot: QtBot) -> None:
    chart = LossChart()
    qtbot.addWidget(chart)
    for step in range(1, 8):
        chart.add(step, {"loss": 1.0})
    chart.add(6, {"held_out_loss": 9.0})
    chart.add(5, {"loss": 0.5})
    assert chart.points()["raw"] == [(1, 1.0), (2, 1.0), (3, 1.0), (4, 1.0), (5, 0.5)]
    assert chart.points()["held_out"] == []


class CountedStep(int):
    """A step that counts how often it is compared."""

    compared = 0

    def __lt__(self, other: int) -> bool:
        CountedStep.compared += 1
        return int(self) < int(other)

    def __gt__(self, other: int) -> bool:
        CountedStep.compared += 1
        return int(self) > int(other)


def test_a_point_is_not_compared_with_all_points_before_it(qtbot: QtBot) -> None:
    chart = LossChart()
    qtbot.addWidget(chart)
    for step in range(1, 1001):
        chart.add(CountedStep(step), {"loss": 1.0})
    assert 0 < CountedStep.compared <= 2_000
    assert len(chart.points()["raw"]) == 1_000


def test_what_is_added_is_drawn(qtbot: QtBot) -> None:
    chart = LossChart()
    qtbot.addWidget(chart)
    chart.resize(600, 300)
    chart.show()
    for step in range(1, 101):
        chart.add(step, {"loss": 1.0 / step})
    chart.add(100, {"held_out_loss": 0.2})
    qtbot.waitUntil(lambda: chart._curves["raw"].xData is not None and len(chart._curves["raw"].xData) == 100)
    assert list(chart._curves["held_out"].yData) == [0.2]


def test_many_points_are_drawn_together(qtbot: QtBot) -> None:
    chart = LossChart()
    qtbot.addWidget(chart)
    chart.show()
    qtbot.wait(250)
    drawn: list[int] = []
    chart._curves["raw"].sigPlotChanged.connect(lambda _curve: drawn.append(1))
    for step in range(1, 2001):
        chart.add(step, {"loss": 1.0})
    qtbot.waitUntil(lambda: len(drawn) > 0)
    assert len(drawn) <= 2


def test_colours_follow_the_theme(qtbot: QtBot) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    sheet, palette, font = app.styleSheet(), app.palette(), app.font()
    chart = LossChart()
    qtbot.addWidget(chart)
    chart.show()
    try:
        for theme in ("dark", "light"):
            apply_theme(app, theme)
            qtbot.waitUntil(lambda: chart._plot.backgroundBrush().color().name() == colors().surface)
            assert chart._curves["smooth"].opts["pen"].color().name() == colors().series[0]
    finally:
        app.setStyleSheet(sheet)
        app.setPalette(palette)
        app.setFont(font)


def test_pyqtgraph_is_imported_only_when_a_chart_is_seen() -> None:
    code = ("import sys\nfrom PySide6.QtWidgets import QApplication\napp = QApplication([])\n"
            "from gui.widgets.loss_chart import LossChart\nchart = LossChart()\nchart.add(1, {'loss': 1.0})\n"
            "assert 'pyqtgraph' not in sys.modules\nchart.show()\nassert 'pyqtgraph' in sys.modules\n"
            "assert 'torch' not in sys.modules\n")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
