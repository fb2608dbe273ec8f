"""What only all rows together show: copies, contradictions, labels, languages and lengths out of the ordinary."""

from array import array
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from backend.data.checks.language import LANGUAGES, row_language
from backend.data.checks.near import HASHES, Comparison, Families, Signatures, near_families, sample_places
from backend.data.checks.questions import Keys, fixed_questions, row_keys, source_key
from backend.data.dataset import Row, whole_text

TOO_FEW_ROWS = 50
ROWS_FOR_SHARES = 20
MINORITY_SHARE = 0.2
LABEL_SHARE = 0.9
LABELS_COUNTED = 50
LENGTH_DEVIATIONS = 6.0
_SMALLEST_DEVIATION = 0.35
_NORMAL = 1.4826
_NO_LANGUAGE = len(LANGUAGES)
Mask = NDArray[np.bool_]


class AcrossRows:
    """Fed with every usable row once, in order, then asked. It keeps about 60 bytes a row, and 128 more while near
    copies are looked for.

    `text_of` gives compared_text of a row that was added, by its number: the texts are not kept but read again.
    """

    def __init__(self, text_of: Callable[[int], str]) -> None:
        self._text_of = text_of
        self._numbers, self._questions, self._pairs, self._lengths = array("q"), array("q"), array("q"), array("q")
        self._languages, self._turned = array("B"), array("B")
        self._synthetic, self._held_out = array("B"), array("B")
        self._labels = array("i")
        self._label_codes: dict[str, int] = {"": 0}
        self._sources = array("q")
        self._families = Families(0)

    def add(self, row: Row) -> None:
        """Takes note of a row."""
        question, pair = row_keys(row)
        self._numbers.append(row.row)
        self._questions.append(question)
        self._pairs.append(pair)
        self._lengths.append(len(whole_text(row)))
        language, turned = row_language(row)
        self._languages.append(_NO_LANGUAGE if language is None else LANGUAGES.index(language))
        self._turned.append(turned)
        self._synthetic.append(bool(row.synthetic))
        self._sources.append(source_key(row))
        self._held_out.append(row.side == "held_out")
        if len(self._label_codes) <= LABELS_COUNTED + 1:
            self._labels.append(self._label_codes.setdefault(row.label, len(self._label_codes)))

    def found(self, watch: Callable[[int, int], object] = lambda done, total: None) -> dict[str, list[int]]:
        """The rows that met each check. `watch` is called with (done, total) in rows while near copies are looked
        for, which takes about as long as adding them; what it raises ends the search.
        """
        numbers, questions, pairs = _whole(self._numbers), _whole(self._questions), _whole(self._pairs)
        real = ~_flags(self._synthetic)
        first = _first_places(pairs)
        unique = np.flatnonzero(first == np.arange(len(pairs)))
        fixed = np.isin(questions, fixed_questions(questions))
        near = self._near(unique, watch)
        heads = unique[near.flattened()]
        near_copy = np.zeros(len(numbers), np.bool_)
        near_copy[unique[heads != unique]] = True
        sources = _whole(self._sources)
        varied = (sources != 0) & np.isin(sources, sources[~real])
        self._families = _families(first, unique, heads)
        _join_equal(self._families, questions, ~fixed)
        _join_equal(self._families, sources, varied)  # a variation has the source of its original
        held_out = _flags(self._held_out)
        leaked = _on_both_sides(pairs, held_out) | (_on_both_sides(questions, held_out) & ~fixed)
        near_leaked = np.zeros(len(numbers), np.bool_)  # variations of held-out rows are never trained on
        near_leaked[real] = _on_both_sides(self._families.flattened()[real], held_out[real])
        masks = {
            "duplicates": first != np.arange(len(pairs)),
            "near_duplicates": near_copy & real,
            "conflicting_answers": _conflicting(questions, pairs, real & ~fixed),
            "leakage": leaked,
            "near_leakage": near_leaked & ~leaked,
            "extreme_length": _extreme(_whole(self._lengths)),
            **self._languages_found(), **self._labels_found(),
            "too_few_rows": np.full(len(numbers), len(numbers) < TOO_FEW_ROWS),
        }
        return {check: numbers[mask].tolist() for check, mask in masks.items() if mask.any()}

    def groups(self) -> dict[int, int]:
        """After found(): for each row that belongs to others (copies, near copies, the same question) the number of
        the first row of its family."""
        numbers, heads = _whole(self._numbers), self._families.flattened()
        together = np.bincount(heads, minlength=len(heads))[heads] > 1
        return dict(zip(numbers[together].tolist(), numbers[heads[together]].tolist(), strict=True))

    def _near(self, unique: NDArray[np.int64], watch: Callable[[int, int], object]) -> Families:
        numbers = _whole(self._numbers)[unique].tolist()
        total = len(numbers)
        comparison = Comparison(self._text_of(numbers[place]) for place in sample_places(total))
        signatures: Signatures = np.empty((total, HASHES), np.uint8)
        done = 0
        for batch in comparison.signatures(map(self._text_of, numbers)):
            signatures[done:done + len(batch)] = batch
            done += len(batch)
            watch(done, total)
        return near_families(signatures, lambda place: comparison.shingles(self._text_of(numbers[place])),
                             lambda band: watch(total, total))

    def _languages_found(self) -> dict[str, Mask]:
        languages = np.frombuffer(self._languages, np.uint8)
        known = languages != _NO_LANGUAGE
        judged = int(known.sum())
        if judged < ROWS_FOR_SHARES:
            return {}
        shares = np.bincount(languages, minlength=_NO_LANGUAGE + 1) / judged
        turned = _flags(self._turned)
        return {"language_mix": known & (shares[languages] <= MINORITY_SHARE),
                "answer_language": turned & bool(turned.sum() <= MINORITY_SHARE * judged)}

    def _labels_found(self) -> dict[str, Mask]:
        """Labels are judged where they are classes: at most LABELS_COUNTED of them, and each for several rows."""
        classes = len(self._label_codes) - 1
        if len(self._labels) < ROWS_FOR_SHARES or not 1 < classes <= min(LABELS_COUNTED, len(self._labels) // 4):
            return {}
        labels = np.frombuffer(self._labels, np.intc)
        labelled = labels > 0
        counts = np.bincount(labels, minlength=classes + 1)
        counts[0] = 0
        dominant = counts.max() > LABEL_SHARE * labelled.sum()
        return {"label_imbalance": labelled & (labels != counts.argmax()) & bool(dominant),
                "rare_labels": labelled & (counts[labels] < 2)}


def _whole(numbers: "array[int]") -> Keys:
    return np.frombuffer(numbers, np.int64) if numbers else np.empty(0, np.int64)


def _flags(flags: "array[int]") -> Mask:
    return np.frombuffer(flags, np.bool_) if flags else np.empty(0, np.bool_)


def _first_places(keys: Keys) -> NDArray[np.int64]:
    """For each place the first place with the same key."""
    _, first, which = np.unique(keys, return_index=True, return_inverse=True)
    return first[which]


def _families(first: NDArray[np.int64], unique: NDArray[np.int64], heads: NDArray[np.int64]) -> Families:
    """Exact copies and near copies as families."""
    families = Families(len(first))
    families.parents = first.copy()
    families.parents[unique] = heads
    return families


def _join_equal(families: Families, keys: Keys, considered: Mask) -> None:
    """Joins the places that have the same key, among those that are considered."""
    places = np.flatnonzero(considered)
    same = places[_first_places(keys[places])]
    for one, other in zip(places[same != places].tolist(), same[same != places].tolist(), strict=True):
        families.join(one, other)


def _conflicting(questions: Keys, pairs: Keys, considered: Mask) -> Mask:
    """Rows whose question has another answer elsewhere."""
    places = np.flatnonzero(considered)
    distinct = np.unique(np.stack((questions[places], pairs[places])), axis=1)
    asked, answers = np.unique(distinct[0], return_counts=True)
    mask = np.zeros(len(questions), np.bool_)
    mask[places] = np.isin(questions[places], asked[answers > 1])
    return mask


def _on_both_sides(keys: NDArray[np.int64], held_out: Mask) -> Mask:
    """Held-out rows whose key (question, question and answer, or family) rows to train on have too."""
    return held_out & np.isin(keys, keys[~held_out])


def _extreme(lengths: NDArray[np.int64]) -> Mask:
    """Lengths whose logarithm is further from the median than LENGTH_DEVIATIONS robust standard deviations (the
    median absolute deviation times 1.4826, Rousseeuw and Croux 1993, at least 0.35)."""
    if len(lengths) < ROWS_FOR_SHARES:
        return np.zeros(len(lengths), np.bool_)
    sizes = np.log(lengths + 1.0)
    distance = np.abs(sizes - np.median(sizes))
    return distance > LENGTH_DEVIATIONS * max(_SMALLEST_DEVIATION, _NORMAL * float(np.median(distance)))
