"""The language of a text by its script: cheap enough for every row, and honest about what it cannot tell."""

from typing import Literal

import numpy as np

from backend.data.dataset import Row, answer_of

Language = Literal["ja", "en", "zh", "ko", "other"]
LANGUAGES: tuple[Language, ...] = ("ja", "en", "zh", "ko", "other")
LETTERS_NEEDED = 20

# A character of Chinese, Japanese or Korean says about as much as 2.5 Latin letters.
_CJK_WEIGHT = 2.5
# Up to this, Chinese characters alone under a Japanese question are a Japanese name or title.
_NAMES_LETTERS = 100
_KANA_SHARE = 0.03
_ACCENT_SHARE = 0.03
_FEWEST_ACCENTS = 3
_LATIN, _ACCENTED, _KANA, _HAN, _HANGUL, _OTHER = range(1, 7)
_SCRIPTS = np.zeros(65536, np.uint8)
for _script, _ranges in {
    _LATIN: ((0x41, 0x5A), (0x61, 0x7A), (0xFF21, 0xFF3A), (0xFF41, 0xFF5A)),
    _ACCENTED: ((0xC0, 0xD6), (0xD8, 0xF6), (0xF8, 0x24F), (0x1E00, 0x1EFF)),
    _OTHER: ((0x370, 0x10FF), (0x1200, 0x1DFF), (0x1F00, 0x1FFF), (0x2C00, 0x2DFF), (0xA000, 0xABFF),
             (0xFB13, 0xFDFF), (0xFE70, 0xFEFC)),
    _KANA: ((0x3041, 0x3096), (0x30A1, 0x30FA), (0x30FC, 0x30FE), (0x31F0, 0x31FF), (0xFF66, 0xFF9D)),
    _HAN: ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x3005, 0x3007)),
    _HANGUL: ((0x1100, 0x11FF), (0x3130, 0x318F), (0xAC00, 0xD7AF)),
}.items():
    for _first, _last in _ranges:
        _SCRIPTS[_first:_last + 1] = _script


def language_of(text: str) -> Language:
    """The language that most of the text is written in, by the shares of its scripts.

    "ja": Chinese characters with at least 3 % kana among them; "zh": Chinese characters with fewer; "ko": Hangul;
    "en": Latin letters, of which less than 3 % have accents (so Indonesian counts as English, and some German);
    "other": everything else, and texts without letters. A Japanese text in Chinese characters only is taken for
    Chinese, and short texts say little: see language_and_letters.
    """
    return language_and_letters(text)[0]


def language_and_letters(text: str) -> tuple[Language, int]:
    """language_of, and on how many letters it rests, in Latin letters' worth: below LETTERS_NEEDED it is a guess."""
    codes = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), np.uint16)
    _, latin, accented, kana, han, hangul, other = np.bincount(_SCRIPTS[codes], minlength=7).tolist()
    japanese = kana and kana >= _KANA_SHARE * (kana + han)
    english = accented < max(_FEWEST_ACCENTS, _ACCENT_SHARE * (latin + accented))
    weights: dict[Language, float] = {
        "ja": (kana + han) * _CJK_WEIGHT if japanese else 0,
        "en": latin + accented if english else 0,
        "zh": 0 if japanese else han * _CJK_WEIGHT,
        "ko": hangul * _CJK_WEIGHT,
        "other": other + (0 if english else latin + accented),
    }
    best = max(LANGUAGES, key=weights.__getitem__)
    return (best if weights[best] else "other"), int(sum(weights.values()))


def row_language(row: Row) -> tuple[Language | None, bool]:
    """(the language of a row, whether its answer is in another one than its question).

    It is the answer's, or the question's where the answer is short or code. None: too few letters to tell.
    """
    answer = answer_of(row.messages) or row.text
    asked = next((message["content"] for message in reversed(row.messages) if message["role"] == "user"), "")
    said, letters = (None, 0) if _is_code(answer) else language_and_letters(answer)
    wanted, asked_letters = language_and_letters(asked)
    if said == "zh" and wanted == "ja" and letters < _NAMES_LETTERS:
        said = wanted
    if letters < LETTERS_NEEDED:
        return (wanted if asked_letters >= LETTERS_NEEDED else None), False
    return said, asked_letters >= LETTERS_NEEDED and said != wanted and "other" not in (said, wanted)


def _is_code(text: str) -> bool:
    return "```" in text or text.lstrip()[:1] in ("{", "[", "<")
