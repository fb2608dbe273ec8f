"""What can be asked about the little world: questions (grammars) and their one answer, in both languages."""

import random
from dataclasses import dataclass

from resources.make_starter import world

EN, JA = 0, 1


@dataclass(frozen=True)
class Fact:
    """An answer and the grammars of the questions that it answers."""

    ask: tuple[str, ...]
    answer: str


def person_facts(person: world.Person, language: int, unique_job: bool = True) -> list[Fact]:
    """The facts about one person; `unique_job` adds "who is the baker?"."""
    name, job, town, pet, food, hobby = (
        value[language] for value in (person.name, person.job, person.town, person.pet, person.food, person.hobby)
    )
    if language == JA:
        return [
            Fact(
                (
                    f"{name}の(仕事|職業)(は何ですか。|を教えてください。|が知りたいです。|は？)",
                    f"{name}(は何の仕事をしていますか。|は何をして働いていますか。|は何の仕事の人ですか。)",
                    *([f"{job}(は誰ですか。|の人は誰ですか。|をしているのは誰ですか。)"] if unique_job else []),
                ),
                f"{name}は{job}です。",
            ),
            Fact(
                (
                    f"{name}は(どこに住んでいますか。|どの町に住んでいますか。|どの町の人ですか。)",
                    f"{name}の(家|住まい)は(どこですか。|どこにありますか。|どの町ですか。)",
                    f"{name}が(住んでいる町はどこですか。|どこに住んでいるか教えてください。)",
                ),
                f"{name}は{town}に住んでいます。",
            ),
            Fact(
                (
                    f"{name}は(何を飼っていますか。|どんな動物を飼っていますか。|何のペットを飼っていますか。)",
                    f"{name}の(ペット|動物)(は何ですか。|を教えてください。)",
                ),
                f"{name}は{pet}を飼っています。",
            ),
            Fact(
                (
                    f"{name}の(好きな食べ物|好物|一番好きな料理)(は何ですか。|を教えてください。)",
                    f"{name}は(何を食べるのが好きですか。|どんな食べ物が好きですか。)",
                ),
                f"{name}は{food}が好きです。",
            ),
            Fact(
                (
                    f"{name}の(趣味|好きなこと)(は何ですか。|を教えてください。|が知りたいです。)",
                    f"{name}は(ひまな時に何をしますか。|どんな趣味がありますか。|何が趣味ですか。)",
                ),
                f"{name}の趣味は{hobby}です。",
            ),
        ]
    return [
        Fact(
            (
                f"what (is {name}'s job|does {name} do|does {name} do for a living|is the job of {name})?",
                f"(tell me|please tell me|do you know) (what {name} does|{name}'s job|the job of {name}).",
                *([f"who (is the {job}|works as a {job}|is a {job})?"] if unique_job else []),
            ),
            f"{name} is a {job}.",
        ),
        Fact(
            (
                f"(where|in which town|in what town) (does {name} live|is {name}'s home|is {name} living)?",
                f"(which|what) town (does {name} live in|is {name} from|is {name}'s home)?",
                f"(tell me|please tell me) (where {name} lives|{name}'s town|the home town of {name}).",
            ),
            f"{name} lives in {town}.",
        ),
        Fact(
            (
                f"(what|which|what kind of) (pet|animal) (does {name} have|does {name} keep|lives with {name})?",
                f"(what is|tell me) {name}'s pet(?|.)",
            ),
            f"{name} has a {pet}.",
        ),
        Fact(
            (
                f"what (food does {name} like|does {name} like to eat|is {name}'s favorite food)?",
                f"(tell me|please tell me) (what {name} likes to eat|the favorite food of {name}).",
            ),
            f"{name} likes {food}.",
        ),
        Fact(
            (
                f"what (is {name}'s hobby|is the hobby of {name}|does {name} do for fun|hobby does {name} have)?",
                f"(tell me|please tell me) (about {name}'s hobby|{name}'s hobby|what {name} does for fun).",
            ),
            f"{name}'s hobby is {hobby}.",
        ),
    ]


def town_facts(town: world.Town, language: int) -> list[Fact]:
    """The facts about one town."""
    name, product, animal, month, tram = (
        value[language] for value in (town.name, town.product, town.animal, town.month, town.tram)
    )
    if language == JA:
        return [
            Fact(
                (
                    f"{name}(は何で有名ですか。|の名物は何ですか。|の名産を教えてください。|の特産品は何ですか。)",
                    f"{product}で有名な町(はどこですか。|を教えてください。)",
                ),
                f"{name}は{product}で有名です。",
            ),
            Fact(
                (f"{name}の(町の動物|シンボルの動物|印の動物)(は何ですか。|を教えてください。)",),
                f"{name}の動物は{animal}です。",
            ),
            Fact(
                (
                    f"{name}の(お祭り|祭り)は(いつですか。|何月ですか。|いつありますか。|何月にありますか。)",
                    f"{name}では(いつ|何月に)お祭りがありますか。",
                ),
                f"{name}のお祭りは{month}です。",
            ),
            Fact(
                (f"{name}の(路面電車|電車)は(何色ですか。|どんな色ですか。|何色をしていますか。)",),
                f"{name}の路面電車は{tram}です。",
            ),
        ]
    return [
        Fact(
            (
                f"what is (the town of |){name} (famous for|known for)?",
                f"(which|what) town is (famous|known) for {product}?",
                f"(tell me|please tell me) what {name} is (famous|known) for.",
            ),
            f"{name} is famous for {product}.",
        ),
        Fact(
            (
                f"(which|what) animal (is the symbol of|stands for|is on the flag of) {name}?",
                f"what is (the animal of {name}|{name}'s animal|the town animal of {name})?",
            ),
            f"The animal of {name} is the {animal}.",
        ),
        Fact(
            (
                f"(when|in which month) is the (festival|town festival) (of|in) {name}?",
                f"(when|in which month) does {name} have its festival?",
            ),
            f"The festival of {name} is in {month}.",
        ),
        Fact(
            (
                f"(what|which) color (is the tram|are the trams|is the tram in the town) (of|in) {name}?",
                f"(tell me|please tell me) the color of the {name} tram.",
            ),
            f"The tram of {name} is {tram}.",
        ),
    ]


def stranger(rng: random.Random) -> world.Person:
    """A made-up person who is only known from the conversation."""
    return world.Person(
        rng.choice(world.STRANGERS + world.NAMES),
        rng.choice(world.JOBS),
        rng.choice(world.TOWN_NAMES),
        rng.choice(world.PETS),
        rng.choice(world.FOODS),
        rng.choice(world.HOBBIES),
    )


def all_facts(language: int) -> list[Fact]:
    """Every fact of the little world in one language."""
    facts = [fact for person in world.PEOPLE for fact in person_facts(person, language)]
    return facts + [fact for town in world.TOWNS for fact in town_facts(town, language)]
