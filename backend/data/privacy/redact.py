"""Personal information taken out of texts and rows."""

from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

import msgspec

from backend.data.dataset import Row, whole_text, with_texts
from backend.data.privacy.find import find
from backend.data.privacy.hit import Hit
from backend.data.privacy.kinds import ALL_KINDS, KINDS
from backend.data.privacy.pseudonyms import Key, Pseudonyms
from backend.data.privacy.settings import PrivacySettings
from backend.data.privacy.user_list import UserNames
from backend.data.privacy.words import HAS_JAPANESE
from backend.protocol.errors import TanrenError

AROUND = 30
"""Characters of context on either side in a preview."""
EXAMPLES = 5


class Example(NamedTuple):
    """A find with the text around it; `masked` shows at most its first and last character."""

    row: int
    kind: str
    before: str
    found: str
    masked: str
    after: str


class PrivacyReport(msgspec.Struct, frozen=True, kw_only=True):
    """`counts`: finds per kind, `values`: different values per kind, `rows`: how many rows were changed."""

    rows: int
    counts: dict[str, int]
    values: dict[str, int]
    examples: list[Example] = []


def kinds_of(settings: PrivacySettings) -> frozenset[str]:
    """The kinds that the settings ask for. Raises TanrenError privacy_kind_unknown."""
    unknown = set(settings.kinds) - ALL_KINDS
    if unknown:
        raise TanrenError("privacy_kind_unknown", name=min(unknown), known=", ".join(KINDS))
    return frozenset(settings.kinds) or ALL_KINDS


def redact(
    text: str, kinds: frozenset[str], names: UserNames, replace: Callable[[Hit, str], str]
) -> tuple[str, list[Hit]]:
    """The text with every find replaced by `replace(hit, text)`, and the finds with their places in the old text."""
    hits = find(text, kinds, names)
    parts, place = [], 0
    for hit in hits:
        parts += [text[place : hit.start], replace(hit, text)]
        place = hit.end
    return "".join(parts) + text[place:], hits


def replacing(mode: str, key: Key) -> Callable[[Hit, str], str]:
    """What puts placeholders in the place of finds; pseudonyms are noted in the key's values."""
    if mode == "delete":
        return neutral
    pseudonyms = Pseudonyms(key.secret)

    def replace(hit: Hit, text: str) -> str:
        placeholder = pseudonyms.of(hit, text)
        key.values.setdefault(placeholder, hit.text)
        return placeholder

    return replace


def neutral(hit: Hit, text: str) -> str:
    """A placeholder that says only the kind: the sentence stays whole for training."""
    marker = KINDS[hit.kind].marker
    return f"〔{marker.ja}〕" if HAS_JAPANESE.search(text) else f"[{marker.en}]"


class Redaction:
    """What `settings` and `key` mean, made ready once for many rows."""

    def __init__(self, settings: PrivacySettings, key: Key) -> None:
        self.kinds = kinds_of(settings)
        self.names = UserNames(settings.names)
        self.replace = replacing(settings.mode, key)

    def row(self, row: Row) -> tuple[Row, list[Hit]]:
        """The row without personal information and the finds in all its texts; the same row when there is none."""
        found: list[Hit] = []
        whole = whole_text(row)  # the placeholders of one row are in one language

        def change(text: str) -> str:
            changed, hits = redact(text, self.kinds, self.names, lambda hit, _: self.replace(hit, whole))
            found.extend(hits)
            return changed

        changed = with_texts(row, change)
        return (changed if found else row), found


def preview(row: Row, settings: PrivacySettings) -> list[Example]:
    """The finds of a row with the text around them; nothing is changed."""
    text = whole_text(row)
    return [_example(row.row, text, hit) for hit in find(text, kinds_of(settings), UserNames(settings.names))]


class Tally:
    """Counts finds row by row for the report."""

    def __init__(self) -> None:
        self._rows = 0
        self._counts: Counter[str] = Counter()
        self._values: dict[str, set[str]] = {}
        self._examples: list[Example] = []

    def add(self, row: Row, hits: list[Hit], pseudonyms: Pseudonyms) -> None:
        """Counts the finds of one row (the row as it was)."""
        self._rows += bool(hits)
        text = whole_text(row)
        for hit in hits:
            self._counts[hit.kind] += 1
            self._values.setdefault(hit.kind, set()).add(pseudonyms.tag(hit))
            if self._counts[hit.kind] <= EXAMPLES:
                place = text.find(hit.text)
                here = Hit(place, place + len(hit.text), hit.kind, hit.text)
                self._examples.append(_example(row.row, text, here)._replace(found="", before="", after=""))

    def report(self) -> PrivacyReport:
        """What was counted, the kinds in the order of KINDS; the examples are masked."""
        return PrivacyReport(
            rows=self._rows,
            counts={kind: self._counts[kind] for kind in KINDS if self._counts[kind]},
            values={kind: len(self._values[kind]) for kind in KINDS if kind in self._values},
            examples=self._examples,
        )


def masked(text: str) -> str:
    """The first and the last character, dots between: enough to recognise, not to use."""
    return f"{text[0]}{'•' * min(len(text) - 2, 12)}{text[-1]}" if len(text) > 3 else "•" * len(text)


def _example(row: int, text: str, hit: Hit) -> Example:
    return Example(
        row,
        hit.kind,
        text[max(0, hit.start - AROUND) : hit.start],
        hit.text,
        masked(hit.text),
        text[hit.end : hit.end + AROUND],
    )
