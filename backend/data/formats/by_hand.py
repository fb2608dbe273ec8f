"""Columns mapped by hand, or guessed: every part of a row from its column or template."""

from backend.config.reading import PARTS, Reading
from backend.data.formats.columns import Columns
from backend.data.formats.dialogues import dialogue_reader, exchange
from backend.data.formats.format import Format, because_of, joined_reasons
from backend.data.formats.known import GUESSED, TABLE, dialogue_rows
from backend.data.formats.preference import preference_dialogue, preference_rows
from backend.data.formats.raw_text import text_rows
from backend.data.formats.rows import beside
from backend.data.formats.templates import part_of
from backend.data.formats.thumbs import holds_thumbs, thumb_rows
from backend.data.roles import PREFERENCE, THUMBS
from backend.protocol.errors import TanrenError
from backend.protocol.languages import Text

BY_HAND = Text("mapped by hand", "列の対応は手で指定")
_NEEDED = {"text": "text", PREFERENCE: "rejected", THUMBS: "label"}


def mapped_format(look: Columns, reading: Reading) -> Format:
    """The mapping that was set: every part from its column or template.

    Raises TanrenError data_unknown_part, data_unknown_column, data_bad_template, data_mapping_lacks and
    data_mapping_both.
    """
    mapping = {part: given for part, given in reading.mapping.items() if given}
    unknown = next((part for part in mapping if part not in PARTS), None)
    if unknown is not None:
        raise TanrenError("data_unknown_part", part=unknown, parts=", ".join(PARTS))
    parts = {part: part_of(given, look) for part, given in mapping.items()}
    if "text" in parts and ("question" in parts or "answer" in parts):
        raise TanrenError("data_mapping_both")
    needed = _NEEDED.get(reading.format, "")
    if needed and needed not in parts:
        raise TanrenError("data_mapping_lacks", part=needed)
    used = [column for part in parts.values() for column in part.columns]
    reason = joined_reasons(BY_HAND, because_of(used, look.names))
    label = parts["label"].read if "label" in parts else None
    system = parts["system"].read if "system" in parts else None
    if "text" in parts:
        return Format("text", reason, mapping, text_rows(parts["text"].read, label))
    around = beside(look, used, system, label)
    if "rejected" in parts and "answer" in parts:
        asked: dict[str, str] = {part: mapping[part] for part in ("question", "answer", "rejected") if part in mapping}
        pairs = preference_dialogue(look, asked)
        if pairs is not None:
            return Format(PREFERENCE, reason, mapping, preference_rows(pairs, look, around))
    turns = "question" in parts and "answer" not in parts and bool(parts["question"].column) and (
        dialogue_reader(parts["question"].column, look) is not None)
    if "question" not in parts or ("answer" not in parts and not turns):
        raise TanrenError("data_mapping_lacks", part="answer" if "question" in parts else "question")
    exchanged: dict[str, str] = {part: mapping[part] for part in ("question", "answer") if part in mapping}
    dialogue = exchange("messages" if turns else TABLE, exchanged, look)
    to_row = dialogue_rows(dialogue, around)
    thumb = parts["label"].column if "label" in parts else ""
    if reading.format == THUMBS and not thumb:  # a thumb is one column's mark, not a joined text
        raise TanrenError("data_bad_template", template=mapping["label"])
    if reading.format == THUMBS or (
            not reading.format and thumb and thumb not in dialogue.columns and holds_thumbs(look, thumb)):
        return Format(THUMBS, reason, mapping, thumb_rows(to_row, thumb))
    return Format(dialogue.name, reason, mapping, to_row)


def guessed_format(mapping: dict[str, str], look: Columns) -> Format:
    """A mapping that was guessed, with the note that says so."""
    found = mapped_format(look, Reading(mapping=mapping))
    used = [column for part in mapping.values() for column in part_of(part, look).columns]
    return found._replace(reason=because_of(used, look.names), notes=GUESSED)
