"""The four operations of EDA (Wei & Zou 2019, arXiv:1901.11196) on the pieces of a question.

Each takes as many words as the share of them says, at least one, as the paper's n = max(1, αl). Each returns the new
text, or None when nothing in the question may be changed so.
"""

import random

from backend.data.augment.pieces import Piece
from backend.data.augment.synonyms import Choice, Synonyms, one_of

_LETTERS = ("name", "tied", "word", "stem", "loose")
_NOTHING: tuple[str, Choice | None] = ("", None)


def replace_words(pieces: list[Piece], synonyms: Synonyms, share: float, rng: random.Random) -> str | None:
    """Words replaced by synonyms; each wherever it stands, as in the paper's program."""
    found = _replaceable(pieces, synonyms)
    texts = {text for text, _ in found.values()}
    taken = set(rng.sample(sorted(texts), min(_number(pieces, share), len(texts))))
    chosen: dict[str, str] = {}
    parts: list[str] = []
    place = 0
    while place < len(pieces):
        text, choice = found.get(place, _NOTHING)
        if choice is None or text not in taken:
            parts.append(pieces[place].text)
            place += 1
            continue
        parts.append(chosen.setdefault(text, one_of(choice, rng)))
        place += choice.length
    return "".join(parts) if chosen else None


def insert_words(pieces: list[Piece], synonyms: Synonyms, share: float, rng: random.Random) -> str | None:
    """Synonyms of words of the question put before words at random places."""
    found = list(_replaceable(pieces, synonyms).values())
    places = [place for place, piece in enumerate(pieces) if piece.kind in ("word", "stem")]
    if not found or not places:
        return None
    parts = [piece.text for piece in pieces]
    for _ in range(_number(pieces, share)):
        word = one_of(found[rng.randrange(len(found))][1], rng)
        place = places[rng.randrange(len(places))]
        parts[place] = word + ("" if pieces[place].speech else " ") + parts[place]
    return "".join(parts)


def swap_words(pieces: list[Piece], share: float, rng: random.Random) -> str | None:
    """Pairs of words that exchange their places; in Japanese nouns, so that particles and endings stay."""
    places = [place for place, piece in enumerate(pieces) if piece.kind == "word"]
    if len(places) < 2:
        return None
    parts = [piece.text for piece in pieces]
    for _ in range(_number(pieces, share)):
        one, other = rng.sample(places, 2)
        parts[one], parts[other] = parts[other], parts[one]
    return "".join(parts)


def delete_words(pieces: list[Piece], share: float, rng: random.Random) -> str | None:
    """Each word left out with the probability `share`, at least one of them, never all."""
    places = [place for place, piece in enumerate(pieces) if piece.kind in ("word", "loose")]
    if not places or sum(piece.kind in _LETTERS for piece in pieces) < 2:
        return None
    gone = {place for place in places if rng.random() < share} or {places[rng.randrange(len(places))]}
    if all(place in gone for place, piece in enumerate(pieces) if piece.kind in (*_LETTERS, "fixed")):
        gone.discard(places[rng.randrange(len(places))])
    # a Japanese noun takes its particle along
    gone |= {place for place, piece in enumerate(pieces)
             if place - 1 in gone and pieces[place - 1].kind == "word" and piece.kind == "loose"}
    text = ""
    for place, piece in enumerate(pieces):
        if place in gone:
            continue
        if place - 1 in gone and piece.kind == "gap":
            # of the two blanks around a word one stays, and none at the ends or before punctuation
            text = text.removesuffix(" ") + (piece.text if text else piece.text.removeprefix(" "))
        else:
            text += piece.text
    return text.removesuffix(" ") if len(pieces) - 1 in gone else text


def _replaceable(pieces: list[Piece], synonyms: Synonyms) -> dict[int, tuple[str, Choice]]:
    """Place of a word → (its text, its Choice); of overlapping ones the first."""
    found: dict[int, tuple[str, Choice]] = {}
    place = 0
    while place < len(pieces):
        choice = synonyms.at(pieces, place)
        if choice is None:
            place += 1
            continue
        found[place] = ("".join(piece.text for piece in pieces[place:place + choice.length]), choice)
        place += choice.length
    return found


def _number(pieces: list[Piece], share: float) -> int:
    return max(1, int(share * sum(piece.kind in _LETTERS for piece in pieces)))
