"""Japanese words and how they may be changed, by SudachiPy's dictionary, which is loaded for the first such text."""

import re
from functools import cache, lru_cache
from typing import Any

from backend.data.augment.pieces import Kind, Piece

HAS_KANA = re.compile("[\u3041-\u30ff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
LONGEST = 12_000
"""Characters at once: the analyser takes 49,149 bytes."""
_NOUN = ("名詞", "普通名詞")
_CHANGEABLE = {"一般", "サ変可能", "形状詞可能", "サ変形状詞可能"}
_TIME = "副詞可能"  # 今, 明日: a noun that says when
_ADJOINING = {"名詞", "接頭辞", "接尾辞", "形状詞", "記号"}
_DROPPED_IN_SPEECH = {"は", "が", "を", "の", "に"}
_ASKING = {"どう", "いつ", "なぜ", "何故", "どうして", "いくら", "いくつ", "どんな", "どの"}
_NEGATING = {"決して", "まったく", "全く", "必ずしも", "未だ", "まだ"}
_GAPS = {"空白", "補助記号"}
_DOING = {"する", "できる", "出来る", "いたす", "致す", "なさる", "くださる", "下さる", "いただく", "頂く"}


@cache
def _analyser() -> Any:
    from sudachipy import Dictionary, SplitMode

    return Dictionary().tokenizer(SplitMode.C)


def japanese_pieces(line: str) -> list[Piece]:
    """A line of Japanese as pieces; one fixed piece when it is too long to analyse, or no valid text."""
    if len(line) > LONGEST or _SURROGATE.search(line):
        return [Piece(line, "fixed")]
    words = [(word.surface(), word.part_of_speech(), word.dictionary_form()) for word in _analyser().tokenize(line)]
    pieces = []
    for place, (text, speech, _) in enumerate(words):
        before = words[place - 1] if place else ("", ("",) * 6, "")
        after = words[place + 1] if place + 1 < len(words) else ("", ("",) * 6, "")
        joined = before[1][0] in _ADJOINING or after[1][0] in _ADJOINING
        doing = after[1][0] == "動詞" and after[2] in _DOING
        pieces.append(Piece(text, _kind(text, speech, before[1], joined, doing), " ".join(speech[:3])))
    return pieces


@lru_cache(maxsize=20_000)
def speech_of(word: str) -> str:
    """The part of speech of a dictionary word, as Piece.speech has it; empty when it is no noun or is a name."""
    words = [part.part_of_speech() for part in _analyser().tokenize(word)]
    nominal = all(speech[0] in {"名詞", "接尾辞", "接頭辞", "形状詞"} and speech[1] != "固有名詞" for speech in words)
    return " ".join(words[-1][:3]) if words and nominal else ""


def _kind(text: str, speech: tuple[str, ...], before: tuple[str, ...], joined: bool, doing: bool) -> Kind:
    if speech[0] in _GAPS:
        return "gap"
    if speech[1] == "固有名詞" or text.isascii():
        return "name"
    if speech[:2] == _NOUN and speech[2] in _CHANGEABLE and not joined:
        return "stem" if doing else "word"
    if speech[0] == "形状詞" and speech[1] != "助動詞語幹" and not joined:
        return "stem"
    if speech[0] == "助詞" and text in _DROPPED_IN_SPEECH and before[0] == "名詞":
        return "loose"
    when = speech[2] == _TIME and not joined
    if (when or speech[0] in {"副詞", "感動詞", "接続詞"}) and text not in _ASKING | _NEGATING:
        return "loose"
    return "tied"
