"""Customers and shops: questions by intent, answered from memory, from the system prompt, or by asking back."""

import random

from resources.make_sample.support_desk import questions
from resources.make_starter import world
from resources.make_starter.facts import EN, JA
from resources.make_starter.grammar import Intent, held_back, plain, read_intents, sentence

Turns = list[tuple[str, str]]
Dialogue = tuple[str, Turns]  # system prompt ("" for none) and (user, assistant) turns

INTENTS = (
    read_intents("support_en.toml", "support_en_more.toml"),
    read_intents("support_ja.toml", "support_ja_more.toml"),
)
SAMPLE_QUESTIONS = frozenset(plain(question) for question in questions())
BEFORE = (
    ("Hi, ", "Hello, ", "Excuse me, ", "Sorry, ", "Hello. ", "Good morning. ", "One question: ", "I have a question. "),
    ("すみません、", "こんにちは。", "お世話になっております。", "質問です。", "あの、", "失礼します。"),
)
AFTER = (
    (" Thank you.", " Thanks.", " Please let me know.", " Thanks in advance.", " Please help me."),
    ("よろしくお願いします。", "お願いします。", "教えていただけますか。", "お手数をおかけします。", "困っています。"),
)
DESKS = (
    ("You are the support desk of {s}.", "You answer customers of {s}.", "You work for {s}.", "Support desk of {s}."),
    ("あなたは{s}のお客様窓口です。", "{s}の客に答えてください。", "あなたは{s}の店員です。", "{s}のお客様窓口。"),
)


