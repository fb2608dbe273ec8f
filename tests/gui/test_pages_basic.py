"""Home, Models, Data and Settings with real workers that need no torch."""

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from backend.config.jobs import TrainJob
from backend.config.train import TrainConfig
from backend.home import sample_data, starter_model
from backend.runs.job_state import read_state, write_state
from backend.runs.manifests import write_manifest
from backend.runs.run import create_run
from gui.main_window import MainWindow
from gui.pages.data import DataPage
from gui.pages.home import HomePage, RunRow
from gui.pages.models import ModelsPage
from gui.pages.settings import SettingsPage
from gui.pages.train import TrainPage
from gui.theme import DARK, LIGHT, colors
from gui.widgets.dialogue_view import DialogueView

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


def rows_file(folder: Path, rows: list[dict[str, str]], name: str = "rows.jsonl") -> Path:
    file = folder / name
    file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return file


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
    rows = rows_file(tmp_path, [{"prompt": "a", "completion": "b"}])
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
    session.choose_data(rows_file(tmp_path, [{"prompt": "c", "completion": "d"}], "other.jsonl"))
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
    assert window.session.data == sample_data()
    assert window.session.held_out is not None
    assert window.stack.currentWidget() is window.pages["train"]


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


# --- data ---


def data_page(window: MainWindow) -> DataPage:
    window.show_page("data")
    page = window.page("data")
    assert isinstance(page, DataPage)
    return page


