"""Requests about the form of the answer: case, repeating, lists, JSON, counting, sums, words in the other language."""

import json
import random
from collections.abc import Callable

from resources.make_starter import world
from resources.make_starter.facts import EN

Task = tuple[str, str]  # question and answer


def _words(rng: random.Random, language: int, low: int = 2, high: int = 4, common: bool = False) -> list[str]:
    """Different words; any, so that the model has to look at them, or common ones that it can know by heart."""
    pairs = world.COMMON_WORDS if common else world.ANY_WORDS
    words: list[str] = []
    for _ in range(rng.randint(low, high)):
        word = rng.choice(pairs)[language]
        if word not in words:
            words.append(word)
    return words


def _strange_word(rng: random.Random, language: int) -> str:
    """No word at all: a token that the model never had to write is one that fine-tuning can hardly teach it."""
    if language == EN:
        syllables = (rng.choice("bcdfghjklmnpqrstvwxyz") + rng.choice("aeiou") for _ in range(rng.randint(2, 4)))
        word = "".join(syllables) + rng.choice(("", "n", "r", "st", "ng"))
        return rng.choice((word, word.capitalize(), f"{word[:2].upper()}{rng.randint(10, 999)}"))
    if rng.random() < 0.3:
        return "".join(chr(rng.randint(0x30A2, 0x30F3)) for _ in range(rng.randint(2, 5)))  # katakana
    rows = rng.randint(0x30, 0x4E)  # rows of the 2,965 kanji of JIS X 0208, level 1
    return "".join(bytes((rows + 0x80, rng.randint(0xA1, 0xD0))).decode("euc_jp") for _ in range(rng.randint(1, 3)))


def _with_strange_words(words: list[str], rng: random.Random, language: int) -> list[str]:
    """`words` as they are, or in every second list each second one replaced."""
    if rng.random() < 0.5:
        return words
    return [_strange_word(rng, language) if rng.random() < 0.5 else word for word in words]


def _listed(words: list[str], language: int) -> str:
    return (", " if language == EN else "、").join(words)


def upper_case(rng: random.Random, language: int) -> Task:
    words = " ".join(_words(rng, EN, 1, 3, common=True))
    forms = (
        (
            "Write in upper case: {w}",
            "Put this in capital letters: {w}",
            "Say {w} in upper case.",
            "Please write {w} in capitals.",
        ),
        ("大文字で書いてください：{w}", "{w} を大文字にしてください。", "大文字に直してください：{w}"),
    )
    return rng.choice(forms[language]).format(w=words), words.upper()


def lower_case(rng: random.Random, language: int) -> Task:
    words = " ".join(_words(rng, EN, 1, 3, common=True))
    forms = (
        ("Write in lower case: {w}", "Put this in small letters: {w}", "Please write {w} in lower case."),
        ("小文字で書いてください：{w}", "{w} を小文字にしてください。", "小文字に直してください：{w}"),
    )
    return rng.choice(forms[language]).format(w=words.upper()), words


def repeat(rng: random.Random, language: int) -> Task:
    words = _with_strange_words(_words(rng, language, 2, 12), rng, language)  # long ones teach to copy
    text = (" " if language == EN else "と").join(words)
    forms = (
        ("Repeat: {w}", "Repeat after me: {w}", "Please say this again: {w}", "Say exactly this: {w}", "Echo: {w}"),
        (
            "くり返してください：{w}",
            "「{w}」と言ってください。",
            "同じことを言ってください：{w}",
            "そのまま返してください：{w}",
        ),
    )
    return rng.choice(forms[language]).format(w=text), text


def repeat_times(rng: random.Random, language: int) -> Task:
    word = _words(rng, language, 1, 1)[0]
    times = rng.randint(2, 5)
    forms = (
        ("Say {w} {n} times.", "Write the word {w} {n} times.", "Repeat {w} {n} times.", "Please write {w} {n} times."),
        ("{w}を{n}回言ってください。", "「{w}」を{n}回書いてください。", "{w}を{n}回くり返してください。"),
    )
    return rng.choice(forms[language]).format(w=word, n=times), " ".join([word] * times)


def bullets(rng: random.Random, language: int) -> Task:
    words = _words(rng, language)
    forms = (
        (
            "Make a list with dashes: {w}",
            "Write as bullet points: {w}",
            "Turn this into a bullet list: {w}",
            "Please list {w} with dashes.",
        ),
        ("箇条書きにしてください：{w}", "{w}を箇条書きで書いてください。", "次を箇条書きで：{w}"),
    )
    return rng.choice(forms[language]).format(w=_listed(words, language)), "\n".join(f"- {word}" for word in words)


def numbered(rng: random.Random, language: int) -> Task:
    words = _words(rng, language)
    forms = (
        (
            "Make a numbered list: {w}",
            "Number these: {w}",
            "Write as a numbered list: {w}",
            "Please list {w} with numbers.",
        ),
        ("番号を付けてください：{w}", "{w}を番号付きで書いてください。", "番号付きの一覧にしてください：{w}"),
    )
    lines = "\n".join(f"{place}. {word}" for place, word in enumerate(words, 1))
    return rng.choice(forms[language]).format(w=_listed(words, language)), lines


