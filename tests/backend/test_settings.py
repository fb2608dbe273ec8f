"""Settings survive a restart, a damaged file and another version of Tanren."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from backend import settings
from backend.settings import Settings, load, save, with_recent


def test_a_new_home_has_the_defaults_and_writes_nothing(home: Path) -> None:
    assert load(home) == Settings()
    assert not list(home.iterdir())


def test_what_is_saved_is_loaded(home: Path) -> None:
    kept = Settings(language="ja", theme="dark", text_size=130, model="/models/a", recent_models=("/models/a", "/b"),
                    geometry="AdnQ")
    save(home, kept)
    assert load(home) == kept


@pytest.mark.parametrize("content", [b"", b"{", b"[1, 2]", b"\xff\xfe\x00", b'{"theme": "dark"', b"[" * 100_000])
def test_a_damaged_file_gives_the_defaults_and_is_kept(home: Path, content: bytes) -> None:
    (home / "settings.json").write_bytes(content)
    assert load(home) == Settings()
    save(home, Settings(theme="light"))
    assert (home / "settings.json.backup").read_bytes() == content
    assert load(home).theme == "light"


def test_one_bad_value_costs_only_itself(home: Path) -> None:
    (home / "settings.json").write_text(json.dumps({"theme": "purple", "text_size": 115, "unknown": 1}))
    assert load(home) == Settings(text_size=115)


def test_older_settings_are_brought_up_to_date_and_kept(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def renamed(raw: dict[str, Any]) -> dict[str, Any]:
        return {**raw, "text_size": raw["zoom"]}

    monkeypatch.setattr(settings, "SETTINGS_VERSION", 2)
    monkeypatch.setattr(settings, "MIGRATIONS", (renamed,))
    old = json.dumps({"version": 1, "zoom": 150, "theme": "dark"})
    (home / "settings.json").write_text(old)
    loaded = load(home)
    assert (loaded.text_size, loaded.theme) == (150, "dark")
    assert (home / "settings.json.backup").read_text() == old


def test_settings_of_a_newer_tanren_are_kept_aside(home: Path) -> None:
    new = json.dumps({"version": 99, "theme": "dark", "hologram": True})
    (home / "settings.json").write_text(new)
    assert load(home) == Settings(theme="dark")
    assert (home / "settings.json.backup").read_text() == new


def test_the_version_is_written(home: Path) -> None:
    save(home, Settings())
    assert msgspec.json.decode((home / "settings.json").read_bytes())["version"] == settings.SETTINGS_VERSION


def test_recent_paths_are_short_and_without_repeats() -> None:
    recent: tuple[str, ...] = ()
    for name in "abcdefghijka":
        recent = with_recent(recent, name)
    assert recent[:3] == ("a", "k", "j")
    assert len(recent) == settings.RECENT_LENGTH == len(set(recent))
