"""What a job says is kept whole: a disk that fills up in the middle of a line leaves no half line behind."""

import os
import resource
from pathlib import Path

import pytest

from backend.protocol.messages import Log
from backend.report import Report
from backend.runs.events import read_events
from backend.runs.job_state import EVENTS_FILE


def test_a_line_that_no_longer_fits_is_taken_back(tmp_path: Path) -> None:
    wire = os.open(os.devnull, os.O_WRONLY)
    report = Report(tmp_path, wire)
    report.log("first")
    size = (tmp_path / EVENTS_FILE).stat().st_size
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 40, before[1]))  # the kernel writes 40 bytes, then refuses
    try:
        with pytest.raises(OSError):
            report.log("lost " * 50)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert (tmp_path / EVENTS_FILE).stat().st_size == size
    report.log("there is room again")
    os.close(wire)
    assert [event.text for event in read_events(tmp_path) if isinstance(event, Log)] == ["first", "there is room again"]
