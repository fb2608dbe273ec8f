"""The window's shell: pages, keys, drops, closing with a job, the offline badge, no torch."""

import json
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QFontInfo
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from backend import settings
from backend.config.jobs import ChatJob, DataInspectJob, TrainJob
from backend.config.train import TrainConfig
from backend.launch import REPOSITORY
from backend.network_lock import AUDIT_HOOK, SECCOMP
from backend.protocol.messages import Hello, Phase, Progress, Stop
from backend.runs.chats import list_chats
from backend.runs.run import create_run
from gui import app as app_module
from gui.app import Crashes, prepare_input_method
from gui.main_window import PAGES, MainWindow
from gui.widgets.crash_dialog import CrashDialog, redacted
from gui.widgets.error_panel import ErrorPanel
from gui.widgets.note import Note
from gui.widgets.offline_badge import OfflineBadge, offline_explanation
from tests.gui.datasets import dialogue, make_dataset
from tests.gui.scripted import HOSTILE, prepared_gguf, prepared_run, use_worker

HEAVY = ("torch", "transformers", "peft", "datasets", "llama_cpp", "bitsandbytes", "accelerate")


def test_every_page_opens_by_click_and_by_key(window: MainWindow, qtbot: QtBot) -> None:
    window.activateWindow()
    for number, name in enumerate(PAGES, start=1):
        window.show_page("home")
        place = window.sidebar.visualItemRect(window.sidebar.item(number - 1)).center()
        qtbot.mouseClick(window.sidebar.viewport(), Qt.MouseButton.LeftButton, pos=place)
        assert window.stack.currentWidget() is window.pages[name]
        window.show_page("home")
        qtbot.keyClick(window, getattr(Qt.Key, f"Key_{number}"), Qt.KeyboardModifier.ControlModifier)
        assert window.stack.currentWidget() is window.pages[name], name
        assert window.pages[name].title


def test_help_opens_with_f1(window: MainWindow, qtbot: QtBot) -> None:
    window.activateWindow()
    qtbot.keyClick(window, Qt.Key.Key_F1)
    box = window.findChild(Note)
    assert "Ctrl+1" in box.text.text()
    box.close()


def test_the_typeface_is_ours(window: MainWindow) -> None:
    assert QFontInfo(window.font()).family() == "Noto Sans JP"


