"""Texts copied from web pages: HTML's tags and character references."""

import html
import re
from typing import Literal

import msgspec

from backend.config.option import Option
from backend.data.cleaning.code_blocks import outside_code
from backend.data.dataset import Row, with_texts
from backend.protocol.languages import Text

# Only elements of HTML: List<String>, <your name> and <|im_start|> are no tags. https://html.spec.whatwg.org/#elements-3
_BLOCKS = ("address|article|aside|blockquote|body|br|caption|center|dd|details|div|dl|dt|fieldset|figcaption|"
           "figure|footer|form|h1|h2|h3|h4|h5|h6|head|header|hr|html|legend|li|main|nav|ol|option|p|pre|"
           "section|summary|table|tbody|tfoot|thead|title|tr|ul")
_INLINES = ("a|abbr|acronym|audio|b|bdi|bdo|big|button|canvas|cite|code|col|colgroup|data|del|dfn|em|embed|font|"
            "i|iframe|img|input|ins|kbd|label|link|map|area|mark|meta|noscript|object|param|picture|q|s|samp|"
            "script|select|small|source|span|strike|strong|style|sub|sup|td|textarea|th|time|track|tt|u|var|"
            "video|wbr")
_ATTRIBUTES = r"""(?:\s(?:[^<>"']|"[^"<]*"|'[^'<]*')*+)?"""
_HIDDEN = re.compile(r"<(?P<kind>!--|!doctype\b|script\b|style\b)", re.IGNORECASE)
_HIDDEN_END = {"!--": "-->", "!doctype": ">", "script": "</script>", "style": "</style>"}
_BLOCK = re.compile(rf"[ \t]*</?(?:{_BLOCKS}){_ATTRIBUTES}\s*/?>[ \t]*\n?", re.IGNORECASE)
_CELL = re.compile(rf"</t[dh]{_ATTRIBUTES}\s*>", re.IGNORECASE)
_INLINE = re.compile(rf"</?(?:{_INLINES}){_ATTRIBUTES}\s*/?>", re.IGNORECASE)
_REFERENCE = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_MANY_BREAKS = re.compile(r"\n{3,}")


class HtmlText(msgspec.Struct, frozen=True, kw_only=True):
    """`tags`: strip takes the tags out and keeps the text between them."""

    tags: Literal["strip", "keep"] = "strip"
    references: bool = True


OPTIONS: dict[str, Option] = {
    "tags": Option(
        Text("Tags", "タグ"),
        Text("strip takes out HTML's tags, comments, scripts and styles and keeps the text; keep leaves them.",
             "strip は HTML のタグ、コメント、スクリプト、スタイルを取り、文章を残します。keep はそのまま残します。"),
        choices=("strip", "keep")),
    "references": Option(
        Text("Character references", "文字参照"),
        Text("Makes &amp; &, &lt; < and so on.", "&amp; を &、&lt; を < などにします。")),
}


def html_text(row: Row, settings: HtmlText) -> Row:
    """The row without HTML; code blocks stay as they are."""
    return with_texts(row, lambda text: outside_code(text, lambda part: plain_text(part, settings)))


def plain_text(text: str, settings: HtmlText) -> str:
    """The text of one cell after `html_text`. A tag that was written as a reference (&lt;b&gt;) stays as text."""
    if settings.tags == "strip" and "<" in text:
        bare = _INLINE.sub("", _CELL.sub("\t", _BLOCK.sub("\n", _without_hidden(text))))
        if bare != text:
            ahead, behind = (text[:len(text) - len(text.lstrip("\n"))], text[len(text.rstrip("\n")):])
            text = ahead + _MANY_BREAKS.sub("\n\n", bare).strip("\n") + behind
    if settings.references and "&" in text:
        text = _REFERENCE.sub(lambda found: html.unescape(found[0]), text)
    return text


def _without_hidden(text: str) -> str:
    """Without comments, scripts and styles, where they end; in time that grows with the text, whatever it holds."""
    lower = text.lower() if len(text.lower()) == len(text) else text
    parts: list[str] = []
    place = 0
    endless: set[str] = set()
    for found in _HIDDEN.finditer(text):
        kind = found["kind"].lower()
        if found.start() < place or kind in endless:
            continue
        end = lower.find(_HIDDEN_END[kind], found.end())
        if end < 0:
            endless.add(kind)
            continue
        parts.append(text[place:found.start()])
        place = end + len(_HIDDEN_END[kind])
    return "".join([*parts, text[place:]])
