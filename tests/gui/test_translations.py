"""The Japanese of the window: complete, compiled, and never clipped."""

import ast
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QTranslator
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from backend.launch import REPOSITORY
from gui.main_window import PAGES, MainWindow
from tests.gui.widget_walk import clipped, interactive, name_of

FOLDER = REPOSITORY / "resources" / "translations"
TS = FOLDER / "tanren_ja.ts"
QM = FOLDER / "tanren_ja.qm"
SAME_IN_BOTH = {"Top-p"}


def entries() -> list[tuple[str, str, str, str]]:
    """(context, source, translation, type) of every message."""
    found = []
    for context in ET.parse(TS).getroot().iter("context"):
        name = context.findtext("name", "")
        for message in context.iter("message"):
            translation = message.find("translation")
            assert translation is not None
            found.append((name, message.findtext("source", ""), translation.text or "", translation.get("type", "")))
    return found


def test_no_text_is_unfinished() -> None:
    assert entries()
    assert not [entry[:2] for entry in entries() if entry[3] or not entry[2].strip()]


def test_translations_are_japanese_and_keep_their_placeholders() -> None:
    for context, source, translation, _ in entries():
        assert sorted(re.findall(r"\{\w*\}", source)) == sorted(re.findall(r"\{\w*\}", translation)), (context, source)
        if source not in SAME_IN_BOTH and re.search(r"[A-Za-z]{4}", re.sub(r"\{\w*\}", "", source)):
            assert re.search(r"[぀-ヿ一-鿿]", translation), (context, source, translation)


def test_the_compiled_file_says_what_the_source_file_says(qapp: QApplication) -> None:
    translator = QTranslator()
    assert translator.load(str(QM))
    different = [(context, source) for context, source, translation, _ in entries()
                 if translator.translate(context, source) != translation]
    assert not different


def test_every_text_of_the_code_is_in_the_file() -> None:
    """Catches what lupdate does not see (texts inside f-strings), and forgotten `make translations`."""
    known = {source for _, source, _, _ in entries()}
    used: dict[str, str] = {}
    for file in sorted((REPOSITORY / "gui").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                place = {"tr": 0, "translate": 1}.get(node.func.attr)
                if place is None or len(node.args) <= place or file.name == "i18n.py":
                    continue
                text = node.args[place]
                assert isinstance(text, ast.Constant), f"{file}:{node.lineno}: not a constant"
                used[str(text.value)] = f"{file.name}:{node.lineno}"
    assert not {text: place for text, place in used.items() if text not in known}
    assert not known - set(used), "texts that nobody uses: run make translations"


def test_compiling_again_gives_the_committed_file(tmp_path: Path) -> None:
    compiler = Path(sys.executable).with_name("pyside6-lrelease")
    if not compiler.exists():
        pytest.skip("pyside6-lrelease is not installed here")
    made = tmp_path / "again.qm"
    subprocess.run([str(compiler), "-silent", str(TS), "-qm", str(made)], check=True, capture_output=True, timeout=60)
    assert made.read_bytes() == QM.read_bytes()


def test_the_language_switches_while_the_window_is_open(window: MainWindow) -> None:
    for name in PAGES:
        window.show_page(name)
    english = {name: page.title for name, page in window.pages.items()}
    window.session.choose_language("ja")
    assert window.sidebar.item(0).text() == "ホーム"
    for name, page in window.pages.items():
        assert page.title != english[name], name
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "キャンセル"
    window.session.choose_language("en")
    assert {name: page.title for name, page in window.pages.items()} == english


@pytest.mark.parametrize("size", [100, 150])
@pytest.mark.parametrize("language", ["en", "ja"])
def test_no_label_is_clipped(window: MainWindow, qtbot: QtBot, language: str, size: int) -> None:
    window.session.choose_language(language)  # type: ignore[arg-type]
    window.session.remember(text_size=size)
    window.resize(1180, 780)
    for name in PAGES:
        window.show_page(name)
        qtbot.wait(50)
        assert not clipped(window), name
    window.session.remember(text_size=100)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_every_control_has_a_name(window: MainWindow, language: str) -> None:
    window.session.choose_language(language)  # type: ignore[arg-type]
    for name in PAGES:
        window.show_page(name)
        nameless = [f"{type(widget).__name__} {widget.objectName()}" for widget in interactive(window.page(name))
                    if not name_of(widget).strip()]
        assert not nameless, name
    assert not [widget for widget in interactive(window.strip) if not name_of(widget).strip()]


def test_there_is_one_primary_button_a_page(window: MainWindow) -> None:
    for name in PAGES:
        window.show_page(name)
        primary = [button.objectName() for button in window.page(name).findChildren(QPushButton)
                   if button.isVisible() and button.property("role") == "primary"]
        assert len(primary) <= 1, f"{name}: {primary}"