def drop(window: QWidget, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    entering = QDragEnterEvent(QPoint(200, 200), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
                               Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(window, entering)
    assert entering.isAccepted()
    dropping = QDropEvent(QPointF(200, 200), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
                          Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(window, dropping)


def test_what_is_dropped_finds_its_page(window: MainWindow, tmp_path: Path, home: Path) -> None:
    model = tmp_path / "モデル one"
    model.mkdir()
    drop(window, model)
    assert window.stack.currentWidget() is window.pages["models"]
    rows = tmp_path / "rows.jsonl"
    rows.write_text('{"prompt": "a", "completion": "b"}\n')
    drop(window, rows)
    assert window.session.imports.sources == [rows]
    assert window.stack.currentWidget() is window.pages["data"]
    window.session.imports.cancel()
    dataset = make_dataset(home, [(dialogue(1, "a", "b"), [])])
    drop(window, dataset)
    assert window.session.data == dataset
    folder = tmp_path / "many files"
    folder.mkdir()
    rows.rename(folder / "rows.jsonl")
    drop(window, folder)
    assert window.session.imports.sources == [folder]
    window.session.imports.cancel()
    rows.write_text("{}\n")
    gguf = tmp_path / "some.gguf"
    gguf.write_bytes(b"GGUF")
    drop(window, gguf)
    assert window.session.gguf == gguf
    assert window.stack.currentWidget() is window.pages["chat"]
    run = create_run(home, model, rows, TrainConfig(), "dropped")
    drop(window, run.folder)
    assert window.session.run is not None
    assert window.session.run.id == run.id
    assert window.stack.currentWidget() is window.pages["results"]


def test_a_run_of_another_home_is_refused_in_words(window: MainWindow, tmp_path: Path, home: Path) -> None:
    own = create_run(home, tmp_path, tmp_path / "rows.jsonl", TrainConfig(), "own")
    foreign = create_run(tmp_path / "other home", tmp_path, tmp_path / "rows.jsonl", TrainConfig(), "foreign")
    window.session.choose_run(own)
    before = window.stack.currentWidget()
    drop(window, foreign.folder)
    panel = window.findChild(ErrorPanel, "error_panel")
    assert panel is not None and str(foreign.folder) in panel.cause_label.text()
    assert "--home" in panel.step_label.text()
    assert window.session.run is not None and window.session.run.id == own.id
    assert window.session.settings.run == own.id
    assert window.stack.currentWidget() is before
    window.findChild(QDialog).close()


def test_the_place_for_the_dataset_lights_up_while_a_file_is_over_it(window: MainWindow, tmp_path: Path) -> None:
    window.show_page("data")
    zone = window.pages["data"].about
    rows = tmp_path / "rows.jsonl"
    rows.write_text('{"prompt": "a", "completion": "b"}\n')
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(rows))])
    dark = zone.grab().toImage()
    entering = QDragEnterEvent(QPoint(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
                               Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(zone, entering)
    assert entering.isAccepted()
    assert zone.grab().toImage() != dark
    QApplication.sendEvent(zone, QDragLeaveEvent())
    assert zone.grab().toImage() == dark
    QApplication.sendEvent(zone, entering)
    drop(zone, rows)
    assert window.session.imports.sources == [rows]
    window.session.imports.cancel()
    assert zone.property("role") == ""


def test_a_drag_without_a_file_is_not_taken(window: MainWindow) -> None:
    data = QMimeData()
    data.setText("only words")
    entering = QDragEnterEvent(QPoint(200, 200), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
                               Qt.KeyboardModifier.NoModifier)
    entering.ignore()
    QApplication.sendEvent(window, entering)
    assert not entering.isAccepted()


def test_geometry_language_and_choices_come_back(
    window: MainWindow, open_window: Callable[[], MainWindow], tmp_path: Path
) -> None:
    model, rows = tmp_path / "model", make_dataset(tmp_path, [(dialogue(1, "a", "b"), [])])
    model.mkdir()
    window.session.model, window.session.data = None, None
    window.session.choose_data(rows)
    window.resize(1010, 707)
    window.close()
    window.session.choose_language("ja")
    again = open_window()
    assert again.height() == 707  # the offscreen screen is narrower than the window
    assert again.session.language == "ja"
    assert again.session.data == rows
    assert again.sidebar.item(0).text() == "ホーム"


def test_a_damaged_settings_file_is_no_obstacle(home: Path) -> None:
    (home / settings.SETTINGS_FILE).write_text('{"language": "xx", "theme": "dark", "text_size": "big", "n": 1}')
    read = settings.load(home)
    assert (read.language, read.theme, read.text_size) == (None, "dark", 100)
    for broken in (b"", b"\xff\xfe", b"[1, 2", b"[]", b"[" * 100_000):
        (home / settings.SETTINGS_FILE).write_bytes(broken)
        assert settings.load(home) == settings.Settings()
    settings.save(home, read)
    assert settings.load(home) == read


def test_recent_choices_are_few_and_each_once() -> None:
    recent: tuple[str, ...] = ()
    for number in range(20):
        recent = settings.with_recent(recent, str(number % 12))
    assert recent[0] == "7"
    assert len(recent) == len(set(recent)) == settings.RECENT_LENGTH


def test_the_badge_tells_what_is_enforced(window: MainWindow, qtbot: QtBot) -> None:
    badge = window.strip.badge
    assert badge.isVisible()
    window.session._take_event(Hello(build="x", pid=1, lock=SECCOMP))
    assert "kernel" in badge.text()
    assert "seccomp" in offline_explanation(window.session.reported_lock)
    window.session._take_event(Hello(build="x", pid=1, lock=AUDIT_HOOK))
    assert "kernel" not in badge.text()
    assert "audit hook" in offline_explanation(window.session.reported_lock)
    qtbot.mouseClick(badge, Qt.MouseButton.LeftButton)
    box = window.findChild(Note)
    assert "audit hook" in box.text.text()
    box.close()


def test_before_any_worker_nothing_is_claimed(window: MainWindow) -> None:
    badge = window.strip.badge
    assert badge.text() == "OFFLINE · not yet checked"
    assert "No worker has started yet" in offline_explanation(window.session.reported_lock)
    window.session.choose_language("ja")
    assert "未確認" in badge.text()
    assert "まだ" in offline_explanation(window.session.reported_lock)


def test_the_badge_follows_a_real_worker(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    assert window.session.reported_lock == ""
    assert window.findChild(OfflineBadge).property("role") == ""
    job = window.session.start_look(ChatJob(gguf=str(tmp_path / "none.gguf")), "chat")
    with qtbot.waitSignal(job.ended, timeout=60_000):
        pass
    assert window.session.reported_lock in (SECCOMP, AUDIT_HOOK)
    assert window.findChild(OfflineBadge).property("role") == "known"
    if sys.platform == "linux":
        assert window.session.reported_lock == SECCOMP


def test_closing_waits_for_the_running_job(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    worker = tmp_path / "slow_worker.py"
    worker.write_text(SLOW_TO_STOP)
    monkeypatch.setattr("gui.jobs.job.worker_command", lambda folder: [sys.executable, str(worker), str(folder)])
    run = create_run(window.session.home, tmp_path, tmp_path, TrainConfig(), "closing")
    job = window.session.start_run_job(run, TrainJob(run=str(run.folder), model="m", data="d"), "train")
    ended: list[object] = []
    job.ended.connect(ended.append)
    asked: list[int] = []
    job.stopping.connect(lambda: asked.append(1))
    with qtbot.waitSignal(job.event, timeout=30_000):
        pass
    assert window.strip.text.text().startswith("Training")
    for _ in range(3):
        window.close()
    assert window.isVisible()
    note, = window.findChildren(Note)
    assert "Saving" in note.heading.text()
    qtbot.keyClick(note, Qt.Key.Key_Escape)
    assert job.is_running, "a key press must not end the job"
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=30_000)
    assert [outcome.state for outcome in ended] == ["stopped"]
    assert len(asked) == 1, "a job is asked once, however often the window is closed"


def test_an_idle_chat_does_not_hold_the_window(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    use_worker(monkeypatch)
    job = window.session.start_look(ChatJob(gguf="x"), "chat")
    asked: list[object] = []
    monkeypatch.setattr(job, "send", lambda request, send=job.send: (asked.append(request), send(request)))
    with qtbot.waitSignal(job.event, check_params_cb=lambda event: event == Phase(name="ready", time=event.time),
                          timeout=30_000):
        pass
    window.close()
    assert window.findChildren(Note) == []
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=30_000)
    assert asked == [Stop("discard")]


def test_a_look_that_hears_nothing_does_not_hold_the_window(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_worker(monkeypatch, HOSTILE / "deaf.py")
    job = window.session.start_look(DataInspectJob(data="x"), "data_inspect")
    with qtbot.waitSignal(job.event, timeout=30_000):
        pass
    window.close()
    assert window.findChildren(Note) == []
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=30_000)


def test_closing_in_the_middle_of_a_reply_keeps_what_was_written(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    use_worker(monkeypatch)
    run = prepared_run(home)
    prepared_gguf(run)
    window.show_page("chat")
    talk = window.pages["chat"].talk
    talk.input.setPlainText("for ever")
    talk.send()
    qtbot.waitUntil(lambda: "word word" in talk.view.bubbles[-1].text.toPlainText(), timeout=30_000)
    window.close()
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=30_000)
    chat, = list_chats(run.chats)
    assert [message.role for message in chat.messages] == ["user", "assistant"]
    assert chat.messages[-1].content.startswith("word word")


def test_figures_speak_the_language_that_is_chosen_later(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    use_worker(monkeypatch)
    prepared_gguf(prepared_run(home))
    window.show_page("export")
    window.show_page("chat")
    talk = window.pages["chat"].talk
    talk.input.setPlainText("hello")
    talk.send()
    qtbot.waitUntil(lambda: not talk.is_replying, timeout=30_000)
    assert "today" in window.pages["export"].run_box.itemText(0)
    assert talk.view.bubbles[-1].figures.text() == "4 tokens · 12.5 tokens/s"
    window.session.choose_language("ja")
    assert "今日" in window.pages["export"].run_box.itemText(0)
    assert "トークン" in talk.view.bubbles[-1].figures.text()


def test_the_strip_counts_with_units(window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    use_worker(monkeypatch)
    job = window.session.start_look(ChatJob(gguf="x"), "chat")
    with qtbot.waitSignal(job.event, timeout=30_000):
        pass
    job.event.emit(Progress(done=12_500_000, total=40_000_000, unit="bytes"))
    assert window.strip.amount.text() == "12.5 MB of 40 MB"
    job.event.emit(Progress(done=10, total=40, unit="steps"))
    assert window.strip.amount.text() == "Step 10 of 40"


SLOW_TO_STOP = """
import json, sys, time
sys.path.insert(0, "")
from backend.protocol.version import PROTOCOL_VERSION
def say(**line): print(json.dumps(line | {"time": time.time()}), flush=True)
say(type="hello", build="t", pid=1, lock="seccomp", protocol=PROTOCOL_VERSION)
say(type="phase", name="ready")
sys.stdin.readline()
time.sleep(0.6)
say(type="finished", state="stopped", result={})
"""


def test_settings_that_cannot_be_written_are_told(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_space(home: Path, changed: object) -> None:
        raise OSError(28, "No space left on device", str(home))

    monkeypatch.setattr(settings, "save", no_space)
    with qtbot.waitSignal(window.session.trouble) as told:
        window.session.remember(text_size=115)
    assert told.args[0].kind == "disk_full"
    window.session.remember(text_size=100)
    monkeypatch.undo()


def test_nobody_imports_torch_for_the_window(home: Path) -> None:
    code = (
        "import sys, json\n"
        "from pathlib import Path\n"
        "from PySide6.QtWidgets import QApplication\n"
        "from gui.app import build\n"
        "from gui.main_window import PAGES\n"
        "app = QApplication([])\n"
        "window = build(app, Path(sys.argv[1]))\n"
        "window.show()\n"
        "first = sorted(sys.modules)\n"
        "for name in PAGES: window.show_page(name)\n"
        "print(json.dumps([first, sorted(sys.modules)]))\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(home)], cwd=REPOSITORY, capture_output=True, text=True,
                          timeout=120, check=True)
    first, later = json.loads(done.stdout.splitlines()[-1])
    assert "gui.pages.home" in first
    assert "pyqtgraph" not in first, "the first window must not wait for the chart library"
    for modules in (first, later):
        assert not [name for name in HEAVY if name in modules]


def test_an_uncaught_exception_opens_the_crash_dialog(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    crashes = Crashes()
    crashes.install()
    with qtbot.waitSignal(crashes.crashed) as told:
        sys.excepthook(ValueError, ValueError(f"bad {Path.home()}/secret"), None)
    assert "ValueError" in told.args[0]
    with qtbot.waitSignal(crashes.crashed) as from_thread:
        thread = threading.Thread(target=lambda: 1 / 0)
        thread.start()
        thread.join()
    assert "ZeroDivisionError" in from_thread.args[0]
    assert "ValueError" in capsys.readouterr().err
    dialog = CrashDialog(told.args[0])
    qtbot.addWidget(dialog)
    dialog.show()
    assert str(Path.home()) not in dialog.report.toPlainText()
    assert "~/secret" in dialog.report.toPlainText()
    dialog._copy()
    assert QApplication.clipboard().text() == redacted(told.args[0])


def test_an_exception_in_a_slot_of_the_running_program_is_shown(home: Path) -> None:
    code = (
        "import sys\n"
        "from PySide6.QtCore import QTimer\n"
        "from PySide6.QtWidgets import QApplication\n"
        "from gui import app\n"
        "from gui.widgets.crash_dialog import CrashDialog\n"
        "run = QApplication.exec\n"
        "def look():\n"
        "    shown = [w for w in QApplication.allWidgets() if isinstance(w, CrashDialog) and w.isVisible()]\n"
        "    QApplication.exit(7 if shown and 'ZeroDivisionError' in shown[0].report.toPlainText() else 1)\n"
        "def start(_app):\n"
        "    QTimer.singleShot(100, lambda: 1 / 0)\n"
        "    QTimer.singleShot(1500, look)\n"
        "    return run()\n"
        "QApplication.exec = start\n"
        "sys.exit(app.main(['--home', sys.argv[1], '--language', 'ja']))\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(home)], cwd=REPOSITORY, capture_output=True, text=True,
                          timeout=120, check=False)
    assert done.returncode == 7, done.stderr
    assert "ZeroDivisionError" in done.stderr


def test_fcitx_without_its_plugin_speaks_ibus(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_IM_MODULE", "fcitx5")
    prepare_input_method()
    assert app_module.os.environ["QT_IM_MODULE"] == "ibus"
    monkeypatch.setenv("QT_IM_MODULE", "xim")
    prepare_input_method()
    assert app_module.os.environ["QT_IM_MODULE"] == "xim"


HOMELESS = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
import gui.app

class Closing(QApplication):
    def __init__(self, arguments):
        super().__init__(arguments)
        self.timer = QTimer(self)
        self.timer.timeout.connect(self.close_dialog)
        self.timer.start(20)

    def close_dialog(self):
        dialog = self.activeModalWidget()
        if dialog is not None:
            print(dialog.text(), dialog.informativeText(), flush=True)
            dialog.close()

gui.app.QApplication = Closing
sys.exit(gui.app.main(sys.argv[1:]))
"""


@pytest.mark.parametrize(("language", "words"), [
    ("en", "cannot keep its files in /proc/nope"), ("ja", "には保存できません")])
def test_a_home_that_cannot_be_is_told_and_no_window_opens(language: str, words: str) -> None:
    done = subprocess.run([sys.executable, "-c", HOMELESS, "--home", "/proc/nope", "--language", language],
                          cwd=REPOSITORY, capture_output=True, text=True, encoding="utf-8", timeout=60, check=False)
    assert done.returncode == 2, done.stderr
    assert words in done.stderr and words in done.stdout
    assert "--home" in done.stdout
    assert "Traceback" not in done.stderr
