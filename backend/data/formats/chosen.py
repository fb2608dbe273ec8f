"""A format that was chosen by hand: read so, or refused with the column that it lacks."""

from backend.data.formats.by_hand import guessed_format
from backend.data.formats.columns import ANSWER, INSTRUCTION, QUESTION, Columns
from backend.data.formats.dialogues import (
    ALPACA_OUTPUT,
    alpaca_dialogue,
    pair_dialogue,
    turns_dialogue,
    unnamed_turns,
)
from backend.data.formats.format import Format, joined_reasons, named
from backend.data.formats.guesses import guessed_choices, guessed_label, guessed_sentence_pair, guessed_two_texts
from backend.data.formats.known import TABLE, dialogue_format, text_format
from backend.data.formats.preference import preference_dialogue
from backend.data.formats.thumbs import thumb_column
from backend.data.roles import PREFERENCE, THUMBS
from backend.protocol.errors import TanrenError
from backend.protocol.languages import Text

CHOSEN = Text("chosen by hand", "形式は手で指定")


def chosen_format(look: Columns, name: str, kind: str) -> Format:
    """The format that was asked for. Raises TanrenError data_format_lacks, naming what the columns lack."""
    found: Format | None = None
    lacks = Text("", "")
    if name == PREFERENCE:
        dialogue = preference_dialogue(look)
        lacks = Text("columns chosen and rejected", "列 chosen と rejected")
        found = dialogue_format(dialogue, look, kind) if dialogue else None
    elif name == THUMBS:
        return _chosen_thumbs(look, kind)
    elif name == "text":
        lacks = Text("a column text", "列 text")
        found = text_format(look, guessed=False)
    elif name in ("messages", "sharegpt"):
        dialogue = turns_dialogue(look) or unnamed_turns(look)
        lacks = (Text("a column messages with a list of turns", "発言のリストを持つ列 messages") if name == "messages"
                 else Text("a column conversations with a list of turns", "発言のリストを持つ列 conversations"))
        found = dialogue_format(dialogue._replace(name=name), look, kind, thumbs=False) if dialogue else None
    elif name == TABLE:
        mapping = guessed_choices(look)
        pair = alpaca_dialogue(look) or pair_dialogue(look)
        if mapping is None and pair is None:
            mapping = guessed_sentence_pair(look) or guessed_label(look) or guessed_two_texts(look)
        lacks = Text("a column with questions and one with answers", "質問の列と回答の列")
        found = (guessed_format(mapping, look) if mapping else
                 dialogue_format(pair._replace(name=TABLE), look, kind, thumbs=False) if pair else None)
    else:
        dialogue = alpaca_dialogue(look) if name == "alpaca" else pair_dialogue(look)
        lacks = _lacks_of_pair(look, name)
        found = dialogue_format(dialogue, look, "", thumbs=False) if dialogue else None
    if found is None:
        raise _lacking(look, name, lacks)
    return found._replace(reason=joined_reasons(CHOSEN, found.reason))


def _chosen_thumbs(look: Columns, kind: str) -> Format:
    dialogue = turns_dialogue(look) or alpaca_dialogue(look) or pair_dialogue(look) or unnamed_turns(look)
    if dialogue is None:
        raise _lacking(look, THUMBS, Text("a column with questions and one with answers", "質問の列と回答の列"))
    thumb = thumb_column(look, dialogue.columns)
    if thumb is None:
        raise _lacking(look, THUMBS, Text("a column label with true and false", "true と false の列 label"))
    found = dialogue_format(dialogue, look, kind)
    return found._replace(reason=joined_reasons(CHOSEN, found.reason), notes=())


def _lacks_of_pair(look: Columns, name: str) -> Text:
    wanted: dict[str, tuple[str, ...]]
    if name == "alpaca":
        wanted = {"instruction": INSTRUCTION, "output": ALPACA_OUTPUT}
    else:
        wanted = {"prompt": QUESTION, "completion": ANSWER}
    missing = [column for column, names in wanted.items() if look.first(names) is None] or list(wanted)
    return Text("a column " + " and a column ".join(missing), "列 " + " と列 ".join(missing))


def _lacking(look: Columns, name: str, lacks: Text) -> TanrenError:
    return TanrenError("data_format_lacks", format=name, lacks=lacks, columns=named(look.names))
