"""Home, Models and Settings with real workers that need no torch."""

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from backend.config.jobs import TrainJob
from backend.config.train import TrainConfig
from backend.home import sample_data, starter_model
from backend.runs.job_state import read_state, write_state
from backend.runs.manifests import write_manifest
from backend.runs.run import create_run
from gui.main_window import MainWindow
from gui.pages.home import HomePage, RunRow
from gui.pages.models import ModelsPage
from gui.pages.settings import SettingsPage
from gui.pages.train import TrainPage
from gui.theme import DARK, LIGHT, colors
from tests.gui.datasets import dialogue, make_dataset

PATIENCE = 60_000


def model_folder(folder: Path, weights: str = "model.safetensors") -> Path:
    """A small folder that looks like a model: enough for a look, not for training."""
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps({
        "model_type": "llama", "vocab_size": 640, "max_position_embeddings": 2048, "num_hidden_layers": 2}))
    (folder / "tokenizer.json").write_text("{}")
    (folder / "tokenizer_config.json").write_text(json.dumps({"chat_template": "{{ messages }}"}))
    (folder / "README.md").write_text("---\nlicense: apache-2.0\n---\n")
    header = json.dumps({"w": {"dtype": "F32", "shape": [10, 100], "data_offsets": [0, 4000]}}).encode()
    (folder / weights).write_bytes(len(header).to_bytes(8, "little") + header + bytes(4000))
    return folder


def settled(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not window.session.jobs, timeout=PATIENCE)


def press(qtbot: QtBot, widget: QPushButton) -> None:
    assert widget.isVisible() and widget.isEnabled()
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)


# --- home ---


def home_page(window: MainWindow) -> HomePage:
    page = window.page("home")
    assert isinstance(page, HomePage)
    return page


def test_home_leads_from_step_to_step(window: MainWindow, qtbot: QtBot, home: Path, tmp_path: Path) -> None:
    page = home_page(window)
    session = window.session
    assert page.next_button.text() == "Choose a base model"
    press(qtbot, page.next_button)
    assert window.stack.currentWidget() is window.pages["models"]
    model = model_folder(tmp_path / "my model")
    rows = make_dataset(home, [(dialogue(1, "a", "b"), [])])
    session.choose_model(model)
    window.show_page("home")
    assert page.step_states[0].text() == "my model"
    assert page.next_button.text() == "Choose a dataset"
    session.choose_data(rows)
    assert page.next_button.text() == "Train"
    run = create_run(home, model, rows, TrainConfig(), "first")
    session.choose_run(run)
    assert "not started" in page.step_states[2].text()
    step = run.checkpoints / "step-000001"
    step.mkdir(parents=True)
    write_manifest(step, "checkpoint")
    job = run.new_job(TrainJob(run=str(run.folder), model=str(model), data=str(rows)), "train")
    write_state(job, "succeeded")
    session.runs_changed.emit()
    assert "trained" in page.step_states[2].text()
    assert page.next_button.text() == "Export a GGUF file"
    gguf = run.gguf / "Q4_K_M"
    gguf.mkdir(parents=True)
    (gguf / "m.gguf").write_bytes(b"GGUF")
    write_manifest(gguf, "gguf")
    session.runs_changed.emit()
    assert "Q4_K_M" in page.step_states[3].text()
    assert page.next_button.text() == "Chat with your model"
    press(qtbot, page.next_button)
    assert window.stack.currentWidget() is window.pages["chat"]
    window.show_page("home")
    session.choose_data(None)
    session.choose_data(make_dataset(home, [(dialogue(1, "c", "d"), [])], name="other"))
    assert page.next_button.text() == "Train", "another dataset is another run"
    settled(window, qtbot)


def test_recent_runs_tell_the_truth_after_a_crash(window: MainWindow, qtbot: QtBot, home: Path, tmp_path: Path) -> None:
    run = create_run(home, tmp_path / "model", tmp_path / "rows.jsonl", TrainConfig(), "interrupted one")
    job = run.new_job(TrainJob(run=str(run.folder), model="m", data="d"), "train")
    write_state(job, "running")  # and nobody holds the lock: the worker was killed
    window.show_page("home")
    page = home_page(window)
    qtbot.waitUntil(lambda: any(row.isVisible() for row in page.findChildren(RunRow)))
    rows = [row for row in page.findChildren(RunRow) if row.isVisible()]
    assert [row.accessibleName() for row in rows] == ["interrupted one, interrupted, can be resumed"]
    assert read_state(job) == "lost"
    rows[0].setFocus()
    qtbot.keyClick(rows[0], Qt.Key.Key_Return)
    assert window.session.run is not None
    assert window.session.run.id == run.id
    assert window.stack.currentWidget() is window.pages["results"]


def test_one_click_takes_the_starter_model_and_the_sample(window: MainWindow, qtbot: QtBot) -> None:
    press(qtbot, home_page(window).try_button)
    assert window.session.model == starter_model()
    assert window.session.imports.sources == [sample_data()]
    assert window.stack.currentWidget() is window.pages["train"]
    train = window.pages["train"]
    assert isinstance(train, TrainPage)
    assert not train.setup.start_button.isEnabled()
    assert train.setup.reason_label.text() == "The dataset is being imported."
    assert train.setup.data_label.text() == "support_desk (being imported)"
    window.session.imports.cancel()
    settled(window, qtbot)