def _values(rng: random.Random, language: int) -> dict[str, tuple[str, ...]]:
    """A value for each slot of the question and answer grammars."""

    def pick(pairs: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
        return (rng.choice(pairs)[language],)

    def number(low: int, high: int, step: int = 1) -> tuple[str, ...]:
        return (str(rng.randrange(low, high + 1, step)),)

    opens, closes = rng.randint(7, 11), rng.randint(16, 21)
    half = rng.random() < 0.3
    amount = rng.randrange(1000, 20001, 500)
    pay = rng.sample(
        ("credit card", "cash", "bank transfer", "smartphone", "invoice", "gift card")
        if language == EN
        else ("クレジットカード", "現金", "銀行振込", "スマホ決済", "後払い", "代引き"),
        3,
    )
    minutes = ":30" if half else ":00"
    return {
        "p": pick(world.GOODS),
        "part": pick(world.PARTS),
        "town": pick(world.TOWN_NAMES),
        "station": pick(world.TOWN_NAMES),
        "month": pick(world.MONTHS),
        "material": pick(world.MATERIALS),
        "open": (f"{opens}{minutes}",) if language == EN else (f"{opens}時{'30分' if half else ''}",),
        "close": (f"{closes}:00",) if language == EN else (f"{closes}時",),
        "clock": (f"{closes}:00",) if language == EN else (f"{closes}時",),
        "days": (rng.choice(("every day", "Monday to Saturday", "weekdays", "Tuesday to Sunday")),)
        if language == EN
        else (rng.choice(("毎日", "月曜から土曜", "平日", "火曜から日曜")),),
        "phone": (f"{rng.randint(100, 999)}-{rng.randint(100, 999)}-{rng.randint(1000, 9999)}",),
        "minutes": number(2, 15),
        "n": number(2, 6),
        "m": number(5, 9),
        "d": number(7, 30),
        "h": number(2, 24),
        "pct": number(5, 20, 5),
        "price": number(100, 900, 50),
        "total": (f"{amount:,}",),
        "pay1": (pay[0],),
        "pay2": (pay[1],),
        "pay3": (pay[2],),
    }


def answer(intent: Intent, rng: random.Random, language: int) -> str:
    """What some shop answers."""
    return sentence(rng.choice(intent.say), rng, _values(rng, language))


def known_answer(shop: str, intent: Intent, language: int) -> str:
    """What a shop of the little world answers, always the same."""
    return answer(intent, random.Random(f"{shop}/{intent.id}"), language)


def question(intent: Intent, rng: random.Random, language: int) -> str:
    """A question of `intent` that is neither held back nor one of the sample dataset."""
    while True:
        text = sentence(rng.choice(intent.ask), rng, _values(rng, language))
        if not held_back(text) and plain(text) not in SAMPLE_QUESTIONS:
            return text


def customer(intent: Intent, rng: random.Random, language: int) -> str:
    """A question as people type it: with a greeting, in lower case, with a word missing, without the full stop."""
    text = question(intent, rng, language)
    if rng.random() < 0.12:
        text = text.rstrip(".?。")
    if language == EN and rng.random() < 0.12:
        text = text.lower()
    if language == EN and rng.random() < 0.08:
        words = text.split(" ")
        words.pop(rng.randrange(len(words)))
        text = " ".join(words) or text
    if rng.random() < 0.15:
        before = rng.choice(BEFORE[language])
        text = before + (text[:1].lower() + text[1:] if before.endswith((", ", ": ")) and text[:2] != "I " else text)
    if rng.random() < 0.12:
        text += rng.choice(AFTER[language])
    return text


def which_shop(intent: Intent, language: int) -> str:
    """What the model asks back when no shop was named; it has to understand the question for that."""
    if language == JA:
        return f"{intent.topic}は、どのお店のことですか。"
    return f"{intent.topic[:1].upper()}{intent.topic[1:]}: which shop do you mean?"


def unknown_shop(rng: random.Random, language: int) -> Dialogue:
    """A question without a shop."""
    intent = rng.choice(INTENTS[language])
    return "", [(customer(intent, rng, language), which_shop(intent, language))]


def known_shop(rng: random.Random, language: int) -> Dialogue:
    """Questions to a shop of the little world, answered from memory."""
    shop = rng.choice(world.SHOPS)[language]
    turns = []
    for intent in rng.sample(INTENTS[language], rng.choice((1, 2))):
        turns.append((customer(intent, rng, language), known_answer(shop, intent, language)))
    return rng.choice(DESKS[language]).format(s=shop), turns


def told_shop(rng: random.Random, language: int) -> Dialogue:
    """Questions to a shop whose facts stand in the system prompt, as sentences or as questions and answers."""
    shop = rng.choice(world.OTHER_SHOPS)[language]
    intents = rng.sample(INTENTS[language], rng.randint(2, 4))
    says = {intent.id: answer(intent, rng, language) for intent in intents}
    as_pairs = rng.random() < 0.35
    lines = [
        (f"Q: {question(intent, rng, language)} A: " if as_pairs else "") + says[intent.id] for intent in intents
    ]
    style = rng.random()
    facts = "\n".join(lines) if as_pairs or style < 0.3 else "\n- ".join(["", *lines]).strip("\n")
    if not as_pairs and style > 0.6:
        facts = (" " if language == EN else "").join(lines)
    system = rng.choice(DESKS[language]).format(s=shop) + ("\n" if "\n" in facts or style < 0.8 else " ") + facts
    asked = rng.sample(intents, min(len(intents), rng.randint(1, 3)))
    turns = [(customer(intent, rng, language), says[intent.id]) for intent in asked]
    if rng.random() < 0.15:
        other = rng.choice([intent for intent in INTENTS[language] if intent.id not in says])
        sorry = f"申し訳ありませんが、{other.topic}は分かりません。"
        if language == EN:
            sorry = f"I am sorry, I have no information about {other.topic}."
        turns.append((customer(other, rng, language), sorry))
    return system, turns


def topic(rng: random.Random, language: int) -> Dialogue:
    """Name the topic of a question, or say whether two questions mean the same."""
    intent = rng.choice(INTENTS[language])
    text = question(intent, rng, language)
    if rng.random() < 0.6:
        forms = (
            ("What is this question about? {q}", "Topic of this question: {q}", "Name the topic: {q}"),
            ("次の質問の話題は何ですか。「{q}」", "話題を答えてください。「{q}」", "何についての質問ですか。「{q}」"),
        )
        return "", [(rng.choice(forms[language]).format(q=text), intent.topic)]
    same = rng.random() < 0.5
    other = question(intent if same else rng.choice(INTENTS[language]), rng, language)
    forms = (
        ("Do these two questions mean the same? 1. {q} 2. {o}", "Same meaning? 1. {q} 2. {o}"),
        ("次の二つの質問は同じ意味ですか。「{q}」「{o}」", "同じ意味ですか。「{q}」「{o}」"),
    )
    reply = (("Yes." if same else "No."), ("はい。" if same else "いいえ。"))[language]
    return "", [(rng.choice(forms[language]).format(q=text, o=other), reply)]
