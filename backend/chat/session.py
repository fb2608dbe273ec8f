"""One GGUF file, loaded for chatting: dialogue in, reply out token by token."""

import ctypes
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

import jinja2
import llama_cpp

from backend.chat.dialogue import DialogueWriter, Tools
from backend.chat.gguf_file import default_threads, look_at_gguf, open_gguf
from backend.chat.text_pieces import TextPieces
from backend.data.dataset import Message
from backend.protocol.errors import TanrenError
from backend.protocol.languages import Text
from backend.protocol.messages import Sampling, StopReason

PIECE_BYTES = 4096
ABORTED = "llama_decode returned 2"  # llama.h: 2 - aborted
UNLIMITED_CONTEXT = 2**31


class Answer(NamedTuple):
    """A finished reply. `tokens` counts those generated, the stop token not; the speed is that of
    generating alone, without reading the prompt."""

    text: str
    tokens: int
    tokens_per_second: float
    stop_reason: StopReason


class ChatSession:
    """A GGUF file in memory. Use it as a context manager, or call `close`.

    `context` is in tokens and bounded by what the model was made for. Raises TanrenError gguf_unreadable
    or gguf_no_template.
    """

    def __init__(self, path: Path, context: int = 4096, threads: int | None = None) -> None:
        facts = look_at_gguf(path)
        if not facts.template:
            raise TanrenError("gguf_no_template", path=path)
        self.context = max(1, min(context, facts.context or UNLIMITED_CONTEXT))
        threads = threads or default_threads()
        self._drop_space = facts.is_sentencepiece
        self._model = open_gguf(path, n_ctx=self.context, n_threads=threads, n_threads_batch=threads)
        self._vocab = llama_cpp.llama_model_get_vocab(self._model.model)
        try:
            self.dialogue = DialogueWriter(self._model, facts.template)
        except jinja2.TemplateError as error:
            self.close()
            raise TanrenError("gguf_unreadable", path=path, reason=Text(
                f"chat template: {error}", f"チャットテンプレート: {error}")) from error

    def reply(
        self, messages: list[Message], sampling: Sampling, on_text: Callable[[str], None],
        is_cancelled: Callable[[], bool] = lambda: False, tools: Tools = None,
    ) -> Answer:
        """Answers; `tools` are functions that it may ask for. `on_text` gets each piece of text as it appears, never
        half a character.

        Greedy at temperature 0; else llama.cpp's usual chain (top-k 40, top-p, min-p 0.05, temperature).
        With a seed the same dialogue gives the same reply again: nothing is reused from the last one,
        because another division into batches changes the last bits. Raises TanrenError prompt_too_long
        or prompt_refused; the session can still be used.
        """
        prompt = self.dialogue.tokens(messages, tools)
        if len(prompt) >= self.context:
            raise TanrenError("prompt_too_long", tokens=len(prompt), context=self.context)
        if sampling.seed is not None:
            self._model.reset()
        self._model.set_seed(random.getrandbits(31) if sampling.seed is None else sampling.seed)
        pieces = TextPieces(drop_space=self._drop_space)
        limit = min(sampling.max_tokens, self.context - len(prompt))
        reason: StopReason = "length"
        count, steps, started = 0, -1, 0.0
        for token in self._generate(prompt, sampling, is_cancelled):
            if token is None:
                reason = "cancelled"
                break
            steps += 1
            if steps == 0:
                started = time.monotonic()  # the prompt is read, with the first token as its result
            if self.dialogue.is_stop(token):
                reason = "end"
                break
            if is_cancelled():
                reason = "cancelled"
                break
            count += 1
            if text := pieces.feed(self._piece(token)):
                on_text(text)
            if count >= limit:
                break
        speed = steps / (time.monotonic() - started) if steps > 0 else 0.0
        return Answer(pieces.text, count, round(speed, 2), reason)

    def close(self) -> None:
        """Frees the memory; the library complains at exit when this is left to the garbage collector."""
        self._model.close()

    def __enter__(self) -> "ChatSession":
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: BaseException | None,
                 _trace: TracebackType | None) -> None:
        self.close()

    def _generate(self, prompt: list[int], sampling: Sampling, is_cancelled: Callable[[], bool]
                  ) -> Iterator[int | None]:
        """The tokens of a reply; None when it was cancelled while the prompt was still being read."""
        if sampling.max_tokens < 1:
            return
        tokens = self._model.generate(prompt, temp=sampling.temperature, top_p=sampling.top_p, repeat_penalty=1.0)
        asked = llama_cpp.ggml_abort_callback(lambda _data: is_cancelled())
        llama_cpp.llama_set_abort_callback(self._model.ctx, asked, None)
        try:
            first = next(tokens)
        except RuntimeError as error:
            if str(error) != ABORTED:
                raise
            self._model.reset()  # what was read of the prompt is in the cache, and nobody knows how much
            yield None
            return
        finally:  # between tokens is_cancelled is asked anyway; here it would be asked for every single tensor
            llama_cpp.llama_set_abort_callback(self._model.ctx, llama_cpp.ggml_abort_callback(), None)
        yield first
        yield from tokens

    def _piece(self, token: int) -> bytes:
        buffer = ctypes.create_string_buffer(PIECE_BYTES)
        length = llama_cpp.llama_token_to_piece(self._vocab, token, buffer, PIECE_BYTES, 0, False)
        return bytes(buffer.raw[: max(0, length)])
