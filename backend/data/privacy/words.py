"""Japanese text as words, by SudachiPy's dictionary, which is loaded when the first Japanese text comes."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any, NamedTuple

HAS_JAPANESE = re.compile(r"[぀-ヿ々㐀-鿿]")
CHUNK = 12_000
"""Characters at once: the analyser takes 49,149 bytes."""


class Word(NamedTuple):
    """Characters start:end of the view. `sort`: surname, given, person, place, proper, noun, suffix, prefix, number,
    particle, ending (of verbs), verb, symbol, space, other; `known`: it is in the dictionary."""

    start: int
    end: int
    text: str
    sort: str
    known: bool


@cache
def _dictionary() -> Any:
    from sudachipy import Dictionary

    return Dictionary()


@cache
def _analyser() -> Any:
    from sudachipy import SplitMode

    return _dictionary().tokenizer(SplitMode.C)


@lru_cache(maxsize=200_000)
def sorts_of(text: str) -> frozenset[str]:
    """Everything that the dictionary says a word may be (a surname and a place and a noun …); nothing when unknown."""
    return frozenset(_sort_of(morpheme.part_of_speech()) for morpheme in _dictionary().lookup(text))


_SORTS: dict[int, str] = {}


def words_of(text: str) -> list[Word]:
    """The words of a text, in order; none when it holds no Japanese."""
    if not HAS_JAPANESE.search(text):
        return []
    words = []
    analyser = _analyser()
    for begin, chunk in _chunks(text):
        for morpheme in analyser.tokenize(chunk):
            number = morpheme.part_of_speech_id()
            sort = _SORTS.get(number)
            if sort is None:
                sort = _SORTS[number] = _sort_of(morpheme.part_of_speech())
            words.append(
                Word(begin + morpheme.begin(), begin + morpheme.end(), morpheme.surface(), sort, not morpheme.is_oov())
            )
    return words


def _chunks(text: str) -> Iterator[tuple[int, str]]:
    begin = 0
    while begin < len(text):
        end = min(begin + CHUNK, len(text))
        if end < len(text):
            end = max(text.rfind("\n", begin, end), text.rfind("。", begin, end), begin + CHUNK // 2) + 1
        yield begin, text[begin:end]
        begin = end


def _sort_of(speech: tuple[str, ...]) -> str:
    if speech[1] == "固有名詞":
        if speech[2] == "人名":
            return {"姓": "surname", "名": "given"}.get(speech[3], "person")
        return "place" if speech[2] == "地名" else "proper"
    if speech[1] == "数詞":
        return "number"
    return {
        "名詞": "noun",
        "代名詞": "pronoun",
        "接尾辞": "suffix",
        "接頭辞": "prefix",
        "助詞": "particle",
        "助動詞": "ending",
        "動詞": "verb",
        "空白": "space",
        "補助記号": "symbol",
        "記号": "symbol",
    }.get(speech[0], "other")
