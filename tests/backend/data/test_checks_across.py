"""What only all rows together show: on planted copies, contradictions and imbalances, and on real files."""

import random
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from backend.config.reading import Reading
from backend.data.check_texts import CHECKS
from backend.data.checks.across import AcrossRows
from backend.data.checks.near import Comparison, compared_text, jaccard, near_families
from backend.data.checks.row_checks import row_checks
from backend.data.dataset import Row

SHARED = Path(__file__).parents[4] / "shared" / "data"


def vocabulary(language: str) -> list[str]:
    """2,000 words of two to four syllables that share few beginnings, as those of real texts do."""
    rng = random.Random(language)
    syllables = [a + b for a in "bdfghklmnprstvw" for b in ("a", "e", "i", "o", "u", "an", "er")]
    if language == "ja":
        syllables = [chr(code) for code in (*range(0x3042, 0x3094), *range(0x4E00, 0x5000, 3))]
    return ["".join(rng.choices(syllables, k=rng.randint(2, 4))) for _ in range(2000)]


WORDS = {language: vocabulary(language) for language in ("en", "ja")}


def row(number: int, question: str, answer: str, **fields: str) -> Row:
    """A row with one question and one answer."""
    return Row(row=number, messages=[{"role": "user", "content": question}, {"role": "assistant", "content": answer}],
               **fields)  # type: ignore[arg-type]


def looked_at(rows: list[Row]) -> AcrossRows:
    """The rows, added."""
    by_number = {one.row: one for one in rows}
    across = AcrossRows(lambda number: compared_text(by_number[number]))
    for one in rows:
        across.add(one)
    return across


def found_in(rows: list[Row]) -> dict[str, list[int]]:
    """What is found, without the note on few rows."""
    return {check: numbers for check, numbers in looked_at(rows).found().items() if check != "too_few_rows"}


def text(rng: random.Random, language: str, words: int = 60) -> list[str]:
    """Random words."""
    return rng.choices(WORDS[language], k=words)


def joined(words: list[str], language: str) -> str:
    """Words as a text of the language."""
    return ("" if language == "ja" else " ").join(words)


def edited(rng: random.Random, words: list[str], edits: int) -> list[str]:
    """The words with some of them replaced, dropped or doubled."""
    words = list(words)
    for _ in range(edits):
        place = rng.randrange(len(words))
        words[place:place + 1] = rng.choice(([], [words[place]] * 2, ["X" + str(rng.randrange(99))]))
    return words


def distinct(rng: random.Random, count: int, first: int = 1) -> list[Row]:
    """Rows that have nothing to do with one another."""
    return [row(first + place, f"question {place}: {joined(text(rng, 'en', 8), 'en')}?", joined(text(rng, "en"), "en"))
            for place in range(count)]


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize(("edits", "least"), [(1, 0.99), (3, 0.98)])
def test_planted_near_copies_are_found_and_nothing_else(language: str, edits: int, least: float) -> None:
    rng = random.Random(edits)
    originals = [text(rng, language) for _ in range(1500)]
    copies = rng.sample(range(1500), 300)
    texts = [joined(words, language) for words in originals]
    texts += [joined(edited(rng, originals[place], edits), language) for place in copies]
    rows = [row(number, f"{number}?", answer) for number, answer in enumerate(texts, start=1)]
    comparison = Comparison([])
    meant = {1501 + place for place, original in enumerate(copies)
             if jaccard(comparison.shingles(compared_text(rows[1500 + place])),
                        comparison.shingles(compared_text(rows[original]))) >= 0.8}
    assert len(meant) > 200
    across = looked_at(rows)
    found = set(across.found()["near_duplicates"])
    groups = across.groups()
    assert len(found & meant) >= least * len(meant)
    for number in found:  # whatever is told is as similar as is said to another row of its family
        mine = comparison.shingles(compared_text(rows[number - 1]))
        family = [other for other, group in groups.items() if group == groups[number] and other != number]
        assert max(jaccard(mine, comparison.shingles(compared_text(rows[other - 1]))) for other in family) >= 0.75


