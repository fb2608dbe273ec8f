"""One message as text that cannot reach anything: Markdown without HTML, no files, no links followed."""

import re

from PySide6.QtCore import QEvent, QSize, Qt, QUrl, Signal
from PySide6.QtGui import QFont, QResizeEvent, QTextBlock, QTextCharFormat, QTextDocument, QTextOption
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextBrowser, QWidget

FEATURES = QTextDocument.MarkdownFeature(
    QTextDocument.MarkdownFeature.MarkdownDialectGitHub.value | QTextDocument.MarkdownFeature.MarkdownNoHTML.value
)
BARE = "MessageText, MessageText:focus { border: none; background: transparent; padding: 0; }"
CODE_FONTS = ["DejaVu Sans Mono", "Consolas", "Menlo", "monospace", "Noto Sans JP"]
FENCE = re.compile(r"^\s*(```|~~~)")


class MessageText(QTextBrowser):
    """As tall as its text. A model's reply is untrusted: nothing in it is loaded or opened.

    Signals:
        link_clicked: the target of a link, to be shown to the user.
    """

    link_clicked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setStyleSheet(BARE)
        self.setOpenLinks(False)
        self.setOpenExternalLinks(False)
        self.anchorClicked.connect(lambda url: self.link_clicked.emit(url.toString()))
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.viewport().setAutoFillBackground(False)
        self.document().setDocumentMargin(0)
        self._source = ""
        self._is_markdown = False
        self._fitted = QSize()

    @property
    def written(self) -> str:
        """The text as the model or the user wrote it."""
        return self._source

    def show_plain(self, text: str) -> None:
        """Shows `text` as it is: what users wrote, and replies while they grow."""
        grown = not self._is_markdown and text.startswith(self._source)
        if grown and self._source:
            cursor = self.textCursor()
            cursor.movePosition(cursor.MoveOperation.End)
            cursor.insertText(text[len(self._source):])
        else:
            self.setPlainText(text)
        self._source, self._is_markdown = text, False
        self._fit()

    def show_markdown(self, text: str) -> None:
        """Shows `text` as Markdown; HTML in it stays visible text."""
        self._source, self._is_markdown = text, True
        self.document().setMarkdown(keep_line_breaks(text), FEATURES)
        self._style_parts()
        self._fit()

    def loadResource(self, _kind: int, _url: QUrl | str) -> object:
        """Nothing: an image path in a reply could otherwise open a file or a network share."""
        return None

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keeps the height that the text needs at this width."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Draws code again in the new colours."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._is_markdown:
            self.show_markdown(self._source)

    def ideal_width(self) -> int:
        """The width in pixels at which no line would be broken."""
        document = self.document()
        layout, width = document.documentLayout(), document.textWidth()
        layout.blockSignals(True)  # QTextEdit would lay it out again for a scroll bar, at the width that it has
        document.setTextWidth(-1)
        ideal = document.idealWidth()
        document.setTextWidth(width)
        layout.blockSignals(False)
        return int(ideal) + 4

    def _fit(self) -> None:
        self.document().setTextWidth(self.viewport().width())
        height = int(self.document().size().height() + 0.999) + 2
        if self.document().idealWidth() > self.viewport().width() + 1:
            height += self.horizontalScrollBar().sizeHint().height()
        if height != self.height() or self.minimumHeight() != height:
            self.setFixedHeight(height)

    def _style_parts(self) -> None:
        """Gives code a fixed-width font and a quiet background, and table cells an even top."""
        shade = self.palette().color(self.palette().ColorRole.WindowText)
        shade.setAlpha(22)
        block: QTextBlock = self.document().begin()
        cursor = self.textCursor()
        while block.isValid():
            form = block.blockFormat()
            cursor.setPosition(block.position())
            if form.hasProperty(form.Property.BlockCodeFence) or form.hasProperty(form.Property.BlockCodeLanguage):
                form.setBackground(shade)
                cursor.setBlockFormat(form)
            table = cursor.currentTable()
            if table is not None and not block.text() and table.cellAt(cursor) == table.cellAt(block.position() + 1):
                # after a code block, Qt begins a table with an empty line in its first cell
                cursor.deleteChar()
                form.setTopMargin(0)
                cursor.setBlockFormat(form)
                cursor.movePosition(cursor.MoveOperation.EndOfBlock, cursor.MoveMode.KeepAnchor)
                bold = QTextCharFormat()
                bold.setFontWeight(QFont.Weight.Bold)
                cursor.mergeCharFormat(bold)
                block = cursor.block()
            pieces = block.begin()
            while not pieces.atEnd():
                piece = pieces.fragment()
                style = piece.charFormat()
                if style.fontFixedPitch():
                    cursor.setPosition(piece.position())
                    cursor.setPosition(piece.position() + piece.length(), cursor.MoveMode.KeepAnchor)
                    style.setFontFamilies(CODE_FONTS)
                    style.setFontStyleHint(QFont.StyleHint.Monospace)
                    cursor.setCharFormat(style)
                pieces += 1
            block = block.next()


def keep_line_breaks(markdown: str) -> str:
    """Makes each line end a line break, as people expect in a chat; code blocks stay as they are."""
    lines, fenced = [], False
    for line in markdown.split("\n"):
        if FENCE.match(line):
            fenced = not fenced
        plain = not fenced and line.strip() and not line.rstrip().endswith("|") and not FENCE.match(line)
        lines.append(line.rstrip() + "  " if plain else line)
    return "\n".join(lines)
