"""A dialogue as the model sees it: the model's own chat template, tokenized once, answers marked as trained.

The mask is proven, not guessed: the prompt that generation would use must be the exact start of the rendered
dialogue, the answer's text must follow it, and a stop token must follow the answer. Otherwise it is refused.
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from backend.data.dataset import Message
from backend.protocol.errors import TanrenError
from backend.protocol.languages import Text

# What a template may put between prompt and answer: white space and an empty reasoning block (Qwen3 does).
_SCAFFOLD = re.compile(r"\s*(?:<think>\s*)?(?:</think>\s*)?")
_SPACE = re.compile(r"\s*")
_PROBE_SYSTEM, _PROBE_USER, _PROBE_ANSWER = "Zebra-system-31", "Zebra-question-47", "Zebra-answer-59"


class Example(NamedTuple):
    """One rendered row: token ids, for each whether it is trained (1) or masked (0), and whether it was cut."""

    tokens: list[int]
    trained: list[int]
    truncated: bool


class Piece(NamedTuple):
    """One token for people: its id, its text, trained or masked, special or ordinary."""

    id: int
    text: str
    trained: bool
    special: bool


class _Whole(NamedTuple):
    """A rendered dialogue before it is cut: its text, and for each token its characters and its mark."""

    text: str
    tokens: list[int]
    offsets: list[tuple[int, int]]
    trained: list[int]


class ChatTemplate:
    """A tokenizer with its chat template, after the proof that answers can be told from questions."""

    def __init__(self, tokenizer: Any, path: Path | str = "") -> None:
        """Raises TanrenError template_missing or template_unprovable."""
        if not getattr(tokenizer, "chat_template", None):
            raise TanrenError("template_missing", path=path)
        if not getattr(tokenizer, "is_fast", False):
            raise TanrenError("template_unprovable", reason=Text(
                "the tokenizer does not tell where its tokens begin",
                "トークナイザーからトークンの開始位置が分かりません"))
        self.tokenizer = tokenizer
        self.added_ids = set(tokenizer.added_tokens_decoder) | set(tokenizer.all_special_ids)
        self.marks = sorted({str(token) for token in tokenizer.added_tokens_decoder.values() if token.special})
        self.marks_answers = bool(re.search(r"{%-?\s*generation\b", str(tokenizer.chat_template)))
        self.supports_system = shows_system(lambda messages: self._apply(messages, add_generation_prompt=True))
        probe = self.render([_said("user", _PROBE_USER), _said("assistant", _PROBE_ANSWER)])
        last = max(place for place, trained in enumerate(probe.trained) if trained)
        self.stop_id: int = probe.tokens[last]

    def fitted(self, messages: list[Message]) -> list[Message]:
        """The messages as this template takes them (see `fit`)."""
        return fit(messages, self.supports_system)

    def prompt_text(self, messages: list[Message]) -> str:
        """What the model is given to answer, as text (special tokens written out, BOS included)."""
        return self._apply(self.fitted(messages), add_generation_prompt=True)

    def prompt(self, messages: list[Message]) -> list[int]:
        """What the model is given to answer, as token ids."""
        return list(self.tokenizer(self.prompt_text(messages), add_special_tokens=False, verbose=False)["input_ids"])

    def render(self, messages: list[Message], max_length: int = 0) -> Example:
        """The dialogue with every answer trained, stop token included; the start is kept when it is too long.

        `max_length` is in tokens, 0 = no limit. Raises TanrenError template_unprovable.
        """
        whole = self._render_whole(messages)
        if 0 < max_length < len(whole.tokens):
            return Example(whole.tokens[:max_length], whole.trained[:max_length], True)
        return Example(whole.tokens, whole.trained, False)

    def pieces(self, messages: list[Message]) -> list[Piece]:
        """The dialogue's tokens for people; their texts joined are the rendered dialogue.

        A character that takes several tokens is shown at the first of them.
        """
        whole = self._render_whole(messages)
        pieces, shown = [], 0
        for token, trained, (_, end) in zip(whole.tokens, whole.trained, whole.offsets, strict=True):
            pieces.append(Piece(token, whole.text[shown:end], bool(trained), token in self.added_ids))
            shown = max(shown, end)
        return pieces

    def _render_whole(self, messages: list[Message]) -> "_Whole":
        fitted = self.fitted(messages)
        text = self._apply(fitted, add_generation_prompt=False)
        encoded = self.tokenizer(text, add_special_tokens=False, return_offsets_mapping=True, verbose=False)
        tokens: list[int] = list(encoded["input_ids"])
        offsets: list[tuple[int, int]] = list(encoded["offset_mapping"])
        try:
            spans = self._spans(fitted, text)
        except TanrenError:
            if not self.marks_answers:
                raise
            spans = self._marked_spans(fitted, tokens, offsets, text)
        trained = [0] * len(tokens)
        for start, end in spans:
            self._mark(tokens, offsets, trained, text, start, end)
        if not any(trained):
            raise _unprovable(Text("no answer was found in the rendered dialogue",
                                   "展開した会話に回答が見つかりません"))
        return _Whole(text, tokens, offsets, trained)

    def _apply(self, messages: list[Message], add_generation_prompt: bool) -> str:
        try:
            text = self.tokenizer.apply_chat_template(messages, tokenize=False,
                                                      add_generation_prompt=add_generation_prompt)
        except Exception as error:  # a template is a program of the model's maker: it can raise anything
            raise _unprovable(f"{type(error).__name__}: {error}") from error
        return str(text)

    def _spans(self, messages: list[Message], text: str) -> list[tuple[int, int]]:
        """Character spans from the end of each prompt to the end of the answer, by rendering each prompt."""
        spans = []
        for place, message in enumerate(messages):
            if message["role"] != "assistant":
                continue
            prompt = self._apply(messages[:place], add_generation_prompt=True)
            if not text.startswith(prompt):
                raise _unprovable(Text("the prompt for an answer is not the start of the whole dialogue",
                                       "回答の前のプロンプトが会話全体の先頭と一致しません"))
            end = _answer_end(text, len(prompt), message["content"])
            if end is None:
                raise _unprovable(Text("the answer does not follow its prompt", "プロンプトの直後に回答がありません"))
            spans.append((len(prompt), end))
        return spans

    def _marked_spans(self, messages: list[Message], tokens: list[int], offsets: list[tuple[int, int]],
                      text: str) -> list[tuple[int, int]]:
        """Character spans that the template itself marks by {% generation %}, checked against the answers."""
        marked = self.tokenizer.apply_chat_template(messages, tokenize=True, return_dict=True,
                                                    return_assistant_tokens_mask=True)
        if list(marked["input_ids"]) != tokens:
            raise _unprovable(Text("two tokenizations of the same dialogue differ",
                                   "同じ会話を 2 回トークンに分けた結果が異なります"))
        spans = []
        mask = [*marked["assistant_masks"], 0]
        start = None
        for place, inside in enumerate(mask):
            if inside and start is None:
                start = place
            elif not inside and start is not None:
                spans.append((offsets[start][0], offsets[place - 1][1]))
                start = None
        answers = [message["content"] for message in messages if message["role"] == "assistant"]
        if len(spans) != len(answers):
            raise _unprovable(Text("the template marks another number of answers than the dialogue has",
                                   "テンプレートが示す回答の数が会話と異なります"))
        checked = []
        for (begin, _), answer in zip(spans, answers, strict=True):
            end = _answer_end(text, begin, answer)
            if end is None:
                raise _unprovable(Text("what the template marks is not the answer",
                                       "テンプレートが示す部分が回答ではありません"))
            checked.append((begin, end))
        return checked

    def _mark(self, tokens: list[int], offsets: list[tuple[int, int]], trained: list[int], text: str, start: int,
              end: int) -> None:
        """Marks the tokens of characters `start` to `end` and the stop token behind them."""
        for place, (begins, ends) in enumerate(offsets):
            if ends <= start:
                continue
            if begins < start:
                raise _unprovable(Text("a token reaches from the prompt into the answer",
                                       "プロンプトと回答にまたがるトークンがあります"))
            if begins >= end:
                if tokens[place] in self.added_ids and not text[end:begins].strip():
                    trained[place] = 1
                    return
                if text[begins:ends].strip():
                    break
            trained[place] = 1
        raise _unprovable(Text("no stop token follows the answer", "回答の後に終了トークンがありません"))


def fit(messages: list[Message], supports_system: bool) -> list[Message]:
    """The messages as a template takes them, in training and in chat alike: answers trimmed, the system prompt
    moved into the first question where the template has no place for it."""
    fitted = [_said(message["role"], message["content"].strip() if message["role"] == "assistant"
                    else message["content"]) for message in messages]
    if not supports_system and fitted and fitted[0]["role"] == "system":
        system = fitted.pop(0)
        if fitted and fitted[0]["role"] == "user":
            fitted[0] = _said("user", f"{system['content']}\n\n{fitted[0]['content']}")
    return fitted


def shows_system(render: Callable[[list[Message]], str]) -> bool:
    """Whether a template, given as the function that renders by it, has a place for a system prompt."""
    try:
        return _PROBE_SYSTEM in render([_said("system", _PROBE_SYSTEM), _said("user", _PROBE_USER)])
    except TanrenError:
        return False


def render_prompt(tokenizer: Any, messages: list[Message]) -> list[int]:
    """The token ids that generation starts from. For many prompts make one ChatTemplate and ask it."""
    return ChatTemplate(tokenizer).prompt(messages)


def _answer_end(text: str, start: int, answer: str) -> int | None:
    """Where `answer` ends in `text` when it begins at `start`, behind nothing but scaffolding; else None."""
    scaffold = _SCAFFOLD.match(text, start)
    begins = [scaffold.end() if scaffold else start, start]
    wanted = [answer]
    if "</think>" in answer:  # templates drop the reasoning of earlier turns
        wanted.append(answer.rsplit("</think>", 1)[1].strip())
    for content in wanted:
        for begin in begins:
            end = _follow(text, begin, content)
            if end is not None and content:
                return end
    return None


def _follow(text: str, position: int, content: str) -> int | None:
    """The position behind `content` in `text` from `position` on, white space compared loosely; else None."""
    if text.startswith(content, position):
        return position + len(content)
    for part in content.split():
        space = _SPACE.match(text, position)
        position = space.end() if space else position
        if not text.startswith(part, position):
            return None
        position += len(part)
    return position


def _said(role: str, content: str) -> Message:
    return {"role": role, "content": content}


def _unprovable(reason: str | Text) -> TanrenError:
    return TanrenError("template_unprovable", reason=reason)
