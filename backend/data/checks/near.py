"""Near copies among texts: MinHash to find candidates, the true Jaccard similarity to decide.

A text is the set of its shingles: 5 characters, or 3 where the first of them is Chinese, Japanese or Korean (whose
characters say more). What more than a fifth of the texts share (a fixed instruction, a template) is left out: it makes
rows look alike that are not. MinHash after Broder 1997 (sketches) and Leskovec, Rajaraman and Ullman, "Mining of
Massive Datasets", 3.4 (bands); signatures of one byte a hash after Li and König 2010 (b-bit minwise hashing).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice, tee

import numpy as np
from numpy.typing import NDArray
from rensa import RMinHash

from backend.data.dataset import TURN_TEXTS, Row
from backend.data.folding import compact

THRESHOLD = 0.8
CHARACTERS_COMPARED = 20_000
HASHES = 128
BAND = 8
_BANDS = HASHES // BAND
_SEED = 20
_LONG, _SHORT = 5, 3
_FIRST_WIDE = 0x2E80
_FEWEST_SHINGLES = 8
_SAMPLE = 2000
_COMMON_SHARE = 0.2
_COMMON_ROWS = 20
_TABLE_BITS = 20
_BATCH_CHARACTERS = 2**18
_ESTIMATE_SLACK = 0.1
_NEIGHBOURS = 3
_MISSES = 8

Signatures = NDArray[np.uint8]
Shingles = NDArray[np.uint64]


def compared_text(row: Row) -> str:
    """What is compared of a row: what users, assistants and tools say, without differences of width, case and white
    space; not the system prompt, which many rows share. At most CHARACTERS_COMPARED."""
    parts = [row.text] if row.text else []
    for message in row.messages:
        if message["role"] != "system":
            parts += [str(message[name]) for name in TURN_TEXTS if message.get(name)]
            parts += [f"{call['function']['name']} {call['function']['arguments']}"
                      for call in message.get("tool_calls") or ()]
    text = "\n".join(parts)[:CHARACTERS_COMPARED]
    return compact(text)


class Comparison:
    """Texts as shingles and signatures, with what most of them share left out. `sample`: texts of the kind that will
    be compared, a few thousand at most."""

    def __init__(self, sample: Iterable[str]) -> None:
        self._common = _common_table([text[:CHARACTERS_COMPARED] for text in sample])

    def signatures(self, texts: Iterable[str]) -> Iterator[Signatures]:
        """The texts' signatures in batches, each of shape (texts, HASHES). Texts with too few shingles of their own
        to be compared have a row of zeros."""
        batch: list[str] = []
        characters = 0
        for text in texts:
            batch.append(text[:CHARACTERS_COMPARED])
            characters += len(batch[-1]) + 1
            if characters >= _BATCH_CHARACTERS:
                yield self._signed(batch)
                batch, characters = [], 0
        if batch:
            yield self._signed(batch)

    def shingles(self, text: str) -> Shingles:
        """The hashes of the text's shingles, sorted, each once."""
        hashes, _ = self._hashed([text[:CHARACTERS_COMPARED]])
        return np.unique(hashes)

    def _hashed(self, texts: list[str]) -> tuple[Shingles, NDArray[np.int64]]:
        hashes, ends = _shingle_hashes(texts)
        if self._common is None:
            return hashes, ends
        kept = ~self._common[hashes >> np.uint64(64 - _TABLE_BITS)]
        before = np.concatenate(([0], np.cumsum(kept)))
        return hashes[kept], before[ends]

    def _signed(self, texts: list[str]) -> Signatures:
        hashes, ends = self._hashed(texts)
        matrix = RMinHash.digest_matrix_from_flat_token_hashes(
            hashes, np.concatenate(([0], ends)).astype(np.uint64), HASHES, _SEED)
        signed = np.array(matrix.to_rows(), np.uint32).reshape(len(texts), HASHES).astype(np.uint8)
        signed[np.diff(ends, prepend=0) < _FEWEST_SHINGLES] = 0
        return signed


def jaccard(one: Shingles, other: Shingles) -> float:
    """Shared shingles over all shingles of both."""
    shared = len(np.intersect1d(one, other, assume_unique=True))
    return shared / max(1, len(one) + len(other) - shared)


class Families:
    """Things that belong together, numbered from 0: union–find with the smallest number as the family's name."""

    def __init__(self, size: int) -> None:
        self.parents: NDArray[np.int64] = np.arange(size)

    def of(self, place: int) -> int:
        """The smallest member of the family of `place`."""
        parents = self.parents
        while (parent := int(parents[place])) != place:
            parents[place] = place = int(parents[parent])
        return place

    def join(self, one: int, other: int) -> None:
        """Makes one family of two."""
        first, second = sorted((self.of(one), self.of(other)))
        self.parents[second] = first

    def flattened(self) -> NDArray[np.int64]:
        """For each place the smallest member of its family."""
        while True:
            parents = self.parents[self.parents]
            if np.array_equal(parents, self.parents):
                return self.parents
            self.parents = parents


