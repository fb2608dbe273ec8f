"""What the data commands print: the facts of a dataset, its findings, the steps that were done."""

from typing import Any

from backend.commands.terminal import Terminal, table
from backend.data.check_texts import CHECKS
from backend.data.steps import STEPS
from backend.protocol.languages import Text

ROWS_NAMED = 8
SOURCES_NAMED = 10
MARKS = {"info": "·", "warning": "!", "error": "✗"}


def say_dataset(found: dict[str, Any], terminal: Terminal) -> None:
    """The facts of a dataset as a table, with the reasons for its format."""
    rows = [
        [Text("Format", "形式"), found["format"]], [Text("Encoding", "文字コード"), found["encoding"] or "–"],
        [Text("Rows", "件数"), f"{found['rows']:,}"], [Text("Usable", "学習に使える件数"), f"{found['usable']:,}"],
        [Text("Columns", "列"), ", ".join(found["columns"]) or "–"],
    ]
    for source in found["sources"][:SOURCES_NAMED]:
        place = 1 if terminal.language == "ja" else 0
        reasons = f"{source['kind_reason'][place]}; {source['format_reason'][place]}"
        rows.append([Text("Read as", "読み方"), f"{source['kind']}: {reasons}"])
        if source["mapping"]:
            rows.append([Text("Mapping", "対応"), ", ".join(f"{part} = {column!r}"
                                                          for part, column in source["mapping"].items())])
    if tokens := found.get("tokens"):
        rows.append([Text("Tokens a row", "1 件のトークン数"),
                     f"median {tokens['median']}, p95 {tokens['p95']}, max {tokens['max']}"])
        rows.append([Text("Trained tokens", "学習するトークン数"), f"{tokens['trained']:,}"])
    lines = table([[title.in_language(terminal.language), value] for title, value in rows])
    terminal.say(lines, lines)


def say_findings(findings: list[dict[str, Any]], terminal: Terminal) -> None:
    """Each finding on a line, with the first rows that have it."""
    for finding in findings:
        check = CHECKS[finding["check"]]
        named = ", ".join(str(row) for row in finding["rows"][:ROWS_NAMED])
        more = " …" if finding["count"] > ROWS_NAMED else ""
        mark = MARKS[finding["severity"]]
        terminal.say(f"{mark} {check.title.en}: {finding['count']} (rows {named}{more}). {check.meaning.en}",
                     f"{mark} {check.title.ja}: {finding['count']} 件（{named}{more}）。{check.meaning.ja}")


def say_steps(steps: list[dict[str, Any]], terminal: Terminal) -> None:
    """What each step changed."""
    for step in steps:
        title = STEPS[step["name"]].title
        terminal.say(
            f"→ {title.en}: {step['changed']} changed, {step['removed']} left out, {step['added']} added",
            f"→ {title.ja}: 変更 {step['changed']} 件、除外 {step['removed']} 件、追加 {step['added']} 件")
