"""The state of a job is true after any crash: the file and the lock together."""

import fcntl
import threading
import time
from pathlib import Path

import msgspec
import pytest

from backend.protocol.errors import TanrenError
from backend.runs.job_state import (
    ENDED,
    LOCK_FILE,
    START_GRACE_SECONDS,
    STATE_FILE,
    State,
    StateRecord,
    begin_state,
    end_state,
    is_alive,
    read_state,
    settle_state,
    write_state,
)
from backend.runs.locks import FileLock, is_held


@pytest.fixture
def held(tmp_path: Path) -> FileLock:
    """The job's lock, held as if by a worker (a lock belongs to its descriptor, so our own process counts)."""
    lock = FileLock(tmp_path / LOCK_FILE)
    assert lock.acquire()
    return lock


def test_a_job_that_was_never_started_is_queued(tmp_path: Path) -> None:
    assert read_state(tmp_path) == settle_state(tmp_path) == "queued"
    assert not (tmp_path / STATE_FILE).exists()


@pytest.mark.parametrize("state", ENDED)
def test_an_end_is_an_end(state: State, tmp_path: Path) -> None:
    write_state(tmp_path, state)
    assert settle_state(tmp_path) == state
    end_state(tmp_path, "lost")
    assert read_state(tmp_path) == state


@pytest.mark.parametrize("state", ["running", "stopping"])
def test_at_work_without_a_worker_is_lost(state: State, tmp_path: Path) -> None:
    write_state(tmp_path, state)
    assert settle_state(tmp_path) == "lost"
    assert read_state(tmp_path) == "lost"


@pytest.mark.parametrize("state", ["starting", "running", "stopping"])
def test_at_work_with_a_worker_is_what_it_says(state: State, tmp_path: Path, held: FileLock) -> None:
    write_state(tmp_path, state)
    assert is_alive(tmp_path)
    assert settle_state(tmp_path) == state
    held.release()
    assert not is_alive(tmp_path)


def test_a_starting_worker_gets_its_time(tmp_path: Path) -> None:
    write_state(tmp_path, "starting")
    assert settle_state(tmp_path) == "starting"
    late = StateRecord("starting", time.time() - START_GRACE_SECONDS - 1)
    (tmp_path / STATE_FILE).write_bytes(msgspec.json.encode(late))
    assert settle_state(tmp_path) == "lost"


@pytest.mark.parametrize("content", [b"", b"{", b'{"state":"perhaps","time":1}', b"\x00" * 100])
def test_a_damaged_state_file_counts_as_queued(content: bytes, tmp_path: Path) -> None:
    (tmp_path / STATE_FILE).write_bytes(content)
    assert read_state(tmp_path) == "queued"


def test_a_supervisor_cannot_begin_what_another_holds(tmp_path: Path, held: FileLock) -> None:
    write_state(tmp_path, "running")
    with pytest.raises(TanrenError) as caught:
        begin_state(tmp_path)
    assert caught.value.code == "job_running"
    assert read_state(tmp_path) == "running"
    end_state(tmp_path, "lost")
    assert read_state(tmp_path) == "running"
    held.release()
    begin_state(tmp_path)
    assert read_state(tmp_path) == "starting"


def test_a_lock_is_held_once(tmp_path: Path, held: FileLock) -> None:
    second = FileLock(tmp_path / LOCK_FILE)
    assert not second.acquire()
    second.release()
    assert is_held(tmp_path / LOCK_FILE)
    held.release()
    held.release()
    assert second.acquire()
    second.release()


def test_looking_at_a_lock_makes_no_file(tmp_path: Path) -> None:
    assert not is_held(tmp_path / LOCK_FILE)
    assert not (tmp_path / LOCK_FILE).exists()


def test_looking_at_a_lock_hinders_nobody(tmp_path: Path) -> None:
    path = tmp_path / LOCK_FILE
    path.touch()
    with open(path) as somebody_looks:
        fcntl.flock(somebody_looks, fcntl.LOCK_SH)
        assert not is_held(path)
        threading.Timer(0.05, lambda: fcntl.flock(somebody_looks, fcntl.LOCK_UN)).start()
        lock = FileLock(path)
        assert lock.acquire(), "a worker waits for a look to end"
        assert is_held(path)
        lock.release()
