"""Durations, sizes and rates in the words of the window's language."""

from PySide6.QtCore import QCoreApplication, QLocale


def duration_text(seconds: float) -> str:
    """Seconds as people say them: 45 s, 3 min 20 s, 2 h 5 min."""
    whole = max(0, round(seconds))
    if whole < 60:
        return QCoreApplication.translate("figures", "{seconds} s").format(seconds=whole)
    if whole < 3600:
        return QCoreApplication.translate("figures", "{minutes} min {seconds} s").format(
            minutes=whole // 60, seconds=whole % 60)
    return QCoreApplication.translate("figures", "{hours} h {minutes} min").format(
        hours=whole // 3600, minutes=whole % 3600 // 60)


def size_text(size: float) -> str:
    """Bytes in binary units: 812 KiB, 4.7 GiB."""
    return QLocale().formattedDataSize(int(size), 1, QLocale.DataSizeFormat.DataSizeIecFormat)


def count_text(number: int) -> str:
    """A whole number with its groups separated."""
    return f"{number:,}"


def loss_text(loss: float | None) -> str:
    """A loss with three decimals; a dash when there is none."""
    return "–" if loss is None else f"{loss:.3f}"
