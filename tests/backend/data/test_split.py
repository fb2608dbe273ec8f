"""The held-out set: repeatable, about as large as asked for, never asking what is also trained on."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.data.checks.across import AcrossRows
from backend.data.checks.near import compared_text
from backend.data.dataset import Row, question_key
from backend.data.split import SplitRow, folds, leaks, split_row_of, split_rows, training_rows

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def rows_asking(questions: list[str]) -> list[Row]:
    """Rows with these questions, each with an answer of its own."""
    return [Row(row=number, messages=[{"role": "user", "content": question},
                                      {"role": "assistant", "content": f"answer {number}"}])
            for number, question in enumerate(questions, start=1)]


def known(rows: list[Row]) -> list[SplitRow]:
    """What the split is told of the rows."""
    return [split_row_of(row) for row in rows]


def split(rows: list[Row], fraction: float, seed: int) -> tuple[list[Row], list[Row]]:
    """The rows themselves on their two sides."""
    by_number = {row.row: row for row in rows}
    train, held_out = split_rows(known(rows), fraction, seed)
    return [by_number[row.row] for row in train], [by_number[row.row] for row in held_out]


def numbers(rows: list[Row] | list[SplitRow]) -> list[int]:
    """The row numbers."""
    return [row.row for row in rows]


def groups_of(rows: list[Row]) -> dict[int, int]:
    """The families that the checks across all rows find."""
    by_number = {row.row: row for row in rows}
    across = AcrossRows(lambda number: compared_text(by_number[number]))
    for row in rows:
        across.add(row)
    across.found()
    return across.groups()


@given(st.lists(st.sampled_from(LETTERS), min_size=1, max_size=49),
       st.sampled_from([0.0, 0.05, 0.1, 0.3, 0.5]), st.integers(0, 5))
@settings(deadline=None)
def test_every_row_is_on_one_side_and_no_question_on_both(questions: list[str], fraction: float, seed: int) -> None:
    rows = rows_asking(questions)
    train, held_out = split(rows, fraction, seed)
    assert sorted(numbers(train) + numbers(held_out)) == numbers(rows)
    assert numbers(train) == sorted(numbers(train)) and numbers(held_out) == sorted(numbers(held_out))
    assert not leaks(train, held_out)
    assert train
    if fraction == 0 or len(set(questions)) == 1:
        assert not held_out
    else:
        assert held_out


@pytest.mark.parametrize(("fraction", "size"), [(0.1, 10), (0.25, 25), (0.5, 50)])
def test_different_questions_give_exactly_the_share(fraction: float, size: int) -> None:
    rows = rows_asking([f"question {place}" for place in range(100)])
    assert len(split(rows, fraction, 17)[1]) == size


def test_the_same_seed_gives_the_same_split_and_another_seed_another() -> None:
    rows = rows_asking([f"question {place}" for place in range(100)])
    again = rows_asking([f"question {place}" for place in range(100)])
    first = numbers(split(rows, 0.2, 17)[1])
    assert first == numbers(split(again, 0.2, 17)[1])
    assert first != numbers(split(rows, 0.2, 18)[1])
    assert first != list(range(1, 21)) and first != list(range(81, 101))


def test_adding_rows_moves_few_of_the_old_ones() -> None:
    old = rows_asking([f"question {place}" for place in range(100)])
    new = rows_asking([f"question {place}" for place in range(102)])
    before, after = (set(numbers(split(rows, 0.2, 17)[1])) for rows in (old, new))
    assert len(before & after) >= 18


def test_width_case_and_space_make_no_other_question() -> None:
    asked = ["ＡＢＣは何？", "abcは何?", " abcは何? ", "ABCは何?\u3000"]
    assert len({question_key(row) for row in rows_asking(asked)}) == 1
    assert len({row.key for row in known(rows_asking(asked))}) == 1


def test_the_answer_is_no_part_of_the_question() -> None:
    train, held_out = rows_asking(["How wide?"]), rows_asking(["How wide?", "How tall?"])
    assert leaks(train, held_out) == [1]


def test_a_near_copy_of_a_training_row_leaks() -> None:
    story = "The ferry to the island leaves at seven in the morning and takes about two hours, if the sea is calm. "
    train = [
        *rows_asking([f"Tell me about day {place}." for place in range(30)]),
        Row(row=31, messages=[{"role": "user", "content": "How do I get to the island?"},
                              {"role": "assistant", "content": story * 2}])]
    held_out = [
        Row(row=1, messages=[{"role": "user", "content": "How can I get to the island?"},
                             {"role": "assistant", "content": story * 2 + "Enjoy!"}]),
        Row(row=2, messages=[{"role": "user", "content": "How do I get to the mountain?"},
                             {"role": "assistant", "content": "Take the bus that waits behind the station."}])]
    assert leaks(train, held_out) == [1]
    assert leaks(iter(train[:30]), iter(held_out)) == []


def test_near_copies_stay_on_one_side() -> None:
    base = ("市役所の窓口は平日の午前八時半から午後五時まで開いており、第二土曜日は午前中だけ利用できます。"
            "受付番号{}番の方はお待ちください。")
    rows = [row for place in range(40) for row in (
        Row(row=2 * place + 1, messages=[{"role": "user", "content": f"問い{place}"},
                                         {"role": "assistant", "content": f"{chr(0x4E00 + 37 * place) * 9}{place}"}]),
        Row(row=2 * place + 2, messages=[{"role": "user", "content": f"窓口は{place}"},
                                         {"role": "assistant", "content": base.format(place)}]))][:9]
    groups = groups_of(rows)
    for seed in range(8):
        _, held_out = split_rows(known(rows), 0.3, seed, groups=groups)
        held = set(numbers(held_out))
        copies = {2, 4, 6, 8}
        assert held and (copies <= held or not copies & held)


@pytest.mark.parametrize("stratify", ["label", "language"])
def test_strata_keep_their_proportion(stratify: str) -> None:
    kinds = [("up", "The weather is fine today and the sea is calm.")] * 70 + [
        ("down", "今日は天気が良く、海も穏やかです。散歩に行きましょう。")] * 20 + [
        ("other", "오늘은 날씨가 좋고 바다도 잔잔합니다.")] * 10
    rows = [Row(row=number, label=label, messages=[{"role": "user", "content": f"{number} {text}"},
                                                   {"role": "assistant", "content": text}])
            for number, (label, text) in enumerate(kinds, start=1)]
    for seed in range(5):
        _, held_out = split_rows(known(rows), 0.1, seed, stratify=stratify)  # type: ignore[arg-type]
        held = [getattr(row, stratify) for row in held_out]
        assert sorted(held.count(value) for value in set(held)) == [1, 2, 7]


def test_strata_of_uneven_sizes_sum_to_the_share() -> None:
    rows = [SplitRow(row, row, row, label, "") for row, label in enumerate("aaaaabbbbbcccccddddd" * 3, start=1)]
    assert len(split_rows(rows, 0.1, 1, stratify="label")[1]) == 6
    rows = [SplitRow(row, row, row, label, "") for row, label in enumerate("a" * 96 + "bcde", start=1)]
    train, held_out = split_rows(rows, 0.1, 1, stratify="label")
    assert {row.label for row in train} == set("abcde") and {row.label for row in held_out} == {"a"}


def test_synthetic_rows_are_never_held_out_nor_trained_on_beside_their_original() -> None:
    real = [msgspec.structs.replace(row, source=f"line {row.row}")
            for row in rows_asking([f"question {place}" for place in range(20)])]
    varied = [msgspec.structs.replace(row, row=20 + 2 * row.row + copy, synthetic="rephrase", messages=[
        {"role": "user", "content": f"Say it another way {copy}: {row.row}"}, row.messages[1]])
        for row in real for copy in range(2)]
    train, held_out = split_rows(known(real + varied), 0.2, 5)
    assert numbers(held_out) == numbers(split_rows(known(real), 0.2, 5)[1]) and len(held_out) == 4
    trained_on = {row.source for row in train}
    assert not trained_on & {row.source for row in held_out}
    assert len(trained_on) == 16 and len(train) == 16 + 32
    assert training_rows(known(real + varied), numbers(held_out)) == train
    assert not any(row.synthetic for fold in folds(known(real + varied), 3, 5) for row in fold)


@given(st.lists(st.sampled_from(LETTERS), min_size=1, max_size=49), st.integers(2, 6), st.integers(0, 3))
@settings(deadline=None)
def test_folds_hold_out_every_row_once_and_no_question_twice(questions: list[str], k: int, seed: int) -> None:
    rows = known(rows_asking(questions))
    dealt = folds(rows, k, seed)
    assert len(dealt) == k
    assert sorted(number for fold in dealt for number in numbers(fold)) == numbers(rows)
    asked = [{row.key for row in fold} for fold in dealt]
    assert sum(map(len, asked)) == len(set.union(*asked))


def test_folds_are_even_in_size_and_labels() -> None:
    rows = [SplitRow(row, row, row, "rare" if row % 10 == 0 else "common", "") for row in range(1, 101)]
    for fold in folds(rows, 5, 3, stratify="label"):
        assert [row.label for row in fold].count("rare") == 2 and len(fold) == 20


def test_a_fixed_instruction_does_not_tie_all_rows_together() -> None:
    rows = [Row(row=number, messages=[{"role": "user", "content": "Write a haiku."},
                                      {"role": "assistant", "content": f"{chr(0x4E00 + 31 * number) * 7} {number}"}])
            for number in range(1, 101)]
    train, held_out = split(rows, 0.1, 17)
    assert (len(train), len(held_out)) == (90, 10)
    assert not leaks(train, held_out)
    assert leaks(train, [Row(row=1, messages=train[5].messages)]) == [1]
