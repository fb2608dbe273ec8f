"""The bundled typeface: Noto Sans JP for both languages, so that Japanese looks even on every machine."""

from PySide6.QtGui import QFont, QFontDatabase

from backend.home import resources_folder

FAMILY = "Noto Sans JP"
BASE_POINTS = 10.5


def load_fonts() -> list[str]:
    """Registers the fonts of resources/fonts with Qt; returns the families that are now there."""
    families: list[str] = []
    for file in sorted((resources_folder() / "fonts").glob("*.ttf")):
        number = QFontDatabase.addApplicationFont(str(file))
        families += QFontDatabase.applicationFontFamilies(number) if number >= 0 else []
    return families


def app_font(scale: float = 1.0) -> QFont:
    """The application's font; `scale` 1.0 is 10.5 points."""
    font = QFont(FAMILY)
    font.setPointSizeF(BASE_POINTS * scale)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


def mono_font(scale: float = 1.0) -> QFont:
    """A fixed-width font for paths, tokens and logs; Japanese in it falls back to Noto Sans JP."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setFamilies([font.family(), FAMILY])
    font.setPointSizeF(BASE_POINTS * scale)
    return font
