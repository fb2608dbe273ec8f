"""Writes dialogues by a model's chat template and tells where their answers are."""

import re
from collections import OrderedDict
from typing import Any, NamedTuple

from backend.data.dataset import Message
from backend.data.rendering.fitted import CALL_STYLES, CallStyle, fit, fit_tools, literals_of, shows_system, styled
from backend.data.rendering.process import Limits, Rendered, Request, TemplateProcess
from backend.data.rendering.proof import AnswerSpan, Skeleton, fit_answers, prove, trained_turns, unprovable
from backend.data.rendering.stand_ins import QUESTION, Shape, shape_of
from backend.protocol.errors import TanrenError
from backend.protocol.languages import Text

SKELETONS_KEPT = 256
_GENERATION = re.compile(r"{%-?\s*generation\s*-?%}")  # the form that transformers knows
_MARKER = re.compile(r"[<\[].*[>\]]", re.DOTALL)
_PROBE: list[Message] = [{"role": "user", "content": "Zebra-question-47"},
                         {"role": "assistant", "content": "Zebra-answer-59"}]
_PROBE_TOOLS: list[dict[str, Any]] = [{"type": "function", "function": {
    "name": "zebra_weather", "description": "Weather", "parameters": {
        "type": "object", "properties": {"place": {"type": "string", "description": "City"}}, "required": ["place"]}}}]
_PROBE_CALLS: list[Message] = [
    _PROBE[0],
    {"role": "assistant", "content": "", "tool_calls": [
        {"type": "function", "function": {"name": "zebra_weather", "arguments": {"place": "Zebra-place-61"}}}]},
    {"role": "tool", "content": "Zebra-result-67"},
    _PROBE[1],
]

Dialogue = tuple[list[Message], list[dict[str, Any]] | None]


class Written(NamedTuple):
    """A rendered dialogue and where its trained answers are."""

    text: str
    answers: list[AnswerSpan]


class _Fitted(NamedTuple):
    """A dialogue as the template takes it, its shape, and which of its turns are to be trained."""

    messages: list[Message]
    tools: list[dict[str, Any]] | None
    shape: Shape
    turns: list[int]
    key: str


