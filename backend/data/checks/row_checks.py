"""What one row shows by itself. Called for every row of a dataset, so each check begins with a cheap question."""

import re

from backend.data.checks.characters import has_invisible
from backend.data.checks.marks import has_marks
from backend.data.checks.mojibake import is_garbled
from backend.data.dataset import Row, answer_of, whole_text

VERY_LONG_CHARACTERS = 100_000
_HALF_WIDTH_KANA = re.compile("[ｦ-ﾟ]")
_HTML = re.compile(
    r"&(?:nbsp|amp|lt|gt|quot|apos|hellip|mdash|ndash|[lr][sd]quo|#\d{2,6}|#x[0-9a-fA-F]{2,6});"
    r"|</?(?:p|br|div|span|font|b|i|u|strong|em|ul|ol|li|table|tr|td|th|tbody|thead|h[1-6]|a|img|sup|sub|center|script"
    r"|style|iframe|blockquote)(?:\s+[a-z-]+\s*=[^<>]{0,300})?\s*/?>", re.IGNORECASE)
# Where HTML is the subject it is no leftover.
_ABOUT_HTML = re.compile(r"```|<!doctype|<html|<head|<body|\bhtml\b|\bcss\b|タグ", re.IGNORECASE)


def row_checks(row: Row) -> tuple[str, ...]:
    """The names of the checks (keys of CHECKS) that this row meets, beside its problem and notes."""
    text = whole_text(row)
    found = []
    if is_garbled(text):
        found.append("mojibake")
    if has_invisible(text):
        found.append("control_characters")
    if has_marks(text):
        found.append("special_tokens")
    if not text.isascii() and _HALF_WIDTH_KANA.search(text):
        found.append("half_width_kana")
    if ("&" in text or "<" in text) and _HTML.search(text) and not _ABOUT_HTML.search(text):
        found.append("html_leftovers")
    if len(text) > VERY_LONG_CHARACTERS:
        found.append("very_long")
    if text.count("```") % 2:
        found.append("open_code_block")
    if repeats_question(row):
        found.append("answer_repeats_question")
    return tuple(found)


def repeats_question(row: Row) -> bool:
    """Whether the last answer is what was asked last, word for word."""
    turns = row.messages
    if len(turns) < 2 or turns[-1]["role"] != "assistant" or turns[-2]["role"] != "user":
        return False
    asked, said = turns[-2]["content"], answer_of(turns)
    return bool(said) and " ".join(said.split()) == " ".join(asked.split()) if len(asked) < 2 * len(said) else False
