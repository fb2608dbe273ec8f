"""White space and line endings, where nothing but their look depends on them."""

import re
from typing import Literal

import msgspec

from backend.config.option import Option
from backend.data.cleaning.code_blocks import outside_code
from backend.data.dataset import Row, with_texts
from backend.protocol.languages import Text

# the spaces of Unicode's category Zs, without the ordinary and the ideographic one
_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f]")
_IDEOGRAPHIC = "\u3000"
_TRAILING = re.compile(r"(?<![ \t\u3000])[ \t\u3000]++(?=\r?$)", re.MULTILINE)
# a run inside a line; at its start it is indentation
_RUN = re.compile(r"(?<=\S)[ \t]{2,}(?=\S)")
_ROW_OF_TABLE = re.compile(r"\s{4}|\t|\s*\|")
# blank lines, and blanks that are too few to be the indentation of code or of a paragraph
_AHEAD = re.compile(r"\A(?:[ \t\u3000]*\n)*+(?: {1,3}(?=\S))?")
_LINE_END = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")


class WhiteSpace(msgspec.Struct, frozen=True, kw_only=True):
    """`blank_lines`: how many may follow one another."""

    trailing: bool = True
    runs: bool = True
    blank_lines: int = 1
    special_spaces: bool = True
    ideographic: Literal["keep", "space"] = "keep"


class LineEndings(msgspec.Struct, frozen=True, kw_only=True):
    """There is nothing to choose: models have seen texts with line feeds."""


WHITE_SPACE_OPTIONS: dict[str, Option] = {
    "trailing": Option(
        Text("At the ends", "行末と前後"),
        Text("Takes blanks off the ends of lines, and blank lines off both ends of the text.",
             "行末の空白と、文章の前後の空行を取ります。")),
    "runs": Option(
        Text("Runs of blanks", "続く空白"),
        Text("Makes several blanks inside a line one. Indentation and tables stay.",
             "行の途中で続く空白を 1 つにします。字下げと表はそのままです。")),
    "blank_lines": Option(
        Text("Blank lines", "空行"),
        Text("As many may follow one another; further ones go.",
             "この数まで続けてよい空行。それより多い分は取ります。"),
        unit="lines", low=0, high=100),
    "special_spaces": Option(
        Text("Special blanks", "特殊な空白"),
        Text("Makes no-break, thin and other special blanks ordinary ones.",
             "改行なしの空白や細い空白などを、ふつうの空白にします。")),
    "ideographic": Option(
        Text("Ideographic space", "全角空白"),
        Text("keep leaves 　 (U+3000), with which Japanese paragraphs begin; space makes it an ordinary blank.",
             "keep は段落の字下げに使う全角空白（U+3000）を残します。space は半角にします。"),
        choices=("keep", "space")),
}


def white_space(row: Row, settings: WhiteSpace) -> Row:
    """The row with its blanks in order; code blocks stay as they are."""
    return with_texts(row, lambda text: _in_order(text, settings))


def line_endings(row: Row, settings: LineEndings) -> Row:
    """The row with line feeds for CRLF, CR, U+2028 and the other ways to end a line."""
    return with_texts(row, lambda text: _LINE_END.sub("\n", text))


def _in_order(text: str, settings: WhiteSpace) -> str:
    tidy = outside_code(text, lambda part: _tidied(part, settings))
    if not settings.trailing:
        return tidy
    return _AHEAD.sub("", tidy).rstrip()


def _tidied(text: str, settings: WhiteSpace) -> str:
    if settings.special_spaces:
        text = _SPACES.sub(" ", text)
    if settings.ideographic == "space":
        text = text.replace(_IDEOGRAPHIC, " ")
    if settings.trailing:
        text = _TRAILING.sub("", text)
    if settings.runs:
        text = "\n".join(line if _ROW_OF_TABLE.match(line) else _RUN.sub(" ", line) for line in text.split("\n"))
    allowed = settings.blank_lines + 1
    return re.sub(rf"\n(?:[ \t\u3000]*\r?\n){{{allowed},}}", "\n" * allowed, text)
