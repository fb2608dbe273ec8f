"""The Train page with live workers: set-up, watching, stopping, resuming, and workers that misbehave."""

import re
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import Qt, QTimer
from pytestqt.qtbot import QtBot

from backend.config.jobs import ExportJob
from backend.config.presets import PRESETS
from backend.home import starter_model
from backend.protocol import watch
from backend.protocol.messages import Metric
from backend.runs.atomic import TEMPORARY_PREFIX
from backend.runs.events import metrics
from backend.runs.job_state import read_state
from backend.runs.locks import FileLock
from backend.runs.run import list_runs
from gui.main_window import MainWindow
from gui.pages.train import TrainPage
from gui.session import Session
from gui.widgets import job_progress, run_monitor
from tests.gui.datasets import dialogue, make_dataset
from tests.gui.scripted import HOSTILE, prepared_run, use_worker

PATIENCE = 20_000


@pytest.fixture
def session(home: Path, qtbot: QtBot) -> Session:
    made = Session(home, "en")
    (home / "model").mkdir()
    (home / "rows_held_out.jsonl").write_text("{}\n")
    data = make_dataset(home, [(dialogue(n, f"q{n}", f"a{n}"), []) for n in range(1, 5001)])
    made.choose_model(home / "model")
    made.choose_data(data)
    qtbot.waitUntil(lambda: made.dataset is not None and made.dataset.overview is not None, timeout=PATIENCE)
    return made


@pytest.fixture
def page(session: Session, qtbot: QtBot) -> TrainPage:
    made = TrainPage(session)
    qtbot.addWidget(made)
    made.resize(1000, 800)
    made.show()
    return made


def press(qtbot: QtBot, widget: object) -> None:
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)


def test_start_needs_a_model_and_a_dataset(session: Session, page: TrainPage) -> None:
    assert page.setup.start_button.isEnabled()
    session.choose_model(None)
    assert not page.setup.start_button.isEnabled()
    assert "model" in page.setup.reason_label.text()
    session.choose_data(None)
    session.choose_model(session.home / "model")
    assert "dataset" in page.setup.reason_label.text()


def test_the_held_out_file_beside_the_dataset_is_proposed(session: Session, page: TrainPage, qtbot: QtBot) -> None:
    assert page.setup.held_out == session.home / "rows_held_out.jsonl"
    assert not page.setup.form.control("held_out_fraction").isEnabled()
    press(qtbot, page.setup.held_out_button)
    assert page.setup.held_out is None
    assert page.setup.form.control("held_out_fraction").isEnabled()


