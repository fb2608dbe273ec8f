"""Where the answers are in what a template writes: proven on stand-ins, carried over to real texts by an exact fit.

The dialogue of stand-ins is rendered whole, up to the prompt of each answer, and cut behind each answer. An answer
begins where its prompt ends and ends with the stop token that the template writes behind it. Only stand-ins of that
answer may stand between, and all of them must. A real dialogue has its answers at the same places when the rendered
text is, character for character, the rendered stand-ins with the real values put in.
"""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from backend.data.dataset import Message
from backend.data.rendering.process import Rendered
from backend.data.rendering.stand_ins import ARGUMENT, SHARED, STAND_IN, Shape, Slot, number_of, ways_to_write
from backend.protocol.errors import TanrenError
from backend.protocol.languages import Text

GENERATION, PREFIX, DIFFERENCE = "generation", "prefix", "difference"
# What opens reasoning: a prompt that ends with it, while finished answers do not have it, begins the answer before it.
REASONING_OPENS = re.compile(
    r"(?:\s*(?:</?(?:\w+:)?think>|\[THINK\]|<\|(?:START|END)_THINKING\|>|<\|/?think(?:ing)?\|>))+\s*\Z")
_WORD = re.compile(r"\w")
_FEW_FITS = 100_000  # steps of one fit: what real templates need is the number of their slots


class Place(NamedTuple):
    """A place in the text: `offset` characters behind the start of the literal text number `literal`."""

    literal: int
    offset: int


class Span(NamedTuple):
    """An answer from its first character to its stop token, which is trained with it (`stops`) or not."""

    start: Place
    stop: Place
    stops: bool


class Skeleton(NamedTuple):
    """What a template writes around the values of a dialogue, and where its answers are.

    `order`: the slots between the literal texts. `method`: how the answers were told from the rest.
    `opens_reasoning`: the prompt opens reasoning that the finished dialogue does not have.
    """

    literals: list[str]
    order: list[int]
    spans: list[Span]
    method: str
    opens_reasoning: bool


class AnswerSpan(NamedTuple):
    """An answer in a rendered text: characters `start` to `stop`, where its stop token begins."""

    start: int
    stop: int
    stops: bool


def prove(shape: Shape, whole: Rendered, prompts: Mapping[int, str], cuts: Mapping[int, str],
          continued: str, stop_tokens: re.Pattern[str], marked: bool) -> Skeleton:
    """The skeleton of a shape. `prompts` and `cuts`: for each answer that is trained, by its place in the dialogue,
    the text that generation starts from and the dialogue as it is when it ends with this answer. `continued`: the
    whole with one more question, empty where the template allows none.

    Raises TanrenError template_unprovable.
    """
    text = whole.text
    found = list(STAND_IN.finditer(text))
    written = {number_of(mark[0]) for mark in found}
    spans, methods, opens = [], set(), False
    for turn in sorted(cuts):
        if marked:
            start, method = _marked_start(shape.slots, turn, found, whole.marks), GENERATION
        else:
            start, opened = _start(text, found, prompts[turn])
            opens = opens or opened
            method = PREFIX if text.startswith(prompts[turn]) else DIFFERENCE
        stop, end = _stop(text, found, shape.slots, turn, start, cuts[turn], continued, stop_tokens)
        _check_inside(shape, turn, found, start, stop)
        methods.add(method if text.startswith(cuts[turn][:stop]) or marked else DIFFERENCE)
        spans.append((start, stop, end > stop))
    _check_all_is_there(shape, written)
    if not any(stops for _, _, stops in spans):
        raise unprovable(Text("no stop token follows the answer", "回答の後に終了トークンがありません"))
    borders = [0, *(border for mark in found for border in mark.span()), len(text)]
    literals = [text[borders[place] : borders[place + 1]] for place in range(0, len(borders), 2)]
    return Skeleton(
        literals, [number_of(mark[0]) for mark in found],
        [Span(_place(borders, start), _place(borders, stop), stops) for start, stop, stops in spans],
        methods.pop() if len(methods) == 1 else DIFFERENCE, opens)