def test_a_file_is_understood_and_its_rows_are_shown(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    rows = [{"instruction": f"質問 {n}", "output": f"answer {n}"} for n in range(30)]
    rows += [{"instruction": "no answer", "output": ""}, dict(rows[0])]
    page = data_page(window)
    page.take(rows_file(tmp_path, rows))
    settled(window, qtbot)
    pairs = dict(page.table_of_facts.pairs)
    assert "alpaca" in pairs["Format"]
    assert pairs["Encoding"] == "UTF-8"
    assert pairs["Number of rows"] == "32, of which 31 can be trained on"
    assert page.rows.rowCount() == 20
    assert page.rows.index(1, 1).data() == "質問 1"
    assert page.rows.index(1, 2).data() == "answer 1"
    found = [page.findings.itemAt(place).widget().text() for place in range(page.findings.count())]
    assert any("Empty answers" in text and "row 31" in text for text in found)
    assert any("Repeated rows" in text and "row 32" in text for text in found)
    page.table.selectRow(3)
    assert [message["content"] for message in page.row_view.dialogue.messages] == ["質問 3", "answer 3"]
    page.row_view.tabs.setCurrentIndex(1)
    assert "Choose a base model" in page.row_view.note.text()
    window.session.choose_language("ja")
    found = [page.findings.itemAt(place).widget().text() for place in range(page.findings.count())]
    assert any("空の回答" in text for text in found)


def test_a_row_that_a_finding_names_can_be_looked_at(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    rows = [{"instruction": f"question {n}", "output": f"answer {n}"} for n in range(1, 61)]
    rows[56]["output"] = ""
    page = data_page(window)
    page.take(rows_file(tmp_path, rows))
    settled(window, qtbot)
    assert page.rows_card.heading.text() == "Rows 1 to 20 of 60"
    assert page.first_box.maximum() == 60
    page.first_box.selectAll()
    qtbot.keyClicks(page.first_box, "57")
    assert page.rows_card.heading.text() == "Rows 1 to 20 of 60"
    qtbot.keyClick(page.first_box, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.rows_card.heading.text() == "Rows 57 to 60 of 60", timeout=PATIENCE)
    assert page.rows.index(0, 1).data() == "question 57"
    captions = [text for frame in page.row_view.dialogue.findChildren(QLabel) if (text := frame.text())]
    assert "Answer" in captions and "Answer · trained" not in captions
    page.table.selectRow(1)
    captions = [text for frame in page.row_view.dialogue.findChildren(QLabel) if (text := frame.text())]
    assert "Answer · trained" in captions
    window.session.choose_language("ja")
    assert page.rows_card.heading.text() == "60 行のうち 57〜60 行目"


def test_an_arrow_of_the_row_field_turns_the_page(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    page = data_page(window)
    page.take(rows_file(tmp_path, [{"instruction": f"question {n}", "output": f"answer {n}"} for n in range(1, 61)]))
    settled(window, qtbot)
    started: list[object] = []
    window.session.job_started.connect(started.append)
    page.first_box.setFocus()
    for _ in range(2):
        qtbot.keyClick(page.first_box, Qt.Key.Key_Up)
    qtbot.waitUntil(lambda: page.rows_card.heading.text() == "Rows 41 to 60 of 60", timeout=PATIENCE)
    assert len(started) == 1, "two quick clicks are one look"
    lowest = page.table.rowAt(page.table.viewport().height() - 1)
    assert page.table.viewport().rect().contains(page.table.visualRect(page.rows.index(lowest, 1))), "no half rows"


def bubbles_of(view: DialogueView, qtbot: QtBot, wanted: int) -> list[QFrame]:
    def seen() -> list[QFrame]:
        return [frame for frame in view.findChildren(QFrame, "bubble") if frame.isVisible()]

    qtbot.waitUntil(lambda: len(seen()) == wanted)
    return seen()


def caption_of(bubble: QFrame) -> str:
    return bubble.findChildren(QLabel)[0].text()


def test_a_dialogue_says_which_answers_are_trained(qtbot: QtBot) -> None:
    view = DialogueView()
    qtbot.addWidget(view)
    view.show()
    messages = [{"role": role, "content": role} for role in ("user", "assistant") * 3]
    view.show_messages(messages, answers=["whole", "cut", "lost"])
    bubbles = bubbles_of(view, qtbot, 6)
    assert [caption_of(bubble) for bubble in bubbles[1::2]] == [
        "Answer · trained", "Answer · trained, the end is cut off", "Answer · beyond the maximum length, not trained"]
    assert [bubble.property("role") for bubble in bubbles] == ["read", "trained", "read", "trained", "read", "read"]
    view.show_messages(messages, trained=False)
    assert [caption_of(bubble) for bubble in bubbles_of(view, qtbot, 6)] == ["Question", "Answer"] * 3


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


def test_the_sample_is_one_click_away(window: MainWindow, qtbot: QtBot) -> None:
    page = data_page(window)
    press(qtbot, page.sample_button)
    settled(window, qtbot)
    assert window.session.data == sample_data()
    assert "support_desk_held_out.jsonl" in page.told.text()
    assert dict(page.table_of_facts.pairs)["Number of rows"] == "300"
    press(qtbot, page.next_button)
    assert window.stack.currentWidget() is window.pages["train"]


def test_a_broken_line_is_named(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    file = tmp_path / "broken.jsonl"
    lines = ['{"prompt": "a", "completion": "b"}'] * 80
    lines[56] = '{"prompt": "a", "completion": '
    file.write_text("\n".join(lines))
    page = data_page(window)
    page.take(file)
    settled(window, qtbot)
    assert page.errors.isVisible()
    assert "57" in page.errors.cause_label.text()
    assert not page.next_button.isVisible()
    lines[56] = lines[0]
    file.write_text("\n".join(lines))
    page.take(file)
    settled(window, qtbot)
    assert not page.errors.isVisible()
    assert page.next_button.isVisible()


@pytest.mark.parametrize(("name", "content"), [
    ("empty.jsonl", b""), ("binary.json", bytes(range(256)) * 40), ("one.csv", b"question\nhello\nworld\n"),
])
def test_a_file_that_is_no_dataset_says_why(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, name: str, content: bytes
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    page = data_page(window)
    page.take(file)
    settled(window, qtbot)
    assert page.errors.title_label.text() == "The dataset cannot be used"
    assert name in page.errors.cause_label.text()
    assert page.errors.step_label.text()
    assert page.rows.rowCount() == 0


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
