"""Which format a file's columns are: found out with its reason, or chosen, or mapped by hand."""

from pathlib import Path
from typing import Any

import msgspec

from backend.config.reading import FORMATS, PARTS, Reading
from backend.data.dataset import Row
from backend.data.formats.columns import CATEGORY, TEXT, Columns
from backend.data.formats.dialogues import (
    Dialogue,
    alpaca_dialogue,
    dialogue_reader,
    exchange,
    pair_dialogue,
    turns_dialogue,
    unnamed_turns,
)
from backend.data.formats.format import Fields, Format, ToRow, because_of, named
from backend.data.formats.guesses import (
    guessed_choices,
    guessed_label,
    guessed_sentence_pair,
    guessed_text,
    guessed_two_texts,
)
from backend.data.formats.preference import preference_dialogue, preference_rows
from backend.data.formats.raw_text import text_column, text_rows
from backend.data.formats.rows import Beside, beside, dialogue_row
from backend.data.formats.templates import part_of
from backend.data.formats.thumbs import holds_thumbs, thumb_column, thumb_rows
from backend.data.roles import PREFERENCE, THUMBS
from backend.protocol.errors import TanrenError
from backend.protocol.languages import Text

TABLES = ("csv", "tsv", "xlsx", "parquet")
TEXTS = ("text", "markdown", "docx", "pdf")
TABLE = "table"
GUESSED = ("mapping_guessed",)
NOTHING_IN_IT: tuple[Any, ...] = (None, "", [], {})
THIS_FILE = Text("this file", "このファイル")
BY_HAND = Text("mapped by hand", "列の対応は手で指定")
DOCUMENT = Text("a document, cut into pieces at its headings and paragraphs", "文書（見出しと段落で区切ります）")
CHOSEN_FORMAT = Text("chosen by hand", "形式は手で指定")


def detect_format(columns: list[str], sample: list[dict[str, Any]], reading: Reading, kind: str,
                  path: Path | Text = THIS_FILE) -> Format:
    """The format of a file with these columns, judged by its first records `sample`.

    `kind` is that of the reader; `path` is for the error only. Raises TanrenError data_unknown_format, and for what
    `reading` asks: data_format_lacks, data_unknown_column, data_unknown_part, data_bad_template, data_mapping_lacks.
    """
    look = Columns(columns, sample)
    if reading.format and reading.format not in FORMATS:
        raise TanrenError("data_no_such_format", format=reading.format, formats=", ".join(FORMATS))
    if reading.mapping:
        found: Format | None = _by_hand(look, reading)
    elif reading.format:
        found = _chosen(look, reading.format, kind)
    else:
        found = _document(look) if kind in TEXTS else _found(look, kind)
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
        return _of_dialogue(preference, look, kind)
    turns = turns_dialogue(look)
    if turns is not None:
        return _of_dialogue(turns, look, kind)
    choices = guessed_choices(look)
    if choices is not None:
        return _guessed(choices, look)
    known = alpaca_dialogue(look) or pair_dialogue(look) or unnamed_turns(look)
    if known is not None:
        return _of_dialogue(known, look, kind)
    labelled = guessed_sentence_pair(look) or guessed_label(look)
    if labelled is not None:
        return _guessed(labelled, look)
    if look.first(TEXT) is not None:
        return _text(look, guessed=False)
    texts = guessed_two_texts(look)
    if texts is not None:
        return _guessed(texts, look)
    return _text(look, guessed=True) if guessed_text(look) else None


def _chosen(look: Columns, name: str, kind: str) -> Format:
    """The format that was asked for. Raises TanrenError data_format_lacks, naming what the columns lack."""
    found: Format | None = None
    lacks = Text("", "")
    if name == PREFERENCE:
        dialogue = preference_dialogue(look)
        lacks = Text("columns chosen and rejected", "列 chosen と rejected")
        found = _of_dialogue(dialogue, look, kind) if dialogue else None
    elif name == THUMBS:
        return _chosen_thumbs(look, kind)
    elif name == "text":
        lacks = Text("a column text", "列 text")
        found = _text(look, guessed=False)
    elif name in ("messages", "sharegpt"):
        dialogue = turns_dialogue(look) or unnamed_turns(look)
        lacks = (Text("a column messages with a list of turns", "発言のリストを持つ列 messages") if name == "messages"
                 else Text("a column conversations with a list of turns", "発言のリストを持つ列 conversations"))
        found = _of_dialogue(dialogue._replace(name=name), look, kind, thumbs=False) if dialogue else None
    elif name == TABLE:
        mapping = guessed_choices(look)
        pair = alpaca_dialogue(look) or pair_dialogue(look)
        if mapping is None and pair is None:
            mapping = guessed_sentence_pair(look) or guessed_label(look) or guessed_two_texts(look)
        lacks = Text("a column with questions and one with answers", "質問の列と回答の列")
        found = (_guessed(mapping, look) if mapping else
                 _of_dialogue(pair._replace(name=TABLE), look, kind, thumbs=False) if pair else None)
    else:
        dialogue = alpaca_dialogue(look) if name == "alpaca" else pair_dialogue(look)
        lacks = _lacks_of_pair(look, name)
        found = _of_dialogue(dialogue, look, "", thumbs=False) if dialogue else None
    if found is None:
        raise _lacking(look, name, lacks)
    return found._replace(reason=_joined(CHOSEN_FORMAT, found.reason))


