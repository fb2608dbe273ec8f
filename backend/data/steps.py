"""Everything that can be done to a dataset as a whole: one registry serves the command line, the window and replay."""

import importlib
from typing import Any, NamedTuple

from backend.config.option import Option
from backend.config.split import SPLIT_OPTIONS
from backend.data.augment.settings import REPHRASE_OPTIONS, SYNONYM_OPTIONS, WORD_OPTIONS
from backend.data.augment.texts import AUGMENT_TEXTS
from backend.data.check_texts import FIX_TITLES
from backend.data.cleaning import characters, html_text, length_bounds, white_space
from backend.data.cleaning.texts import CLEANING_TEXTS
from backend.data.privacy.settings import PRIVACY_OPTIONS
from backend.protocol.errors import TanrenError
from backend.protocol.languages import Text


class StepKind(NamedTuple):
    """One kind of step.

    `group`: fix, clean, privacy, augment or split: where the window shows it. `run` names the function that does it,
    "module:function" taking (store, change, settings, report); it is imported when it is needed, because the window
    reads this table too. `settings` names the frozen struct of its settings and `options` their words and bounds.
    """

    group: str
    title: Text
    what: Text
    run: str
    settings: str
    options: dict[str, Option]


_FIXES = ("drop_rows", "keep_first", "strip_invisible", "repair_mojibake", "escape_marks", "widen_kana")
_RUN_OF_FIX = {"drop_rows": "drop_rows", "keep_first": "keep_first"}
_CLEANING: dict[str, tuple[str, dict[str, Option]]] = {
    "nfkc": ("characters:Nfkc", characters.OPTIONS),
    "white_space": ("white_space:WhiteSpace", white_space.WHITE_SPACE_OPTIONS),
    "line_endings": ("white_space:LineEndings", {}),
    "html_text": ("html_text:HtmlText", html_text.OPTIONS),
    "length_bounds": ("length_bounds:LengthBounds", length_bounds.OPTIONS),
}
_AUGMENTING: dict[str, tuple[str, dict[str, Option]]] = {
    "synonyms": ("SynonymSettings", SYNONYM_OPTIONS),
    "rephrase": ("RephraseSettings", REPHRASE_OPTIONS),
    "random_insertion": ("SynonymSettings", SYNONYM_OPTIONS),
    "random_swap": ("WordSettings", WORD_OPTIONS),
    "random_deletion": ("WordSettings", WORD_OPTIONS),
}

STEPS: dict[str, StepKind] = {
    **{name: StepKind("fix", FIX_TITLES[name], Text("For the rows of a finding.", "見つかった行が対象です。"),
                      f"backend.data.fix_steps:{_RUN_OF_FIX.get(name, name + '_step')}",
                      "backend.data.fix_steps:Fix", {})
       for name in _FIXES},
    **{name: StepKind("clean", *CLEANING_TEXTS[name], f"backend.data.cleaning.clean_steps:{name}_step",
                      f"backend.data.cleaning.{settings}", options)
       for name, (settings, options) in _CLEANING.items()},
    **{name: StepKind("augment", *AUGMENT_TEXTS[name], f"backend.data.augment.augment_steps:{name}_step",
                      f"backend.data.augment.settings:{settings}", options)
       for name, (settings, options) in _AUGMENTING.items()},
    "hide_personal_data": StepKind(
        "privacy", Text("Hide personal data", "個人情報を隠す"),
        Text("Replaces names, numbers, addresses and keys. It finds most of them, not all: look at the rows.",
             "氏名、番号、住所、キーなどを置き換えます。ほとんどは見つかりますが、すべてではありません。"
             "行を確かめてください。"),
        "backend.data.privacy.privacy_step:hide_personal_data", "backend.data.privacy.settings:PrivacySettings",
        PRIVACY_OPTIONS),
    "split": StepKind(
        "split", Text("Set held-out rows apart", "評価用の行を分ける"),
        Text("Held-out rows are never trained on; they show whether the model became better. Near copies of one "
             "another stay on one side.",
             "評価用の行は学習に使わず、モデルが良くなったかを測ります。似た行どうしは同じ側に置きます。"),
        "backend.data.split_step:split", "backend.config.split:Split", SPLIT_OPTIONS),
}


def step_kind(name: str) -> StepKind:
    """The kind of a step. Raises TanrenError step_unknown."""
    if name not in STEPS:
        raise TanrenError("step_unknown", name=name, known=", ".join(STEPS))
    return STEPS[name]


def named(place: str) -> Any:
    """The object at "module:name"."""
    module, _, name = place.partition(":")
    return getattr(importlib.import_module(module), name)
