"""Every failure has its words in both languages, and every code that is raised is in the tables."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.protocol import error_codes
from backend.protocol.error_codes import ERROR_CODES
from backend.protocol.error_kinds import ERROR_KINDS
from backend.protocol.errors import TanrenError, from_exception, hint_of, message_of, words_of
from backend.protocol.languages import LANGUAGES, Text
from backend.protocol.messages import Failed
from backend.protocol.phases import PHASES
from backend.protocol.wire import decode_event, encode_line

REPOSITORY = Path(__file__).parents[2]
SOURCES = sorted(path for part in ("backend", "gui", "main.py") for path in (
    (REPOSITORY / part).rglob("*.py") if (REPOSITORY / part).is_dir() else [REPOSITORY / part]) if path.exists())
KINDS = {
    "bad_dataset", "bad_config", "model_missing", "model_unsafe", "network_refused", "out_of_memory", "no_gpu",
    "disk_full", "tool_failed", "internal",
}
JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
ENGLISH = re.compile(r"[A-Za-z']+\s+[A-Za-z']+")
PLACEHOLDER = re.compile(r"{(\w+)}")
# sentences that are made of their placeholders alone
BARE = {"{error}", "{reason}", "{option}: {reason}", "{path}: {reason}", "{name} = {value}: {reason}"}


def test_the_kinds_are_the_designs() -> None:
    assert set(ERROR_KINDS) == KINDS


def check_text(text: Text, where: str) -> None:
    """Both languages are there, are what they say they are, and fill the same placeholders."""
    assert text.en.strip() and text.ja.strip(), where
    assert set(PLACEHOLDER.findall(text.en)) == set(PLACEHOLDER.findall(text.ja)), where
    assert not JAPANESE.search(text.en), where
    if text.ja not in BARE:
        assert JAPANESE.search(text.ja), where
    assert "\n" not in text.en + text.ja, where


@pytest.mark.parametrize("kind", ERROR_KINDS)
def test_a_kind_has_title_cause_and_next_step(kind: str) -> None:
    for part, text in ERROR_KINDS[kind]._asdict().items():
        check_text(text, f"{kind}.{part}")
        assert not PLACEHOLDER.search(text.en), "a kind's words have nothing to fill in"


@pytest.mark.parametrize("code", ERROR_CODES)
def test_a_code_has_a_known_kind_a_message_and_a_hint(code: str) -> None:
    entry = ERROR_CODES[code]
    assert entry.kind in ERROR_KINDS
    check_text(entry.message, f"{code}.message")
    check_text(entry.hint, f"{code}.hint")


@pytest.mark.parametrize("phase", PHASES)
def test_a_phase_is_named_in_both_languages(phase: str) -> None:
    check_text(PHASES[phase], phase)


def test_no_code_is_in_two_tables() -> None:
    tables = [table for name, table in vars(error_codes).items() if name.endswith("_ERRORS")]
    assert len(tables) >= 5
    assert sum(len(table) for table in tables) == len(ERROR_CODES)


def raises() -> Iterator[tuple[str, ast.Call]]:
    """Every TanrenError(…) in the source: where it is, and the call."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "TanrenError":
                yield f"{path.relative_to(REPOSITORY)}:{node.lineno}", node


def test_every_code_that_is_raised_is_in_the_tables_with_its_placeholders() -> None:
    found = 0
    for where, call in raises():
        if not call.args or not isinstance(call.args[0], ast.Constant):
            continue  # a variable: its values are checked where they are written
        code = call.args[0].value
        assert code in ERROR_CODES, f"{where}: {code!r}"
        found += 1
        given = {keyword.arg for keyword in call.keywords}
        if None in given:
            continue  # **values
        entry = ERROR_CODES[code]
        needed = set(PLACEHOLDER.findall(entry.message.en + entry.hint.en))
        assert needed <= given, f"{where}: {code!r} lacks {needed - given}"
    assert found > 30


def plain_texts(value: ast.AST) -> Iterator[str]:
    """The string literals and f-strings below `value` that are not in a Text; what an f-string fills in as {}."""
    if isinstance(value, ast.Call) and getattr(value.func, "id", "") == "Text":
        return
    if isinstance(value, ast.JoinedStr):
        yield "".join(part.value if isinstance(part, ast.Constant) and isinstance(part.value, str) else "{}"
                      for part in value.values)
    elif isinstance(value, ast.Constant) and isinstance(value.value, str):
        yield value.value
    else:
        for child in ast.iter_child_nodes(value):
            yield from plain_texts(child)


