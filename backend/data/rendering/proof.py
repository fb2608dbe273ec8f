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
from backend.data.rendering.stand_ins import ARGUMENT, QUESTION, SHARED, STAND_IN, Shape, Slot, number_of, ways_to_write
from backend.protocol.errors import TanrenError
from backend.protocol.languages import Text

GENERATION, PREFIX, DIFFERENCE = "generation", "prefix", "difference"
# what opens and closes reasoning: a prompt may have it where finished answers have it not, or otherwise
_REASONING = re.compile(
    r"(?:\s|</?(?:\w+:)?think(?:ing)?>|\[/?THINK\]|<\|(?:START|END)_THINKING\|>|<\|/?think(?:ing)?\|>"
    r"|<\|channel>thought\n<channel\|>)*")
_TAG = re.compile(r"<[^<>\s]{1,60}>")
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
    """The skeleton of a shape.

    `prompts` and `cuts`: for each answer that is trained, by its place in the dialogue, the text that generation
    starts from and the dialogue as it is when it ends with this answer. `continued`: the whole with one more
    question, empty where the template allows none. `marked`: the template marks answers by {% generation %}.

    Raises TanrenError template_unprovable.
    """
    text = whole.text
    found = list(STAND_IN.finditer(text))
    written = {number_of(mark[0]) for mark in found}
    spans, methods, opens = [], set(), False
    for turn in sorted(cuts):
        own = _Own(shape, turn, found)
        start, opened, method = _start(text, own, prompts[turn], stop_tokens, whole.marks if marked else None)
        stop, end = _stop(text, own, start, cuts[turn], continued, stop_tokens)
        _check_inside(own, start, stop)
        methods.add(method)
        opens = opens or opened
        spans.append((start, stop, end > stop))
    _check_all_is_there(shape, written)
    if not any(stops for _, _, stops in spans):
        raise unprovable(_NO_STOP)
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


class _Own:
    """The stand-ins of a whole text, seen from one answer."""

    def __init__(self, shape: Shape, turn: int, found: list[re.Match[str]]) -> None:
        self.shape, self.turn, self.found = shape, turn, found
        self.calls = shape.messages[turn].get("tool_calls", ())

    def has(self, mark: re.Match[str]) -> bool:
        """Whether this answer alone says it."""
        return self.shape.slots[number_of(mark[0])].turn == self.turn

    def may_have(self, mark: re.Match[str]) -> bool:
        """Whether this answer says it, too."""
        return self.shape.slots[number_of(mark[0])].turn in (self.turn, SHARED)

    def first_from(self, position: int) -> int:
        """Where the first of it begins, from `position` on; -1 without any."""
        own = self.may_have if self.calls else self.has
        return next((mark.start() for mark in self.found if mark.start() >= position and own(mark)), -1)

    def next_turn(self, position: int, text: str) -> int:
        """Where the first stand-in of another turn begins, from `position` on; else the end of the text."""
        return next((mark.start() for mark in self.found if mark.start() >= position and not self.may_have(mark)),
                    len(text))


def _start(text: str, own: _Own, prompt: str, stop_tokens: re.Pattern[str], marks: list[tuple[int, int]] | None
           ) -> tuple[int, bool, str]:
    """Where an answer begins, whether the prompt has reasoning that it has not, and how that is known."""
    try:
        start, opened = _prompt_end(text, own, prompt, stop_tokens)
    except TanrenError:
        if marks is None:
            raise
        return _marked_start(own, marks), False, GENERATION
    if marks is not None:  # some marks take the header of the turn with them
        return max(start, _marked_start(own, marks)), opened, GENERATION
    return start, opened, PREFIX if text.startswith(prompt) else DIFFERENCE


def _prompt_end(text: str, own: _Own, prompt: str, stop_tokens: re.Pattern[str]) -> tuple[int, bool]:
    """Where an answer begins: behind what its prompt has after its last stand-in."""
    in_prompt = list(STAND_IN.finditer(prompt))
    position, tail = 0, prompt
    if in_prompt:
        same = _same_place(own.found, in_prompt)
        if same is None:
            raise unprovable(_PROMPT_DIFFERS)
        position, tail = same.end(), prompt[in_prompt[-1].end() :]
    if text.startswith(tail, position):
        return position + len(tail), False
    first = own.first_from(position)
    written = text[position : first if first >= 0 else len(text)]
    spaced = _end_but_for_spaces(tail, written)
    if spaced is not None:
        return position + spaced, False
    common = _common_length(tail, written, stop_tokens)
    if tail[:common].strip() and _REASONING.fullmatch(tail, common):
        return position + common, bool(tail[common:].strip())
    raise unprovable(_PROMPT_DIFFERS)


def _end_but_for_spaces(tail: str, written: str) -> int | None:
    """Where `tail` ends in `written` when they differ in white space only, and not in that at its end: some templates
    put a line break behind a tool's result only when a turn follows."""
    signs = "".join(tail.split())
    spaces = tail[len(tail.rstrip()) :]
    position = 0
    for sign in signs:
        while position < len(written) and written[position].isspace():
            position += 1
        if not written.startswith(sign, position):
            return None
        position += 1
    return position + len(spaces) if signs and written.startswith(spaces, position) else None


