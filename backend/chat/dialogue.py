"""A dialogue as the tokens that a GGUF file is given: its own template, its own tokenizer."""

from typing import Any

import jinja2
import llama_cpp
from llama_cpp.llama_chat_format import Jinja2ChatFormatter

from backend.data.dataset import Message
from backend.data.render import fit, shows_system
from backend.protocol.errors import TanrenError

Tools = list[dict[str, Any]] | None


class DialogueWriter:
    """Writes dialogues for one loaded model. Raises jinja2.TemplateError when the template is no template."""

    def __init__(self, model: llama_cpp.Llama, template: str) -> None:
        self._model = model
        self._vocab = llama_cpp.llama_model_get_vocab(model.model)
        # without a BOS token of its own in the file llama.cpp names an arbitrary one
        bos = model.token_bos() if "tokenizer.ggml.bos_token_id" in model.metadata else -1
        self._template = Jinja2ChatFormatter(template, eos_token=self._text_of(model.token_eos()),
                                             bos_token=self._text_of(bos))
        self._supports_system = shows_system(self._render)

    def text(self, messages: list[Message], tools: Tools = None) -> str:
        """The prompt, fitted to the template as training does it. Raises TanrenError prompt_refused."""
        return self._render(fit(messages, self._supports_system), tools)

    def tokens(self, messages: list[Message], tools: Tools = None) -> list[int]:
        """The prompt as token ids; the template has written BOS itself, so none is added."""
        return [int(token) for token in self._model.tokenize(self.text(messages, tools).encode(), False, True)]

    def is_stop(self, token: int) -> bool:
        """Whether this token ends a reply."""
        return bool(llama_cpp.llama_vocab_is_eog(self._vocab, token))

    def _render(self, messages: list[Message], tools: Tools = None) -> str:
        asked: Any = {"messages": messages, "tools": tools or None}
        try:
            return str(self._template(**asked).prompt)
        except (jinja2.TemplateError, ValueError, TypeError) as error:
            raise TanrenError("prompt_refused", reason=str(error)) from error

    def _text_of(self, token: int) -> str:
        return "" if token < 0 else llama_cpp.llama_vocab_get_text(self._vocab, token).decode("utf-8", "replace")
