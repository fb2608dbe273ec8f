"""Dialogues written as one text: "\\n\\nHuman: … \\n\\nAssistant: …" (HH-RLHF)."""

import re

from backend.data.dataset import Message
from backend.data.formats.turns import ROLES

_SPEAKER = re.compile(r"(?:\A\s*|\n\n+)(Human|Assistant|System|User|Function Response):[ ]?", re.IGNORECASE)
_ROLES = {**ROLES, "function response": "tool"}


def is_transcript(text: str) -> bool:
    """Whether the text begins with a speaker and has an assistant in it."""
    first = _SPEAKER.match(text)
    return first is not None and any(found[1].lower() == "assistant" for found in _SPEAKER.finditer(text))


def transcript_messages(text: str) -> list[Message]:
    """The turns of a transcript; an empty last turn (the assistant is to speak) is none."""
    found = list(_SPEAKER.finditer(text))
    messages: list[Message] = []
    for place, speaker in enumerate(found):
        end = found[place + 1].start() if place + 1 < len(found) else len(text)
        messages.append({"role": _ROLES[speaker[1].lower()], "content": text[speaker.end():end].strip()})
    if messages and not messages[-1]["content"]:
        messages.pop()
    return messages
