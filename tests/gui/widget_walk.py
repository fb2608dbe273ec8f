"""Walks over what a person can see and use in a widget."""

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollBar,
    QTabBar,
    QTextEdit,
    QWidget,
)

INTERACTIVE = (QAbstractButton, QAbstractItemView, QAbstractSlider, QAbstractSpinBox, QComboBox, QLineEdit,
               QPlainTextEdit, QTextEdit)


def interactive(root: QWidget) -> Iterator[QWidget]:
    """Every control in view below `root` that belongs to us: not the inner parts of Qt's own controls."""
    for widget in root.findChildren(QWidget):
        if not isinstance(widget, INTERACTIVE) or isinstance(widget, QHeaderView | QScrollBar):
            continue
        if not widget.isVisible():
            continue
        parents = parents_of(widget)
        if widget.objectName().startswith("qt_") or any(
                isinstance(parent, QAbstractSpinBox | QComboBox | QTabBar | QAbstractItemView) for parent in parents):
            continue
        yield widget


def name_of(widget: QWidget) -> str:
    """What a screen reader says."""
    if widget.accessibleName():
        return widget.accessibleName()
    if isinstance(widget, QAbstractButton):
        return widget.text()
    return buddy_text(widget)


def buddy_text(widget: QWidget) -> str:
    """The text of the label that belongs to `widget`."""
    return next((label.text() for label in widget.window().findChildren(QLabel) if label.buddy() is widget), "")


def parents_of(widget: QWidget) -> list[QWidget]:
    """All widgets around `widget`, the nearest first."""
    found = []
    parent = widget.parentWidget()
    while parent is not None:
        found.append(parent)
        parent = parent.parentWidget()
    return found


def clipped(root: QWidget) -> list[str]:
    """The texts of visible buttons and labels that are given less room than they need."""
    found = []
    for widget in root.findChildren(QWidget):
        if not widget.isVisible() or not isinstance(widget, QLabel | QAbstractButton) or not widget.text():
            continue
        if isinstance(widget, QLabel) and widget.textFormat() == Qt.TextFormat.RichText:
            continue
        need = widget.sizeHint()
        if isinstance(widget, QLabel) and widget.wordWrap():
            words = max((widget.fontMetrics().horizontalAdvance(part) for part in widget.text().split()), default=0)
            too_small = widget.height() + 1 < widget.heightForWidth(widget.width()) or (
                words > widget.width() and widget.text().isascii())
        else:
            too_small = widget.width() < need.width() or widget.height() + 1 < need.height()
        if too_small:
            found.append(f"{widget.text()!r}: {widget.width()}x{widget.height()}, needs {need.width()}x{need.height()}")
    return found
