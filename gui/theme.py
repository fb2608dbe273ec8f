"""How the window looks: palettes, one accent colour, a spacing scale, and the roles that the style sheet knows.

Spacing (pixels at 100 %): XS 4, S 8, M 12, L 20, XL 32. Between a label and its field S, between fields M, between
sections L, around a page XL. Content is at most PAGE_WIDTH wide.

Roles: `set_role(widget, role)` (or the makers in gui.widgets.parts) choose a look of resources/styles/tanren.qss:
  labels   title (page), heading (section), muted (less important), small, mono, good, warning, bad
  buttons  primary (one a page: the next step), quiet (no frame), link (text only), danger
  frames   card (a raised surface), panel (a tinted area), error_panel, strip
Custom painting takes `colors()`; a widget repaints itself on QEvent.PaletteChange when the theme is switched.
"""

from pathlib import Path
from string import Template
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from backend.home import resources_folder
from backend.settings import Theme
from gui.fonts import BASE_POINTS, app_font

SPACE_XS, SPACE_S, SPACE_M, SPACE_L, SPACE_XL = 4, 8, 12, 20, 32
PAGE_WIDTH = 960
RADIUS = 8
MARK_SIZE = 26
TEXT_SIZES = (80, 90, 100, 115, 130, 150, 175, 200)


class Colors(NamedTuple):
    """The colours of one theme; `series` are for charts, told apart by colour-blind people too."""

    window: str
    sidebar: str
    surface: str
    tint: str
    border: str
    strong_border: str
    text: str
    muted: str
    accent: str
    accent_hover: str
    accent_soft: str
    on_accent: str
    good: str
    warning: str
    bad: str
    bad_soft: str
    series: tuple[str, str, str, str]


LIGHT = Colors(
    window="#f8f7f5", sidebar="#efedea", surface="#ffffff", tint="#f3f1ee", border="#e1ddd7", strong_border="#c4beb5",
    text="#22242a", muted="#666970", accent="#2f5f8f", accent_hover="#264f79", accent_soft="#e3ecf5",
    on_accent="#ffffff", good="#2a7148", warning="#8a5a00", bad="#b3312a", bad_soft="#fbeceb",
    series=("#2f5f8f", "#c4652d", "#3d8a6b", "#8b5fa8"),
)
DARK = Colors(
    window="#1c1d20", sidebar="#17181a", surface="#26272b", tint="#2c2e32", border="#37393f", strong_border="#52555d",
    text="#e8e7e4", muted="#a3a5ab", accent="#7fb0e0", accent_hover="#9cc3ea", accent_soft="#2a3a4b",
    on_accent="#12202e", good="#7cc79a", warning="#e0b25c", bad="#f09089", bad_soft="#43292a",
    series=("#7fb0e0", "#e79a68", "#7cc7a7", "#c3a0dd"),
)

_current = LIGHT


def colors() -> Colors:
    """The colours in use."""
    return _current


def is_dark(theme: Theme) -> bool:
    """Whether `theme` means dark now; `system` asks the desktop and is light where the desktop does not say."""
    if theme == "system":
        return QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
    return theme == "dark"


def apply_theme(app: QApplication, theme: Theme, text_size: int = 100) -> None:
    """Gives the whole application its palette, font and style sheet. `text_size` is in percent (80-200)."""
    global _current
    _current = DARK if is_dark(theme) else LIGHT
    size = min(max(text_size, TEXT_SIZES[0]), TEXT_SIZES[-1]) / 100
    app.setStyle("Fusion")
    app.setPalette(_palette(_current))
    font = app_font(size)
    app.setFont(font)
    app.setStyleSheet(_style_sheet(_current, font.pointSizeF()))


def set_role(widget: QWidget, role: str) -> None:
    """Gives `widget` one of the roles of this module's docstring."""
    if widget.property("role") != role:
        widget.setProperty("role", role)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def _style_sheet(chosen: Colors, points: float) -> str:
    sheet = Path(resources_folder(), "styles", "tanren.qss").read_text(encoding="utf-8")
    values = {name: value for name, value in chosen._asdict().items() if isinstance(value, str)}
    sizes = {"title_pt": 1.75, "heading_pt": 1.15, "small_pt": 0.88}
    images = Path(resources_folder(), "icons").as_posix()
    shade = "dark" if chosen is DARK else "light"
    mark = round(points / BASE_POINTS * MARK_SIZE / 2)
    return Template(sheet).substitute(
        values, radius=RADIUS, mark=2 * mark, mark_radius=mark, icons=images, shade=shade, body_pt=f"{points:.2f}",
        **{name: f"{points * factor:.2f}" for name, factor in sizes.items()},
    )


def _palette(chosen: Colors) -> QPalette:
    role = QPalette.ColorRole
    palette = QPalette()
    for name, value in (
        (role.Window, chosen.window), (role.WindowText, chosen.text), (role.Base, chosen.surface),
        (role.AlternateBase, chosen.tint), (role.Text, chosen.text), (role.Button, chosen.surface),
        (role.ButtonText, chosen.text), (role.BrightText, chosen.bad), (role.Highlight, chosen.accent),
        (role.HighlightedText, chosen.on_accent), (role.Link, chosen.accent), (role.LinkVisited, chosen.accent),
        (role.ToolTipBase, chosen.surface), (role.ToolTipText, chosen.text), (role.PlaceholderText, chosen.muted),
        (role.Light, chosen.surface), (role.Midlight, chosen.tint), (role.Mid, chosen.border),
        (role.Dark, chosen.strong_border), (role.Shadow, chosen.strong_border), (role.Accent, chosen.accent),
    ):
        palette.setColor(name, QColor(value))
    for name in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, name, QColor(chosen.strong_border))
    return palette