def fit_answers(skeleton: Skeleton, slots: list[Slot], text: str) -> list[AnswerSpan]:
    """The answers of a real dialogue in its rendered text.

    Raises TanrenError template_unprovable when the text is not the skeleton with the values of the slots.
    """
    starts = _fit(skeleton, slots, text)
    if starts is None:
        raise unprovable(Text("the template changes texts of the dialogue in a way that cannot be followed",
                              "テンプレートによる文面の変更を追跡できません"))

    def at(place: Place) -> int:
        return starts[place.literal] + place.offset

    return [AnswerSpan(at(span.start), at(span.stop), span.stops) for span in skeleton.spans]


def trained_turns(messages: list[Message]) -> list[int]:
    """The places of the answers to train: those of the assistant whose weight is not 0."""
    return [place for place, message in enumerate(messages)
            if message["role"] == "assistant" and message.get("weight", 1) != 0]


def unprovable(reason: str | Text) -> TanrenError:
    """The refusal of a template, with its reason."""
    return TanrenError("template_unprovable", reason=reason)


def _start(text: str, found: list[re.Match[str]], prompt: str) -> tuple[int, bool]:
    """Where an answer begins: behind what its prompt has after its last stand-in."""
    in_prompt = list(STAND_IN.finditer(prompt))
    position = 0
    tail = prompt
    if in_prompt:
        tail = prompt[in_prompt[-1].end() :]
        same = _same_place(found, in_prompt)
        if same is None:
            raise unprovable(_PROMPT_DIFFERS)
        position = same.end()
    if text.startswith(tail, position):
        return position + len(tail), False
    opened = REASONING_OPENS.search(tail)
    if opened and tail[: opened.start()].strip() and text.startswith(tail[: opened.start()].rstrip(), position):
        before = position + len(tail[: opened.start()].rstrip())
        spaces = tail[len(tail[: opened.start()].rstrip()) : opened.start()]
        return before + (len(spaces) if text.startswith(spaces, before) else 0), True
    raise unprovable(_PROMPT_DIFFERS)


def _marked_start(slots: list[Slot], turn: int, found: list[re.Match[str]], marks: list[tuple[int, int]]) -> int:
    """Where the template itself says that the answer begins."""
    own = [mark for mark in found if slots[number_of(mark[0])].turn == turn]
    holding = [span for span in marks if any(span[0] <= mark.start() and mark.end() <= span[1] for mark in own)]
    if not holding:
        raise unprovable(Text("what the template marks is not the answer",
                              "テンプレートが示す部分が回答ではありません"))
    return min(start for start, _ in holding)


def _stop(text: str, found: list[re.Match[str]], slots: list[Slot], turn: int, start: int, cut: str, continued: str,
          stop_tokens: re.Pattern[str]) -> tuple[int, int]:
    """Where the stop token of an answer begins and ends; an end at its beginning: it is another than that of an
    answer that ends the dialogue, so generation would not write it."""
    in_cut = list(STAND_IN.finditer(cut))
    if not in_cut or slots[number_of(in_cut[-1][0])].turn not in (turn, SHARED):
        raise unprovable(_NOT_FOLLOWING)
    last = _same_place(found, in_cut)
    if last is None or last.start() < start:
        raise unprovable(_NOT_FOLLOWING)
    tail = cut[in_cut[-1].end() :]
    tokens = list(stop_tokens.finditer(tail))
    if not tokens:
        raise unprovable(Text("no stop token follows the answer", "回答の後に終了トークンがありません"))
    # what closes a dialogue as a whole does not stand behind an answer that another turn follows
    behind = text[last.end() :]
    if behind == tail and continued.startswith(text[: last.end()]):
        behind = continued[last.end() :]
    common = [token for token in tokens if behind.startswith(tail[: token.end()])]
    stop = (common or tokens)[-1]
    between = stop_tokens.sub("", tail[tokens[0].end() : stop.start()])
    if _WORD.search(between) or _WORD.search(stop_tokens.sub("", tail[stop.end() :])):
        raise unprovable(Text("more than a stop token follows the last answer",
                              "最後の回答の後に終了トークン以外の文字があります"))
    if text.startswith(tail[: stop.end()], last.end()):
        return last.end() + stop.start(), last.end() + stop.end()
    if text.startswith(tail[: stop.start()], last.end()) and stop_tokens.match(text, last.end() + stop.start()):
        return (last.end() + stop.start(),) * 2
    raise unprovable(Text("an answer inside the dialogue ends in another way than one at its end",
                          "途中の回答と最後の回答で終わり方が異なります"))


