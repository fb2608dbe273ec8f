"""The shape of one entry in the tables of backend.protocol.error_texts."""

from typing import NamedTuple

from backend.protocol.languages import Text


class ErrorCode(NamedTuple):
    """A failure that can be named: its kind (a key of ERROR_KINDS), what happened, what to do next.

    `title` and `cause` are for those that the words of their kind do not fit.
    """

    kind: str
    message: Text
    hint: Text
    title: Text | None = None
    cause: Text | None = None