def test_rows_that_share_only_their_instruction_are_no_near_copies() -> None:
    rng = random.Random(4)
    instruction = "次の文章の感情を「肯定」「否定」「中立」から選び、理由は書かずに一語で答えてください。" * 4
    rows = [row(number, f"{instruction}\n{joined(text(rng, 'ja', 10), 'ja')}", rng.choice(["肯定", "否定", "中立"]))
            for number in range(1, 301)]
    copy = rows[10].messages[0]["content"]
    rows += [row(301, copy + "。", rows[10].messages[1]["content"])]
    found = found_in(rows)
    assert found.get("near_duplicates") == [301]


def test_a_shared_system_prompt_makes_no_copies() -> None:
    rng = random.Random(5)
    prompt = {"role": "system", "content": "You are a patient assistant of the harbour office. " * 20}
    rows = [Row(row=one.row, messages=[prompt, *one.messages]) for one in distinct(rng, 30)]
    assert "near_duplicates" not in found_in(rows)


def test_copies_and_contradictions() -> None:
    rng = random.Random(6)
    rows = [*distinct(rng, 60), row(61, "Ｗhere is it?", "Over there."), row(62, "where is  it?", "over there."),
            row(63, "Where is it?", "Nowhere."), row(64, "Say hi", "Hi"),
            row(65, "Say hi", "Hi", synthetic="random_swap"), row(66, "Say hi", "Ho", synthetic="random_swap")]
    across = looked_at(rows)
    found = across.found()
    assert found["duplicates"] == [62, 65]
    assert found["conflicting_answers"] == [61, 62, 63]
    assert across.groups() == {61: 61, 62: 61, 63: 61, 64: 64, 65: 64, 66: 64}


def test_a_variation_belongs_to_its_original_however_different_it_is() -> None:
    rows = [row(1, "Where do I wait?", "At the clock.", source="line 1"),
            row(2, "When does it leave?", "At seven.", source="line 2"),
            row(3, "Tell me the place to stand.", "By the harbour wall.", source="line 1", synthetic="rephrase")]
    across = looked_at(rows)
    across.found()
    assert across.groups() == {1: 1, 3: 1}


def test_synthetic_rows_are_near_copies_by_design_and_not_told() -> None:
    rng = random.Random(7)
    rows = distinct(rng, 40)
    rows.append(row(41, rows[3].messages[0]["content"], rows[3].messages[1]["content"] + " more", synthetic="swap"))
    across = looked_at(rows)
    assert "near_duplicates" not in across.found()
    assert across.groups() == {4: 4, 41: 4}


def test_held_out_rows_that_are_trained_on() -> None:
    rng = random.Random(8)
    rows = distinct(rng, 60)
    rows = [row(one.row, one.messages[0]["content"], one.messages[1]["content"],
                side="held_out" if one.row > 50 else "train") for one in rows]
    rows.append(row(61, rows[2].messages[0]["content"] + "!", rows[2].messages[1]["content"], side="held_out"))
    rows.append(row(62, rows[51].messages[0]["content"], rows[51].messages[1]["content"], side="held_out"))
    assert found_in(rows) == {"near_duplicates": [61], "near_leakage": [61], "duplicates": [62]}


@pytest.mark.parametrize(("labels", "check", "rows"), [
    (["yes"] * 95 + ["no"] * 5, "label_imbalance", list(range(96, 101))),
    (["yes"] * 89 + ["no"] * 11, "", []),
    (["yes"] * 50 + ["no"] * 49 + ["mayby"], "rare_labels", [100]),
    ([str(place / 10) for place in range(100)], "", []),
    ([""] * 99 + ["yes"], "", []),
])
def test_labels(labels: list[str], check: str, rows: list[int]) -> None:
    rng = random.Random(9)
    labelled = [row(one.row, one.messages[0]["content"], one.messages[1]["content"], label=label)
                for one, label in zip(distinct(rng, len(labels)), labels, strict=True)]
    assert found_in(labelled) == ({check: rows} if check else {})


def test_languages_and_lengths_out_of_the_ordinary() -> None:
    rng = random.Random(10)
    rows = distinct(rng, 60)
    rows[7] = row(8, joined(text(rng, "ja", 10), "ja"), joined(text(rng, "ja", 25), "ja"))
    rows[9] = row(10, rows[9].messages[0]["content"], joined(text(rng, "ja", 25), "ja"))
    rows[20] = row(21, rows[20].messages[0]["content"], joined(text(rng, "en", 5000), "en"))
    rows[30] = row(31, "question 30: what", "Two")
    assert found_in(rows) == {"language_mix": [8, 10], "answer_language": [10], "extreme_length": [21, 31]}


