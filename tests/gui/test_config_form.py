"""The form made from the option table: every option, every bound, both languages."""

import msgspec
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QValidator, QWheelEvent
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QSpinBox
from pytestqt.qtbot import QtBot

from backend.config.train import OPTIONS, TrainConfig
from backend.protocol.errors import TanrenError
from gui.widgets.config_form import ConfigForm
from gui.widgets.figure_spin_box import FigureSpinBox, figure_text, parse_figure

OTHER = TrainConfig(
    method="lora", epochs=7, max_steps=123_456, learning_rate=3.17e-5, batch_size=9, gradient_accumulation=3,
    max_length=70_000, lora_rank=64, lora_alpha=17, lora_dropout=0.125, warmup_ratio=0.2, weight_decay=0.01,
    max_grad_norm=0.3, held_out_fraction=0.25, evaluate_every=0, save_every=77, keep_checkpoints=9,
    gradient_checkpointing=True, device="cpu", seed=2_147_483_647, stratify="label",
)


@pytest.fixture
def form(qtbot: QtBot) -> ConfigForm[TrainConfig]:
    made = ConfigForm(OPTIONS, TrainConfig(), "en")
    qtbot.addWidget(made)
    made.resize(900, 1200)
    made.show()
    return made


def test_every_option_is_there_with_its_words(form: ConfigForm[TrainConfig]) -> None:
    for name, option in OPTIONS.items():
        control = form.control(name)
        for language in ("en", "ja"):
            form.retranslate(language)
            assert control.accessibleName() == option.label.in_language(language)
            assert option.why.in_language(language) in control.toolTip()
            assert form._whys[name].text() == option.why.in_language(language)


def test_values_go_in_and_come_out_unchanged(form: ConfigForm[TrainConfig]) -> None:
    assert form.values() == TrainConfig()
    form.set_values(OTHER)
    assert form.values() == OTHER
    assert all(getattr(OTHER, name) != getattr(TrainConfig(), name) for name in OPTIONS), "OTHER must differ everywhere"


def test_bounds_are_those_of_the_options(form: ConfigForm[TrainConfig]) -> None:
    for name, option in OPTIONS.items():
        control = form.control(name)
        if isinstance(control, QSpinBox | FigureSpinBox):
            assert control.minimum() == pytest.approx(option.low)
            assert control.maximum() == pytest.approx(option.high)
        elif isinstance(control, QComboBox):
            assert tuple(control.itemData(index) for index in range(control.count())) == option.choices
        else:
            assert isinstance(control, QCheckBox)


def test_a_value_past_its_bounds_is_refused(form: ConfigForm[TrainConfig]) -> None:
    form.control("epochs").setMaximum(10**6)
    form.control("epochs").setValue(5000)
    with pytest.raises(TanrenError) as refused:
        form.values()
    assert refused.value.code == "setting_invalid"


def test_advanced_options_are_folded_until_wanted(form: ConfigForm[TrainConfig], qtbot: QtBot) -> None:
    assert form.control("epochs").isVisible()
    assert not form.control("seed").isVisible()
    qtbot.mouseClick(form._fold, Qt.MouseButton.LeftButton)
    assert form.control("seed").isVisible()


def test_typing_a_learning_rate(form: ConfigForm[TrainConfig], qtbot: QtBot) -> None:
    control = form.control("learning_rate")
    assert control.text() == "2e-4"
    control.selectAll()
    qtbot.keyClicks(control, "3e-5")
    qtbot.keyClick(control, Qt.Key.Key_Tab)
    assert form.values().learning_rate == 3e-5
    control.selectAll()
    qtbot.keyClicks(control, "nonsense")
    assert form.values().learning_rate == pytest.approx(3e-5)


def test_the_learning_rate_steps_by_ratio(form: ConfigForm[TrainConfig]) -> None:
    control = form.control("learning_rate")
    seen = []
    for _ in range(3):
        control.stepBy(1)
        seen.append(control.value())
    assert seen == pytest.approx([5e-4, 1e-3, 2e-3])
    control.stepBy(-4)
    assert control.value() == pytest.approx(1e-4)


@pytest.mark.parametrize(("text", "number"), [
    ("2e-4", 2e-4), ("0.0002", 2e-4), ("２ｅ−４", 2e-4), ("1E3", 1000.0), ("", None), ("e", None), ("nan", None),
    ("inf", None), ("1,5", None),
])
def test_reading_figures(text: str, number: float | None) -> None:
    assert parse_figure(text) == number


@pytest.mark.parametrize("value", [0.0, 1.0, 0.05, 0.001, 2e-4, 3.17e-5, 1e-8, 1e-7, 123.5, 0.9])
def test_writing_figures_loses_nothing(value: float) -> None:
    assert parse_figure(figure_text(value)) == value


def test_a_figure_being_typed_is_not_refused(qtbot: QtBot) -> None:
    box = FigureSpinBox(by_ratio=True)
    qtbot.addWidget(box)
    box.setRange(1e-8, 1.0)
    for text in ("", "2", "2e", "2e-", "5"):
        assert box.validate(text, len(text))[0] == QValidator.State.Intermediate, text
    assert box.validate("2e-4", 4)[0] == QValidator.State.Acceptable
    assert box.validate("x", 1)[0] == QValidator.State.Invalid


def test_the_wheel_over_a_field_that_is_not_in_use_changes_nothing(form: ConfigForm[TrainConfig]) -> None:
    control = form.control("epochs")
    form.setFocus()
    middle = QPointF(control.rect().center())
    wheel = QWheelEvent(middle, control.mapToGlobal(middle), QPoint(0, 0), QPoint(0, 120), Qt.MouseButton.NoButton,
                        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False)
    QApplication.sendEvent(control, wheel)
    assert form.values() == TrainConfig()


def test_changed_is_told(form: ConfigForm[TrainConfig], qtbot: QtBot) -> None:
    with qtbot.waitSignal(form.changed):
        form.control("epochs").setValue(4)
    assert form.values() == msgspec.structs.replace(TrainConfig(), epochs=4)
