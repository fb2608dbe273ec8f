"""Which words may stand for which: the user's list, and the Sudachi synonym dictionary for Japanese nouns."""

import random
from functools import cache
from pathlib import Path
from typing import NamedTuple

from backend.data.augment.japanese import speech_of
from backend.data.augment.lists import read_synonyms
from backend.data.augment.pieces import Piece
from backend.data.folding import compact
from backend.home import resources_folder
from backend.protocol.errors import TanrenError
from backend.protocol.languages import Text

DICTIONARY = resources_folder() / "synonyms_ja" / "groups.tsv"
_COMMON = "名詞 普通名詞 "


class Choice(NamedTuple):
    """`length` pieces from one place on, and the texts that may replace them."""

    length: int
    words: tuple[str, ...]


class Synonyms:
    """The synonyms of one list of the user (an empty path: none) with or without the dictionary.

    Raises TanrenError word_list_invalid and those of opening a file; setting_invalid when there is nothing to use.
    """

    def __init__(self, file: str, dictionary: bool) -> None:
        if not file and not dictionary:
            raise TanrenError("setting_invalid", name="file", value="", reason=Text(
                "without the Japanese dictionary, a list of synonyms is needed",
                "日本語の辞書を使わない場合は、同義語のリストが必要です"))
        own = read_synonyms(Path(file)) if file else {}
        self._own = {_plain(word): tuple(others) for word, others in own.items()}
        self._longest = max(map(len, self._own), default=0)
        self._groups = _dictionary() if dictionary else {}

    def at(self, pieces: list[Piece], place: int) -> Choice | None:
        """What may replace the piece at `place`, or several from it on; None when nothing may."""
        if pieces[place].kind in ("fixed", "gap"):
            return None
        return self._of_list(pieces, place) or self._of_dictionary(pieces[place])

    def _of_list(self, pieces: list[Piece], place: int) -> Choice | None:
        """The longest entry of the user's list that begins here."""
        text, found = "", None
        for length, piece in enumerate(pieces[place:place + 2 * self._longest], start=1):
            text += piece.text
            plain = _plain(text)
            if piece.kind == "fixed" or len(plain) > self._longest:
                break
            words = self._own.get(plain) if piece.kind != "gap" else None
            if words:
                found = Choice(length, tuple(_cased(word, text) for word in words))
        return found

    def _of_dictionary(self, piece: Piece) -> Choice | None:
        if piece.kind not in ("word", "stem") or not piece.speech:
            return None
        words = tuple(word for word in self._groups.get(piece.text, ())
                      if word != piece.text and _fits(speech_of(word), piece))
        return Choice(1, words) if words else None


def one_of(choice: Choice, rng: random.Random) -> str:
    """A replacement, drawn."""
    return choice.words[rng.randrange(len(choice.words))]


@cache
def _dictionary() -> dict[str, tuple[str, ...]]:
    groups: dict[str, tuple[str, ...]] = {}
    for line in DICTIONARY.read_text(encoding="utf-8").splitlines():
        group = tuple(line.split("\t"))
        groups.update(dict.fromkeys(group, group))
    return groups


def _fits(speech: str, piece: Piece) -> bool:
    """Whether a word of that part of speech can stand where `piece` does: a noun for a noun; before する and な only
    one that takes them too."""
    both_common = piece.kind == "word" and speech.startswith(_COMMON) and piece.speech.startswith(_COMMON)
    return bool(speech) and (speech == piece.speech or (both_common and not speech.endswith("助数詞可能")))


def _plain(text: str) -> str:
    return compact(text)


def _cased(word: str, replaced: str) -> str:
    """`word` with a capital first letter where what it replaces has one and it has none of its own."""
    return word[:1].upper() + word[1:] if replaced[:1].isupper() and word == word.lower() else word
