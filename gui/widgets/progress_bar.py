"""A progress bar that takes any numbers: Qt's own holds 32-bit integers, and bytes of a real model are more."""

from PySide6.QtWidgets import QProgressBar

from backend.protocol.messages import Progress

STEPS = 1000


def show_progress(bar: QProgressBar, progress: Progress | None) -> None:
    """Shows how far `progress` is; a moving bar where the end is not known."""
    if progress is None or progress.total <= 0:
        bar.setRange(0, 0)
        return
    bar.setRange(0, STEPS)
    bar.setValue(min(max(progress.done, 0), progress.total) * STEPS // progress.total)
