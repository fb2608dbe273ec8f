"""The one exception that is meant for people, made from a code of backend.protocol.error_codes."""

import errno
import re
import traceback

from backend.protocol.error_codes import ERROR_CODES
from backend.protocol.error_kinds import ERROR_KINDS, ErrorKind
from backend.protocol.languages import Language, Text
from backend.protocol.messages import Failed
from backend.protocol.refusal import REFUSED_WORDS


class TanrenError(Exception):
    """A failure that people can act on.

    `code` names an entry of ERROR_CODES; `values` fill its placeholders; `detail` is the technical part. A value
    that is itself a sentence is a Text: it travels in both languages (`reason` and `reason:ja`).
    """

    def __init__(self, code: str, *, detail: str = "", **values: object) -> None:
        self.code = code
        self.detail = detail
        self.values: dict[str, str] = {}
        for name, value in values.items():
            self.values[name] = value.en if isinstance(value, Text) else str(value)
            if isinstance(value, Text):
                self.values[f"{name}:ja"] = value.ja
        super().__init__(self.message("en"))

    @property
    def kind(self) -> str:
        """The key of ERROR_KINDS."""
        return ERROR_CODES[self.code].kind

    def message(self, language: Language) -> str:
        """What happened, with the value that was wrong."""
        return message_of(self.code, self.values, language)

    def hint(self, language: Language) -> str:
        """What to do next."""
        return hint_of(self.code, self.values, language)

    def to_event(self) -> Failed:
        """The last line of a failed job."""
        return Failed(
            kind=self.kind, message=self.message("en"), hint=self.hint("en"), detail=self.detail,
            code=self.code, values=self.values,
        )


def message_of(code: str, values: dict[str, str], language: Language) -> str:
    """The sentence of an error code in `language`."""
    return _filled(ERROR_CODES[code].message.in_language(language), values, language)


def hint_of(code: str, values: dict[str, str], language: Language) -> str:
    """The next step of an error code in `language`."""
    return _filled(ERROR_CODES[code].hint.in_language(language), values, language)


def words_of(failed: Failed) -> ErrorKind:
    """Title, cause and next step of a failure: those of its kind, unless its code has better ones."""
    kind = ERROR_KINDS.get(failed.kind, ERROR_KINDS["internal"])
    code = ERROR_CODES.get(failed.code)
    if code is None:
        return kind
    return kind._replace(title=code.title or kind.title, cause=code.cause or kind.cause)


def _filled(text: str, values: dict[str, str], language: Language) -> str:
    """`text` with its {placeholders} filled; a value that travels in both languages in the right one."""
    return re.sub(r"{(\w+)}", lambda found: values.get(f"{found[1]}:{language}", values.get(found[1], found[0])), text)


def from_exception(error: BaseException) -> TanrenError:
    """Any exception as the error that people see: full disk and memory are recognised, the rest is internal."""
    if isinstance(error, TanrenError):
        return error
    detail = "".join(traceback.format_exception(error))
    if REFUSED_WORDS in detail:
        return TanrenError("network_refused", detail=detail, reason=str(error))
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return TanrenError("disk_full", detail=detail, path=error.filename or "")
    if isinstance(error, MemoryError) or "out of memory" in str(error).lower() or (
        "can't allocate memory" in str(error)
    ):
        return TanrenError("out_of_memory", detail=detail)
    if any(words in str(error) for words in ("No space left on device", "os error 28", "disk is full")):
        return TanrenError("disk_full", detail=detail, path="")
    return TanrenError("internal", detail=detail, error=f"{type(error).__name__}: {error}")
