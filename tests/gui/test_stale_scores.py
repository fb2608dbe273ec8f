"""Scores and files that are older than the run say so on the Results page and in the chat."""

import json
import shutil
from pathlib import Path

from pytestqt.qtbot import QtBot

from backend.runs.manifests import check_manifest, write_manifest
from backend.runs.origin import origin_facts
from gui.pages.chat import ChatPage
from gui.pages.results import ResultsPage
from gui.session import Session
from tests.gui.scripted import prepared_gguf, prepared_run


def test_scores_older_than_the_run_say_so(home: Path, qtbot: QtBot) -> None:
    run = prepared_run(home, steps=28)
    origin = origin_facts("step-000028", check_manifest(run.newest_checkpoint()))
    for target, facts in (("base", {}), ("tuned", origin)):
        folder = run.scores / target
        folder.mkdir(parents=True)
        (folder / "answers.jsonl").write_text(json.dumps(
            {"row": 0, "question": "質問", "expected": "はい", "answer": "はい", "match": True}) + "\n")
        (folder / "scores.json").write_text(json.dumps({"exact_match": {"value": 1.0, "low": 0.2, "high": 1.0}}))
        write_manifest(folder, "scores", facts=facts)
    page = ResultsPage(Session(home, "en"))
    qtbot.addWidget(page)
    page.resize(1000, 900)
    page.show()
    page.on_shown()
    assert page.answers.isVisible()
    assert not page.stale_note.isVisible()
    shutil.copytree(run.newest_checkpoint(), run.checkpoints / "step-000040")
    page.refresh()
    assert page.stale_note.isVisible()
    assert page.stale_note.text() == "! Made from step 28; the run is now at step 40."


def test_a_chat_says_that_its_file_is_older_than_the_run(home: Path, qtbot: QtBot) -> None:
    run = prepared_run(home, steps=28)
    file = prepared_gguf(run)
    origin = origin_facts("step-000028", check_manifest(run.newest_checkpoint()))
    write_manifest(file.parent, "gguf", facts=origin)
    page = ChatPage(Session(home, "en"))
    qtbot.addWidget(page)
    page.resize(1000, 900)
    page.show()
    page.on_shown()
    assert page.link.file == file
    assert not page.file_note.isVisible()
    shutil.copytree(run.newest_checkpoint(), run.checkpoints / "step-000040")
    page.refresh()
    assert page.file_note.text() == "! Made from step 28; the run is now at step 40."
    assert page.file_note.isVisible()
