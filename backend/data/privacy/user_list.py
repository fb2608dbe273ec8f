"""The words that a user lists: customers, projects, products, anything that no rule could know."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

from backend.data.privacy.hit import CHECKED, Span

LEAST_LENGTH = 2
_END = ""


class UserNames:
    """Listed words, found without regard to width and case; a word of Latin letters only as a whole word."""

    def __init__(self, words: Iterable[str] = ()) -> None:
        plain = {unicodedata.normalize("NFKC", word).strip().casefold() for word in words}
        self.words = sorted(word for word in plain if len(word) >= LEAST_LENGTH)
        self._pattern = re.compile(_joined(_tree(self.words)), re.IGNORECASE) if self.words else None

    def spans(self, text: str) -> Iterator[Span]:
        """Every listed word in the (normalised) text; of two that begin at one place the longer."""
        if self._pattern is None:
            return
        for match in self._pattern.finditer(text):
            start, end = match.span()
            if not (_cuts(text, start) or _cuts(text, end)):
                yield Span(start, end, "user_list", CHECKED + 1)


def _cuts(text: str, place: int) -> bool:
    """Whether a place is inside a word of Latin letters or digits."""
    around = text[max(0, place - 1) : place + 1]
    return len(around) == 2 and place > 0 and all(char.isascii() and char.isalnum() for char in around)


def _tree(words: list[str]) -> dict[str, Any]:
    """The words letter by letter: thousands of them are searched at the cost of one."""
    root: dict[str, Any] = {}
    for word in words:
        node = root
        for char in word:
            node = node.setdefault(char, {})
        node[_END] = {}
    return root


def _joined(node: dict[str, Any]) -> str:
    """A regular expression of the tree, without recursion (a listed word may be long)."""
    stack: list[tuple[dict[str, Any], list[str], Iterator[tuple[str, Any]]]] = [(node, [], iter(node.items()))]
    while True:
        current, parts, rest = stack[-1]
        char, child = next(rest, ("", None))
        if char == _END and child is not None:
            continue
        if child is not None:
            stack.append((child, [], iter(child.items())))
            parts.append(re.escape(char).replace("\\ ", r"\s+"))
            continue
        stack.pop()
        whole = "|".join(parts)
        if parts and (len(parts) > 1 or _END in current):
            whole = f"(?:{whole})" + ("?" if _END in current else "")
        if not stack:
            return whole
        stack[-1][1][-1] += whole