# --- models ---


def models_page(window: MainWindow) -> ModelsPage:
    window.show_page("models")
    page = window.page("models")
    assert isinstance(page, ModelsPage)
    return page


def test_a_good_folder_shows_its_facts(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    page = models_page(window)
    assert not page.next_button.isVisible()
    page.take(model_folder(tmp_path / "良いモデル"))
    assert page.verdict.text() == "Looking at the folder…"
    settled(window, qtbot)
    assert page.verdict.text() == "Checked: this model can be used"
    shown = " ".join(text for _, text in page.table.pairs)
    assert "llama" in shown and "1 k" in shown and "4.08 kB" in shown and "2,048 tokens" in shown
    assert "apache-2.0" in shown
    press(qtbot, page.next_button)
    assert window.stack.currentWidget() is window.pages["data"]


@pytest.mark.parametrize(("made", "title"), [
    ("empty", "No usable model there"), ("pickle", "This model was refused for safety"),
    ("missing", "No usable model there"),
])
def test_a_bad_folder_is_refused_with_the_reason(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, made: str, title: str
) -> None:
    folder = tmp_path / made
    if made == "empty":
        folder.mkdir()
    elif made == "pickle":
        model_folder(folder, "pytorch_model.bin")
    page = models_page(window)
    page.take(folder)
    settled(window, qtbot)
    assert page.errors.isVisible()
    assert page.errors.title_label.text() == title
    assert made in page.errors.cause_label.text()
    assert window.session.model is None
    assert not page.next_button.isVisible()
    window.session.choose_language("ja")
    assert page.errors.title_label.text() != title


def test_a_newer_choice_replaces_the_older_question(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    page = models_page(window)
    page.take(tmp_path / "nothing here")
    page.take(model_folder(tmp_path / "good"))
    settled(window, qtbot)
    assert window.session.model == tmp_path / "good"
    assert not page.errors.isVisible()


def test_folders_of_the_home_can_be_picked(window: MainWindow, qtbot: QtBot, home: Path) -> None:
    folder = model_folder(home / "models" / "mine")
    page = models_page(window)
    qtbot.wait(50)  # the list is made anew when the page is shown
    uses = [use for use in page.findChildren(QPushButton, "use_mine") if not use.parentWidget().isHidden()]
    press(qtbot, uses[-1])
    settled(window, qtbot)
    assert window.session.model == folder
    assert window.session.settings.recent_models == (str(folder),)


def test_the_train_page_says_where_rows_are_cut(window: MainWindow) -> None:
    told: list[int] = []
    window.session.max_length_changed.connect(lambda: told.append(window.session.max_length))
    window.session.choose_model(starter_model())
    assert window.session.max_length == 128
    train = window.page("train")
    assert isinstance(train, TrainPage)
    train.setup.form.control("max_length").setValue(512)
    assert window.session.max_length == 512
    assert told[-1] == 512


# --- settings ---


def settings_page(window: MainWindow) -> SettingsPage:
    window.show_page("settings")
    page = window.page("settings")
    assert isinstance(page, SettingsPage)
    return page


def test_theme_and_text_size_change_at_once_and_are_kept(window: MainWindow, qapp: QApplication) -> None:
    page = settings_page(window)
    for theme, wanted in (("dark", DARK), ("light", LIGHT)):
        page.theme_box.setCurrentIndex(page.theme_box.findData(theme))
        page.theme_box.activated.emit(page.theme_box.currentIndex())
        assert colors() == wanted
        assert qapp.palette().color(QPalette.ColorRole.Window).name() == wanted.window
        assert window.session.settings.theme == theme
    small = qapp.font().pointSizeF()
    page.size_box.setCurrentIndex(page.size_box.findData(150))
    page.size_box.activated.emit(page.size_box.currentIndex())
    assert qapp.font().pointSizeF() == pytest.approx(1.5 * small)
    window.session.remember(text_size=100)


def test_the_language_is_chosen_here(window: MainWindow) -> None:
    page = settings_page(window)
    page.language_box.setCurrentIndex(page.language_box.findData("ja"))
    page.language_box.activated.emit(page.language_box.currentIndex())
    assert window.session.language == "ja"
    assert page.title == "設定"
    assert window.session.settings.language == "ja"


def test_the_doctor_answers_in_the_language_of_the_window(window: MainWindow, qtbot: QtBot) -> None:
    page = settings_page(window)
    window.session.choose_language("ja")
    press(qtbot, page.doctor_button)
    assert not page.doctor_button.isEnabled()
    qtbot.waitUntil(lambda: bool(page.doctor_result), timeout=PATIENCE)
    assert page.doctor_button.isEnabled()
    words = [word for word, _ in page.machine_facts.pairs]
    assert any("プロセッサー" in word for word in words)
    assert all(word[0] in "✓!✗" for word in words)


def test_the_licences_can_be_read(window: MainWindow, qtbot: QtBot) -> None:
    from gui.widgets.licences import LicencesDialog

    press(qtbot, settings_page(window).licences_button)
    dialog = window.findChild(LicencesDialog)
    assert "SIL Open Font License" in dialog.text.toPlainText()
    dialog.close()
