"""The rows of a dataset on disk: paged, filtered, sorted, searched; changed by steps that can be undone and redone."""

from pathlib import Path

import msgspec
import pytest

from backend.data.dataset import Row
from backend.data.journal import change_rows, redo, rows_changed, steps_of, undo
from backend.data.row_filter import RowFilter
from backend.data.store import ROWS_FILE, Store, findings_of
from backend.protocol.errors import TanrenError


def pair(number: int, question: str, answer: str, **values: object) -> Row:
    messages = [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]
    return msgspec.structs.replace(Row(row=number, messages=messages), **values)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Five rows of which one has an empty answer."""
    rows = [
        pair(1, "返品できますか", "はい、30日以内なら。", label="返品"),
        pair(2, "ＯＰＥＮＩＮＧ hours?", "Nine to five.", label="hours"),
        pair(3, "Empty?", "", problem="empty_answer"),
        pair(4, "A question that is far longer than all the others in this table", "Yes.", label="hours"),
        pair(5, "Short?", "No."),
    ]
    made = Store.create(tmp_path)
    made.add([(row, ("control_characters",) if row.row in (2, 5) else ()) for row in rows])
    return made


def numbers(store: Store, **wanted: object) -> list[int]:
    return list(store.numbers(RowFilter(**wanted)))  # type: ignore[arg-type]


def contents(store: Store) -> dict[int, str]:
    return {row.row: row.messages[-1]["content"] for row in store.rows()}


def test_rows_come_back_as_they_were_put_in(store: Store, tmp_path: Path) -> None:
    before = list(store.rows())
    store.close()
    with Store.open(tmp_path) as again:
        assert list(again.rows()) == before
        assert (again.count(), again.count(usable=True), again.last_number()) == (5, 4, 5)
        assert [row.row for row in again.rows(usable=True, first=2)] == [2, 4, 5]
        assert again.page([4, 1, 99]) == {4: before[3], 1: before[0]}


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, [1, 2, 3, 4, 5]),
        ({"check": "control_characters"}, [2, 5]),
        ({"text": "opening"}, [2]),
        ({"text": "３０日"}, [1]),
        ({"text": "role"}, []),
        ({"state": "unusable"}, [3]),
        ({"state": "usable", "descending": True}, [5, 4, 2, 1]),
        ({"label": "hours"}, [2, 4]),
        ({"sort": "length"}, [3, 5, 1, 2, 4]),
        ({"sort": "checks", "descending": True}, [2, 3, 5, 1, 4]),
        ({"text": "no.", "check": "control_characters"}, [5]),
    ],
)
def test_filters_and_orders(store: Store, wanted: dict[str, object], found: list[int]) -> None:
    assert numbers(store, **wanted) == found


def test_findings_name_and_count_their_rows(store: Store) -> None:
    store.note_findings("across", {"duplicates": [4, 5]})
    assert {finding.check: (finding.count, finding.rows) for finding in findings_of(store)} == {
        "empty_answer": (1, [3]), "duplicates": (2, [4, 5]), "control_characters": (2, [2, 5])}
    store.note_findings("across", {})
    assert "duplicates" not in store.findings()
    assert store.checks_of([2, 3]) == {2: ["control_characters"], 3: ["empty_answer"]}


def test_a_step_is_undone_and_redone_to_the_letter(store: Store) -> None:
    before = list(store.rows())
    with change_rows(store, "edit", {"why": "test"}) as change:
        row = store.row(1)
        assert row is not None
        change.change(row, pair(1, "返品できますか", "いいえ。"), ())
        change.remove(before[2])
        assert change.add(pair(0, "New?", "Yes, new."), ()) == 6
    after = list(store.rows())
    assert contents(store) == {1: "いいえ。", 2: "Nine to five.", 4: "Yes.", 5: "No.", 6: "Yes, new."}
    step = steps_of(store)[0]
    assert (step.name, step.settings) == ("edit", {"why": "test"})
    assert step.counts == {"changed": 1, "removed": 1, "added": 1}
    assert rows_changed(store, step.step) == [1, 3, 6]
    assert undo(store) is not None
    assert list(store.rows()) == before and steps_of(store) == []
    assert "empty_answer" in store.findings()
    assert redo(store) is not None
    assert list(store.rows()) == after
    assert redo(store) is None


def test_a_new_step_forgets_what_was_undone(store: Store) -> None:
    for text in ("first", "second"):
        with change_rows(store, "edit", {}) as change:
            row = store.row(5)
            assert row is not None
            change.change(row, pair(5, "Short?", text), ())
    undo(store)
    assert contents(store)[5] == "first"
    with change_rows(store, "edit", {}) as change:
        row = store.row(5)
        assert row is not None
        change.change(row, pair(5, "Short?", "third"), ())
    assert redo(store) is None
    undo(store)
    assert contents(store)[5] == "first"
    undo(store)
    assert contents(store)[5] == "No."
    assert undo(store) is None


def test_a_step_that_fails_changes_nothing(store: Store) -> None:
    before = list(store.rows())
    with pytest.raises(RuntimeError), change_rows(store, "edit", {}) as change:
        change.remove(before[0])
        raise RuntimeError
    assert list(store.rows()) == before and steps_of(store) == []


def test_a_step_that_changes_nothing_is_not_kept(store: Store) -> None:
    with change_rows(store, "edit", {}) as change:
        row = store.row(1)
        assert row is not None
        change.change(row, row, ())
    assert steps_of(store) == []


def test_numbers_of_removed_rows_are_not_given_again(store: Store) -> None:
    with change_rows(store, "edit", {}) as change:
        row = store.row(5)
        assert row is not None
        change.remove(row)
    with change_rows(store, "edit", {}) as change:
        assert change.add(pair(0, "q", "a"), ()) == 6


def test_the_histogram_counts_every_row(store: Store) -> None:
    bins = store.lengths(10, tokens=False)
    assert sum(rows for _, rows in bins) == 5 and bins[0][0] == 0
    assert store.lengths(10, tokens=True) == []
    store.note_tokens([(1, 4), (2, 39)])
    assert store.lengths(4, tokens=True) == [(0, 1), (10, 0), (20, 0), (30, 1)]


def test_a_damaged_store_is_named(store: Store, tmp_path: Path) -> None:
    store.close()
    (tmp_path / ROWS_FILE).write_bytes(b"no database at all" * 100)
    with pytest.raises(TanrenError) as caught:
        Store.open(tmp_path)
    assert caught.value.code == "dataset_damaged"


def test_a_store_of_a_newer_version_is_not_touched(store: Store, tmp_path: Path) -> None:
    store.connection.execute("PRAGMA user_version = 99")
    store.close()
    with pytest.raises(TanrenError) as caught:
        Store.open(tmp_path)
    assert caught.value.code == "dataset_newer"