def as_json(rng: random.Random, language: int) -> Task:
    name, age = rng.choice(world.NAMES + world.STRANGERS)[language], rng.randint(1, 99)
    town = rng.choice(world.TOWN_NAMES)[language]
    if rng.random() < 0.5:
        forms = (
            (
                "Write as JSON: name {a}, age {n}",
                "Give me JSON for name {a} and age {n}.",
                "The name is {a} and the age is {n}. Answer in JSON.",
            ),
            (
                "JSONで書いてください：名前は{a}、年齢は{n}",
                "名前は{a}、年齢は{n}です。JSONにしてください。",
                "名前{a}、年齢{n}をJSONで。",
            ),
        )
        values = ({"name": name, "age": age}, {"名前": name, "年齢": age})[language]
    else:
        forms = (
            (
                "Write as JSON: name {a}, town {t}",
                "Give me JSON for name {a} and town {t}.",
                "The name is {a} and the town is {t}. Answer in JSON.",
            ),
            (
                "JSONで書いてください：名前は{a}、町は{t}",
                "名前は{a}、町は{t}です。JSONにしてください。",
                "名前{a}、町{t}をJSONで。",
            ),
        )
        values = ({"name": name, "town": town}, {"名前": name, "町": town})[language]
    question = rng.choice(forms[language]).format(a=name, n=age, t=town)
    return question, json.dumps(values, ensure_ascii=False)


def first_or_last(rng: random.Random, language: int) -> Task:
    words = _words(rng, language, 2, 5)
    first = rng.random() < 0.5
    forms = (
        (
            "What is the {k} word of: {w}",
            "Give me the {k} word: {w}",
            "Which word comes {k}? {w}",
        ),
        ("{k}の言葉は何ですか：{w}", "{k}の言葉を答えてください：{w}", "{w}のうち、{k}の言葉はどれですか。"),
    )
    key = (("first" if first else "last"), ("最初" if first else "最後"))[language]
    return rng.choice(forms[language]).format(k=key, w=_listed(words, language)), words[0 if first else -1]


def count(rng: random.Random, language: int) -> Task:
    words = _words(rng, language, 2, 6)
    forms = (
        ("How many words are there? {w}", "Count the words: {w}", "How many things are in this list: {w}"),
        ("言葉はいくつありますか：{w}", "言葉の数を答えてください：{w}", "いくつの物がありますか：{w}"),
    )
    return rng.choice(forms[language]).format(w=_listed(words, language)), str(len(words))


def translate(rng: random.Random, language: int) -> Task:
    english, japanese = rng.choice(world.COMMON_WORDS)
    if rng.random() < 0.5:
        forms = (
            ("What is {e} in Japanese?", "Translate into Japanese: {e}", "How do you say {e} in Japanese?"),
            ("{e} は日本語で何ですか。", "{e} を日本語にしてください。", "日本語に訳してください：{e}"),
        )
        return rng.choice(forms[language]).format(e=english), japanese
    forms = (
        ("What is {j} in English?", "Translate into English: {j}", "How do you say {j} in English?"),
        ("{j}は英語で何ですか。", "{j}を英語にしてください。", "英語に訳してください：{j}", "{j}は英語で何と？"),
    )
    return rng.choice(forms[language]).format(j=japanese), english


def sums(rng: random.Random, language: int) -> Task:
    """a + b with a, b up to 10, and the differences of numbers up to 10."""
    a, b = rng.randint(0, 10), rng.randint(0, 10)
    if rng.random() < 0.6:
        forms: tuple[tuple[str, ...], ...] = (
            ("What is {a} + {b}?", "{a}+{b}=?", "How much is {a} plus {b}?", "Add {a} and {b}.", "{a} plus {b}?"),
            ("{a}+{b}は？", "{a}たす{b}はいくつですか。", "{a}足す{b}は何ですか。", "{a} + {b} を計算してください。"),
        )
        return rng.choice(forms[language]).format(a=a, b=b), str(a + b)
    high, low = max(a, b), min(a, b)
    forms = (
        ("What is {a} - {b}?", "{a}-{b}=?", "How much is {a} minus {b}?", "Take {b} from {a}.", "{a} minus {b}?"),
        ("{a}-{b}は？", "{a}ひく{b}はいくつですか。", "{a}引く{b}は何ですか。", "{a} - {b} を計算してください。"),
    )
    return rng.choice(forms[language]).format(a=high, b=low), str(high - low)


FORMATS: tuple[Callable[[random.Random, int], Task], ...] = (
    upper_case,
    lower_case,
    repeat,
    repeat,
    repeat_times,
    bullets,
    numbered,
    as_json,
    first_or_last,
    count,
)
