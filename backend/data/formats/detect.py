"""Which format a file's columns are: found out with its reason, or chosen, or mapped by hand."""

from pathlib import Path
from typing import Any

import msgspec

from backend.config.reading import FORMATS, Reading
from backend.data.dataset import Row
from backend.data.formats.by_hand import guessed_format, mapped_format
from backend.data.formats.chosen import chosen_format
from backend.data.formats.columns import TEXT, Columns
from backend.data.formats.dialogues import alpaca_dialogue, pair_dialogue, turns_dialogue, unnamed_turns
from backend.data.formats.format import Fields, Format, ToRow, named
from backend.data.formats.guesses import (
    guessed_choices,
    guessed_label,
    guessed_sentence_pair,
    guessed_text,
    guessed_two_texts,
)
from backend.data.formats.known import dialogue_format, document_format, text_format
from backend.data.formats.preference import preference_dialogue
from backend.protocol.errors import TanrenError
from backend.protocol.languages import Text

DOCUMENTS = ("text", "markdown", "docx", "pdf")
NOTHING_IN_IT: tuple[Any, ...] = (None, "", [], {})
THIS_FILE = Text("this file", "このファイル")


def detect_format(columns: list[str], sample: list[dict[str, Any]], reading: Reading, kind: str,
                  path: Path | Text = THIS_FILE) -> Format:
    """The format of a file with these columns, judged by its first records `sample`.

    `kind` is that of the reader; `path` is for the error only. Raises TanrenError data_unknown_format, and for what
    `reading` asks: data_format_lacks, data_unknown_column, data_unknown_part, data_bad_template, data_mapping_lacks,
    data_mapping_both, data_no_such_format.
    """
    look = Columns(columns, sample)
    if reading.format and reading.format not in FORMATS:
        raise TanrenError("data_no_such_format", format=reading.format, formats=", ".join(FORMATS))
    if reading.mapping:
        found: Format | None = mapped_format(look, reading)
    elif reading.format:
        found = chosen_format(look, reading.format, kind)
    else:
        found = document_format(look) if kind in DOCUMENTS else _found(look, kind)
    if found is None:
        raise TanrenError("data_unknown_format", path=path, columns=named(columns))
    return found._replace(to_row=_watching(found.to_row, frozenset(columns)))


def _watching(to_row: ToRow, known: frozenset[str]) -> ToRow:
    """Notes rows that have something in columns that none of the first records has."""
    def watched(number: int, fields: Fields) -> Row:
        row = to_row(number, fields)
        if fields.keys() <= known:
            return row
        new = [name for name in fields if name not in known and fields[name] not in NOTHING_IN_IT and name != "tools"]
        return msgspec.structs.replace(row, notes=(*row.notes, "new_columns")) if new else row

    return watched


def _found(look: Columns, kind: str) -> Format | None:
    """The first format that fits, from the surest to the most daring."""
    preference = preference_dialogue(look)
    if preference is not None:
        return dialogue_format(preference, look, kind)
    turns = turns_dialogue(look)
    if turns is not None:
        return dialogue_format(turns, look, kind)
    choices = guessed_choices(look)
    if choices is not None:
        return guessed_format(choices, look)
    known = alpaca_dialogue(look) or pair_dialogue(look) or unnamed_turns(look)
    if known is not None:
        return dialogue_format(known, look, kind)
    labelled = guessed_sentence_pair(look) or guessed_label(look)
    if labelled is not None:
        return guessed_format(labelled, look)
    if look.first(TEXT) is not None:
        return text_format(look, guessed=False)
    texts = guessed_two_texts(look)
    if texts is not None:
        return guessed_format(texts, look)
    return text_format(look, guessed=True) if guessed_text(look) else None