def test_half_and_half_is_no_minority() -> None:
    rng = random.Random(11)
    rows = distinct(rng, 30) + [row(31 + place, joined(text(rng, "ja", 10), "ja"), joined(text(rng, "ja", 30), "ja"))
                                for place in range(30)]
    assert found_in(rows) == {}


def test_few_rows_and_none() -> None:
    rng = random.Random(12)
    assert looked_at(distinct(rng, 49)).found() == {"too_few_rows": list(range(1, 50))}
    assert looked_at(distinct(rng, 50)).found() == {}
    empty = looked_at([])
    assert empty.found() == {} and empty.groups() == {}


def test_raw_text_is_compared_too() -> None:
    rng = random.Random(13)
    pieces = [Row(row=number, text=joined(text(rng, "ja", 80), "ja")) for number in range(1, 61)]
    pieces += [Row(row=61, text=pieces[5].text), Row(row=62, text=pieces[6].text + "終わり")]
    assert found_in(pieces) == {"duplicates": [61], "near_duplicates": [62]}


def test_the_search_can_be_watched_and_stopped() -> None:
    rows = distinct(random.Random(14), 60)
    seen: list[tuple[int, int]] = []
    looked_at(rows).found(lambda done, total: seen.append((done, total)))
    assert seen[0] == (60, 60) and len(seen) == 17

    def stop(done: int, total: int) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        looked_at(rows).found(stop)


def test_texts_that_all_look_alike_take_bounded_time() -> None:
    """Every row shares bands with every other: the number of true comparisons must not be quadratic."""
    rng = random.Random(15)
    base = text(rng, "en", 40)
    texts = [joined(base + text(rng, "en", 22), "en") for _ in range(3000)]
    comparison = Comparison([])
    asked = 0

    def shingles_of(place: int) -> np.ndarray:
        nonlocal asked
        asked += 1
        return comparison.shingles(texts[place])

    started = time.monotonic()
    near_families(np.concatenate(list(comparison.signatures(texts))), shingles_of)
    assert asked < 40 * len(texts)
    assert time.monotonic() - started < 60


def real_rows(name: str) -> Iterator[Row]:
    """The rows of a public file, as the app reads them."""
    from backend.data.formats.detect import detect_format
    from backend.data.readers.open_file import open_file

    reading = Reading()
    if name.startswith("jcommonsenseqa"):
        choices = "\n".join(f"{{choice{place}}}" for place in range(5))
        reading = Reading(mapping={"question": "{question}\n" + choices, "answer": "{label}", "label": "label"})
    if name.startswith("jsts"):
        reading = Reading(mapping={"question": "{sentence1}\n{sentence2}", "answer": "{label}", "label": "label"})
    opened = open_file(SHARED / name, reading)
    known = detect_format(opened.columns, [record.fields for record in opened.sample], reading, opened.kind)
    for number, record in enumerate(opened.records, start=1):
        yield known.to_row(number, record.fields)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the public files are not here")
@pytest.mark.parametrize(("name", "expected"), [
    ("alpaca_en_demo.json", {"open_code_block": 1, "duplicates": 14, "language_mix": 1}),
    ("glaive_toolcall_en_demo.json",
     {"open_code_block": 1, "duplicates": 39, "near_duplicates": 9, "conflicting_answers": 35}),
    ("jcommonsenseqa_train2000.jsonl", {"half_width_kana": 3, "control_characters": 1}),
    ("jcommonsenseqa_valid.jsonl", {}),
    ("jsts_train1000.jsonl", {"near_duplicates": 6})])
def test_real_files_show_what_is_really_there_and_are_not_blocked(name: str, expected: dict[str, int]) -> None:
    """Every one of these was looked at: a table that breaks off, a zero-width space within a sentence, ｺﾝﾋﾞﾆ, …"""
    rows = list(real_rows(name))
    counts: dict[str, int] = {}
    for one in rows:
        for check in (*row_checks(one), *([one.problem] if one.problem else [])):
            counts[check] = counts.get(check, 0) + 1
    counts |= {check: len(numbers)
               for check, numbers in looked_at([one for one in rows if not one.problem]).found().items()}
    assert counts == expected
    assert not [check for check in counts if CHECKS[check].severity == "error"]
