"""The language of the window: Qt translators, switched while it runs."""

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QObject, QTranslator, Slot

from backend.home import resources_folder
from backend.protocol.languages import Language


def system_language() -> Language:
    """Japanese where the desktop is Japanese, else English."""
    return "ja" if QLocale.system().language() == QLocale.Language.Japanese else "en"


class Translations(QObject):
    """The translators of one application. English is the language of the source and needs none."""

    def __init__(self, app: QCoreApplication, parent: QObject) -> None:
        super().__init__(parent)
        self._app = app
        self._installed: list[QTranslator] = []

    @Slot(str)
    def use(self, language: Language) -> None:
        """Switches the language. Widgets get QEvent.LanguageChange, pages are told by their session."""
        for translator in self._installed:
            self._app.removeTranslator(translator)
            translator.deleteLater()
        self._installed = []
        QLocale.setDefault(QLocale(QLocale.Language.Japanese if language == "ja" else QLocale.Language.English))
        if language == "en":
            return
        qt_texts = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        for name, folder in ((f"qtbase_{language}", qt_texts),
                             (f"tanren_{language}", str(resources_folder() / "translations"))):
            translator = QTranslator(self)
            if translator.load(name, folder):
                self._app.installTranslator(translator)
                self._installed.append(translator)