def english_values(call: ast.Call) -> list[str]:
    """The values of a TanrenError(…) that are English words only; `detail` is technical and shown as it is."""
    return [text for keyword in call.keywords if keyword.arg != "detail" for text in plain_texts(keyword.value)
            if ENGLISH.search(text)]


def test_no_value_is_an_english_sentence_only() -> None:
    found = {where: texts for where, call in raises() if (texts := english_values(call))}
    assert not found, "use Text(en, ja)"


def logs() -> Iterator[tuple[str, ast.Call]]:
    """Every line that is said in a job's log: where it is, and the call."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("report.log", "voice.log", "log"):
                yield f"{path.relative_to(REPOSITORY)}:{node.lineno}", node


def test_no_line_of_a_log_is_an_english_sentence_only() -> None:
    found = dict(logs())
    assert len(found) > 8
    told = {where: texts for where, call in found.items()
            if (texts := [text for text in plain_texts(call.args[0]) if ENGLISH.search(text)])
            or ast.unparse(call.args[0]).startswith("str(")}
    assert not told, "use Text(en, ja)"


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("TanrenError('x', reason='it is gone')", True),
        ("TanrenError('x', reason=f'{name} is gone')", True),
        ("TanrenError('x', reason='one of ' + ', '.join(names) if names else 'there is none')", True),
        ("TanrenError('x', reason=Text(f'{name} is gone', f'{name} がありません'))", False),
        ("TanrenError('x', path=folder / 'run.json', reason=str(error), detail='it is gone')", False),
    ],
)
def test_an_english_sentence_is_told_from_other_values(source: str, found: bool) -> None:
    call = ast.parse(source, mode="eval").body
    assert isinstance(call, ast.Call)
    assert bool(english_values(call)) == found


def test_a_value_in_both_languages_survives_the_way_through_json() -> None:
    sent = TanrenError("merge_failed", reason=Text("it does not fit", "合いません")).to_event()
    received = decode_event(encode_line(sent))
    assert isinstance(received, Failed)
    error = TanrenError(received.code, **received.values)
    assert error.message("en").endswith(": it does not fit")
    assert error.message("ja").endswith(": 合いません")


def test_every_code_of_the_tables_is_used() -> None:
    texts = "\n".join(
        path.read_text(encoding="utf-8") for path in SOURCES if "error_texts" not in path.parts
    )
    unused = [code for code in ERROR_CODES if f'"{code}"' not in texts]
    assert not unused


def test_the_words_hold_the_value_that_was_wrong() -> None:
    error = TanrenError("data_missing", path="/data/質問.csv")
    for language in LANGUAGES:
        assert "/data/質問.csv" in error.message(language)
        assert message_of(error.code, error.values, language) == error.message(language)
        assert hint_of(error.code, error.values, language) == error.hint(language)
    assert str(error) == error.message("en")


def test_a_value_with_braces_is_left_as_it_is() -> None:
    error = TanrenError("setting_invalid", name="{value}", value="{reason}", reason="x")
    assert error.message("en").startswith("{value} = {reason}: x")


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (OSError(28, "No space left on device", "/full/file"), "disk_full"),
        (OSError(122, "Disk quota exceeded", "/full/file"), "disk_full"),
        (MemoryError(), "out_of_memory"),
        (RuntimeError("DefaultCPUAllocator: can't allocate memory: 10 bytes"), "out_of_memory"),
        (RuntimeError("CUDA out of memory. Tried to allocate 2.00 GiB"), "out_of_memory"),
        (RuntimeError("SafetensorError: I/O error: No space left on device (os error 28)"), "disk_full"),
        (PermissionError(13, "Tanren works offline; a network socket was refused"), "network_refused"),
        (ValueError("anything else"), "internal"),
    ],
)
def test_exceptions_that_are_known_get_their_kind(error: BaseException, kind: str) -> None:
    assert from_exception(error).kind == kind


@pytest.mark.parametrize("code", ["job_running", "run_missing", "run_finished"])
def test_a_code_may_have_a_better_title_than_its_kind(code: str) -> None:
    words = words_of(TanrenError(code, path="/r", run="r").to_event())
    kind = ERROR_KINDS["bad_config"]
    for text, usual in ((words.title, kind.title), (words.cause, kind.cause)):
        assert text.en != usual.en and text.ja != usual.ja and text.ja != text.en
    assert words.next_step == kind.next_step
