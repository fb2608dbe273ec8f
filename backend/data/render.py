"""A dialogue as the model sees it: the model's own chat template, tokenized once, answers marked as trained.

The mask is proven, not guessed (backend.data.rendering.proof); what cannot be proven is refused. The template runs in
a process of its own (backend.data.rendering.process).
"""

from collections.abc import Iterable, Iterator
from itertools import islice, pairwise
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from backend.data.dataset import Message
from backend.data.rendering.fitted import fit, fit_tools, shows_system
from backend.data.rendering.process import Limits, Request
from backend.data.rendering.proof import AnswerSpan, Skeleton, unprovable
from backend.data.rendering.raw_text import tokens_of_text
from backend.data.rendering.writer import Dialogue, DialogueWriter, Written
from backend.protocol.errors import TanrenError
from backend.protocol.languages import Text

__all__ = ["ChatTemplate", "Example", "Limits", "Piece", "fit", "render_prompt", "shows_system"]

ROWS_AT_ONCE = 64
_NO_LIMITS_GIVEN = Limits()
_T = TypeVar("_T")


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


class _Offsets(NamedTuple):
    """The characters that tokens stand for, from encodings of parts of a text and where each part begins."""

    parts: list[tuple[int, Any]]

    def all(self) -> list[tuple[int, int]]:
        """For each token the characters from, to."""
        return [(begin + start, end + start) for start, encoding in self.parts for begin, end in encoding.offsets]


class _Whole(NamedTuple):
    """A rendered dialogue before it is cut: its text, its tokens, the characters of each, a mark for each."""

    text: str
    tokens: list[int]
    offsets: "_Offsets"
    trained: list[int]


class _Straddles(Exception):
    """A token reaches from the prompt into the answer."""


