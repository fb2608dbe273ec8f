"""Columns without known names: what they most plausibly mean, to be looked at by the one who knows."""

import re

from backend.data.formats.choices import choices_asked
from backend.data.formats.columns import CLASSIFIED, CRAWLED, LABEL, QUESTION, SENTENCES, Columns
from backend.data.formats.dialogues import question_columns
from backend.data.formats.templates import braced, joined_columns

STEMS = ("ctx", "context", "sentence", "text", "stem", "問題", "問題文", "設問")
TITLES = ("title", "タイトル")
# columns about a row, not of it
_ABOUT = re.compile(
    r"(?i)(^|[_\s-])(id|uuid|key|index|no|date|time|url|source|lang|language|split)$|(番号|日付|日時|出典)$")


def guessed_choices(look: Columns) -> dict[str, str] | None:
    """A question, its choices and the one that is right: the answer is the text of the right choice."""
    asked = choices_asked(look)
    if asked is None:
        return None
    choices, label = asked
    taken = [*choices.columns, label]
    rest = Columns([name for name in look.names if name not in taken], look.sample)
    other = rest.first(STEMS)
    question = question_columns(rest) or ([other] if other else [])
    if not question or any("{" in name or "}" in name for name in (*question, *taken)):
        return None
    before = "\n\n".join(braced(name) for name in question)
    return {"question": before + "\n\n" + braced(f"{choices.name}[*]"), "answer": braced(f"{choices.name}[{label}]"),
            "label": label}


def guessed_sentence_pair(look: Columns) -> dict[str, str] | None:
    """Two sentences and what is said of them both."""
    for first, second in SENTENCES:
        one, two = look.first([first]), look.first([second])
        label = look.first_filled(LABEL, but=[one, two])
        if one is None or two is None or label is None or any("{" in name or "}" in name for name in (one, two)):
            continue
        return {"question": f"{one}: {braced(one)}\n{two}: {braced(two)}", "answer": label, "label": label}
    return None


def guessed_label(look: Columns) -> dict[str, str] | None:
    """A text and its label. Pages of a crawl have scores too, but are texts."""
    if look.first(CRAWLED) is not None:
        return None
    text = look.first(CLASSIFIED)
    label = look.first_filled(LABEL, but=[text])
    if text is None or label is None or not look.holds_text(text):
        return None
    title = look.first(TITLES, but=[text])
    return {"question": joined_columns([title, text] if title else [text]), "answer": label, "label": label}


def guessed_two_texts(look: Columns) -> dict[str, str] | None:
    """Exactly two columns of text: the first asks, the second answers."""
    texts = [name for name in look.names if look.holds_text(name) and not _ABOUT.search(name)]
    others = [name for name in look.names if name not in texts and look.values(name)]
    structured = any(isinstance(value, list | dict) for name in others for value in look.values(name)[:5])
    if len(texts) != 2 or structured or look.first(QUESTION) in others:
        return None
    return {"question": texts[0], "answer": texts[1]}


def guessed_text(look: Columns) -> dict[str, str] | None:
    """One column of text and nothing else: raw text."""
    filled = [name for name in look.names if look.values(name)]
    if len(filled) == 1 and look.holds_text(filled[0]):
        return {"text": filled[0]}
    return None
