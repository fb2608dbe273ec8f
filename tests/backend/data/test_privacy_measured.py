"""Recall and precision on the seeded set, held out from tuning and not."""

import pytest

from backend.launch import REPOSITORY
from benchmarks.privacy import Score, score, table, total
from benchmarks.privacy_set.make import KIND_OF, make_set

NUMBERS = (
    "phone",
    "postal_code",
    "my_number",
    "corporate_number",
    "card",
    "bank_account",
    "birth_date",
    "passport",
    "driver_licence",
    "ip_address",
)


@pytest.fixture(scope="module")
def scores() -> dict[tuple[str, str, str], Score]:
    samples = make_set()
    assert len(samples) >= 2000
    for language in ("ja", "en"):
        assert sum(sample.language == language for sample in samples) >= 1000
    return score(samples)


def test_the_set_is_the_same_every_time_and_its_labels_fit() -> None:
    first, second = make_set(200), make_set(200)
    assert first == second
    assert make_set(200, seed=21) != first
    kinds = {label.kind for sample in make_set() for label in sample.labels}
    assert kinds == set(KIND_OF.values())
    assert any(not sample.labels for sample in first)


@pytest.mark.parametrize("half", ["open", "held_out"])
@pytest.mark.parametrize("language", ["ja", "en"])
def test_names_reach_85_per_cent(scores: dict[tuple[str, str, str], Score], language: str, half: str) -> None:
    names = total(scores, "person_name", language, half)
    assert names.labels > 300
    assert names.recall >= 0.85
    assert names.precision >= 0.90


@pytest.mark.parametrize("kind", NUMBERS)
def test_numbers_of_every_kind_reach_95_per_cent(scores: dict[tuple[str, str, str], Score], kind: str) -> None:
    for half in ("open", "held_out"):
        numbers = total(scores, kind, "", half)
        assert numbers.labels >= 10
        assert numbers.recall >= 0.95, half
        assert numbers.precision >= 0.90, half


@pytest.mark.parametrize("kind", ["email", "address", "secret", "url_with_credentials"])
def test_other_kinds_reach_90_per_cent(scores: dict[tuple[str, str, str], Score], kind: str) -> None:
    for half in ("open", "held_out"):
        found = total(scores, kind, "", half)
        assert found.recall >= 0.90, half
        assert found.precision >= 0.90, half


@pytest.mark.parametrize(("page", "japanese"), [("privacy.md", False), ("privacy.ja.md", True)])
def test_the_docs_say_what_is_measured(scores: dict[tuple[str, str, str], Score], page: str, japanese: bool) -> None:
    assert table(scores, japanese) in (REPOSITORY / "docs" / page).read_text(encoding="utf-8")
