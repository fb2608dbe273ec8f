"""Answers with a thumb up or down (KTO): those with the thumb up can be trained on."""

from typing import Any

import msgspec

from backend.data.dataset import Row
from backend.data.formats.cells import is_nothing, text_of
from backend.data.formats.columns import MOST, THUMB, Columns
from backend.data.formats.format import Fields, ToRow
from backend.data.roles import NO_THUMB, THUMBS

UP, DOWN = "up", "down"
_UP = ("true", "1", "1.0", "+1", "up", "yes", "good", "thumbs_up", "thumbs up", "thumbup", "like", "liked", "desirable",
       "👍", "良い", "良", "よい", "高評価", "○", "◯", "〇")
_DOWN = ("false", "0", "0.0", "-1", "-1.0", "down", "no", "bad", "thumbs_down", "thumbs down", "thumbdown", "dislike",
         "disliked", "undesirable", "👎", "悪い", "悪", "わるい", "低評価", "×", "✕")
_MARKS = {**dict.fromkeys(_UP, UP), **dict.fromkeys(_DOWN, DOWN)}
# may be classes just as well: thumbs by their column's name or by a mark that is not among these
_UNSURE = ("0", "1", "0.0", "1.0", "yes", "no")
_SURE_NAMES = ("kto_tag", "thumbs", "thumb", "thumbs_up", "feedback", "vote", "desirable", "is_desirable", "liked",
               "is_good", "フィードバック", "良否")


def thumb_of(value: Any) -> str:
    """up, down, or empty for a cell that says neither."""
    return _MARKS.get(_mark(value), "")


def thumb_column(look: Columns, but: list[str]) -> tuple[str, bool] | None:
    """The column of thumbs among those that are not `but`, and whether it is only guessed to be one."""
    for name in THUMB:
        column = look.first([name], but=but)
        if column is not None and holds_thumbs(look, column):
            return column, _may_be_classes(look, column) and name not in _SURE_NAMES
    return None


def holds_thumbs(look: Columns, column: str) -> bool:
    """Whether the cells of the column say up or down: all of them where these could be classes, else nearly all."""
    marks = [_mark(value) for value in look.values(column)]
    thumbs = [mark for mark in marks if mark in _MARKS]
    if not thumbs:
        return False
    return len(thumbs) >= (1.0 if _may_be_classes(look, column) else MOST) * sum(bool(mark) for mark in marks)


def thumb_rows(to_row: ToRow, column: str) -> ToRow:
    """The rows with their thumb as label; those with the thumb down, or with none, are not trained on."""
    def marked(number: int, fields: Fields) -> Row:
        row = to_row(number, fields)
        thumb = thumb_of(fields.get(column))
        if thumb == UP:
            return msgspec.structs.replace(row, label=UP)
        return msgspec.structs.replace(row, label=thumb, problem=THUMBS if thumb else NO_THUMB)

    return marked


def _mark(value: Any) -> str:
    """A single value as it is compared with the marks; empty for lists and objects."""
    if is_nothing(value) or not isinstance(value, str | int | float):
        return ""
    return text_of(value, []).strip().lower().rstrip("\ufe0f")


def _may_be_classes(look: Columns, column: str) -> bool:
    return all(mark in _UNSURE for value in look.values(column) if (mark := _mark(value)) in _MARKS)
