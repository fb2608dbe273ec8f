"""The settings of the augmentations, and their words."""

import msgspec

from backend.config.option import Option
from backend.protocol.languages import Text


class WordSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Of random_swap and random_deletion. `copies`: new rows a row; `share`: of a question's words (alpha of Wei & Zou
    2019); `protect`: words that stay, separated by commas."""

    copies: int = 1
    share: float = 0.1
    protect: str = ""
    seed: int = 17


class SynonymSettings(WordSettings, frozen=True, kw_only=True):
    """Of synonyms and random_insertion. `dictionary`: the Japanese one that Tanren brings; `file`: the user's own list,
    CSV or TSV, of any language."""

    dictionary: bool = True
    file: str = ""


class RephraseSettings(msgspec.Struct, frozen=True, kw_only=True):
    """`builtin`: the phrasings that Tanren brings, English and Japanese; `file`: the user's own, one a line, with
    {question} where the question goes."""

    copies: int = 1
    builtin: bool = True
    file: str = ""
    seed: int = 17


_COPIES = Option(
    Text("New rows", "増やす行数"),
    Text("How many are made of each row, or fewer where its question has no more ways to change.",
         "1 行から作る行数です。質問に変えられる所が少なければ、これより少なくなります。"),
    unit="rows", low=1, high=50)
_SEED = Option(
    Text("Seed", "シード"),
    Text("The same seed makes the same rows again.", "同じシードなら同じ行ができます。"),
    low=0, high=2**31 - 1, advanced=True)
_SHARE = Option(
    Text("Share of words", "変える語の割合"),
    Text("How many of a question's words are changed; at least one. Up to 0.1 is advised for most data.",
         "質問の語のうち変える割合です。少なくとも 1 語を変えます。多くのデータでは 0.1 までが目安です。"),
    low=0.01, high=1.0)
_PROTECT = Option(
    Text("Words that stay", "変えない語"),
    Text("Names of products and the like, separated by commas. Code, numbers, addresses of the web, placeholders and "
         "recognised names always stay.",
         "製品名など、変えてはいけない語をコンマ（、でも可）で区切って書きます。コード、数、URL、差し込み部分、"
         "見分けられた名前はいつもそのままです。"))

WORD_OPTIONS: dict[str, Option] = {"copies": _COPIES, "share": _SHARE, "protect": _PROTECT, "seed": _SEED}
SYNONYM_OPTIONS: dict[str, Option] = {
    **WORD_OPTIONS,
    "dictionary": Option(
        Text("Japanese dictionary", "日本語の同義語辞書"),
        Text("Uses Sudachi's synonym dictionary, which Tanren brings. Only nouns that stand alone are replaced, so "
             "that the sentence stays grammatical.",
             "同梱の Sudachi 同義語辞書を使います。文法が崩れないよう、単独の名詞だけを置き換えます。")),
    "file": Option(
        Text("Your own list", "自分の同義語リスト"),
        Text("A CSV or TSV file of any language, one word a line: the word, then what may replace it.",
             "どの言語でも使える CSV か TSV のファイルです。1 行に 1 語、語に続けて置き換え先を並べます。")),
}
REPHRASE_OPTIONS: dict[str, Option] = {
    "copies": _COPIES,
    "builtin": Option(
        Text("Ready phrasings", "用意された言い回し"),
        Text("English and Japanese ways to ask the same.", "同じことを尋ねる英語と日本語の言い回しです。")),
    "file": Option(
        Text("Your own phrasings", "自分の言い回し"),
        Text("A text file, one phrasing a line, with {question} where the question goes.",
             "テキストファイルに 1 行 1 つ書き、質問の入る所を {question} とします。")),
    "seed": _SEED,
}
