"""Fenced code inside a text (CommonMark 4.5), which cleaning leaves as it is."""

import re
from collections.abc import Callable

# an opening fence without its closing one runs to the end of the text
CODE_BLOCK = re.compile(r"^[ ]{0,3}(?P<fence>`{3,}(?=[^`\n]*$)|~{3,})[^\n]*(?:\n|\Z)"
                        r"(?:.*?^[ ]{0,3}(?P=fence)[`~]*[ \t]*$|.*\Z)",
                        re.MULTILINE | re.DOTALL)


def outside_code(text: str, change: Callable[[str], str]) -> str:
    """The text with `change` applied to everything that is not in a fenced code block."""
    if "```" not in text and "~~~" not in text:
        return change(text)
    parts: list[str] = []
    end = 0
    for block in CODE_BLOCK.finditer(text):
        parts += [change(text[end:block.start()]), block[0]]
        end = block.end()
    return "".join([*parts, change(text[end:])])