def near_families(signatures: Signatures, shingles_of: Callable[[int], Shingles],
                  watch: Callable[[int], object] = lambda band: None) -> Families:
    """Families of texts, each of which is similar to another of its family by at least THRESHOLD.

    `shingles_of` gives the shingles of a text by its place. The cost grows linearly: among texts that share a band,
    each is compared with its neighbours in the order of the signatures only. `watch` is called with the number of each
    finished band, of 16.
    """
    families = Families(len(signatures))
    known = lru_cache(maxsize=2048)(shingles_of)
    compared = np.flatnonzero(signatures.any(axis=1))
    misses = np.zeros(len(signatures), np.uint8)
    bands = signatures.view(np.uint64)
    for band in range(_BANDS):
        for one, other in _candidates(signatures, bands, compared, band, families):
            if misses[one] >= _MISSES or misses[other] >= _MISSES or families.of(one) == families.of(other):
                continue
            if jaccard(known(one), known(other)) >= THRESHOLD:
                families.join(one, other)
            else:
                misses[one] += 1
                misses[other] += 1
        watch(band + 1)
    return families


def near_copies(texts: Iterable[str], among: Sequence[str], comparison: Comparison) -> set[int]:
    """The places in `among` of texts that are near copies of one of `texts`, which may be many and are not kept."""
    signed = np.concatenate([np.empty((0, HASHES), np.uint8), *comparison.signatures(among)])
    compared = np.flatnonzero(signed.any(axis=1))
    bands = np.ascontiguousarray(signed).view(np.uint64)
    orders = [compared[np.argsort(bands[compared, band])] for band in range(_BANDS)]
    known = lru_cache(maxsize=2048)(lambda place: comparison.shingles(among[place]))
    found: set[int] = set()
    passing, seen = tee(texts)
    for batch in comparison.signatures(passing):
        said = list(islice(seen, len(batch)))
        pairs: set[tuple[int, int]] = set()
        for band, order in enumerate(orders):
            keys, wanted = bands[order, band], batch.view(np.uint64)[:, band]
            first, last = np.searchsorted(keys, wanted, "left"), np.searchsorted(keys, wanted, "right")
            for further in range(_MISSES):
                ones = np.flatnonzero((first + further < last) & batch.any(axis=1))
                if not len(ones):
                    break
                pairs.update(similar_pairs(batch, signed, ones, order[first[ones] + further]))
        for one, other in sorted(pairs):
            if other not in found and jaccard(comparison.shingles(said[one]), known(other)) >= THRESHOLD:
                found.add(other)
    return found


def _candidates(signatures: Signatures, bands: NDArray[np.uint64], compared: NDArray[np.int64], band: int,
                families: Families) -> Iterator[tuple[int, int]]:
    """Pairs that share a band, are not yet of one family, and look similar by their signatures."""
    keys = bands[compared, band]
    order = np.lexsort((bands[compared, (band + 1) % _BANDS], keys))
    keys, ordered = keys[order], compared[order]
    for distance in range(1, _NEIGHBOURS + 1):
        same = np.flatnonzero(keys[distance:] == keys[:-distance])
        roots = families.flattened()
        ones, others = ordered[same], ordered[same + distance]
        apart = roots[ones] != roots[others]
        yield from similar_pairs(signatures, signatures, ones[apart], others[apart])


def similar_pairs(left: Signatures, right: Signatures, ones: NDArray[np.int64],
                  others: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """Of the pairs (row of `left`, row of `right`) those that may reach THRESHOLD by their signatures."""
    needed = (THRESHOLD - _ESTIMATE_SLACK) * HASHES
    for start in range(0, len(ones), 100_000):
        one, other = ones[start:start + 100_000], others[start:start + 100_000]
        alike = np.count_nonzero(left[one] == right[other], axis=1) >= needed
        yield from zip(one[alike].tolist(), other[alike].tolist(), strict=True)


def sample_places(size: int) -> list[int]:
    """Places of a sample spread evenly over `size` texts."""
    return list(range(size)) if size <= _SAMPLE else np.linspace(0, size - 1, _SAMPLE).astype(int).tolist()


def _common_table(sample: Sequence[str]) -> NDArray[np.bool_] | None:
    """A table by the hashes' highest bits: whether the shingle stands in more than a fifth of the sample."""
    if len(sample) < _COMMON_ROWS:
        return None
    counted = np.zeros(2**_TABLE_BITS, np.uint32)
    for text in sample:
        hashes, _ = _shingle_hashes([text])
        counted[np.unique(hashes >> np.uint64(64 - _TABLE_BITS))] += 1
    return counted >= max(_COMMON_ROWS, _COMMON_SHARE * len(sample))


def _shingle_hashes(texts: list[str]) -> tuple[Shingles, NDArray[np.int64]]:
    """The hashes of all shingles of all texts, in order, and where each text's end."""
    codes = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    ends = np.cumsum(lengths)
    padded = np.concatenate((codes, np.zeros(_LONG, np.uint64)))
    factor = np.uint64(0x9E3779B97F4A7C15)
    hashed = codes.copy()
    for distance in range(1, _SHORT):
        hashed = hashed * factor + padded[distance:distance + len(codes)]
    longer = hashed
    for distance in range(_SHORT, _LONG):
        longer = longer * factor + padded[distance:distance + len(codes)]
    wide = codes >= _FIRST_WIDE
    hashed = np.where(wide, hashed, longer)
    hashed ^= hashed >> np.uint64(31)
    hashed *= np.uint64(0xBF58476D1CE4E5B9)
    hashed ^= hashed >> np.uint64(29)
    left = np.repeat(ends, lengths) - np.arange(len(codes))
    whole = left >= np.where(wide, _SHORT, _LONG)
    before = np.concatenate(([0], np.cumsum(whole)))
    return hashed[whole], before[ends]
