"""Answers with a thumb up or down (KTO): those with the thumb up can be trained on."""

from typing import Any

import msgspec

from backend.data.dataset import Row
from backend.data.formats.columns import THUMB, Columns
from backend.data.formats.format import Fields, ToRow
from backend.data.roles import NO_THUMB, THUMBS

UP, DOWN = "up", "down"
_UP = ("true", "1", "1.0", "+1", "up", "yes", "good", "thumbs_up", "thumbs up", "thumbup", "positive", "like", "liked",
       "desirable", "👍", "良い", "良", "よい", "高評価", "○", "◯", "〇")
_DOWN = ("false", "0", "0.0", "-1", "-1.0", "down", "no", "bad", "thumbs_down", "thumbs down", "thumbdown", "negative",
         "dislike", "disliked", "undesirable", "👎", "悪い", "悪", "わるい", "低評価", "×", "✕")
_MARKS = {**dict.fromkeys(_UP, UP), **dict.fromkeys(_DOWN, DOWN)}
# numbers may be classes just as well: they are thumbs by their column's name or by a -1
_NUMBERS = ("0", "1", "0.0", "1.0")
_SURE_NAMES = ("kto_tag", "thumbs", "thumb", "thumbs_up", "feedback", "vote", "desirable", "is_desirable", "liked",
               "is_good", "フィードバック", "良否")


def thumb_of(value: Any) -> str:
    """up, down, or empty for a cell that says neither."""
    return _MARKS.get(_mark(value), "")


def thumb_column(look: Columns, but: list[str]) -> tuple[str, bool] | None:
    """The column of thumbs among those that are not `but`, and whether it is only guessed to be one."""
    for name in THUMB:
        column = look.first([name], but=but)
        if column is None:
            continue
        values = look.values(column)
        if not values or not all(thumb_of(value) for value in values):
            continue
        only_numbers = all(_mark(value) in _NUMBERS for value in values)
        return column, only_numbers and name not in _SURE_NAMES
    return None


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
    return str(value).strip().lower().rstrip("\ufe0f") if isinstance(value, str | int | float) else ""