class ChatTemplate:
    """A tokenizer with its chat template, after the proof that answers can be told from questions."""

    def __init__(self, tokenizer: Any, path: Path | str = "", limits: Limits = _NO_LIMITS_GIVEN) -> None:
        """Raises TanrenError template_missing, template_unprovable, template_timeout, template_memory or
        template_crashed."""
        if not getattr(tokenizer, "chat_template", None):
            raise TanrenError("template_missing", path=path)
        if not getattr(tokenizer, "is_fast", False):
            raise unprovable(Text("the tokenizer does not tell where its tokens begin",
                                  "トークナイザーからトークンの開始位置が分かりません"))
        self.tokenizer = tokenizer
        self.added_ids = set(tokenizer.added_tokens_decoder) | set(tokenizer.all_special_ids)
        self.marks = sorted({str(token) for token in tokenizer.added_tokens_decoder.values() if token.special})
        self._writer = DialogueWriter(tokenizer, limits)
        self.supports_system = self._writer.supports_system
        probe = self.render([{"role": "user", "content": "Zebra-question-47"},
                             {"role": "assistant", "content": "Zebra-answer-59"}])
        last = max(place for place, trained in enumerate(probe.trained) if trained)
        self.stop_id: int = probe.tokens[last]

    def close(self) -> None:
        """Ends the template's process (asked again, it starts again). Letting go of this object does the same."""
        self._writer.close()

    def fitted(self, messages: list[Message]) -> list[Message]:
        """The messages as this template takes them (see `fit`)."""
        return self._writer.fitted(messages)

    def prompt_text(self, messages: list[Message], tools: list[dict[str, Any]] | None = None) -> str:
        """What the model is given to answer, as text (special tokens written out, BOS included)."""
        return self._writer.text(Request(self.fitted(messages), fit_tools(tools), True))

    def prompt(self, messages: list[Message], tools: list[dict[str, Any]] | None = None) -> list[int]:
        """What the model is given to answer, as token ids."""
        text = self.prompt_text(messages, tools)
        return list(self.tokenizer(text, add_special_tokens=False, verbose=False)["input_ids"])

    def render(self, messages: list[Message], max_length: int = 0,
               tools: list[dict[str, Any]] | None = None) -> Example:
        """The dialogue with every answer trained (but those of weight 0), stop token included; the start is kept
        when it is too long.

        `max_length` is in tokens, 0 = no limit. Raises TanrenError template_unprovable, template_timeout,
        template_memory or template_crashed.
        """
        return _cut(self._one(messages, tools), max_length)

    def render_many(self, dialogues: Iterable[Dialogue], max_length: int = 0) -> Iterator[Example | TanrenError]:
        """What `render` gives for each dialogue, or its TanrenError; faster, since many are rendered at once.

        Raises TanrenError only when the template's process had to be ended again and again.
        """
        for some in _batches(dialogues, ROWS_AT_ONCE):
            for whole in self._wholes(some):
                yield whole if isinstance(whole, TanrenError) else _cut(whole, max_length)

    def render_text(self, text: str, max_length: int = 0) -> list[Example]:
        """Raw text for continued pretraining, all of it and its end (EOS) trained: in pieces of `max_length` tokens
        (0 = one piece), so that nothing is cut off."""
        tokens = tokens_of_text(self.tokenizer, text).tokens
        return [Example(piece, [1] * len(piece), False) for piece in _batches(tokens, max_length or len(tokens))]

    def pieces(self, messages: list[Message], tools: list[dict[str, Any]] | None = None) -> list[Piece]:
        """The dialogue's tokens for people; their texts joined are the rendered dialogue.

        A character that takes several tokens is shown at the first of them.
        """
        whole = self._one(messages, tools)
        return self._pieces(whole.text, whole.tokens, whole.offsets.all(), whole.trained)

    def pieces_of_text(self, text: str) -> list[Piece]:
        """Raw text's tokens for people; what stands at its ends (BOS, EOS) has no text."""
        tokens, offsets = tokens_of_text(self.tokenizer, text)
        return self._pieces(text, tokens, offsets, [1] * len(tokens))

    def proof(self, messages: list[Message], tools: list[dict[str, Any]] | None = None) -> Skeleton:
        """How the answers of a dialogue are told from the rest. Raises TanrenError as `render` does."""
        return self._writer.skeleton(messages, tools)

    def _pieces(self, text: str, tokens: list[int], offsets: list[tuple[int, int]], marks: list[int]) -> list[Piece]:
        pieces, shown = [], 0
        for token, trained, (_, end) in zip(tokens, marks, offsets, strict=True):
            pieces.append(Piece(token, text[shown:end], bool(trained), token in self.added_ids))
            shown = max(shown, end)
        return pieces

    def _one(self, messages: list[Message], tools: list[dict[str, Any]] | None) -> _Whole:
        whole = self._wholes([(messages, tools)])[0]
        if isinstance(whole, TanrenError):
            raise whole
        return whole

    def _wholes(self, dialogues: list[Dialogue]) -> list[_Whole | TanrenError]:
        """Every dialogue rendered, tokenized and marked, in order; a TanrenError for what is refused."""
        written = self._writer.written(dialogues)
        encodings = iter(self._encoded([one.text for one in written if not isinstance(one, TanrenError)]))
        wholes: list[_Whole | TanrenError] = []
        for one in written:
            if isinstance(one, TanrenError):
                wholes.append(one)
                continue
            encoding = next(encodings)
            try:
                try:
                    trained = self._marked(one.text, encoding, one.answers)
                    wholes.append(_Whole(one.text, encoding.ids, _Offsets([(0, encoding)]), trained))
                except _Straddles:
                    wholes.append(self._in_parts(one, encoding.ids))
            except TanrenError as error:
                wholes.append(error)
        return wholes

    def _encoded(self, texts: list[str]) -> list[Any]:
        return list(self.tokenizer(texts, add_special_tokens=False, verbose=False).encodings) if texts else []

    def _in_parts(self, written: Written, ids: list[int]) -> _Whole:
        """The dialogue tokenized anew at the start of each answer, as generation does it: prompt, then answer.

        The tokens must stand for the same text, which rules out tokenizers that write a space before each part.
        """
        borders = [0, *(answer.start for answer in written.answers), len(written.text)]
        parts = [written.text[start:end] for start, end in pairwise(borders)]
        encodings = self._encoded(parts)
        tokens: list[int] = []
        trained: list[int] = []
        for place, (start, encoding) in enumerate(zip(borders[:-1], encodings, strict=True)):
            inside = written.answers[place - 1 : place] if place else []
            answers = [AnswerSpan(0, answer.stop - start, answer.stops) for answer in inside]
            trained += self._marked(parts[place], encoding, answers)
            tokens += encoding.ids
        if self.tokenizer.decode(tokens) != self.tokenizer.decode(ids):
            raise unprovable(Text("a token reaches from the prompt into the answer",
                                  "プロンプトと回答にまたがるトークンがあります"))
        return _Whole(written.text, tokens, _Offsets(list(zip(borders, encodings, strict=False))), trained)

    def _marked(self, text: str, encoding: Any, answers: list[AnswerSpan]) -> list[int]:
        """For each token whether it is trained: those of the answers, and their stop tokens."""
        ids = encoding.ids
        trained = [0] * len(ids)
        for answer in answers:
            first = _token_from(encoding, answer.start, answer.stop)
            stop = encoding.char_to_token(answer.stop)
            if first is None or stop is None or ids[stop] not in self.added_ids:
                raise unprovable(Text("no stop token follows the answer", "回答の後に終了トークンがありません"))
            if encoding.token_to_chars(first)[0] < answer.start:
                raise _Straddles
            end = stop + 1 if answer.stops else stop
            trained[first:end] = [1] * (end - first)
        return trained


def render_prompt(tokenizer: Any, messages: list[Message]) -> list[int]:
    """The token ids that generation starts from. For many prompts make one ChatTemplate and ask it."""
    template = ChatTemplate(tokenizer)
    try:
        return template.prompt(messages)
    finally:
        template.close()


def _token_from(encoding: Any, start: int, stop: int) -> int | None:
    """The first token of the characters from `start`; some, such as spaces, may be part of no token."""
    for position in range(start, stop):
        token = encoding.char_to_token(position)
        if token is not None:
            return int(token)
    return None


def _cut(whole: _Whole, max_length: int) -> Example:
    if 0 < max_length < len(whole.tokens):
        return Example(whole.tokens[:max_length], whole.trained[:max_length], True)
    return Example(whole.tokens, whole.trained, False)


def _batches(things: Iterable[_T], size: int) -> Iterator[list[_T]]:
    iterator = iter(things)
    while some := list(islice(iterator, size)):
        yield some