def _check_inside(shape: Shape, turn: int, found: list[re.Match[str]], start: int, stop: int) -> None:
    """Nothing of another turn within the answer, nothing of the answer outside, and each of its calls by name."""
    inside = set()
    for mark in found:
        number = number_of(mark[0])
        if start <= mark.start() and mark.end() <= stop:
            inside.add(number)
            if shape.slots[number].turn not in (turn, SHARED):
                raise unprovable(Text("a text of another turn stands within the answer",
                                      "回答の中に別の発言の文面があります"))
        elif shape.slots[number].turn == turn:
            raise unprovable(_NOT_FOLLOWING if mark.start() < start else Text(
                "the template repeats the answer outside of it", "テンプレートが回答を別の場所でも繰り返しています"))
    calls = shape.messages[turn].get("tool_calls", ())
    if not calls and not any(shape.slots[number].turn == turn for number in inside):
        raise unprovable(_NOT_FOLLOWING)
    for call in calls:
        if number_of(call["function"]["name"]) not in inside:
            raise unprovable(Text("the template does not write the tool calls",
                                  "テンプレートがツールの呼び出しを書き出しません"))


def _check_all_is_there(shape: Shape, written: set[int]) -> None:
    for number in sorted(shape.needed - written):
        slot = shape.slots[number]
        if slot.part == ARGUMENT:
            raise unprovable(Text("the template does not write the arguments of the tool calls",
                                  "テンプレートがツール呼び出しの引数を書き出しません"))
        role = str(shape.messages[slot.turn]["role"])
        raise unprovable(Text(f"the template leaves out a message of {role}",
                              f"テンプレートが {role} の発言を省いています"))


def _same_place(found: list[re.Match[str]], elsewhere: list[re.Match[str]]) -> re.Match[str] | None:
    """In the whole text, the occurrence of the last stand-in of another rendering that has as many before it."""
    wanted = elsewhere[-1][0]
    count = sum(mark[0] == wanted for mark in elsewhere)
    same = [mark for mark in found if mark[0] == wanted]
    return same[count - 1] if len(same) >= count else None


def _place(borders: list[int], position: int) -> Place:
    """The place of a position that lies within a literal text, not within a stand-in."""
    for literal in range(0, len(borders), 2):
        if borders[literal] <= position <= borders[literal + 1]:
            return Place(literal // 2, position - borders[literal])
    raise unprovable(_NOT_FOLLOWING)


def _fit(skeleton: Skeleton, slots: list[Slot], text: str) -> list[int] | None:
    """Where each literal text of the skeleton begins in `text`; None when they and the values do not make it up."""
    literals, order = skeleton.literals, skeleton.order
    if not text.startswith(literals[0]):
        return None
    starts = [0]
    ways: list[Iterator[str]] = []
    for _ in range(_FEW_FITS):
        place = len(starts) - 1
        position = starts[place] + len(literals[place])
        if place == len(order):
            if position == len(text):
                return starts
            starts.pop()
            continue
        if len(ways) == place:
            ways.append(ways_to_write(slots[order[place]].value))
        behind = literals[place + 1]
        for way in ways[place]:
            if text.startswith(way, position) and text.startswith(behind, position + len(way)):
                starts.append(position + len(way))
                break
        else:
            ways.pop()
            starts.pop()
            if not starts:
                return None
    return None


_PROMPT_DIFFERS = Text("the prompt for an answer is not the start of the whole dialogue",
                       "回答の前のプロンプトが会話全体の先頭と一致しません")
_NOT_FOLLOWING = Text("the answer does not follow its prompt", "プロンプトの直後に回答がありません")
