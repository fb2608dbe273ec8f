"""The start of the window: build everything once, wire it, catch what nobody caught."""

import argparse
import os
import sys
import threading
import traceback
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QLibraryInfo, QObject, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import QApplication, QMessageBox

from backend.home import home_folder, resources_folder
from backend.protocol.errors import TanrenError
from backend.protocol.languages import LANGUAGES, Language
from backend.version import VERSION
from gui.fonts import load_fonts
from gui.i18n import Translations, system_language
from gui.main_window import MainWindow
from gui.session import Session
from gui.theme import apply_theme, is_dark


class Crashes(QObject):
    """Carries exceptions that nobody caught, from any thread, to a dialog: Qt itself would print them and go on.

    Signals:
        crashed: the report as text.
    """

    crashed = Signal(str)

    def install(self) -> None:
        """Takes over sys.excepthook and threading.excepthook."""
        sys.excepthook = self._from_main
        threading.excepthook = lambda arguments: self._from_main(
            arguments.exc_type, arguments.exc_value or arguments.exc_type(), arguments.exc_traceback)

    def _from_main(self, kind: type[BaseException], value: BaseException, trace: TracebackType | None) -> None:
        report = "".join(traceback.format_exception(kind, value, trace))
        sys.stderr.write(report)
        if issubclass(kind, KeyboardInterrupt):
            QApplication.quit()
        else:
            self.crashed.emit(report)


class Looks(QObject):
    """Keeps the application's look in step with the settings and with the desktop's light or dark mode."""

    def __init__(self, app: QApplication, session: Session) -> None:
        super().__init__(session)
        self._app = app
        self._session = session
        self._applied: tuple[bool, int] | None = None
        session.settings_changed.connect(self.apply)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self.apply)
        self.apply()

    @Slot()
    def apply(self) -> None:
        """Restyles the application when theme or text size differ from what is applied."""
        settings = self._session.settings
        wanted = (is_dark(settings.theme), settings.text_size)
        if wanted != self._applied:
            self._applied = wanted
            apply_theme(self._app, settings.theme, settings.text_size)


def prepare_input_method() -> None:
    """fcitx5 without its Qt plugin (the PySide6 wheel has none) speaks ibus: without this, no Japanese can be typed."""
    wanted = os.environ.get("QT_IM_MODULE", "").lower()
    plugins = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath), "platforminputcontexts")
    if wanted.startswith("fcitx") and not list(plugins.glob("*fcitx*")):
        os.environ["QT_IM_MODULE"] = "ibus"


def build(app: QApplication, home: Path, language: Language | None = None) -> MainWindow:
    """The main window for `home`, with everything wired; `app` is styled and translated.

    Without `language` it is the remembered one, else that of the system.
    """
    app.setOrganizationName("Tanren")
    app.setApplicationName("Tanren")
    app.setApplicationVersion(VERSION)
    app.setDesktopFileName("tanren")
    app.setWindowIcon(QIcon(str(resources_folder() / "icons" / "tanren.png")))
    load_fonts()
    session = Session(home, "en")
    session.language = language or session.settings.language or system_language()
    translations = Translations(app, session)
    translations.use(session.language)
    session.language_changed.connect(translations.use)

    Looks(app, session)
    session.restore()
    window = MainWindow(session)
    session.setParent(window)
    return window


def tell_no_home(error: TanrenError, language: Language) -> None:
    """Says on stderr and in a dialog that there is no place to keep anything, so that no window can open."""
    message, hint = error.message(language), error.hint(language)
    sys.stderr.write(f"{message}\n{hint}\n")
    load_fonts()
    box = QMessageBox(QMessageBox.Icon.Critical, "Tanren", message)
    box.setInformativeText(hint)
    box.exec()


def main(arguments: list[str] | None = None) -> int:
    """Opens the window; returns the exit status: 2 when the home folder cannot be used."""
    parser = argparse.ArgumentParser(prog="tanren", add_help=True)
    parser.add_argument("--home", help="the folder in which Tanren keeps everything")
    parser.add_argument("--language", choices=LANGUAGES, help="en or ja")
    given = parser.parse_args(arguments)
    prepare_input_method()
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    app = QApplication([sys.argv[0]])
    crashes = Crashes()
    crashes.install()
    language = given.language or system_language()
    try:
        home = home_folder(given.home)
    except TanrenError as error:
        tell_no_home(error, language)
        return 2
    window = build(app, home, given.language)

    def show_crash(report: str) -> None:
        from gui.widgets.crash_dialog import CrashDialog

        CrashDialog(report, window).open()

    crashes.crashed.connect(show_crash)
    window.show()
    return app.exec()
