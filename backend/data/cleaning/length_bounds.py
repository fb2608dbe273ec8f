"""Rows that are too short to teach anything, or too long to be what they seem."""

import msgspec

from backend.config.option import Option
from backend.data.dataset import Row, answer_of, up_to_last_answer
from backend.protocol.languages import Text

LONGEST = 100_000_000


class LengthBounds(msgspec.Struct, frozen=True, kw_only=True):
    """In characters without white space at the ends; 0 sets no bound. `question_*` count what users say up to the
    last answer, `answer_*` that answer, or the raw text of a row without a dialogue."""

    question_min: int = 0
    question_max: int = 0
    answer_min: int = 1
    answer_max: int = 0


def _option(en: str, ja: str, why_en: str, why_ja: str) -> Option:
    return Option(Text(en, ja), Text(why_en, why_ja), unit="characters", low=0, high=LONGEST)


OPTIONS: dict[str, Option] = {
    "question_min": _option("Shortest question", "質問の最短",
                            "Rows with shorter questions are left out; 0 = no bound.",
                            "これより短い質問の行を除きます。0 なら制限しません。"),
    "question_max": _option("Longest question", "質問の最長",
                            "Rows with longer questions are left out; 0 = no bound.",
                            "これより長い質問の行を除きます。0 なら制限しません。"),
    "answer_min": _option("Shortest answer", "回答の最短",
                          "Rows with shorter answers or raw texts are left out; 0 = no bound.",
                          "これより短い回答や文章の行を除きます。0 なら制限しません。"),
    "answer_max": _option("Longest answer", "回答の最長",
                          "Rows with longer answers or raw texts are left out; 0 = no bound.",
                          "これより長い回答や文章の行を除きます。0 なら制限しません。"),
}


def length_bounds(row: Row, settings: LengthBounds) -> Row | None:
    """The row, or None where its question or its answer is outside the bounds."""
    if row.text and not row.messages:
        return row if _within(len(row.text.strip()), settings.answer_min, settings.answer_max) else None
    asked = sum(len(message["content"].strip()) for message in up_to_last_answer(row.messages)
                if message["role"] == "user")
    said = len(answer_of(row.messages).strip())
    fits = (_within(asked, settings.question_min, settings.question_max)
            and _within(said, settings.answer_min, settings.answer_max))
    return row if fits else None


def _within(length: int, low: int, high: int) -> bool:
    return length >= low and (not high or length <= high)
