"""Columns of a known meaning as a Format: dialogues with what stands beside them, and raw text."""

from backend.data.dataset import Row
from backend.data.formats.columns import CATEGORY, Columns
from backend.data.formats.dialogues import Dialogue
from backend.data.formats.format import Fields, Format, ToRow, because_of
from backend.data.formats.preference import preference_rows
from backend.data.formats.raw_text import text_column, text_rows
from backend.data.formats.rows import Beside, beside, dialogue_row
from backend.data.formats.templates import part_of
from backend.data.formats.thumbs import thumb_column, thumb_rows
from backend.data.roles import PREFERENCE, THUMBS
from backend.protocol.languages import Text

TABLES = ("csv", "tsv", "xlsx", "parquet")
TABLE = "table"
GUESSED = ("mapping_guessed",)
DOCUMENT = Text("a document, cut into pieces at its headings and paragraphs", "文書（見出しと段落で区切ります）")


def dialogue_format(dialogue: Dialogue, look: Columns, kind: str, thumbs: bool = True) -> Format:
    """A recognised dialogue with what stands beside its turns."""
    thumb = thumb_column(look, dialogue.columns) if thumbs and dialogue.name != PREFERENCE else None
    category = None if thumb else look.first(CATEGORY, but=dialogue.columns)
    around = beside(look, dialogue.columns, label_column=category)
    used = [*dialogue.columns, *around.columns]
    mapping = dict(dialogue.mapping)
    system = next((column for column in around.columns if around.system and column not in (
        around.tools, around.media, category)), None)
    if system is not None:
        mapping["system"] = system
    if category is not None:
        mapping["label"] = category
    notes = GUESSED if dialogue.guessed else ()
    if thumb is not None:
        column, guessed = thumb
        return Format(THUMBS, because_of([*used, column], look.names), {**mapping, "label": column},
                      thumb_rows(dialogue_rows(dialogue, around), column), notes or (GUESSED if guessed else ()))
    name = TABLE if kind in TABLES and dialogue.name in ("alpaca", "prompt_completion") else dialogue.name
    to_row = (preference_rows(dialogue, look, around) if name == PREFERENCE else dialogue_rows(dialogue, around))
    return Format(name, because_of(used, look.names), mapping, to_row, notes)


def document_format(look: Columns) -> Format | None:
    found = text_format(look, guessed=False)
    return found._replace(reason=DOCUMENT) if found else None


def text_format(look: Columns, guessed: bool) -> Format | None:
    column = text_column(look)
    if column is None:
        return None
    category = look.first(CATEGORY, but=[column])
    mapping = {"text": column, **({"label": category} if category else {})}
    parts = {name: part_of(given, look) for name, given in mapping.items()}
    to_row = text_rows(parts["text"].read, parts["label"].read if "label" in parts else None)
    return Format("text", because_of(mapping.values(), look.names), mapping, to_row, GUESSED if guessed else ())


def dialogue_rows(dialogue: Dialogue, around: Beside) -> ToRow:
    read = dialogue.messages

    def to_row(number: int, fields: Fields) -> Row:
        notes: list[str] = []
        return dialogue_row(number, fields, read(fields, notes), around, notes)

    return to_row
