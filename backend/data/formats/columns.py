"""The columns of a file: found by the names that people give them, and by what their cells hold."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from backend.data.formats.cells import is_nothing
from backend.data.formats.format import Fields
from backend.data.formats.turns import turns_of

QUESTION = ("prompt", "question", "query", "instruction", "input", "user", "質問", "問い", "問", "質問文", "設問",
            "入力", "指示", "プロンプト")
ANSWER = ("completion", "answer", "response", "output", "answers", "reply", "assistant", "回答", "答え", "答", "回答文",
          "解答", "出力", "応答", "返答")
SYSTEM = ("system", "system_prompt", "システム", "システムプロンプト")
CONTEXT = ("context", "input", "passage", "文脈", "入力", "本文", "資料")
INSTRUCTION = ("instruction", "指示")
TOOLS = ("tools", "functions", "available_tools", "ツール")
TURNS = ("messages", "conversations", "conversation", "dialogue", "dialog", "turns", "chat", "会話", "対話")
HISTORY = ("history", "履歴")
CHOSEN = ("chosen", "chosen_response", "response_chosen", "preferred", "preferred_response", "preferred_output",
          "response_j", "良い回答", "好ましい回答", "採用")
REJECTED = ("rejected", "rejected_response", "response_rejected", "dispreferred", "dispreferred_response",
            "non_preferred_output", "response_k",
            "悪い回答", "好ましくない回答", "不採用")
LABEL = ("label", "labels", "gold_label", "category", "class", "target", "sentiment", "similarity", "is_duplicate",
         "score", "rating", "stars", "ラベル", "分類", "カテゴリ", "カテゴリー", "クラス", "区分", "種別", "正解",
         "類似度", "点数", "スコア", "評価", "感情", "極性")
CATEGORY = ("label", "category", "class", "ラベル", "分類", "カテゴリ", "カテゴリー", "区分", "種別")
THUMB = ("kto_tag", "thumbs", "thumb", "thumbs_up", "feedback", "vote", "desirable", "is_desirable", "liked", "is_good",
         "good", "label", "rating", "評価", "判定", "良否", "フィードバック", "ラベル")
TEXT = ("text", "content", "body", "document", "article", "本文", "テキスト", "文章", "内容", "全文")
CLASSIFIED = ("text", "sentence", "content", "body", "review", "comment", "tweet", "title", "utterance", "message",
              "question", "query", "本文", "テキスト", "文章", "文", "内容", "レビュー", "コメント", "口コミ", "発話",
              "タイトル", "質問")
MEDIA = ("image", "images", "video", "videos", "audio", "audios", "画像")
CRAWLED = ("url", "timestamp", "dump", "language_score", "token_count", "warc_date", "file_path")
SENTENCES = (
    ("sentence1", "sentence2"), ("sentence_1", "sentence_2"), ("premise", "hypothesis"), ("text1", "text2"),
    ("text_1", "text_2"), ("text_a", "text_b"), ("sentence_a", "sentence_b"), ("question1", "question2"), ("s1", "s2"),
    ("文1", "文2"), ("文章1", "文章2"), ("テキスト1", "テキスト2"), ("前提", "仮説"), ("前提文", "仮説文"),
)
MOST = 0.8


class Columns:
    """The columns with the first records, and what is asked of them."""

    def __init__(self, names: list[str], sample: list[Fields]) -> None:
        self.names = names
        self.sample = sample
        self._by_name: dict[str, str] = {}
        for name in names:
            self._by_name.setdefault(_plain(name), name)

    def first(self, wanted: Iterable[str], but: Iterable[str | None] = ()) -> str | None:
        """The first of the `wanted` names that is a column, as the file spells it."""
        found = (self._by_name.get(_plain(name)) for name in wanted)
        return next((name for name in found if name is not None and name not in but), None)

    def first_filled(self, wanted: Iterable[str], but: Iterable[str | None] = ()) -> str | None:
        """The first of the `wanted` names that is a column with something in it."""
        found = (self.first([name], but) for name in wanted)
        return next((column for column in found if column is not None and self.values(column)), None)

    def named(self, given: str) -> str | None:
        """The column that `given` means: itself, or the only one that differs in case, width or spaces."""
        return given if given in self.names else self._by_name.get(_plain(given))

    def values(self, column: str) -> list[Any]:
        """What the first records have in this column, empty cells left out."""
        return [value for fields in self.sample if not is_nothing(value := fields.get(column)) and value != ""]

    def holds_turns(self, column: str) -> bool:
        """Whether most cells of this column are lists of turns, also as JSON text."""
        values = self.values(column)
        return bool(values) and sum(turns_of(value) is not None for value in values) > len(values) / 2

    def holds_text(self, column: str) -> bool:
        """Whether nearly all cells of this column are texts that are more than a number or a code."""
        values = self.values(column)
        texts = [value for value in values if isinstance(value, str) and not _CODE.fullmatch(value)]
        return bool(values) and len(texts) >= MOST * len(values)


_CODE = re.compile(r"\s*[-+]?[\d.,:/%eE-]*\s*|https?://\S+|[0-9a-fA-F-]{16,}")


def _plain(name: str) -> str:
    return re.sub(r"[\s-]+", "_", unicodedata.normalize("NFKC", name).strip().casefold())