class DialogueWriter:
    """The template of one tokenizer at work: its process, and what was proven about it so far."""

    def __init__(self, tokenizer: Any, limits: Limits) -> None:
        """Raises TanrenError template_unprovable, template_timeout, template_memory or template_crashed."""
        try:
            self._process = TemplateProcess(tokenizer, limits)
        except ValueError as error:
            raise unprovable(str(error)) from error
        self._marks_answers = all(_GENERATION.search(source) for source in self._process.sources)
        self._literals = literals_of(self._process.sources)
        self._stop_tokens = _stop_tokens_of(tokenizer)
        self._skeletons: OrderedDict[str, Skeleton | TanrenError] = OrderedDict()
        self._call_style: CallStyle | None = None
        self.supports_system = True
        try:
            self.supports_system = shows_system(lambda messages: self.text(Request(messages, None, True)))
            self.skeleton(_PROBE, None)
        except TanrenError:
            self.close()
            raise

    def close(self) -> None:
        """Ends the template's process."""
        self._process.close()

    def fitted(self, messages: list[Message]) -> list[Message]:
        """The messages as this template takes them."""
        fitted = fit(messages, self.supports_system)
        return styled(fitted, self._style()) if _has_calls(fitted) else fitted

    def text(self, request: Request) -> str:
        """One rendered text. Raises TanrenError."""
        if not request.messages:
            raise unprovable(_EMPTY)
        answer = self._process.ask([request])[0]
        if isinstance(answer, TanrenError):
            raise answer
        return answer.text

    def written(self, dialogues: list[Dialogue]) -> list[Written | TanrenError]:
        """Every dialogue rendered, its answers found, in order; a TanrenError for what is refused."""
        results: list[Written | TanrenError] = []
        again: list[int] = []
        prepared = [self._prepared(messages, tools) for messages, tools in dialogues]
        known = set(self._skeletons)
        for one, text in zip(prepared, self._rendered(prepared), strict=True):
            try:
                results.append(self._answers_in(one, text))
            except TanrenError as error:
                if isinstance(one, _Fitted) and one.key in known and isinstance(text, Rendered):
                    again.append(len(results))
                results.append(error)
        # what a skeleton says of the date may be of yesterday
        for place in again:
            self._skeletons.pop(prepared[place].key, None)  # type: ignore[union-attr]
        renewed = self.written([dialogues[place] for place in again]) if again else []
        for place, result in zip(again, renewed, strict=True):
            results[place] = result
        return results

    def skeleton(self, messages: list[Message], tools: list[dict[str, Any]] | None) -> Skeleton:
        """How the answers of a dialogue are told from the rest. Raises TanrenError."""
        one = self._prepared(messages, tools)
        text = self._rendered([one])[0]
        self._answers_in(one, text)
        assert isinstance(one, _Fitted)
        found = self._skeletons[one.key]
        assert isinstance(found, Skeleton)
        return found

    def _style(self) -> CallStyle:
        """The first style of tool calls in which the template's answers can be proven, else the usual one."""
        if self._call_style is None:
            for style in CALL_STYLES:
                self._call_style = style
                try:
                    self.skeleton(_PROBE_CALLS, _PROBE_TOOLS)
                    return style
                except TanrenError:
                    continue
            self._call_style = CALL_STYLES[0]
        return self._call_style

    def _prepared(self, messages: list[Message], tools: list[dict[str, Any]] | None) -> "_Fitted | TanrenError":
        try:
            fitted = fit(messages, self.supports_system)
            shape = shape_of(fitted, fit_tools(tools), self._literals)
        except (RecursionError, TypeError, KeyError, AttributeError) as error:  # no message of the field's form
            return unprovable(f"{type(error).__name__}: {error}")
        if not fitted:
            return unprovable(_EMPTY)
        moved = len(messages) - len(fitted)
        turns = [turn - moved for turn in trained_turns(messages)]
        if not turns or turns[0] == 0:
            return unprovable(Text("the dialogue has no answer to a question", "会話に、質問への回答がありません"))
        style = None
        if _has_calls(fitted):
            style = self._style()
            fitted = styled(fitted, style)
        return _Fitted(fitted, fit_tools(tools), shape, turns, f"{style} {turns} {shape.key}")

    def _rendered(self, prepared: list["_Fitted | TanrenError"]) -> list[Rendered | TanrenError]:
        """The real texts; the skeletons that they need are made in the same exchange."""
        good = [one for one in prepared if isinstance(one, _Fitted)]
        requests = [Request(one.messages, one.tools) for one in good]
        new = {one.key: one for one in good if one.key not in self._skeletons}
        for one in new.values():
            requests += self._proof_requests(one)
        answers = self._process.ask(requests)
        position = len(good)
        for one in new.values():
            count = 2 + 2 * len(one.turns)
            self._skeletons[one.key] = self._proven(one, answers[position : position + count])
            position += count
        while len(self._skeletons) > SKELETONS_KEPT + len(new):
            self._skeletons.popitem(last=False)
        texts = iter(answers)
        return [next(texts) if isinstance(one, _Fitted) else one for one in prepared]

    def _proof_requests(self, one: _Fitted) -> list[Request]:
        shaped = one.shape.messages
        if _has_calls(shaped):
            shaped = styled(shaped, self._style())
        tools = one.shape.tools
        return [Request(shaped, tools, False, self._marks_answers),
                *(Request(shaped[:turn], tools, True) for turn in one.turns),
                *(Request(shaped[: turn + 1], tools) for turn in one.turns),
                Request([*shaped, {"role": "user", "content": QUESTION}], tools)]

    def _proven(self, one: _Fitted, answers: list[Rendered | TanrenError]) -> Skeleton | TanrenError:
        texts = []
        continued = answers[-1]
        for answer in answers[:-1]:
            if isinstance(answer, TanrenError):
                return answer
            texts.append(answer.text)
        whole = answers[0]
        assert isinstance(whole, Rendered)
        count = len(one.turns)
        try:
            prompts = dict(zip(one.turns, texts[1 : 1 + count], strict=True))
            cuts = dict(zip(one.turns, texts[1 + count :], strict=True))
            return prove(one.shape, whole, prompts, cuts, continued.text if isinstance(continued, Rendered) else "",
                         self._stop_tokens, self._marks_answers)
        except TanrenError as error:
            return error

    def _answers_in(self, one: "_Fitted | TanrenError", text: Rendered | TanrenError) -> Written:
        if isinstance(one, TanrenError):
            raise one
        if isinstance(text, TanrenError):
            raise text
        skeleton = self._skeletons[one.key]
        self._skeletons.move_to_end(one.key)
        if isinstance(skeleton, TanrenError):
            raise skeleton
        return Written(text.text, fit_answers(skeleton, one.shape.slots, text.text))


def _stop_tokens_of(tokenizer: Any) -> re.Pattern[str]:
    """Matches the tokens that may end an answer: those that the tokenizer keeps whole and that no one types."""
    texts = {str(token) for token in tokenizer.added_tokens_decoder.values()
             if str(token).strip() and (token.special or _MARKER.fullmatch(str(token).strip()))}
    texts |= {token for token in tokenizer.all_special_tokens if token.strip()}
    if not texts:
        return re.compile(r"(?!)")
    return re.compile("|".join(re.escape(text) for text in sorted(texts, key=lambda one: (-len(one), one))))


def _has_calls(messages: list[Message]) -> bool:
    return any("tool_calls" in message for message in messages)


_EMPTY = Text("the dialogue is empty", "会話が空です")
