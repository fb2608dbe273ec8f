"""Recall and precision of the privacy desk on the seeded set, as the table of docs/privacy.md, and rows per second."""

import sys
import time
from collections import Counter, defaultdict
from typing import NamedTuple

from backend.data.privacy.find import find
from backend.data.privacy.hit import Hit
from backend.data.privacy.kinds import ALL_KINDS, KINDS
from backend.data.privacy.user_list import UserNames
from benchmarks.privacy_set.make import Sample, make_set

SKIPPED = " \u3000-()"
"""Characters at the edge of a find that neither side is held to."""


class Score(NamedTuple):
    """`labels`: how many there are, `found`: whole and as their kind; `hits`: how many finds, `right` of them."""

    labels: int = 0
    found: int = 0
    hits: int = 0
    right: int = 0

    @property
    def recall(self) -> float:
        """Found of what there is."""
        return self.found / self.labels if self.labels else 1.0

    @property
    def precision(self) -> float:
        """Right of what was found."""
        return self.right / self.hits if self.hits else 1.0


Key = tuple[str, str, str]
"""Kind, language, half."""


def score(samples: list[Sample]) -> dict[Key, Score]:
    """Per kind, language and half. A label counts as found when finds of its kind cover all of it, a find as right when
    at least half of it lies in labels of its kind."""
    counts: dict[Key, Counter[str]] = defaultdict(Counter)
    for sample in samples:
        hits = find(sample.text, ALL_KINDS, UserNames())
        for label in sample.labels:
            counts[label.kind, sample.language, sample.half].update(
                labels=1, found=int(is_covered(sample, label, hits))
            )
        for hit in hits:
            counts[hit.kind, sample.language, sample.half].update(hits=1, right=int(is_right(sample, hit)))
    return {key: Score(**count) for key, count in counts.items()}


def is_covered(sample: Sample, label: tuple[int, int, str], hits: list[Hit]) -> bool:
    """Whether finds of the label's kind cover all its characters (blanks and hyphens aside)."""
    places = {place for hit in hits if hit.kind == label[2] for place in range(hit.start, hit.end)}
    return all(place in places or sample.text[place] in SKIPPED for place in range(label[0], label[1]))


def is_right(sample: Sample, hit: Hit) -> bool:
    """Whether at least half of a find is a label of its kind."""
    places = {place for label in sample.labels if label.kind == hit.kind for place in range(label.start, label.end)}
    return 2 * sum(place in places for place in range(hit.start, hit.end)) >= hit.end - hit.start


def total(scores: dict[Key, Score], kind: str, language: str, half: str) -> Score:
    """The sum over what matches; an empty text matches all."""
    matching = [
        score
        for (of_kind, of_language, of_half), score in scores.items()
        if kind in ("", of_kind) and language in ("", of_language) and half in ("", of_half)
    ]
    return Score(*(sum(values) for values in zip(*matching, strict=True))) if matching else Score()


def table(scores: dict[Key, Score], japanese: bool = False) -> str:
    """Recall and precision in per cent, as a Markdown table."""
    heads = (
        ["種類", "言語", "件数", "再現率（調整用）", "再現率（未見）", "適合率（調整用）", "適合率（未見）"]
        if japanese
        else [
            "kind",
            "language",
            "labels",
            "recall, open",
            "recall, held out",
            "precision, open",
            "precision, held out",
        ]
    )
    lines = ["| " + " | ".join(heads) + " |", "|---|---|" + "---:|" * 5]
    for kind in [*KINDS, ""]:
        for language in ("ja", "en"):
            whole = total(scores, kind, language, "")
            if not whole.labels and not whole.hits:
                continue
            title = (
                KINDS[kind].title.in_language("ja" if japanese else "en") if kind else ("合計" if japanese else "all")
            )
            halves = [total(scores, kind, language, half) for half in ("open", "held_out")]
            cells = [_percent(half.found, half.labels) for half in halves] + [
                _percent(half.right, half.hits) for half in halves
            ]
            lines.append(f"| {title} | {language} | {whole.labels} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def measure() -> dict[str, float]:
    """Rows and characters per second, and recall and precision over all."""
    samples = make_set()
    find(samples[0].text, ALL_KINDS, UserNames())
    begun = time.perf_counter()
    scores = score(samples)
    seconds = time.perf_counter() - begun
    whole = total(scores, "", "", "")
    return {
        "rows": len(samples),
        "rows_per_second": round(len(samples) / seconds),
        "characters_per_second": round(sum(len(sample.text) for sample in samples) / seconds),
        "recall": round(whole.recall, 4),
        "precision": round(whole.precision, 4),
    }


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}" if whole else "–"


if __name__ == "__main__":
    print(table(score(make_set()), japanese="ja" in sys.argv[1:]))
