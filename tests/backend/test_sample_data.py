"""The sample dataset: its size, its two languages, and that the held-out questions are held out."""

import json
import unicodedata
from collections import Counter
from pathlib import Path

from resources.make_sample import support_desk

ROOT = Path(__file__).resolve().parents[2]
SAMPLE_DATA = ROOT / "resources" / "sample_data"


def _rows(name: str) -> list[tuple[str, str]]:
    """(question, answer) of each line of a file."""
    rows = []
    for line in (SAMPLE_DATA / name).read_text(encoding="utf-8").splitlines():
        user, assistant = json.loads(line)["messages"]
        assert (user["role"], assistant["role"]) == ("user", "assistant")
        rows.append((user["content"], assistant["content"]))
    return rows


def _plain(question: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFKC", question).casefold() if letter.isalnum())


def _japanese(text: str) -> bool:
    return any("\u3040" <= letter <= "\u30ff" for letter in text)


def test_300_rows_and_60_held_out() -> None:
    assert len(_rows(support_desk.TRAINING_FILE)) == 300
    assert len(_rows(support_desk.HELD_OUT_FILE)) == 60


def test_no_question_occurs_twice_in_either_file() -> None:
    questions = _rows(support_desk.TRAINING_FILE) + _rows(support_desk.HELD_OUT_FILE)
    twice = [question for question, count in Counter(_plain(q) for q, _ in questions).items() if count > 1]
    assert not twice


def test_half_of_either_file_is_japanese_and_answered_in_japanese() -> None:
    for name in (support_desk.TRAINING_FILE, support_desk.HELD_OUT_FILE):
        rows = _rows(name)
        japanese = [(question, answer) for question, answer in rows if _japanese(question)]
        assert len(japanese) == len(rows) / 2
        assert all(_japanese(answer) for _, answer in japanese)
        assert not any(_japanese(answer) for question, answer in rows if not _japanese(question))


def test_each_held_out_question_has_an_answer_that_is_trained() -> None:
    trained = Counter(answer for _, answer in _rows(support_desk.TRAINING_FILE))
    assert set(trained.values()) == {5}
    assert {answer for _, answer in _rows(support_desk.HELD_OUT_FILE)} == trained.keys()


def test_the_generator_writes_the_same_bytes(tmp_path: Path) -> None:
    support_desk.write(tmp_path)
    for name in (support_desk.TRAINING_FILE, support_desk.HELD_OUT_FILE):
        assert (tmp_path / name).read_bytes() == (SAMPLE_DATA / name).read_bytes()
