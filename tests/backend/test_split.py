"""The held-out set: repeatable, about as large as asked for, never asking what is also trained on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.data.dataset import Row
from backend.data.split import question_key, shared_questions, split_rows


def rows_asking(questions: list[str]) -> list[Row]:
    """Rows with these questions, each with an answer of its own."""
    return [Row(row=number, messages=[{"role": "user", "content": question},
                                      {"role": "assistant", "content": f"answer {number}"}])
            for number, question in enumerate(questions, start=1)]


def numbers(rows: list[Row]) -> list[int]:
    """The row numbers."""
    return [row.row for row in rows]


@given(st.lists(st.sampled_from("abcdefghijklmnopqrstuvwxyz"), min_size=1, max_size=60),
       st.sampled_from([0.0, 0.05, 0.1, 0.3, 0.5]), st.integers(0, 5))
def test_every_row_is_on_one_side_and_no_question_on_both(questions: list[str], fraction: float, seed: int) -> None:
    rows = rows_asking(questions)
    train, held_out = split_rows(rows, fraction, seed)
    assert sorted(numbers(train) + numbers(held_out)) == numbers(rows)
    assert numbers(train) == sorted(numbers(train)) and numbers(held_out) == sorted(numbers(held_out))
    assert not shared_questions(train, held_out)
    assert train
    if fraction == 0 or len(set(questions)) == 1:
        assert not held_out
    else:
        assert held_out


@pytest.mark.parametrize(("fraction", "size"), [(0.1, 10), (0.25, 25), (0.5, 50)])
def test_different_questions_give_exactly_the_share(fraction: float, size: int) -> None:
    rows = rows_asking([f"question {place}" for place in range(100)])
    assert len(split_rows(rows, fraction, 17)[1]) == size


def test_the_same_seed_gives_the_same_split_and_another_seed_another() -> None:
    rows = rows_asking([f"question {place}" for place in range(100)])
    again = rows_asking([f"question {place}" for place in range(100)])
    first = numbers(split_rows(rows, 0.2, 17)[1])
    assert first == numbers(split_rows(again, 0.2, 17)[1])
    assert first != numbers(split_rows(rows, 0.2, 18)[1])
    assert first != list(range(1, 21)) and first != list(range(81, 101))


def test_adding_rows_moves_few_of_the_old_ones() -> None:
    old = rows_asking([f"question {place}" for place in range(100)])
    new = rows_asking([f"question {place}" for place in range(102)])
    before, after = (set(numbers(split_rows(rows, 0.2, 17)[1])) for rows in (old, new))
    assert len(before & after) >= 18


def test_width_case_and_space_make_no_other_question() -> None:
    asked = ["ＡＢＣは何？", "abcは何?", " abcは何? ", "ABCは何?\u3000"]
    keys = {question_key(row) for row in rows_asking(asked)}
    assert len(keys) == 1


def test_the_answer_is_no_part_of_the_question() -> None:
    train, held_out = rows_asking(["How wide?"]), rows_asking(["How wide?", "How tall?"])
    assert shared_questions(train, held_out) == [1]
