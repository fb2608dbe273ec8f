"""Which rows are kept away from training: seeded, repeatable, what belongs together never on both sides."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice
from typing import Literal, NamedTuple

import numpy as np

from backend.data.checks.language import row_language
from backend.data.checks.near import Comparison, Families, compared_text, near_copies
from backend.data.checks.questions import fixed_questions, is_fixed, row_keys, source_key
from backend.data.dataset import Row

Stratify = Literal["none", "label", "language"]
_SAMPLE = 1000


class SplitRow(NamedTuple):
    """What the split needs to know of a row. `key` and `pair`: equal for rows with the same question, and with the
    same question and answer. `source`: equal for a synthetic row and the row that it varies; 0 if unknown."""

    row: int
    key: int
    pair: int
    label: str
    language: str
    synthetic: bool = False
    source: int = 0


class _Family(NamedTuple):
    """Rows that stay on one side, by their places, and the place of the first."""

    first: int
    real: list[int]


def split_row_of(row: Row) -> SplitRow:
    """What the split needs to know of this row."""
    key, pair = row_keys(row)
    return SplitRow(row.row, key, pair, row.label, row_language(row)[0] or "", bool(row.synthetic),
                    source_key(row))


def split_rows(rows: Iterable[SplitRow], fraction: float, seed: int, *, stratify: Stratify = "none",
               groups: Mapping[int, int] | None = None) -> tuple[list[SplitRow], list[SplitRow]]:
    """(train, held out): about `fraction` of the rows are held out, in the order of the file.

    Rows of the same question stay together, and so do rows of the same of `groups` (row → number, as
    AcrossRows.groups gives it). With `stratify` every label or language has about its share of the held-out rows. At
    least one row is held out when `fraction` is not 0 and there are two such families (with `stratify`, of one label or
    language); training always keeps one (of each).

    Synthetic rows are never held out, and do not count for the share. Those of a held-out family are on neither side:
    training on a variation of a held-out row would be training on that row.

    A row's lot is drawn from `seed` and the question of its family's first row, so rows that are appended later move
    few of the others.
    """
    known = list(rows)
    families = _families(known, groups)
    strata = _strata(known, families, seed, stratify)
    held: set[int] = set()
    for ordered, wanted in zip(strata, _shares(strata, fraction), strict=True):
        held |= _drawn(ordered, wanted)
    if fraction > 0 and not held:
        held = _one_family(strata)
    return _sides(known, families, held)


def folds(rows: Iterable[SplitRow], k: int, seed: int, *, stratify: Stratify = "none",
          groups: Mapping[int, int] | None = None) -> list[list[SplitRow]]:
    """`k` held-out sets of about the same size: every row that is not synthetic is in exactly one of them.

    As in split_rows, families stay together, labels or languages are spread evenly, and the synthetic rows of a
    held-out family must not be trained on in that fold (training_rows gives what may). A fold is empty where there are
    fewer families than folds.
    """
    known = list(rows)
    families = _families(known, groups)
    dealt: list[list[int]] = [[] for _ in range(k)]
    for ordered in _strata(known, families, seed, stratify):
        in_stratum = [0] * k
        for family in ordered:
            fold = min(range(k), key=lambda place: (in_stratum[place], len(dealt[place]), place))
            in_stratum[fold] += len(family.real)
            dealt[fold] += family.real
    return [[known[place] for place in sorted(places)] for places in dealt]


def training_rows(rows: Iterable[SplitRow], held_out: Iterable[int], *,
                  groups: Mapping[int, int] | None = None) -> list[SplitRow]:
    """The rows that may be trained on when the rows of these numbers are held out: no synthetic row of their
    families, and none of themselves."""
    known = list(rows)
    numbers = set(held_out)
    held = {place for place, row in enumerate(known) if row.row in numbers}
    return _sides(known, _families(known, groups), held)[0]


def leaks(train: Iterable[Row], held_out: Iterable[Row]) -> list[int]:
    """The numbers of held-out rows that ask what is also trained on, or are copies or near copies of a row to train
    on: they would flatter the result. Memory grows with the held-out rows only."""
    kept = list(held_out)
    texts = [compared_text(row) for row in kept]
    keys = [row_keys(row) for row in kept]
    asked = Counter(question for question, _ in keys)
    held_pairs = {pair for _, pair in keys}
    shared: Counter[int] = Counter()
    copied: set[int] = set()
    count = 0

    def compared(rows: Iterable[Row]) -> Iterator[str]:
        nonlocal count
        for row in rows:
            count += 1
            question, pair = row_keys(row)
            if question in asked:
                shared[question] += 1
            if pair in held_pairs:
                copied.add(pair)
            yield compared_text(row)

    training = compared(train)
    sample = list(islice(training, _SAMPLE))
    near = near_copies(chain(sample, training), texts, Comparison(chain(sample, texts[:_SAMPLE])))
    fixed = {question for question, rows in shared.items()
             if is_fixed(rows + asked[question], count + len(kept))}
    return [row.row for place, (row, (question, pair)) in enumerate(zip(kept, keys, strict=True))
            if place in near or pair in copied or (question in shared and question not in fixed)]


def _families(rows: list[SplitRow], groups: Mapping[int, int] | None) -> list[int]:
    """For each row's place the first place of its family: rows of one question (unless it is a fixed instruction),
    equal rows, rows of one group, and variations with the row they were made from."""
    fixed = set(fixed_questions(np.array([row.key for row in rows], np.int64)).tolist())
    families = Families(len(rows))
    first: dict[tuple[str, int], int] = {}
    varied = {row.source for row in rows if row.synthetic and row.source}
    for place, row in enumerate(rows):
        ties = [("pair", row.pair)] if row.key in fixed else [("key", row.key)]
        if groups and row.row in groups:
            ties.append(("group", groups[row.row]))
        if row.source in varied:
            ties.append(("source", row.source))
        for tie in ties:
            if (other := first.setdefault(tie, place)) != place:
                families.join(other, place)
    return families.flattened().tolist()


def _strata(rows: list[SplitRow], families: list[int], seed: int, stratify: Stratify) -> list[list[_Family]]:
    """The families with rows to hold out, by label or language, each list in the order of their lots."""
    fixed = set(fixed_questions(np.array([row.key for row in rows], np.int64)).tolist())
    members: dict[int, list[int]] = {}
    for place, row in enumerate(rows):
        if not row.synthetic:
            members.setdefault(families[place], []).append(place)
    strata: dict[str, list[_Family]] = {}
    for first, real in members.items():
        strata.setdefault(_stratum([rows[place] for place in real], stratify), []).append(_Family(first, real))

    def lot(family: _Family) -> tuple[bytes, int]:
        row = rows[family.first]
        key = row.pair if row.key in fixed else row.key
        return hashlib.sha256(f"{seed}\0{key}".encode()).digest(), family.first

    return [sorted(strata[name], key=lot) for name in sorted(strata)]


def _stratum(rows: list[SplitRow], stratify: Stratify) -> str:
    if stratify == "none":
        return ""
    return Counter(row.label if stratify == "label" else row.language for row in rows).most_common(1)[0][0]


def _shares(strata: list[list[_Family]], fraction: float) -> list[int]:
    """How many rows to hold out of each stratum: their sum is the fraction of all, the largest remainders first."""
    sizes = [sum(len(family.real) for family in ordered) for ordered in strata]
    wanted = max(1, round(sum(sizes) * fraction)) if fraction > 0 else 0
    shares = [int(size * fraction) for size in sizes]
    by_remainder = sorted(range(len(sizes)), key=lambda place: (shares[place] - sizes[place] * fraction, place))
    for place in by_remainder[:max(0, wanted - sum(shares))]:
        shares[place] += 1
    return shares


def _drawn(ordered: list[_Family], wanted: int) -> set[int]:
    """Places of rows to hold out, `wanted` at most; one family always stays."""
    held: set[int] = set()
    for family in ordered[:-1]:
        if len(held) + len(family.real) <= wanted:
            held.update(family.real)
    return held


def _one_family(strata: list[list[_Family]]) -> set[int]:
    """The smallest family that can be spared."""
    spare = [family for ordered in strata if len(ordered) > 1 for family in ordered]
    return set(min(spare, key=lambda family: len(family.real)).real) if spare else set()


def _sides(rows: list[SplitRow], families: list[int], held: set[int]) -> tuple[list[SplitRow], list[SplitRow]]:
    """(what may be trained on, what is held out), in order."""
    held_families = {families[place] for place in held}
    train = [row for place, row in enumerate(rows)
             if place not in held and not (row.synthetic and families[place] in held_families)]
    return train, [rows[place] for place in sorted(held)]
