"""Texts that both the window and the command line show, in English and Japanese."""

import os
from typing import Literal, NamedTuple

Language = Literal["en", "ja"]
LANGUAGES: tuple[Language, ...] = ("en", "ja")


class Text(NamedTuple):
    """One sentence in both languages; may hold {placeholders}."""

    en: str
    ja: str

    def in_language(self, language: Language) -> str:
        """The sentence in `language`."""
        return self.ja if language == "ja" else self.en


def language_of_environment() -> Language:
    """The language of a terminal: TANREN_LANGUAGE, else the locale variables, else English."""
    for name in ("TANREN_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return "ja" if value.lower().startswith("ja") else "en"
    return "en"
