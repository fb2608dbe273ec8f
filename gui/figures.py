"""Numbers as people read them: with units, in the language of the window."""

from collections.abc import Iterable
from datetime import datetime

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale


def count(number: int) -> str:
    """12,345."""
    return f"{number:,}"


def parameters(number: int) -> str:
    """8.1 M, 1.5 B: as model makers write it."""
    for unit, size in (("B", 1e9), ("M", 1e6), ("k", 1e3)):
        if number >= size:
            return f"{number / size:.3g} {unit}"
    return str(number)


def size(number: float) -> str:
    """Bytes as 16.2 MB (powers of 1000, as file managers show it)."""
    for unit, factor in (("TB", 1e12), ("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if number >= factor:
            return f"{number / factor:.3g} {unit}" if number / factor < 1000 else f"{number / factor:,.0f} {unit}"
    return f"{number:.0f} B"


def duration(seconds: float) -> str:
    """45 s, 3 min 20 s, 2 h 5 min."""
    whole = max(0, round(seconds))
    if whole < 60:
        return QCoreApplication.translate("Figures", "{0} s").format(whole)
    if whole < 3600:
        return QCoreApplication.translate("Figures", "{0} min {1} s").format(whole // 60, whole % 60)
    return QCoreApplication.translate("Figures", "{0} h {1} min").format(whole // 3600, whole % 3600 // 60)


def percent(share: float) -> str:
    """0.125 as 12.5 %."""
    return f"{share * 100:.3g} %"


def listed(parts: Iterable[str]) -> str:
    """a, b, c as the language writes it."""
    return QCoreApplication.translate("Figures", ", ").join(parts)


def when(time: float) -> str:
    """Seconds since the epoch as a short local date and time; today's as the time alone."""
    moment = datetime.fromtimestamp(time)
    locale = QLocale()
    stamp = QDateTime.fromSecsSinceEpoch(int(time))
    if moment.date() == datetime.now().date():
        clock = locale.toString(stamp.time(), QLocale.FormatType.ShortFormat)
        return QCoreApplication.translate("Figures", "today {0}").format(clock)
    return locale.toString(stamp, QLocale.FormatType.ShortFormat)