def _common_length(tail: str, written: str, stop_tokens: re.Pattern[str]) -> int:
    """How long two texts agree, in whole tokens and tags."""
    common = next((place for place, (one, other) in enumerate(zip(tail, written, strict=False)) if one != other),
                  min(len(tail), len(written)))
    for text in (tail, written):
        for pattern in (stop_tokens, _TAG):
            for tag in pattern.finditer(text):
                if tag.start() < common < tag.end():
                    common = tag.start()
    return common


def _marked_start(own: _Own, marks: list[tuple[int, int]]) -> int:
    """Where the template itself says that the answer begins."""
    said = [mark for mark in own.found if own.has(mark)]
    holding = [span for span in marks if any(span[0] <= mark.start() and mark.end() <= span[1] for mark in said)]
    if not holding:
        raise unprovable(Text("what the template marks is not the answer",
                              "テンプレートが示す部分が回答ではありません"))
    return min(start for start, _ in holding)


def _stop(text: str, own: _Own, start: int, cut: str, continued: str, stop_tokens: re.Pattern[str]
          ) -> tuple[int, int]:
    """Where the stop token of an answer begins and ends; an end at its beginning: it is another than that of an
    answer that ends the dialogue, so generation would not write it."""
    in_cut = list(STAND_IN.finditer(cut))
    last = _same_place(own.found, in_cut) if in_cut and own.may_have(in_cut[-1]) else None
    if last is None or last.start() < start:
        raise unprovable(_NO_CALLS if own.calls else _NOT_FOLLOWING)
    tail = cut[in_cut[-1].end() :]
    if not stop_tokens.search(tail):
        raise unprovable(_NO_STOP)
    behind = text[last.end() : own.next_turn(last.end(), text)]
    if behind == tail and continued.startswith(text[: last.end()]):
        behind = continued[last.end() :].partition(QUESTION)[0]
    stop = _stop_token(tail, behind, _opening_tokens(text, stop_tokens), stop_tokens)
    if stop is None:
        token = list(stop_tokens.finditer(tail))[-1]
        if text.startswith(tail[: token.end()], last.end()):
            return last.end() + token.start(), last.end() + token.end()
        if behind.startswith(tail[: token.start()]) and stop_tokens.match(behind, token.start()):
            return (last.end() + token.start(),) * 2
        raise unprovable(Text("an answer inside the dialogue ends in another way than one at its end",
                              "途中の回答と最後の回答で終わり方が異なります"))
    at = text.find(stop, last.end())
    if not 0 <= at < own.next_turn(last.end(), text):
        raise unprovable(_NO_STOP)
    return at, at + len(stop)


def _stop_token(tail: str, behind: str, opening: set[str], stop_tokens: re.Pattern[str]) -> str | None:
    """The token that ends an answer, from what is written behind it at the end of a dialogue (`tail`) and where
    another turn follows (`behind`): what closes the whole dialogue, or opens a turn, is none."""
    tokens = list(stop_tokens.finditer(tail))
    tokens = [token for token in tokens if token[0] not in opening] or tokens
    for token in reversed(tokens):
        words = _WORD.search(stop_tokens.sub("", tail[tokens[0].end() : token.start()]))
        same = behind.startswith(tail[: token.end()]) and behind != tail
        if same or (token[0] in behind and not words):
            return token[0]
    return None


def _opening_tokens(text: str, stop_tokens: re.Pattern[str]) -> set[str]:
    """The tokens that a dialogue begins with, before any word: nothing was said that they could end."""
    opening: set[str] = set()
    position = 0
    while token := stop_tokens.match(text, position):
        opening.add(token[0])
        position = token.end()
    return opening


def _check_inside(own: _Own, start: int, stop: int) -> None:
    """Nothing of another turn within the answer, nothing of the answer outside, and each of its calls by name."""
    inside = set()
    for mark in own.found:
        if start <= mark.start() and mark.end() <= stop:
            inside.add(mark[0])
            if not own.may_have(mark):
                raise unprovable(Text("a text of another turn stands within the answer",
                                      "回答の中に別の発言の文面があります"))
        elif own.has(mark):
            raise unprovable(_NOT_FOLLOWING if mark.start() < start else Text(
                "the template repeats the answer outside of it", "テンプレートが回答を別の場所でも繰り返しています"))
    if not own.calls and not any(own.has(mark) for mark in own.found):
        raise unprovable(_NOT_FOLLOWING)
    if any(call["function"]["name"] not in inside for call in own.calls):
        raise unprovable(_NO_CALLS)


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
_NO_STOP = Text("no stop token follows the answer", "回答の後に終了トークンがありません")
_NO_CALLS = Text("the template does not write the tool calls", "テンプレートがツールの呼び出しを書き出しません")
