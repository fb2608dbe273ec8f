"""llama.cpp as a library: its log kept quiet, a GGUF file opened, its metadata read whole."""

import ctypes
import os
import sys
from pathlib import Path
from typing import Any, NamedTuple

import jinja2
import llama_cpp
import psutil

from backend.protocol.errors import TanrenError
from backend.protocol.languages import Text

LOG_ERROR = 4  # ggml.h, enum ggml_log_level
_last_errors: list[str] = []


class GgufFacts(NamedTuple):
    """What a GGUF file says about itself: `context` in tokens, `template` "" when it has none."""

    architecture: str
    name: str
    context: int
    template: str
    is_sentencepiece: bool


@llama_cpp.llama_log_callback  # type: ignore[untyped-decorator, unused-ignore]
def _keep_errors(level: int, text: bytes, _data: ctypes.c_void_p) -> None:
    """Errors go to stderr and are kept for messages; the rest of llama.cpp's log is dropped."""
    if level == LOG_ERROR:
        line = text.decode("utf-8", "replace")
        _last_errors.append(line.strip())
        del _last_errors[:-20]
        sys.stderr.write(line)


def look_at_gguf(path: Path) -> GgufFacts:
    """Reads metadata and vocabulary only. Raises TanrenError gguf_unreadable."""
    _prepare(path)
    llama_cpp.llama_backend_init()
    settings = llama_cpp.llama_model_default_params()
    settings.vocab_only = True
    model = llama_cpp.llama_model_load_from_file(str(path).encode(), settings)
    if not model:
        raise _unreadable(path, "it is damaged, or no GGUF file")
    try:
        architecture = _value(model, "general.architecture")
        vocab = llama_cpp.llama_model_get_vocab(model)
        return GgufFacts(
            architecture=architecture, name=_value(model, "general.name"),
            context=int(_value(model, f"{architecture}.context_length") or 0),
            template=_value(model, "tokenizer.chat_template"),
            is_sentencepiece=llama_cpp.llama_vocab_type(vocab) == llama_cpp.LLAMA_VOCAB_TYPE_SPM,
        )
    finally:
        llama_cpp.llama_model_free(model)


def open_gguf(path: Path, **options: Any) -> llama_cpp.Llama:
    """A GGUF file in llama.cpp; `options` are those of llama_cpp.Llama. Raises TanrenError gguf_unreadable.

    With `verbose=False` the library would point this process's stdout and stderr elsewhere for a while;
    its log callback is replaced instead.
    """
    _prepare(path)
    try:
        model = llama_cpp.Llama(str(path), chat_format="chat_template.default", verbose=True, **options)
    except (ValueError, RuntimeError, OSError, AssertionError, jinja2.TemplateError) as error:
        raise _unreadable(path, str(error)) from error
    model.verbose = False  # what it prints while answering
    return model


def default_threads() -> int:
    """One less than the physical cores this process may use: with all of them, any other load stalls decoding."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(psutil.cpu_count(logical=False) or usable, usable) - 1)


def _prepare(path: Path) -> None:
    llama_cpp.llama_log_set(_keep_errors, ctypes.c_void_p(0))
    _last_errors.clear()
    if not path.is_file():
        raise _unreadable(path, Text("there is no such file", "ファイルがありません"))


def _unreadable(path: Path, reason: str | Text) -> TanrenError:
    words = reason.en if isinstance(reason, Text) else reason
    said = _last_errors[-1] if _last_errors else reason
    return TanrenError("gguf_unreadable", path=path, reason=said, detail="\n".join([*_last_errors, words]))


def _value(model: llama_cpp.llama_model_p, key: str) -> str:
    """One value of the metadata, whole (the library's dictionary may cut off the end of a long one)."""
    length = llama_cpp.llama_model_meta_val_str(model, key.encode(), None, 0)
    if length < 0:
        return ""
    buffer = ctypes.create_string_buffer(length + 1)
    llama_cpp.llama_model_meta_val_str(model, key.encode(), buffer, length + 1)
    return buffer.value.decode("utf-8", "replace")
