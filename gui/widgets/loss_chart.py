"""The loss of a run over its steps, live or from disk; pyqtgraph is imported when it is first shown."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QEvent, QPointF, Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from backend.protocol.messages import Metric
from gui.theme import colors
from gui.widgets.parts import label

REDRAW_MS = 100
SHORTEST_SPAN, LONGEST_SPAN = 3, 60
RAW_OPACITY = 70


class LossChart(QWidget):
    """Training loss (raw and smoothed) and held-out loss by step."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._training: dict[int, float] = {}
        self._newest = 0  # step
        self._held_out: dict[int, float] = {}
        self._plot: Any = None
        self._curves: dict[str, Any] = {}
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(REDRAW_MS)
        self._timer.timeout.connect(self._redraw)
        self._keys = {name: (QLabel(), label("small", wrap=False)) for name in ("smooth", "raw", "held_out")}
        self._readout = label("muted", wrap=False)
        legend = QHBoxLayout()
        legend.setContentsMargins(4, 0, 4, 0)
        legend.setSpacing(6)
        for key, text in self._keys.values():
            legend.addWidget(key)
            legend.addWidget(text)
            legend.addSpacing(12)
        legend.addStretch(1)
        legend.addWidget(self._readout)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(4)
        self._layout.addLayout(legend)
        self._layout.addStretch(1)
        self.setMinimumHeight(200)
        self.retranslate()

    def clear(self) -> None:
        """Takes every point away."""
        self._training, self._held_out, self._newest = {}, {}, 0
        self._draw_soon()

    def set_metrics(self, metrics: Sequence[Metric]) -> None:
        """Shows the metrics of a run that lies on disk."""
        self.clear()
        for metric in metrics:
            self.add(metric.step, metric.values)

    def add(self, step: int, values: dict[str, float]) -> None:
        """Adds the figures of one step; a step shown before takes the later figures (a resumed run)."""
        if "loss" in values:
            if step < self._newest:
                self._training = {old: loss for old, loss in self._training.items() if old < step}
                self._held_out = {old: loss for old, loss in self._held_out.items() if old < step}
            self._training[step] = values["loss"]
            self._newest = step
        if "held_out_loss" in values:
            self._held_out[step] = values["held_out_loss"]
        self._draw_soon()

    def points(self) -> dict[str, list[tuple[int, float]]]:
        """What is drawn: `raw`, `smooth` and `held_out` as (step, loss) in order."""
        raw = sorted(self._training.items())
        smooth = list(zip([step for step, _ in raw], smoothed([loss for _, loss in raw]), strict=True))
        return {"raw": raw, "smooth": smooth, "held_out": sorted(self._held_out.items())}

    def retranslate(self) -> None:
        """Shows every text in the present language."""
        texts = {"smooth": self.tr("Training loss (smoothed)"), "raw": self.tr("each step"),
                 "held_out": self.tr("Held-out loss")}
        for name, (_key, text) in self._keys.items():
            text.setText(texts[name])
        self.setAccessibleName(self.tr("Loss chart"))
        if self._plot is not None:
            self._plot.setLabel("bottom", self.tr("Step"))
            self._plot.setLabel("left", self.tr("Loss (nats per token)"))

    def showEvent(self, event: QShowEvent) -> None:
        """Makes the plot when the chart is first seen: importing pyqtgraph takes most of a second."""
        super().showEvent(event)
        if self._plot is None:
            self._make_plot()
        self._draw_soon()

    def changeEvent(self, event: QEvent) -> None:
        """Follows the palette."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange) and self._plot is not None:
            self._colour()

    def _make_plot(self) -> None:
        import pyqtgraph

        plot = pyqtgraph.PlotWidget(parent=self)
        plot.setAntialiasing(True)
        plot.setMenuEnabled(False)
        plot.hideButtons()
        plot.setMouseEnabled(False, False)
        plot.setFrameShape(plot.Shape.NoFrame)
        plot.showGrid(x=False, y=True, alpha=0.18)
        item = plot.getPlotItem()
        item.setDownsampling(auto=True, mode="peak")
        item.setClipToView(False)
        for axis in ("left", "bottom"):
            item.getAxis(axis).enableAutoSIPrefix(False)
        self._curves = {
            "raw": plot.plot([], []), "smooth": plot.plot([], []),
            "held_out": plot.plot([], [], symbol="o", symbolSize=8),
        }
        plot.scene().sigMouseMoved.connect(self._read_out)
        self._plot = plot
        self._layout.takeAt(self._layout.count() - 1)
        self._layout.addWidget(plot, 1)
        self._colour()
        self.retranslate()

    def _colour(self) -> None:
        import pyqtgraph

        chosen = colors()
        base, text = QColor(chosen.surface), QColor(chosen.muted)
        training, held_out = QColor(chosen.series[0]), QColor(chosen.series[1])
        faint = QColor(training)
        faint.setAlpha(RAW_OPACITY)
        self._plot.setBackground(base)
        for name in ("left", "bottom"):
            axis = self._plot.getPlotItem().getAxis(name)
            line = QColor(text)
            line.setAlpha(90)
            axis.setPen(pyqtgraph.mkPen(line))
            axis.setTextPen(pyqtgraph.mkPen(text))
        self._curves["raw"].setPen(pyqtgraph.mkPen(faint, width=1))
        self._curves["smooth"].setPen(pyqtgraph.mkPen(training, width=2))
        self._curves["held_out"].setPen(pyqtgraph.mkPen(held_out, width=2, style=Qt.PenStyle.DashLine))
        self._curves["held_out"].setSymbolBrush(held_out)
        self._curves["held_out"].setSymbolPen(pyqtgraph.mkPen(base, width=1))
        for name, colour, dashed in (("smooth", training, False), ("raw", faint, False), ("held_out", held_out, True)):
            self._keys[name][0].setPixmap(_key_picture(colour, dashed))

    def _draw_soon(self) -> None:
        if self._plot is not None and not self._timer.isActive():
            self._timer.start()

    def _redraw(self) -> None:
        if self._plot is None:
            return
        for name, points in self.points().items():
            self._curves[name].setData([step for step, _ in points], [loss for _, loss in points])

    def _read_out(self, position: QPointF) -> None:
        if not self._training or self._plot is None:
            self._readout.clear()
            return
        x = self._plot.getPlotItem().vb.mapSceneToView(position).x()
        step = min(self._training, key=lambda known: abs(known - x))
        text = self.tr("step {step}: {loss}").format(step=step, loss=f"{self._training[step]:.3f}")
        if step in self._held_out:
            text += self.tr(", held-out {loss}").format(loss=f"{self._held_out[step]:.3f}")
        self._readout.setText(text)


def smoothed(losses: Sequence[float]) -> list[float]:
    """The exponential moving average with bias correction (as in Adam, Kingma & Ba 2014).

    Its span is a fifteenth of the run: a short run is not flattened, a long one is not all noise.
    """
    span = min(max(len(losses) / 15, SHORTEST_SPAN), LONGEST_SPAN)
    weight = 1 - 2 / (span + 1)
    result, average, power = [], 0.0, 1.0
    for loss in losses:
        average = weight * average + (1 - weight) * loss
        power *= weight
        result.append(average / (1 - power))
    return result


def _key_picture(colour: QColor, with_marker: bool) -> QPixmap:
    picture = QPixmap(26, 12)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour, 2, Qt.PenStyle.DashLine if with_marker else Qt.PenStyle.SolidLine))
    painter.drawLine(1, 6, 25, 6)
    if with_marker:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawEllipse(QPointF(13, 6), 4, 4)
    painter.end()
    return picture
