"""What the terminal says of an exported file is what was measured, in both languages."""

from typing import Any

import pytest

from backend.commands.export import _say_parity
from backend.commands.terminal import Terminal
from backend.protocol.languages import Language

SIZES = {"tokens": "equal", "max_logit_diff": 0.5}


@pytest.mark.parametrize(("parity", "en", "ja"), [
    ({"verdict": "green", "kl": 0.0004}, "answers very close to the trained model (KL 0.0004", "差はごくわずか"),
    ({"verdict": "green", "kl": 0.12}, "answers close to the trained model (KL 0.12", "差は小さい"),
    ({"verdict": "yellow", "kl": 0.4}, "! answers differ noticeably from the trained model (KL 0.4",
     "かなり異なります"),
    ({"verdict": "unchecked", "kl": None, "needed_mib": 4301}, "! same prompt and tokens as the trained model; "
     "answers not compared (4.2 GiB of free memory would be needed)", "回答は未比較（空きメモリー 4.2 GiB が必要）"),
])
def test_the_words_are_what_was_measured(
    parity: dict[str, Any], en: str, ja: str, capsys: pytest.CaptureFixture[str]
) -> None:
    language: Language
    for language, words in (("en", en), ("ja", ja)):
        _say_parity({**SIZES, **parity}, Terminal(language, as_json=False))
        said = capsys.readouterr().out
        assert words in said
        assert "same answers" not in said and "同じ回答" not in said
