"""Raw text for continued pretraining: one piece a row."""

from backend.data.dataset import Row
from backend.data.formats.columns import TEXT, Columns
from backend.data.formats.format import Fields, ToRow
from backend.data.formats.templates import Read
from backend.data.roles import is_blank


def text_column(look: Columns) -> str | None:
    """The column of raw text by its name, else the only one that holds text."""
    column = look.first(TEXT)
    if column is not None:
        return column
    texts = [name for name in look.names if look.holds_text(name)]
    return texts[0] if len(texts) == 1 else None


def text_rows(read: Read, label: Read | None = None) -> ToRow:
    """The rows of raw text."""
    def to_row(number: int, fields: Fields) -> Row:
        notes: list[str] = []
        text = read(fields, notes)
        return Row(row=number, text=text, problem="empty_text" if is_blank(text) else "",
                   label=label(fields, notes) if label else "", notes=tuple(dict.fromkeys(notes)))

    return to_row
