"""Greedy answers of a GGUF file: asked in the very session that chatting uses."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from backend.chat.session import ChatSession
from backend.evaluation.questions import Question
from backend.protocol.messages import Sampling


def gguf_answers(
    path: Path, questions: Sequence[Question], context: int, max_tokens: int, stop_asked: Callable[[], bool]
) -> Iterator[tuple[int, str]]:
    """Yields (index of the question, answer); `context` in tokens must hold prompt and answer.

    Ends early when `stop_asked()`. Raises TanrenError gguf_unreadable, gguf_no_template or prompt_too_long.
    """
    sampling = Sampling(temperature=0.0, max_tokens=max_tokens, seed=0)
    with ChatSession(path, context=context) as session:
        for index, question in enumerate(questions):
            answer = session.reply(question.messages, sampling, lambda _text: None, stop_asked, question.tools)
            if stop_asked():
                return
            yield index, answer.text
