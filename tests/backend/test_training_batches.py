"""Order of rows, batches and learning rate: pure functions of seed, epoch and step."""

import itertools
import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from backend.training.batches import groups_of_epoch, make_batch, total_steps
from backend.training.examples import Examples
from backend.training.schedule import learning_rate_at


@given(
    lengths=st.lists(st.integers(1, 300), min_size=1, max_size=60), batch_size=st.integers(1, 9),
    accumulation=st.integers(1, 4), seed=st.integers(0, 2**31 - 1), epoch=st.integers(0, 50),
)
def test_every_row_is_in_exactly_one_batch_within_the_memory_of_the_batch_size(
    lengths: list[int], batch_size: int, accumulation: int, seed: int, epoch: int
) -> None:
    groups = groups_of_epoch(lengths, batch_size, accumulation, seed, epoch)
    rows = [row for group in groups for batch in group for row in batch]
    assert sorted(rows) == list(range(len(lengths)))
    assert len(groups) == total_steps(len(lengths), batch_size, accumulation, 1, 0)
    for group in groups[:-1]:
        assert sum(map(len, group)) == batch_size * accumulation
    for batch in (batch for group in groups for batch in group):
        assert len(batch) * max(lengths[row] for row in batch) <= batch_size * max(lengths)
    assert groups == groups_of_epoch(lengths, batch_size, accumulation, seed, epoch)


def test_epochs_and_seeds_have_orders_of_their_own() -> None:
    orders = {str(groups_of_epoch([5] * 40, 4, 1, seed, epoch)) for seed in range(3) for epoch in range(3)}
    assert len(orders) == 9


def test_short_rows_share_a_pass() -> None:
    lengths = [100] + [10] * 7
    (group,) = groups_of_epoch(lengths, batch_size=2, accumulation=4, seed=1, epoch=0)
    assert [len(batch) for batch in group] == [2, 6]


def test_steps_are_counted_with_the_last_part_group_and_the_limit() -> None:
    assert total_steps(rows=17, batch_size=4, accumulation=2, epochs=3, max_steps=0) == 9
    assert total_steps(rows=17, batch_size=4, accumulation=2, epochs=3, max_steps=5) == 5
    assert total_steps(rows=17, batch_size=4, accumulation=2, epochs=3, max_steps=50) == 9


def test_a_batch_predicts_each_trained_token_from_the_place_before_it() -> None:
    examples = Examples(
        torch.tensor([7, 8, 9, 1, 2, 3, 4], dtype=torch.int32), torch.tensor([1, 0, 1, 0, 0, 1, 1], dtype=torch.uint8),
        torch.tensor([0, 3, 7]),
    )
    batch = make_batch(examples, [0, 1])
    assert batch.tokens.tolist() == [[7, 8, 9, 0], [1, 2, 3, 4]]
    assert batch.targets.tolist() == [9, 3, 4]  # the 7 that begins a row has nothing before it
    assert batch.predicting.tolist() == [1, 4 + 1, 4 + 2]
    assert batch.real_tokens == 7
    assert examples.trained_ids == {7, 9, 3, 4}


def test_the_learning_rate_warms_up_and_then_falls_to_nearly_zero() -> None:
    rates = [learning_rate_at(step, 100, 2e-4, 0.1) for step in range(100)]
    assert rates[0] == pytest.approx(2e-5)
    assert rates[9] == rates[10] == 2e-4 == max(rates)
    assert all(later < earlier for earlier, later in itertools.pairwise(rates[10:]))
    assert rates[55] == pytest.approx(2e-4 * 0.5 * (1 + math.cos(math.pi * 0.5)))
    assert 0 < rates[-1] < 2e-7
    assert learning_rate_at(0, 10, 1.0, 0.0) == 1.0
