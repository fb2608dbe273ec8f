"""Settings: every one has its words and bounds, and survives the way through a file and through --set."""

import typing
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.config import jobs
from backend.config.export import QUANTIZATIONS, check_quantization
from backend.config.option import check_bounds, with_settings
from backend.config.toml import from_toml, to_toml
from backend.config.train import OPTIONS, TrainConfig
from backend.protocol.errors import TanrenError

FIELDS = {field.name: field for field in msgspec.structs.fields(TrainConfig)}
NUMBERS = [name for name, field in FIELDS.items() if field.type in (int, float)]
CHOSEN = [name for name, field in FIELDS.items() if field.type is str]


def values(name: str) -> st.SearchStrategy[object]:
    """Any value that the option's bounds allow."""
    option, kind = OPTIONS[name], FIELDS[name].type
    if option.choices:
        return st.sampled_from(option.choices)
    if kind is bool:
        return st.booleans()
    if kind is int:
        return st.integers(int(option.low or 0), int(option.high or 0))
    return st.floats(option.low, option.high)


CONFIGS = st.builds(TrainConfig, **{name: values(name) for name in FIELDS})


def test_every_field_has_an_option_and_every_option_a_field() -> None:
    assert list(OPTIONS) == list(FIELDS)


@pytest.mark.parametrize("name", OPTIONS)
def test_an_option_has_words_in_both_languages(name: str) -> None:
    for text in (OPTIONS[name].label, OPTIONS[name].why):
        assert text.en and text.ja and text.en != text.ja


@pytest.mark.parametrize("name", NUMBERS)
def test_a_number_has_bounds_around_its_default(name: str) -> None:
    option = OPTIONS[name]
    assert option.low is not None and option.high is not None
    assert option.low <= FIELDS[name].default <= option.high


def test_the_defaults_are_allowed() -> None:
    check_bounds(TrainConfig(), OPTIONS)


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize("side", ["low", "high"])
def test_outside_its_bounds_a_number_is_refused_by_name(name: str, side: str) -> None:
    bound = getattr(OPTIONS[name], side)
    check_bounds(TrainConfig(**{name: FIELDS[name].type(bound)}), OPTIONS)
    outside = bound - 1 if side == "low" else bound + 1
    with pytest.raises(TanrenError) as caught:
        check_bounds(TrainConfig(**{name: FIELDS[name].type(outside)}), OPTIONS)
    assert caught.value.code == "setting_invalid"
    assert caught.value.message("en").startswith(f"{name} = ")
    assert "e+" not in caught.value.message("en")


@pytest.mark.parametrize("name", [name for name in NUMBERS if FIELDS[name].type is float])
@pytest.mark.parametrize("text", ["nan", "inf", "-inf"])
def test_what_is_no_number_is_refused(name: str, text: str) -> None:
    with pytest.raises(TanrenError):
        with_settings(TrainConfig(), {name: text}, OPTIONS)


@pytest.mark.parametrize("name", CHOSEN)
def test_a_choice_outside_the_list_is_refused_with_the_list(name: str) -> None:
    with pytest.raises(TanrenError) as caught:
        with_settings(TrainConfig(), {name: "perhaps"}, OPTIONS)
    for choice in OPTIONS[name].choices:
        assert choice in caught.value.message("en")


@given(CONFIGS)
def test_a_config_survives_its_file(tmp_path_factory: pytest.TempPathFactory, config: TrainConfig) -> None:
    path = tmp_path_factory.mktemp("config") / "config.toml"
    path.write_text(to_toml(config), encoding="utf-8")
    assert from_toml(path, TrainConfig) == config


class Texts(msgspec.Struct, frozen=True):
    """A config with free text."""

    one: str
    two: str = ""


@given(st.builds(Texts, one=st.text(st.characters(exclude_categories=["Cs"])), two=st.text("\x7f\"\\\n\r\t'#=[]")))
def test_any_text_survives_its_file(tmp_path_factory: pytest.TempPathFactory, config: Texts) -> None:
    path = tmp_path_factory.mktemp("config") / "config.toml"
    path.write_bytes(to_toml(config).encode())
    assert from_toml(path, Texts) == config


@given(CONFIGS)
def test_a_config_survives_the_command_line(config: TrainConfig) -> None:
    settings = {name: str(value) for name, value in msgspec.structs.asdict(config).items()}
    assert with_settings(TrainConfig(), settings, OPTIONS) == config


@pytest.mark.parametrize(
    ("settings", "code", "named"),
    [
        ({"learnign_rate": "1"}, "setting_unknown", "learning_rate"),
        ({"epochs": "many"}, "setting_invalid", "epochs"),
        ({"epochs": "1.5"}, "setting_invalid", "epochs"),
        ({"gradient_checkpointing": "perhaps"}, "setting_invalid", "gradient_checkpointing"),
        ({"seed": ""}, "setting_invalid", "seed"),
    ],
)
def test_a_wrong_setting_is_named(settings: dict[str, str], code: str, named: str) -> None:
    with pytest.raises(TanrenError) as caught:
        with_settings(TrainConfig(), settings, OPTIONS)
    assert caught.value.code == code
    assert named in caught.value.message("en") + caught.value.hint("en")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("epochs = ", "setting_invalid"),
        ('epochs = "three"', "setting_invalid"),
        ("ephocs = 3", "setting_unknown"),
        ("[train]\nepochs = 3", "setting_unknown"),
        ("epochs = 3\nepochs = 4", "setting_invalid"),
    ],
)
def test_a_wrong_file_is_refused(text: str, code: str, tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(text)
    with pytest.raises(TanrenError) as caught:
        from_toml(path, TrainConfig)
    assert caught.value.code == code


def test_a_file_may_name_only_what_differs(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("# my settings\nepochs = 7\n")
    assert from_toml(path, TrainConfig) == TrainConfig(epochs=7)


@pytest.mark.parametrize("kind", typing.get_args(jobs.Job), ids=lambda kind: kind.__struct_config__.tag)
def test_a_job_survives_its_file(kind: type[msgspec.Struct]) -> None:
    needed = {
        field.name: _list_of(field.type) if typing.get_origin(field.type) is list else "/some/path"
        for field in msgspec.structs.fields(kind) if field.required
    }
    job = kind(**needed)
    assert msgspec.json.decode(msgspec.json.encode(job), type=jobs.Job) == job


def _list_of(kind: type) -> list[object]:
    """One value for a required list field."""
    return [1] if typing.get_args(kind) == (int,) else ["one"]


def test_quantizations_are_found_in_any_case() -> None:
    for name in QUANTIZATIONS:
        assert check_quantization(name.lower()) == name
    with pytest.raises(TanrenError) as caught:
        check_quantization("Q3_9")
    assert "Q4_K_M" in caught.value.hint("en")
