"""gguf/<QUANT>/ → chat: load a GGUF file once, then answer requests until stop."""

from pathlib import Path
from typing import Any

from backend.chat.session import ChatSession
from backend.config.jobs import ChatJob
from backend.protocol.errors import TanrenError
from backend.protocol.languages import Text
from backend.protocol.messages import Generate, Reply
from backend.report import Report


def chat(job: ChatJob, report: Report) -> dict[str, Any]:
    """Answers each generate request with its tokens and one reply; ends at stop or at the end of stdin."""
    report.phase("loading_gguf")
    replies = 0
    with ChatSession(Path(job.gguf), job.context) as session:
        report.phase("ready")
        for request in report.requests():
            report.reply(_answer(session, request, report))
            replies += 1
    return {"replies": replies}


def _answer(session: ChatSession, request: Generate, report: Report) -> Reply:
    """The reply to one request; a request that cannot be answered is told so and does not end the chat."""
    try:
        answer = session.reply(
            request.messages, request.sampling, lambda text: report.token(request.id, text),
            lambda: report.is_cancelled(request.id),
        )
    except TanrenError as error:
        report.log(Text(error.message("en"), error.message("ja")), "error")
        return Reply(id=request.id, text="", tokens=0, tokens_per_second=0.0, stop_reason="refused",
                     code=error.code, values=error.values)
    return Reply(id=request.id, text=answer.text, tokens=answer.tokens,
                 tokens_per_second=answer.tokens_per_second, stop_reason=answer.stop_reason)
