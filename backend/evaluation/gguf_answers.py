"""Greedy answers of a GGUF file by llama.cpp, with the chat template that is inside the file."""

import contextlib
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import llama_cpp
import psutil

from backend.evaluation.questions import Question
from backend.protocol.errors import TanrenError

TEMPLATE_KEY = "tokenizer.chat_template"


@llama_cpp.llama_log_callback  # type: ignore[untyped-decorator, unused-ignore]
def _say_nothing(_level: int, _text: bytes, _data: Any) -> None:
    """Takes llama.cpp's own log lines away (verbose=False would redirect the process's descriptors)."""


def gguf_answers(
    path: Path, questions: Sequence[Question], context: int, max_tokens: int, stop_asked: Callable[[], bool]
) -> Iterator[tuple[int, str]]:
    """Yields (index of the question, answer); `context` in tokens must hold prompt and answer.

    Raises TanrenError gguf_unreadable or gguf_no_template.
    """
    llama_cpp.llama_log_set(_say_nothing, None)
    try:
        model = llama_cpp.Llama(
            model_path=str(path), n_ctx=context, n_threads=physical_cores(), n_threads_batch=physical_cores(),
            chat_format="chat_template.default", verbose=True, n_gpu_layers=-1,
        )
    except (ValueError, RuntimeError, OSError) as error:
        raise TanrenError("gguf_unreadable", path=path, reason=str(error)) from error
    with contextlib.closing(model):
        if TEMPLATE_KEY not in model.metadata:
            raise TanrenError("gguf_no_template", path=path)
        for index, question in enumerate(questions):
            if stop_asked():
                return
            yield index, _answer(model, question, max_tokens, stop_asked)


def physical_cores() -> int:
    """Cores that this process may use; hyper-threads slow llama.cpp down."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(allowed, psutil.cpu_count(logical=False) or allowed))


def _answer(model: Any, question: Question, max_tokens: int, stop_asked: Callable[[], bool]) -> str:
    model.reset()
    pieces = model.create_chat_completion(
        messages=question.messages, temperature=0.0, top_p=1.0, min_p=0.0, repeat_penalty=1.0,
        max_tokens=max_tokens, stream=True,
    )
    text = ""
    for piece in pieces:
        text += piece["choices"][0]["delta"].get("content") or ""
        if stop_asked():
            break
    return text
