"""A real run measured row by row in the window: by a real worker, each row as the real model sees it."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

pytest.importorskip("PySide6")
pytest.importorskip("torch")

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from backend.config.jobs import DataImportJob, TrainJob
from backend.config.train import TrainConfig
from backend.data.dataset_folder import new_dataset_folder
from backend.data.store import Store
from backend.runs.run import Run, create_run
from backend.supervise import Worker
from gui.pages.results import ResultsPage
from gui.session import Session
from tests.tiny_models import make_model

LONG = 240_000
WRONG = "The moon is made of eighteen green lamps, says nobody but this row."


@pytest.fixture
def page(qapp: QApplication, qtbot: QtBot, home: Path) -> Iterator[ResultsPage]:
    made = ResultsPage(Session(home, "en"))
    made.resize(1000, 1000)
    made.tabs.setCurrentIndex(2)
    yield made
    qtbot.waitUntil(lambda: not made.session.jobs, timeout=LONG)
    made.close()
    made.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def done(job: Path) -> None:
    worker = Worker(job)
    for _ in worker:
        pass
    assert getattr(worker.outcome, "state", "") == "succeeded", worker.outcome


def trained(home: Path, folder: Path, imported: bool) -> Run:
    """A run of 24 rows that all say the same, but one."""
    file = folder / "rows.jsonl"
    rows = [{"question": f"What is it, number {n}?", "answer": WRONG if n == 5 else "It is a stone."}
            for n in range(1, 25)]
    file.write_bytes(b"".join(msgspec.json.encode(row) + b"\n" for row in rows))
    data = file
    if imported:
        data = new_dataset_folder(home, "stones")
        importing = Run(home / "looks")
        done(importing.new_job(DataImportJob(files=[str(file)], folder=str(data), name="stones"), "data_import"))
    config = TrainConfig(batch_size=8, gradient_accumulation=1, epochs=30, learning_rate=1e-2, lora_rank=16,
                         lora_alpha=32, held_out_fraction=0.2, device="cpu", save_every=1000, max_length=256)
    model = make_model(folder / "model", hidden=64, feed_forward=128, scale=0.1)
    run = create_run(home, model, data, config, "stones")
    done(run.new_job(TrainJob(run=str(run.folder), model=str(model), data=str(data), config=config), "train"))
    return run


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("imported", [True, False])
def test_the_row_that_is_wrong_comes_first(
    page: ResultsPage, qtbot: QtBot, home: Path, tmp_path: Path, imported: bool
) -> None:
    trained(home, tmp_path, imported)
    page.show()
    page.on_shown()
    view = page.row_losses
    qtbot.mouseClick(view.measure_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: view.shown_part.isVisible() and not view.rows.is_reading, timeout=LONG)
    assert not page.errors.isVisible() and not view.stale_note.isVisible()
    assert view.rows.rowCount() == 24
    assert view.rows.index(0, 5).data() == WRONG
    worst, next_one = (float(view.rows.index(line, 0).data()) for line in (0, 1))
    assert worst > 1.5 * next_one

    tokens = view.view.tokens
    view.view.tabs.setCurrentIndex(1)
    qtbot.waitUntil(lambda: bool(tokens.tokens), timeout=LONG)
    assert "".join(token.text for token in tokens.tokens if token.trained).startswith(WRONG)
    assert "What is it, number 5?" in "".join(token.text for token in tokens.tokens if not token.trained)
    assert not view.view.errors.isVisible()
    assert sum(token.trained for token in tokens.tokens) == view.rows.loss_at(0).tokens
    view.table.selectRow(3)
    assert tokens.tokens, "the rows that follow were rendered with it"
    view.table.selectRow(0)

    if imported:
        view.rows.setData(view.rows.index(0, 5), "It is a stone.")
        qtbot.waitUntil(lambda: "It is a stone." in "".join(token.text for token in tokens.tokens), timeout=LONG)
        with Store.open(view.rows.measured.datasets["train"]) as store:
            assert store.row(5).messages[-1]["content"] == "It is a stone."
        assert view.changed_note.isVisible()
    else:
        assert not view.rows.flags(view.rows.index(0, 5)) & Qt.ItemFlag.ItemIsEditable
