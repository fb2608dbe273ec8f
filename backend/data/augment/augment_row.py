"""New rows from one row: the last question changed, everything else as it was."""

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from backend.data.augment.japanese import HAS_KANA
from backend.data.augment.lists import QUESTION, read_phrasings
from backend.data.augment.phrasings import by_form, by_frame
from backend.data.augment.pieces import Piece, pieces_of, words_in
from backend.data.augment.settings import RephraseSettings, SynonymSettings, WordSettings
from backend.data.augment.synonyms import Synonyms
from backend.data.augment.word_changes import delete_words, insert_words, replace_words, swap_words
from backend.data.dataset import Row, key_hash, question_key, up_to_last_answer

TRIES_A_COPY = 8

Augment = Callable[[Row, random.Random], list[Row]]
"""(row, random numbers) → new rows with row=0, which the store numbers."""


def rng_of(name: str, seed: int, row: int) -> random.Random:
    """The random numbers of one row in one augmentation, the same wherever and after whatever other rows it is done."""
    return random.Random(key_hash(f"{name} {seed} {row}"))


def synonym_rows(settings: SynonymSettings) -> Augment:
    """Synonym replacement. Raises TanrenError word_list_invalid or setting_invalid."""
    synonyms = Synonyms(settings.file, settings.dictionary)
    return _by_words("synonyms", settings, lambda pieces, rng: replace_words(pieces, synonyms, settings.share, rng))


def insertion_rows(settings: SynonymSettings) -> Augment:
    """Random insertion of synonyms. Raises TanrenError word_list_invalid or setting_invalid."""
    synonyms = Synonyms(settings.file, settings.dictionary)
    return _by_words("random_insertion", settings,
                     lambda pieces, rng: insert_words(pieces, synonyms, settings.share, rng))


def swap_rows(settings: WordSettings) -> Augment:
    """Random swap."""
    return _by_words("random_swap", settings, lambda pieces, rng: swap_words(pieces, settings.share, rng))


def deletion_rows(settings: WordSettings) -> Augment:
    """Random deletion."""
    return _by_words("random_deletion", settings, lambda pieces, rng: delete_words(pieces, settings.share, rng))


def rephrase_rows(settings: RephraseSettings) -> Augment:
    """Question rephrasing; ways that keep the form of a question before those that put a frame around it.

    Raises TanrenError word_list_invalid.
    """
    own = read_phrasings(Path(settings.file)) if settings.file else []

    def augment(row: Row, rng: random.Random) -> list[Row]:
        place = question_place(row)
        if place is None:
            return []
        question = row.messages[place]["content"].strip()
        japanese = HAS_KANA.search(question) is not None
        ways = [[phrasing.replace(QUESTION, question) for phrasing in own]]
        if settings.builtin and (japanese or question[:1].isascii()):
            ways += [by_form(question, japanese), by_frame(question, japanese)]
        for group in ways:
            rng.shuffle(group)
        texts = iter([text for group in ways for text in group])
        return _different(row, place, "rephrase", texts, settings.copies)

    return augment


def question_place(row: Row) -> int | None:
    """Which message of the row is its last question; None for a row that nothing is made of: raw text, one that cannot
    be trained on, one that is held out, one that was made itself."""
    if row.problem or row.synthetic or row.side == "held_out":
        return None
    kept = up_to_last_answer(row.messages)
    places = [place for place, message in enumerate(kept) if message["role"] == "user"]
    return places[-1] if places and kept[places[-1]]["content"].strip() else None


def _by_words(name: str, settings: WordSettings,
              change: Callable[[list[Piece], random.Random], str | None]) -> Augment:
    protect = words_in(settings.protect)

    def augment(row: Row, rng: random.Random) -> list[Row]:
        place = question_place(row)
        if place is None:
            return []
        pieces = pieces_of(row.messages[place]["content"], protect)

        def texts() -> Iterator[str]:
            for _ in range(settings.copies * TRIES_A_COPY):
                text = change(pieces, rng)
                if text is None:
                    return
                yield text

        return _different(row, place, name, texts(), settings.copies)

    return augment


def _different(row: Row, place: int, name: str, texts: Iterator[str], copies: int) -> list[Row]:
    """As many as `copies` rows whose questions differ from the row's and from one another in more than width, case and
    white space."""
    seen = {question_key(row)}
    made: list[Row] = []
    for text in texts:
        messages = [*row.messages[:place], {**row.messages[place], "content": text}, *row.messages[place + 1:]]
        new = msgspec.structs.replace(row, row=0, messages=messages, synthetic=name, side="train" if row.side else "",
                                      notes=())
        key = question_key(new)
        if key not in seen:
            seen.add(key)
            made.append(new)
        if len(made) == copies:
            break
    return made
