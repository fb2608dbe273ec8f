"""What a dialogue's row has beside its turns (system prompt, tools, label, media), and the row made of all."""

from collections.abc import Callable
from typing import Any, NamedTuple

from backend.data.dataset import Message, Row
from backend.data.formats.cells import is_nothing, text_of
from backend.data.formats.columns import MEDIA, SYSTEM, TOOLS, Columns
from backend.data.formats.format import Fields
from backend.data.formats.templates import Read, cell_reader
from backend.data.formats.tool_calls import calls_of, tools_of
from backend.data.roles import problem_of_dialogue

Messages = Callable[[Fields, list[str]], list[Message]]
NO_TOOLS: tuple[Any, ...] = (None, "", "[]", "{}", [], {})


class Beside(NamedTuple):
    """Columns beside the turns: readers or column names; empty where the file has none."""

    system: Read | None
    label: Read | None
    tools: str
    media: str
    columns: tuple[str, ...]


def beside(look: Columns, used: list[str], system: Read | None = None, label: Read | None = None,
           label_column: str | None = None) -> Beside:
    """The columns that no turn is made of (`used` are) and that mean something all the same."""
    system_column = look.first(SYSTEM, but=used) if system is None else None
    tools, media = look.first(TOOLS, but=used) or "", look.first(MEDIA, but=used) or ""
    if not tools and "tools" not in used:  # rows behind the first ones may have it
        tools = "tools"
    if label_column is not None and label is None:
        label = cell_reader(label_column)
    columns = (system_column, tools if tools in look.names else None, label_column, media)
    return Beside(cell_reader(system_column) if system_column else system, label, tools, media,
                  tuple(column for column in columns if column))


def dialogue_row(number: int, fields: Fields, messages: list[Message], beside: Beside, notes: list[str]) -> Row:
    """The row of a dialogue: whether it can be trained on is decided here."""
    if beside.system is not None:
        system = beside.system(fields, notes)
        if system.strip():
            messages = _with_system(system, messages, notes)
    tools = []
    if beside.tools and not is_nothing(given := fields.get(beside.tools)) and given not in NO_TOOLS:
        found = tools_of(given)
        if found is None:
            notes.append("bad_tools")
        else:
            tools = found
            _read_calls(messages, found)
    if beside.media and not is_nothing(media := fields.get(beside.media)) and media not in ("", [], {}):
        notes.append("media_left_out")
    return Row(row=number, messages=messages, tools=tools, problem=problem_of_dialogue(messages),
               label=beside.label(fields, notes) if beside.label is not None else "",
               notes=tuple(dict.fromkeys(notes)) if notes else ())


def blank(fields: Fields, column: str) -> bool:
    """Whether a cell has nothing to read in it."""
    return not text_of(fields.get(column), []).strip()


def _with_system(system: str, messages: list[Message], notes: list[str]) -> list[Message]:
    """The dialogue's own system prompt wins over the column's."""
    if messages and messages[0]["role"] == "system":
        if messages[0]["content"].strip() != system.strip():
            notes.append("system_twice")
        return messages
    return [{"role": "system", "content": system}, *messages]


def _read_calls(messages: list[Message], tools: list[dict[str, object]]) -> None:
    """An answer that is the JSON of calls of these very tools, and nothing else, is those calls."""
    if not messages or messages[-1]["role"] != "assistant" or messages[-1]["content"].lstrip()[:1] not in ("[", "{"):
        return
    calls = calls_of(messages[-1]["content"])
    names = {function["name"] for tool in tools if isinstance(function := tool["function"], dict)}
    if calls and all(call["function"]["name"] in names for call in calls):
        messages[-1] = {**messages[-1], "content": "", "tool_calls": calls}