def _chosen_thumbs(look: Columns, kind: str) -> Format:
    dialogue = turns_dialogue(look) or alpaca_dialogue(look) or pair_dialogue(look) or unnamed_turns(look)
    if dialogue is None:
        raise _lacking(look, THUMBS, Text("a column with questions and one with answers", "質問の列と回答の列"))
    thumb = thumb_column(look, dialogue.columns)
    if thumb is None:
        raise _lacking(look, THUMBS, Text("a column label with true and false", "true と false の列 label"))
    found = _of_dialogue(dialogue, look, kind)
    return found._replace(reason=_joined(CHOSEN_FORMAT, found.reason), notes=())


def _lacks_of_pair(look: Columns, name: str) -> Text:
    wanted = ("instruction", "output") if name == "alpaca" else ("prompt", "completion")
    missing = [column for column in wanted if look.first([column]) is None] or list(wanted)
    return Text("a column " + " and a column ".join(missing), "列 " + " と列 ".join(missing))


def _by_hand(look: Columns, reading: Reading) -> Format:
    """The mapping that was set: every part from its column or template."""
    mapping = {part: given for part, given in reading.mapping.items() if given}
    unknown = next((part for part in mapping if part not in PARTS), None)
    if unknown is not None:
        raise TanrenError("data_unknown_part", part=unknown, parts=", ".join(PARTS))
    parts = {part: part_of(given, look) for part, given in mapping.items()}
    used = [column for part in parts.values() for column in part.columns]
    reason = _joined(BY_HAND, because_of(used, look.names))
    label = parts["label"].read if "label" in parts else None
    system = parts["system"].read if "system" in parts else None
    if "text" in parts and "question" not in parts and "answer" not in parts:
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
    to_row = _dialogue_rows(dialogue, around)
    thumb = parts["label"].column if "label" in parts else ""
    if reading.format == THUMBS and not thumb:
        raise TanrenError("data_mapping_lacks", part="label")
    if reading.format == THUMBS or (
            not reading.format and thumb and thumb not in dialogue.columns and holds_thumbs(look, thumb)):
        return Format(THUMBS, reason, mapping, thumb_rows(to_row, thumb))
    return Format(dialogue.name, reason, mapping, to_row)


def _of_dialogue(dialogue: Dialogue, look: Columns, kind: str, thumbs: bool = True) -> Format:
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
                      thumb_rows(_dialogue_rows(dialogue, around), column), notes or (GUESSED if guessed else ()))
    name = TABLE if kind in TABLES and dialogue.name in ("alpaca", "prompt_completion") else dialogue.name
    to_row = (preference_rows(dialogue, look, around) if name == PREFERENCE else _dialogue_rows(dialogue, around))
    return Format(name, because_of(used, look.names), mapping, to_row, notes)


def _guessed(mapping: dict[str, str], look: Columns) -> Format:
    found = _by_hand(look, Reading(mapping=mapping))
    used = [column for part in mapping.values() for column in part_of(part, look).columns]
    return found._replace(reason=because_of(used, look.names), notes=GUESSED)


def _document(look: Columns) -> Format | None:
    found = _text(look, guessed=False)
    return found._replace(reason=DOCUMENT) if found else None


def _text(look: Columns, guessed: bool) -> Format | None:
    column = text_column(look)
    if column is None:
        return None
    category = look.first(CATEGORY, but=[column])
    mapping = {"text": column, **({"label": category} if category else {})}
    parts = {name: part_of(given, look) for name, given in mapping.items()}
    to_row = text_rows(parts["text"].read, parts["label"].read if "label" in parts else None)
    return Format("text", because_of(mapping.values(), look.names), mapping, to_row, GUESSED if guessed else ())


def _dialogue_rows(dialogue: Dialogue, around: Beside) -> ToRow:
    read = dialogue.messages

    def to_row(number: int, fields: Fields) -> Row:
        notes: list[str] = []
        return dialogue_row(number, fields, read(fields, notes), around, notes)

    return to_row


def _lacking(look: Columns, name: str, lacks: Text) -> TanrenError:
    return TanrenError("data_format_lacks", format=name, lacks=lacks, columns=named(look.names))


def _joined(first: Text, second: Text) -> Text:
    return Text(f"{first.en}: {second.en}", f"{first.ja}: {second.ja}")
