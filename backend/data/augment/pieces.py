"""A question cut into pieces that an augmentation may change and pieces that must stay."""

import re
from functools import lru_cache
from typing import Literal, NamedTuple

from backend.data.cleaning.code_blocks import CODE_BLOCK

Kind = Literal["fixed", "gap", "name", "tied", "word", "stem", "loose"]
"""fixed: never touched; gap: blanks and punctuation; name, tied (inflected, negating, asking, part of a compound): only
replaced by the user's own list; word: anything; stem (before する or な): replaced; loose: may be left out."""

# code, chat marks and tags, placeholders, links, e-mail addresses, files, and whatever has a digit in it
_FIXED = "|".join((
    r"`[^`\n]+`", r"<\|[^|\n]{1,80}\|>", r"</?[A-Za-z][^<>\n]{0,200}>", r"\$?\{{1,3}[^{}\n]{0,200}\}{1,3}",
    r"%\([A-Za-z_]\w*\)[a-z]", r"%[sdfr]\b", r"\$[A-Za-z_]\w*", r"\[[A-Z_]{2,40}\]",
    r"(?i:https?|ftp|file)://[^\s<>「」、。]+",
    r"(?<![A-Za-z0-9_.+\-])[A-Za-z0-9_.+\-]+@[A-Za-z0-9\-]+\.[A-Za-z0-9.\-]+",
    r"(?<![A-Za-z_\-])[A-Za-z_\-]*[0-9０-９][A-Za-z0-9０-９_.,:/%+\-]*",
    r"(?<![A-Za-z0-9_])[A-Za-z0-9_]+[_/\\.][A-Za-z0-9_/\\.]*[A-Za-z0-9_]"))
_WORD = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*")
# what makes a question, its negation and its grammar
_STAYS = re.compile(
    "a|an|the|no|not|never|none|nothing|nobody|nowhere|neither|nor|without|cannot|except|only|what|who|whom|whose|which|"
    "when|where|why|how|do|does|did|is|are|was|were|be|am|has|have|had|can|could|will|would|shall|should|may|might|must|"
    "i|you|he|she|it|we|they|me|him|her|us|them|my|your|his|its|our|their|and|or|but|if|than|of|to|in|on|at|for|from|by",
    re.IGNORECASE)
_SENTENCE_ENDS = ".!?:;\n"


class Piece(NamedTuple):
    """A part of a text; all of them joined are the text. `speech`: of a Japanese word its part of speech."""

    text: str
    kind: Kind
    speech: str = ""


def pieces_of(text: str, protect: tuple[str, ...] = ()) -> list[Piece]:
    """The pieces of a question; `protect`: words that stay, found without regard to case."""
    pieces: list[Piece] = []
    end = 0
    for block in CODE_BLOCK.finditer(text):
        pieces += [*_of_prose(text[end:block.start()], protect), Piece(block[0], "fixed")]
        end = block.end()
    pieces += _of_prose(text[end:], protect)
    return [_tied(piece) if _touches_fixed(pieces, place) else piece for place, piece in enumerate(pieces)]


def words_in(text: str) -> tuple[str, ...]:
    """The words of a list separated by commas, longest first."""
    words = {word.strip() for word in re.split("[,、，\n]", text)} - {""}
    return tuple(sorted(words, key=lambda word: (-len(word), word)))


def _touches_fixed(pieces: list[Piece], place: int) -> bool:
    """Whether a Japanese word stands at something that stays, as the 円 of {price}円."""
    return pieces[place].speech != "" and any(
        pieces[beside].kind == "fixed" for beside in (place - 1, place + 1) if 0 <= beside < len(pieces))


def _tied(piece: Piece) -> Piece:
    return piece._replace(kind="tied") if piece.kind in ("word", "stem") else piece


def _of_prose(text: str, protect: tuple[str, ...]) -> list[Piece]:
    pieces: list[Piece] = []
    end = 0
    for found in _staying(protect).finditer(text):
        pieces += [*_of_lines(text[end:found.start()]), Piece(found[0], "fixed")]
        end = found.end()
    return pieces + _of_lines(text[end:])


def _of_lines(text: str) -> list[Piece]:
    from backend.data.augment.japanese import HAS_KANA, japanese_pieces

    pieces: list[Piece] = []
    for line in text.splitlines(keepends=True):
        pieces += japanese_pieces(line) if HAS_KANA.search(line) else _of_spaced(line)
    return pieces


def _of_spaced(line: str) -> list[Piece]:
    """A line of a language that puts blanks between words."""
    pieces: list[Piece] = []
    end = 0
    for found in _WORD.finditer(line):
        if found.start() > end:
            pieces.append(Piece(line[end:found.start()], "gap"))
        begins = not line[:found.start()].strip() or line[:found.start()].rstrip()[-1] in _SENTENCE_ENDS
        pieces.append(Piece(found[0], _kind_of_spaced(found[0], begins)))
        end = found.end()
    return [*pieces, Piece(line[end:], "gap")] if end < len(line) else pieces


def _kind_of_spaced(word: str, begins: bool) -> Kind:
    if _STAYS.fullmatch(word) or "'" in word or "’" in word:
        return "tied"
    capitals = sum(char.isupper() for char in word)
    if capitals and (not begins or capitals > 1):
        return "name"
    return "word"


@lru_cache(maxsize=16)
def _staying(protect: tuple[str, ...]) -> re.Pattern[str]:
    own = [rf"(?<![A-Za-z0-9])(?i:{re.escape(word)})(?![A-Za-z0-9])" for word in protect]
    return re.compile("|".join((*own, _FIXED)))
