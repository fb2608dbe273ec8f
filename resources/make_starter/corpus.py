"""The training text: seeded short dialogues about the little world, in English and Japanese."""

import random
from collections.abc import Callable, Iterator

from resources.make_starter import facts, formats, shops, world
from resources.make_starter.facts import EN
from resources.make_starter.grammar import held_back, plain, read_intents, sentence
from resources.make_starter.shops import SAMPLE_QUESTIONS, Dialogue

Message = dict[str, str]

TALK = (read_intents("talk_en.toml"), read_intents("talk_ja.toml"))
FACTS = (facts.all_facts(0), facts.all_facts(1))
IDLE_SYSTEM = (
    ("You are a helpful assistant.", "Answer briefly.", "You are a small model.", "Be kind and short."),
    ("あなたは親切な助手です。", "短く答えてください。", "あなたは小さなモデルです。", "丁寧に答えてください。"),
)


def _again_until_allowed(make: Callable[[], tuple[str, str]]) -> tuple[str, str]:
    """The first (question, answer) that is not held back for tests."""
    while True:
        question, answer = make()
        if not held_back(question) and plain(question) not in SAMPLE_QUESTIONS:
            return question, answer


def talk(rng: random.Random, language: int) -> Dialogue:
    """Greetings, small general facts, what the model is and cannot do."""

    def make() -> tuple[str, str]:
        intent = rng.choice(TALK[language])
        return sentence(rng.choice(intent.ask), rng), intent.say[0]

    return "", [_again_until_allowed(make)]


def known_fact(rng: random.Random, language: int) -> Dialogue:
    """A fact of the little world, from memory."""

    def make() -> tuple[str, str]:
        fact = rng.choice(FACTS[language])
        return sentence(rng.choice(fact.ask), rng), fact.answer

    return "", [_again_until_allowed(make)]


def told_fact(rng: random.Random, language: int) -> Dialogue:
    """Facts about people that stand in the system prompt or in the first message."""
    people = [facts.stranger(rng) for _ in range(rng.randint(1, 2))]
    told = [fact for person in people for fact in facts.person_facts(person, language, unique_job=False)]
    told = rng.sample(told, rng.randint(2, 4))
    join = (" ", "")[language]
    text = join.join(fact.answer for fact in told)

    turns = [
        _again_until_allowed(lambda fact=fact: (sentence(rng.choice(fact.ask), rng), fact.answer))
        for fact in rng.sample(told, rng.randint(1, 2))
    ]
    if rng.random() < 0.6:
        return ("Facts: " if language == EN else "事実：") + text, turns
    return "", [(text, ("I see.", "分かりました。")[language]), *turns]


def some_format(rng: random.Random, language: int) -> Dialogue:
    task = rng.choice(formats.FORMATS)
    return "", [_again_until_allowed(lambda: task(rng, language))]


def some_sum(rng: random.Random, language: int) -> Dialogue:
    return "", [_again_until_allowed(lambda: formats.sums(rng, language))]


def some_word(rng: random.Random, language: int) -> Dialogue:
    return "", [_again_until_allowed(lambda: formats.translate(rng, language))]


# kind of dialogue -> share of the dialogues
MIX: tuple[tuple[Callable[[random.Random, int], Dialogue], float], ...] = (
    (shops.unknown_shop, 0.12),
    (shops.told_shop, 0.06),
    (shops.known_shop, 0.04),
    (shops.topic, 0.03),
    (known_fact, 0.17),
    (told_fact, 0.05),
    (talk, 0.10),
    (some_sum, 0.15),
    (some_format, 0.24),
    (some_word, 0.06),
)
CUSTOMERS = (shops.unknown_shop, shops.told_shop, shops.known_shop, shops.topic)
KINDS, SHARES = [kind for kind, _ in MIX], [share for _, share in MIX]


def messages(system: str, turns: list[tuple[str, str]], loose: bool) -> list[Message]:
    """A dialogue in messages format; "loose" questions are those whose spelling the tokenizer may cut up at will."""
    result = [{"role": "system", "content": system}] if system else []
    for question, answer in turns:
        result.append({"role": "user", "content": question, "spelling": "loose" if loose else "exact"})
        result.append({"role": "assistant", "content": answer})
    return result


def dialogue(rng: random.Random) -> list[Message]:
    """One dialogue; now and then two in a row, or with a system prompt that changes nothing."""
    language = rng.randrange(2)
    kind = rng.choices(KINDS, SHARES)[0]
    system, turns = kind(rng, language)
    loose = kind in CUSTOMERS
    while rng.random() < 0.1 and len(turns) < 4:
        more_kind = rng.choices(KINDS, SHARES)[0]
        more_system, more = more_kind(rng, language)
        if not more_system:
            turns = turns + more
            loose = loose and more_kind in CUSTOMERS
    if not system and rng.random() < 0.08:
        system = rng.choice(IDLE_SYSTEM[language])
    return messages(system, turns, loose)


def dialogues(seed: int) -> Iterator[list[Message]]:
    """Endless dialogues, the same for the same seed."""
    rng = random.Random(seed)
    while True:
        yield dialogue(rng)


def words_of_the_world() -> list[str]:
    """Names and words that the tokenizer should know even where they are rare."""
    tables = (world.WORDS, world.GOODS, world.PARTS, world.NAMES, world.STRANGERS, world.JOBS, world.TOWN_NAMES)
    return [text for table in tables for pair in table for text in (pair[0], " " + pair[0], pair[1])]