def test_a_run_is_trained_and_watched(
    session: Session, page: TrainPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_worker(monkeypatch)
    page.setup.name_edit.setText("窓口")
    page.setup.form.control("max_steps").setValue(12)
    press(qtbot, page.setup.start_button)
    assert page.monitor.is_live
    assert page.monitor.progress.isVisible()
    qtbot.waitUntil(lambda: not page.monitor.is_live, timeout=PATIENCE)
    run = list_runs(session.home)[0]
    assert run.info().name == "窓口"
    assert run.info().config.max_steps == 12
    assert run.info().held_out == str(session.home / "rows_held_out.jsonl")
    assert page.monitor.state_label.text() == "Training is finished"
    assert [step for step, _ in page.monitor.chart.points()["raw"]] == list(range(1, 13))
    assert [step for step, _ in page.monitor.chart.points()["held_out"]] == [5, 10]
    assert page.monitor._figures["step"].text() == "12 / 12"
    assert page.monitor._figures["speed"].text() == "100 tokens/s"
    assert "scripted training" in page.monitor.log.toPlainText()
    assert page.monitor.results_button.isVisible()
    assert not page.monitor.resume_button.isVisible()
    assert session.run is not None
    assert session.run.id == run.id


def test_what_was_left_out_is_shown_and_not_only_in_the_folded_log(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_worker(monkeypatch)
    window.session.choose_model(window.session.home)
    window.session.choose_data(make_dataset(window.session.home, [(dialogue(1, "a", "b"), [])]))
    window.show_page("train")
    page = window.pages["train"]
    assert isinstance(page, TrainPage)
    qtbot.waitUntil(page.setup.start_button.isEnabled, timeout=PATIENCE)
    page.setup.form.control("max_steps").setValue(3)
    page.start()
    qtbot.waitUntil(lambda: not page.monitor.is_live, timeout=PATIENCE)
    assert page.monitor.log.isHidden()
    assert page.monitor.notes_label.isVisible()
    shown = page.monitor.notes_label.text().splitlines()
    assert shown[0] == "! 1 rows are left out" and shown[-1] == "! … and 2 more in the log"
    assert len(shown) == 6
    window.session.choose_language("ja")
    shown = page.monitor.notes_label.text().splitlines()
    assert shown[0] == "! 1 件を除きます" and "2" in shown[-1] and "more" not in shown[-1]
    log = page.monitor.log.toPlainText()
    assert "台本どおりの学習" in log and "scripted" not in log
    assert "7 件を除きます" in log and "学習中" in log


def test_the_figures_of_a_run_are_read_once(
    session: Session, page: TrainPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_worker(monkeypatch)
    run = prepared_run(session.home, steps=20, state="stopped")
    reads: list[int] = []

    def counted(folders: list[Path]) -> list[Metric]:
        reads.append(len(folders))
        return metrics(folders)

    monkeypatch.setattr(run_monitor, "metrics", counted)
    page.resume(run)
    assert len(reads) == 1
    assert page.monitor.chart.points()["raw"][19][0] == 20
    assert page.monitor._figures["loss"].text() == "0.371"
    qtbot.waitUntil(lambda: not page.monitor.is_live, timeout=PATIENCE)


def test_stop_saves_and_resume_goes_on(
    session: Session, page: TrainPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_worker(monkeypatch)
    monkeypatch.setenv("TANREN_TEST_PACE", "0.05")
    page.setup.form.control("max_steps").setValue(40)
    press(qtbot, page.setup.start_button)
    qtbot.waitUntil(lambda: len(page.monitor.chart.points()["raw"]) >= 3, timeout=PATIENCE)
    press(qtbot, page.monitor.progress.stop_button)
    assert not page.monitor.progress.stop_button.isEnabled()
    qtbot.waitUntil(lambda: not page.monitor.is_live, timeout=PATIENCE)
    assert page.monitor.state_label.text() == "Stopped"
    stopped_at = page.monitor.chart.points()["raw"][-1][0]
    assert stopped_at < 40
    assert str(stopped_at) in page.monitor.story_label.text()
    press(qtbot, page.monitor.resume_button)
    assert page.monitor.is_live
    monkeypatch.setenv("TANREN_TEST_PACE", "0.0")
    qtbot.waitUntil(lambda: not page.monitor.is_live, timeout=PATIENCE)
    assert [step for step, _ in page.monitor.chart.points()["raw"]] == list(range(1, 41))
    assert page.monitor.state_label.text() == "Training is finished"
    assert len(list_runs(session.home)) == 1


def test_resume_is_refused_while_an_export_works_on_the_run(
    session: Session, page: TrainPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_worker(monkeypatch)
    monkeypatch.setenv("TANREN_TEST_PACE", "0.05")
    run = prepared_run(session.home, steps=20, state="stopped")
    page.on_shown()
    export = session.start_run_job(run, ExportJob(run=str(run.folder), quants=["F16"] * 100), "export")
    half = run.gguf / f"{TEMPORARY_PREFIX}work-1"
    qtbot.waitUntil(lambda: bool(run.gguf_files()), timeout=PATIENCE)
    half.mkdir()
    press(qtbot, page.banner_button)
    assert not page.monitor.is_live
    assert half.is_dir(), "the export's files stay"
    assert "already running" in page.errors.cause_label.text()
    session.choose_language("ja")
    assert "すでにジョブが実行中" in page.errors.cause_label.text()
    assert len(run.trainings()) == 1
    export.stop("save")
    qtbot.waitUntil(lambda: export.outcome is not None, timeout=PATIENCE)
    press(qtbot, page.banner_button)
    assert not page.errors.isVisible()
    assert not half.exists()
    monkeypatch.setenv("TANREN_TEST_PACE", "0.0")
    qtbot.waitUntil(lambda: not page.monitor.is_live, timeout=PATIENCE)
    assert page.monitor.state_label.text() == "Training is finished"


def test_a_training_that_came_second_is_told_and_the_run_stays_as_it_was(
    session: Session, page: TrainPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another window began to work on the run while our worker was starting."""
    use_worker(monkeypatch)
    run = prepared_run(session.home, steps=20, state="stopped")
    other = FileLock(run.lock)
    session.job_started.connect(lambda _job: other.acquire())  # after the page looked, before the worker is there
    page.resume(run)
    qtbot.waitUntil(lambda: not page.monitor.is_live, timeout=PATIENCE)
    other.release()
    assert "already running" in page.monitor.errors.cause_label.text()
    assert page.monitor.state_label.text() == "Stopped"
    assert page.monitor.resume_button.isVisible()
    assert run.newest_checkpoint().name == "step-000020"


def test_a_stop_from_elsewhere_in_the_window_shows_on_the_page(
    page: TrainPage, session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_worker(monkeypatch)
    monkeypatch.setenv("TANREN_TEST_PACE", "0.05")
    page.setup.form.control("max_steps").setValue(200)
    press(qtbot, page.setup.start_button)
    qtbot.waitUntil(lambda: bool(page.monitor.chart.points()["raw"]), timeout=PATIENCE)
    session.jobs[0].stop("save")  # what the strip at the bottom does
    assert page.monitor.progress.is_stopping
    assert not page.monitor.progress.stop_button.isEnabled()
    qtbot.waitUntil(lambda: not page.monitor.is_live, timeout=PATIENCE)
    assert page.monitor.state_label.text() == "Stopped"


def test_a_second_training_cannot_start(
    page: TrainPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_worker(monkeypatch)
    monkeypatch.setenv("TANREN_TEST_PACE", "0.05")
    page.setup.form.control("max_steps").setValue(500)
    press(qtbot, page.setup.start_button)
    page.show_setup()
    assert not page.setup.start_button.isEnabled()
    page.monitor.progress.stop()
    qtbot.waitUntil(lambda: not page.monitor.is_live, timeout=PATIENCE)
    page.show_setup()
    assert page.setup.start_button.isEnabled()


def test_an_unfinished_run_is_offered(session: Session, qtbot: QtBot) -> None:
    run = prepared_run(session.home, "letters", steps=20, state="stopped")
    page = TrainPage(session)
    qtbot.addWidget(page)
    page.show()
    assert page.banner.isVisible()
    assert "letters" in page.banner_label.text()
    assert "20" in page.banner_label.text()
    run.folder.rename(session.home / "gone")
    page.on_shown()
    assert not page.banner.isVisible()


def test_a_finished_run_is_not_offered(session: Session, qtbot: QtBot) -> None:
    prepared_run(session.home)
    page = TrainPage(session)
    qtbot.addWidget(page)
    page.show()
    assert not page.banner.isVisible()


def test_a_setting_out_of_bounds_is_told(session: Session, page: TrainPage, monkeypatch: pytest.MonkeyPatch) -> None:
    use_worker(monkeypatch)
    control = page.setup.form.control("learning_rate")
    control.setMaximum(1e9)  # past what the form itself would allow
    control.setValue(5.0)
    page.start()
    assert page.errors.isVisible()
    assert "learning_rate" in page.errors.cause_label.text()
    assert list_runs(session.home) == []


@pytest.mark.parametrize(("script", "words"), [
    ("crash.py", "ended without a word"), ("garbage.py", "no message"), ("dies_at_start.py", "ended without a word"),
    ("wrong_version.py", "protocol"), ("long_line.py", "no message"),
])
def test_a_worker_that_misbehaves_is_told_in_words(
    page: TrainPage, session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, script: str, words: str
) -> None:
    use_worker(monkeypatch, HOSTILE / script)
    press(qtbot, page.setup.start_button)
    qtbot.waitUntil(lambda: not page.monitor.is_live, timeout=PATIENCE)
    assert page.monitor.errors.isVisible()
    assert words in page.monitor.errors.cause_label.text()
    assert page.monitor.errors.title_label.text() == "A step did not work"
    session.choose_language("ja")
    assert page.monitor.errors.title_label.text() == "処理の途中で失敗しました"
    assert page.monitor.state_label.isVisible()


@pytest.mark.parametrize("script", ["silent.py", "hang.py"])
def test_a_worker_that_falls_silent_is_ended_and_told(
    page: TrainPage, session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    monkeypatch.setattr(watch, "HELLO_SECONDS", 2.0)
    monkeypatch.setattr(watch, "SILENCE_SECONDS", 1.0)
    use_worker(monkeypatch, HOSTILE / script)
    press(qtbot, page.setup.start_button)
    panel = page.monitor.errors
    qtbot.waitUntil(lambda: not page.monitor.is_live, timeout=PATIENCE)
    assert panel.isVisible()
    assert panel.title_label.text() == "A step did not work"
    assert re.fullmatch(r"The worker did not answer for \d+ seconds\.", panel.cause_label.text())
    assert panel.step_label.text() == "The job was ended. Start it again, or resume the run."
    session.choose_language("ja")
    assert panel.title_label.text() == "処理の途中で失敗しました"
    assert re.fullmatch(r"ワーカーが \d+ 秒間応答しません。", panel.cause_label.text())
    assert panel.step_label.text() == "ジョブを終了しました。もう一度実行するか、再開してください。"
    assert page.monitor.state_label.isVisible()


def test_a_flood_leaves_the_page_awake_and_can_be_ended(
    page: TrainPage, session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_worker(monkeypatch, HOSTILE / "flood.py")
    page.monitor.progress._patience.setInterval(100)
    press(qtbot, page.setup.start_button)
    ticks = []
    timer = QTimer()
    timer.timeout.connect(lambda: ticks.append(page.monitor.log.blockCount()))
    timer.start(20)
    qtbot.waitUntil(lambda: len(ticks) >= 20, timeout=PATIENCE)  # the event loop gets its turns
    timer.stop()
    assert page.monitor.is_live
    assert "1" in page.monitor.progress.amount_label.text()
    press(qtbot, page.monitor.log_fold)  # and so does the mouse
    assert page.monitor.log.isVisible()
    assert 1 < page.monitor.log.blockCount() <= 2000
    press(qtbot, page.monitor.progress.stop_button)  # to which it is deaf
    qtbot.waitUntil(page.monitor.progress.end_button.isVisible, timeout=PATIENCE)
    press(qtbot, page.monitor.progress.end_button)
    qtbot.waitUntil(lambda: not page.monitor.is_live, timeout=PATIENCE)
    panel = page.monitor.errors
    assert panel.isVisible()
    assert panel.title_label.text() == "A step did not work"
    assert panel.cause_label.text() == "The worker was ended from outside."
    assert panel.step_label.text().endswith("What was saved is safe: resume.")


def test_a_worker_that_ignores_stop_can_be_ended(
    page: TrainPage, session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_worker(monkeypatch, HOSTILE / "stubborn.py")
    monkeypatch.setattr(job_progress, "STOP_PATIENCE_MS", 200)
    page.monitor.progress._patience.setInterval(200)
    press(qtbot, page.setup.start_button)
    qtbot.waitUntil(lambda: bool(page.monitor.progress.amount_label.text()), timeout=PATIENCE)
    assert not page.monitor.progress.end_button.isVisible()
    press(qtbot, page.monitor.progress.stop_button)
    qtbot.waitUntil(page.monitor.progress.end_button.isVisible, timeout=PATIENCE)
    press(qtbot, page.monitor.progress.end_button)
    qtbot.waitUntil(lambda: not page.monitor.is_live, timeout=PATIENCE)
    assert page.monitor.errors.isVisible()
    job = list_runs(session.home)[0].job_folders()[0]
    assert read_state(job) in ("lost", "failed")


def test_a_worker_that_hangs_in_a_save_is_not_offered_for_ending(
    page: TrainPage, session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_worker(monkeypatch, HOSTILE / "hang_in_save.py")
    page.monitor.progress._patience.setInterval(100)
    press(qtbot, page.setup.start_button)
    job = session.jobs[0]
    qtbot.waitUntil(lambda: job.is_saving, timeout=PATIENCE)
    press(qtbot, page.monitor.progress.stop_button)
    qtbot.wait(500)
    assert not page.monitor.progress.end_button.isVisible()
    assert "Saving" in page.monitor.progress.phase_label.text()
    job.kill()
    qtbot.waitUntil(lambda: not page.monitor.is_live, timeout=PATIENCE)


def test_the_preset_follows_model_and_data_until_the_user_chooses(session: Session, page: TrainPage) -> None:
    box = page.setup.preset_box
    assert box.currentData() == "medium"
    session.choose_data(make_dataset(session.home, [(dialogue(n, "q", "a"), []) for n in range(1, 301)], name="few"))
    assert box.currentData() == "small"
    assert page.setup.form.values() == PRESETS["small"].config
    session.choose_model(starter_model())
    assert page.setup.form.values() == PRESETS["starter"].config
    page.setup.form.control("epochs").setValue(77)
    assert box.currentData() == "own"
    page.on_shown()
    assert page.setup.form.values().epochs == 77


def test_held_out_rows_that_are_trained_on_can_be_accepted_on_the_spot(
    session: Session, page: TrainPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_worker(monkeypatch)
    monkeypatch.setenv("TANREN_TEST_FOUND", "leakage")
    page.setup.form.control("max_steps").setValue(7)
    page.setup.name_edit.setText("desk")
    press(qtbot, page.setup.start_button)
    panel = page.monitor.errors
    qtbot.waitUntil(lambda: not page.monitor.is_live, timeout=PATIENCE)
    assert panel.title_label.text() == "Findings must be decided first"
    assert panel.action_button.text() == "Train anyway"
    assert page.monitor.story_label.text() == "Nothing had been trained yet."
    session.choose_language("ja")
    page.retranslate()
    assert panel.action_button.isVisible()
    refused = page.monitor.run
    press(qtbot, panel.action_button)
    assert page.monitor.is_live and not panel.isVisible()
    qtbot.waitUntil(lambda: not page.monitor.is_live, timeout=PATIENCE)
    run = page.monitor.run
    assert run is not None and refused is not None and run.id != refused.id
    assert run.info().accepted == ["leakage"] and refused.info().accepted == []
    assert (run.info().config, run.info().held_out, run.info().name) == (
        refused.info().config, refused.info().held_out, "desk")
    assert read_state(run.job_folders()[0]) == "succeeded"
    assert not panel.isVisible()


def test_what_was_accepted_holds_when_the_run_goes_on(
    session: Session, page: TrainPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_worker(monkeypatch)
    run = prepared_run(session.home, steps=20, state="stopped")
    info = msgspec.structs.replace(run.info(), accepted=["leakage"])
    (run.folder / "run.json").write_bytes(msgspec.json.encode(info))
    monkeypatch.setenv("TANREN_TEST_FOUND", "leakage")
    page.resume(run)
    qtbot.waitUntil(lambda: not page.monitor.is_live, timeout=PATIENCE)
    assert read_state(run.job_folders()[-1]) == "succeeded"


@pytest.mark.parametrize("found", ["empty_answer", "leakage empty_answer"])
def test_other_findings_are_decided_on_the_data_page(
    page: TrainPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, found: str
) -> None:
    use_worker(monkeypatch)
    monkeypatch.setenv("TANREN_TEST_FOUND", found)
    press(qtbot, page.setup.start_button)
    qtbot.waitUntil(lambda: not page.monitor.is_live, timeout=PATIENCE)
    assert page.monitor.errors.isVisible() and not page.monitor.errors.action_button.isVisible()
