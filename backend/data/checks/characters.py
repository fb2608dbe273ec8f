"""Characters that nobody sees: controls, zero widths, direction marks, tags. What is right where it stands stays."""

import re

# Whatever may be wrong; most of the texts hold none of them, so one cheap search settles them.
_SUSPECTS = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e01ef\ud800-\udfff]")
_LINE_ENDS = re.compile("[\x0b\x0c\x85\u2028\u2029]")
_WRONG = re.compile(
    "\x1b\\[[0-?]*[ -/]*[@-~]"                                   # colours and cursor moves of terminals
    "|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u115f\u1160\u180e\u200b\u2028-\u202e\u2060-\u2069\u3164\ufeff\uffa0"
    "\ufff9-\ufffb\ud800-\udfff]"
    # the joiner belongs into emoji and into the scripts of India and the Arabs; the non-joiner into the latter
    "|(?<![\u0600-\u0dff\u2190-\u2bff\u3030\u303d\ufe0f\U0001f000-\U0001faff])\u200d"
    "|\u200d(?![\u0600-\u0dff\u2190-\u2bff\U0001f000-\U0001faff])"
    "|(?<![\u0600-\u0dff\u0f00-\u109f\u1780-\u18af])\u200c"
    # one variation selector chooses a glyph (emoji, forms of kanji); a row of them hides text
    "|(?<=[\ufe00-\ufe0f\U000e0100-\U000e01ef])[\ufe00-\ufe0f\U000e0100-\U000e01ef]+"
    # tags are the flags of England, Scotland and Wales, and otherwise hidden text
    "|(?<!\U0001f3f4)(?<![\U000e0020-\U000e007e])[\U000e0000-\U000e007f]+")
# JSON reads the \f of an unescaped \frac as a form feed, and the \b of \begin as a backspace.
_EATEN_F = re.compile(r"\x0c(?=rac\b|rac\{|orall\b)")
_EATEN_B = re.compile(r"\x08(?=egin\{|eta\b|oxed\{|ar\{|inom\{|ig[lr]?\b)")
_MARKS_OF_DIRECTION = re.compile("[\u061c\u200e\u200f]")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")


def has_invisible(text: str) -> bool:
    """Whether the text holds invisible or control characters that do not belong where they stand.

    Tab, line feed and carriage return are text. So are joiners in emoji and in Indic and Arabic scripts, one variation
    selector after a character, the tags of flags, and direction marks in texts with Hebrew or Arabic.
    """
    return _SUSPECTS.search(text) is not None and without_invisible(text) != text


def without_invisible(text: str) -> str:
    """The text without them; what ends a line or a page becomes a line feed, and a control character
    that was the beginning of a command of LaTeX becomes that again."""
    if _SUSPECTS.search(text) is None:
        return text
    if "\x0c" in text or "\x08" in text:
        text = _EATEN_B.sub(r"\\b", _EATEN_F.sub(r"\\f", text))
    text = _WRONG.sub("", _LINE_ENDS.sub("\n", text))
    if _MARKS_OF_DIRECTION.search(text) and not _RIGHT_TO_LEFT.search(text):
        text = _MARKS_OF_DIRECTION.sub("", text)
    return text
