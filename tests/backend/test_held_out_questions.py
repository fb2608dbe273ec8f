"""Which held-out rows can be asked: dialogues that end in words; of others it is said why not."""

import json
from pathlib import Path
from typing import Any

import pytest

from backend.evaluation.questions import read_questions
from backend.protocol.errors import TanrenError


@pytest.mark.parametrize(("lines", "code"), [
    ([], "held_out_empty"),
    ([{"row": 4, "messages": [], "text": "Once upon a time.", "part": 0}], "held_out_no_question"),
])
def test_rows_that_ask_nothing_are_told_from_no_rows(tmp_path: Path, lines: list[dict[str, Any]], code: str) -> None:
    (tmp_path / "held_out.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    with pytest.raises(TanrenError) as caught:
        read_questions(tmp_path)
    assert caught.value.code == code
