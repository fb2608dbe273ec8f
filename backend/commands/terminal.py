"""What a person at a terminal sees: progress on stderr, results on stdout, errors with cause and next step."""

import json
import shutil
import sys
import time
import unicodedata
from typing import Any

from backend.protocol.errors import hint_of, message_of, words_of
from backend.protocol.languages import Language, Text
from backend.protocol.messages import Failed, Log, Metric, Phase, Progress, WorkerEvent
from backend.protocol.phases import PHASES

BAR_WIDTH = 24
PLAIN_SECONDS = 5.0
REDRAW_SECONDS = 0.1
_LINE_ENDS = {place: f"\\u{place:04x}" for place in (0x85, 0x2028, 0x2029)}  # some readers of lines end one there
DETAIL_LINES = 15
SHOWS_DETAIL = ("internal", "tool_failed")

UNITS = {
    "steps": Text("steps", "ステップ"), "rows": Text("rows", "行"), "tensors": Text("tensors", "テンソル"),
    "bytes": Text("bytes", "バイト"),
    "mib": Text("MiB", "MiB"), "tokens": Text("tokens", "トークン"), "files": Text("files", "ファイル"),
}


class Terminal:
    """Speaks to people in `language`; with `as_json` stdout stays free for the one object."""

    def __init__(self, language: Language, as_json: bool) -> None:
        self.language: Language = language
        self.as_json = as_json
        self._is_tty = sys.stderr.isatty()
        self._phase = ""
        self._phase_began = 0.0
        self._first_done = 0
        self._figures = ""
        self._told = ("", -1, -1)
        self._drawn = 0.0
        self._bar_is_up = False

    def say(self, en: str, ja: str) -> None:
        """A line of the result, in the language of the terminal; silent with --json."""
        if not self.as_json:
            self.clear()
            print(ja if self.language == "ja" else en, flush=True)

    def note(self, en: str, ja: str) -> None:
        """A line beside the result, on stderr, with --json too."""
        self.clear()
        print(ja if self.language == "ja" else en, file=sys.stderr, flush=True)

    def result(self, values: dict[str, Any]) -> None:
        """The one JSON object, when it was asked for."""
        if self.as_json:
            text = json.dumps(values, ensure_ascii=False)
            print(text.translate(_LINE_ENDS), flush=True)

    def event(self, event: WorkerEvent) -> None:
        """Shows what a worker tells: its phase, its progress, its figures, its warnings."""
        match event:
            case Phase(name=name):
                self._begin(name)
            case Progress(done=done, total=total, unit=unit):
                self._progress(done, total, unit)
            case Metric(values=values):
                self._figures = _figures(values)
            case Log(level=level) if level != "info":
                self.clear()
                print(f"  ! {event.in_language(self.language)}", file=sys.stderr, flush=True)

    def failure(self, failed: Failed) -> None:
        """The error panel on stderr: title, what happened, the usual cause, the next step."""
        self.clear()
        kind = words_of(failed)
        message, hint = texts_of(failed, self.language)
        cause = Text("Cause", "原因").in_language(self.language)
        step = Text("Next step", "次の操作").in_language(self.language)
        lines = [
            "", f"✗ {kind.title.in_language(self.language)}", f"  {message}",
            f"  {cause}: {kind.cause.in_language(self.language)}", f"  {step}: {hint}",
        ]
        if failed.detail and failed.kind in SHOWS_DETAIL:
            lines += ["", *("  | " + line for line in failed.detail.rstrip().splitlines()[-DETAIL_LINES:])]
        print("\n".join(lines), file=sys.stderr, flush=True)

    def clear(self) -> None:
        """Takes the progress bar away before something else is written."""
        if self._bar_is_up:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
            self._bar_is_up = False

    def _begin(self, phase: str) -> None:
        if phase == self._phase:
            return
        self._phase, self._phase_began, self._drawn = phase, time.monotonic(), 0.0
        self._first_done = -1
        label = PHASES[phase].in_language(self.language) if phase in PHASES else phase
        if self._is_tty:
            self._draw(label)
        else:
            print(label, file=sys.stderr, flush=True)

    def _progress(self, done: int, total: int, unit: str) -> None:
        now = time.monotonic()
        if self._first_done < 0:
            self._first_done = done
        finished = 0 < total <= done
        if now - self._drawn < (REDRAW_SECONDS if self._is_tty else PLAIN_SECONDS) and not finished:
            return
        if (self._phase, done, total) == self._told:
            return
        self._drawn, self._told = now, (self._phase, done, total)
        counted = f"{done}/{total}" if total else str(done)
        words = UNITS[unit].in_language(self.language) if unit in UNITS else unit
        parts = [f"{counted} {words}"]
        if self._phase == "training" and self._figures:
            parts.append(self._figures)
        if 0 < self._first_done + 1 <= done < total:
            seconds = (now - self._phase_began) / (done - self._first_done) * (total - done)
            parts.append(f"{Text('left', '残り').in_language(self.language)} {clock(seconds)}")
        text = "  ".join(parts)
        if not self._is_tty:
            print(f"  {text}", file=sys.stderr, flush=True)
            return
        full = round(BAR_WIDTH * min(1.0, done / total)) if total else 0
        label = PHASES[self._phase].in_language(self.language) if self._phase in PHASES else self._phase
        self._draw(f"{label}  {'━' * full}{'─' * (BAR_WIDTH - full)}  {text}")

    def _draw(self, line: str) -> None:
        sys.stderr.write("\r\x1b[K" + cut(line, shutil.get_terminal_size().columns - 1))
        sys.stderr.flush()
        self._bar_is_up = True


def texts_of(failed: Failed, language: Language) -> tuple[str, str]:
    """(message, hint) of a failure in `language`, where its code is known here."""
    try:
        return message_of(failed.code, failed.values, language), hint_of(failed.code, failed.values, language)
    except KeyError:
        return failed.message, failed.hint


def clock(seconds: float) -> str:
    """Seconds as h:mm:ss or m:ss."""
    whole = max(0, round(seconds))
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02d}:{whole % 60:02d}" if hours else f"{minutes}:{whole % 60:02d}"


def width_of(text: str) -> int:
    """The columns a terminal needs for `text`: Japanese characters take two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def cut(text: str, columns: int) -> str:
    """`text` cut to fit `columns`."""
    while width_of(text) > max(columns, 10):
        text = text[:-1]
    return text


def padded(text: str, columns: int) -> str:
    """`text` with spaces up to `columns`."""
    return text + " " * max(0, columns - width_of(text))


def table(rows: list[list[str]]) -> str:
    """Rows as aligned columns, two spaces apart."""
    widths = [max(width_of(row[place]) for row in rows) for place in range(len(rows[0]))]
    return "\n".join("  ".join(padded(cell, width) for cell, width in zip(row, widths, strict=True)).rstrip()
                     for row in rows)


def _figures(values: dict[str, float]) -> str:
    parts = []
    if "loss" in values:
        parts.append(f"loss {values['loss']:.4f}")
    if "tokens_per_second" in values:
        parts.append(f"{values['tokens_per_second']:.0f} tok/s")
    return "  ".join(parts)
