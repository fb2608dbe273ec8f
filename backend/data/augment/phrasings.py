"""Other ways to ask the same question, in English and Japanese: whole questions by their form, frames around any."""

import re

# ends in no participle or preposition, which the other order of words would strand: what is it used for
_NOUN = (r"((?:the|an?|my|your|our|this|that|these|those|(?-i:[A-Z]))\b[^?]*?"
         r"(?<!ing)(?<!ed)(?<!\bfor)(?<!\b(?:of|to|in)))")
# a question of this form → how else to ask it; \1 is what it asks about
ENGLISH_FORMS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (rf"(?:what is|what's) {_NOUN}\?",
     (r"Can you explain what \1 is?", r"Tell me what \1 is.", r"What exactly is \1?",
      r"I would like to know what \1 is.")),
    (rf"what are {_NOUN}\?",
     (r"Can you explain what \1 are?", r"Tell me what \1 are.", r"What exactly are \1?")),
    (rf"where is {_NOUN}\?",
     (r"Can you tell me where \1 is?", r"I am looking for \1. Where is it?", r"Do you know where \1 is?")),
    (rf"where are {_NOUN}\?", (r"Can you tell me where \1 are?", r"Do you know where \1 are?")),
    (r"how (?:do|can) I ([^?]+)\?",
     (r"What is the way to \1?", r"How does one \1?", r"Please tell me how to \1.", r"Can you explain how to \1?",
      r"I would like to \1. How do I do it?")),
    (r"can I ([^?]+)\?",
     (r"Is it possible to \1?", r"Am I able to \1?", r"I would like to know if I can \1.")),
    (r"(?:can|could) you (?:please )?([^?]+)\?", (r"Would you \1?", r"Please \1.", r"I would like you to \1.")),
    (r"please ([^?]+?)\.?", (r"Could you \1?", r"Would you \1, please?", r"I would like you to \1.")),
    (rf"who is {_NOUN}\?", (r"Can you tell me who \1 is?", r"Do you know who \1 is?")),
    (r"(?:explain|describe) ([^?]+?)\.?", (r"Can you explain \1?", r"Please give an explanation of \1.")),
)
JAPANESE_FORMS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"(.+?)(?:とは何ですか|とは何でしょうか|って何ですか|とは)[？?。]?",
     (r"\1について教えてください。", r"\1とはどういうものですか？", r"\1とは何か、説明してください。",
      r"\1とは何でしょうか？")),
    (r"(.+?)は何ですか[？?。]?", (r"\1は何でしょうか？", r"\1を教えてください。", r"\1が何か知りたいです。")),
    (r"(.+?)はどこですか[？?。]?",
     (r"\1はどこにありますか？", r"\1の場所を教えてください。", r"\1はどちらでしょうか？")),
    (r"(.+?)はいつですか[？?。]?",
     (r"\1はいつでしょうか？", r"\1がいつか教えてください。", r"\1がいつか知りたいです。")),
    (r"(.+?)はいくらですか[？?。]?",
     (r"\1がいくらか教えてください。", r"\1はおいくらでしょうか？", r"\1にはいくらかかりますか？")),
    (r"(.+?[るうくすつぬぶむぐ])にはどう(?:すれば|したら)(?:いい|よい|良い)(?:ですか|でしょうか)[？?。]?",
     (r"\1方法を教えてください。", r"どうすれば\1ことができますか？", r"\1には、どのようにすればよいでしょうか？")),
    (r"(.+?)(?:について|に関して)教えて(?:ください|下さい)[。.]?",
     (r"\1について知りたいです。", r"\1について説明してください。", r"\1について教えていただけますか？")),
    (r"(.+?)を教えて(?:ください|下さい)[。.]?",
     (r"\1を知りたいです。", r"\1を教えていただけますか？", r"\1を教えてほしいです。")),
    (r"(.+?)して(?:ください|下さい)[。.]?",
     (r"\1していただけますか？", r"\1してもらえますか？", r"\1してほしいです。")),
    (r"(.+?)はできますか[？?。]?",
     (r"\1は可能ですか？", r"\1はできるでしょうか？", r"\1ができるか教えてください。")),
    (r"(.+?)はありますか[？?。]?",
     (r"\1はあるでしょうか？", r"\1があるか教えてください。", r"\1はございますか？")),
    (r"(.+?ま)すか[？?。]?", (r"\1すでしょうか？", r"\1すか、教えてください。")),
    # behind adjectives in い and verbs there is no なの
    (r"(.+?[^いたるん])ですか[？?。]?", (r"\1でしょうか？", r"\1なのでしょうか？")),
    (r"(.+?)ですか[？?。]?", (r"\1でしょうか？",)),
)
# around whatever is asked of the model
ENGLISH_FRAMES = ("Could you help me with this? {question}", "Hello. {question}", "{question} Thank you in advance.")
JAPANESE_FRAMES = ("すみません、{question}", "{question}よろしくお願いします。", "こんにちは。{question}")
# only around a question
ENGLISH_QUESTION_FRAMES = (
    "I have a question. {question}", "{question} Please answer.", "Please answer this: {question}",
    "I would like to ask something. {question}", "A question for you: {question}")
JAPANESE_QUESTION_FRAMES = (
    "質問です。{question}", "{question}教えてください。", "お尋ねします。{question}",
    "次の質問に答えてください。{question}", "ひとつ伺います。{question}")
_ASKS = re.compile(r"(?:か[。]?|[？?])$")


def by_form(question: str, japanese: bool) -> list[str]:
    """The question asked otherwise, where its whole form is known; a question of several lines has none."""
    if "\n" in question:
        return []
    found = []
    for form, others in JAPANESE_FORMS if japanese else ENGLISH_FORMS:
        match = re.fullmatch(form, question, re.IGNORECASE)
        # a second sentence inside would be torn apart
        if match and not re.search(r"[。？?!！]|\.\s", match[1]):
            found += [match.expand(other) for other in others]
            break
    return found


def by_frame(question: str, japanese: bool) -> list[str]:
    """The question within a sentence or two that do not change what is asked."""
    frames = list(JAPANESE_FRAMES if japanese else ENGLISH_FRAMES)
    if _ASKS.search(question):
        frames += JAPANESE_QUESTION_FRAMES if japanese else ENGLISH_QUESTION_FRAMES
    whole = _ended(question, japanese)
    return [frame.replace("{question}", question if frame.endswith("{question}") else whole) for frame in frames]


def _ended(question: str, japanese: bool) -> str:
    """With the mark that ends a sentence, since another one follows."""
    if question[-1:] in ".?!。？！…」』)）:：;`":
        return question
    if japanese:
        return question + ("？" if question.endswith("か") else "。")
    return question + "."
