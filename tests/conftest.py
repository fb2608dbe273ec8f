"""What holds for every test: a home of its own, no warnings passed over, nothing left running."""

import gc
import importlib.util
import logging
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HAS_QT = importlib.util.find_spec("PySide6") is not None

# before Qt or torch is imported by any test
os.environ["QT_QPA_PLATFORM"] = os.environ.get("TANREN_TEST_PLATFORM", "offscreen")
os.environ.setdefault("OMP_NUM_THREADS", "2")
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

if not HAS_QT:
    collect_ignore = ["gui"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Where pytest-qt is not installed, its options in pyproject.toml must still be known."""
    if importlib.util.find_spec("pytestqt") is None:
        for name in ("qt_api", "qt_log_level_fail", "qt_log_ignore"):
            parser.addini(name, "read by pytest-qt, which is not installed here")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests marked gpu are skipped where torch sees no CUDA device."""
    on_gpu = [item for item in items if item.get_closest_marker("gpu")]
    if on_gpu and not _cuda_is_there():
        for item in on_gpu:
            item.add_marker(pytest.mark.skip(reason="no CUDA device here"))


def _cuda_is_there() -> bool:
    if importlib.util.find_spec("torch") is None:
        return False
    import torch

    return bool(torch.cuda.is_available())


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty TANREN_HOME; HOME and the XDG folders lie beside it, so that nothing of the user is touched."""
    base = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(base))
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        folder = base / name.lower()
        folder.mkdir()
        monkeypatch.setenv(name, str(folder))
    for name in ("HF_HOME", "HF_HUB_CACHE", "TRANSFORMERS_CACHE", "TANREN_LANGUAGE", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")
    tanren = base / "tanren"
    tanren.mkdir()
    monkeypatch.setenv("TANREN_HOME", str(tanren))
    return tanren


class _Collector(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.name}: {record.levelname}: {record.getMessage()}")


@pytest.fixture(autouse=True)
def _no_logged_warnings(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fails a test in which anything was logged as a warning or worse."""
    collector = _Collector()
    logging.getLogger().addHandler(collector)
    yield
    logging.getLogger().removeHandler(collector)
    if collector.lines and not request.node.get_closest_marker("logs_warnings"):
        pytest.fail("logged warnings:\n" + "\n".join(collector.lines))


@pytest.fixture(autouse=True)
def _nothing_left_running(home: Path) -> Iterator[None]:
    """Fails a test that leaves a running QProcess or QThread, or an active QTimer."""
    before = {id(found) for found, _ in _running_qt_objects()}
    yield
    left = [what for found, what in _running_qt_objects(settle=True) if id(found) not in before]
    if left:
        pytest.fail("left running: " + ", ".join(left))


def _running_qt_objects(settle: bool = False) -> list[tuple[object, str]]:
    """Qt objects that are at work, with a word for each; nothing when no test has started Qt yet."""
    if "PySide6.QtCore" not in sys.modules:
        return []
    import shiboken6
    from PySide6.QtCore import QCoreApplication, QEvent, QObject, QProcess, QThread, QTimer

    if QCoreApplication.instance() is None:
        return []
    if settle:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QCoreApplication.processEvents()
        gc.collect()
    found: list[tuple[object, str]] = []
    for thing in gc.get_objects():
        if not issubclass(type(thing), QObject) or not shiboken6.isValid(thing):  # isinstance would wake lazy proxies
            continue
        if isinstance(thing, QProcess) and thing.state() != QProcess.ProcessState.NotRunning:
            found.append((thing, f"QProcess {thing.program()} {' '.join(thing.arguments())}"))
        elif isinstance(thing, QThread) and thing.isRunning() and thing is not QThread.currentThread():
            found.append((thing, f"QThread {thing.objectName() or type(thing).__name__}"))
        elif isinstance(thing, QTimer) and thing.isActive():
            found.append((thing, f"QTimer every {thing.interval()} ms of {type(thing.parent()).__name__}"))
    return found
