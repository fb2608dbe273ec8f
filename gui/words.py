"""Words for what the engine says in codes: job states, severities, dataset formats, speakers."""

from PySide6.QtCore import QCoreApplication

from backend.runs.origin import Stale


def state_word(state: str) -> str:
    """A job's state."""
    return {
        "queued": QCoreApplication.translate("Words", "not started"),
        "starting": QCoreApplication.translate("Words", "starting"),
        "running": QCoreApplication.translate("Words", "running"),
        "stopping": QCoreApplication.translate("Words", "stopping"),
        "succeeded": QCoreApplication.translate("Words", "trained"),
        "stopped": QCoreApplication.translate("Words", "stopped, can be resumed"),
        "failed": QCoreApplication.translate("Words", "failed"),
        "lost": QCoreApplication.translate("Words", "interrupted, can be resumed"),
    }.get(state, state)


def state_role(state: str) -> str:
    """The label role (gui.theme) of a job's state."""
    return {"succeeded": "good", "failed": "bad", "lost": "warning", "stopped": "warning"}.get(state, "muted")


def severity_word(severity: str) -> str:
    """How grave a finding in a dataset is."""
    return {
        "error": QCoreApplication.translate("Words", "Must be corrected"),
        "warning": QCoreApplication.translate("Words", "Worth a look"),
        "info": QCoreApplication.translate("Words", "For your information"),
    }.get(severity, severity)


def severity_role(severity: str) -> str:
    """The label role of a severity."""
    return {"error": "bad", "warning": "warning"}.get(severity, "muted")


def format_word(name: str) -> str:
    """A dataset's format."""
    return {
        "alpaca": QCoreApplication.translate("Words", "instruction and output (alpaca)"),
        "sharegpt": QCoreApplication.translate("Words", "conversations (sharegpt)"),
        "messages": QCoreApplication.translate("Words", "chat messages"),
        "prompt_completion": QCoreApplication.translate("Words", "prompt and completion"),
        "preference": QCoreApplication.translate("Words", "preferences (chosen and rejected)"),
        "thumbs": QCoreApplication.translate("Words", "answers with thumbs up or down"),
        "text": QCoreApplication.translate("Words", "plain text"),
        "table": QCoreApplication.translate("Words", "table with question and answer"),
    }.get(name, name)


def part_word(part: str) -> str:
    """What a column is for."""
    return {
        "question": QCoreApplication.translate("Words", "Question"),
        "answer": QCoreApplication.translate("Words", "Answer"),
        "system": QCoreApplication.translate("Words", "System prompt"),
        "rejected": QCoreApplication.translate("Words", "Answer that was not preferred"),
        "label": QCoreApplication.translate("Words", "Label"),
        "text": QCoreApplication.translate("Words", "Text for continued training"),
    }.get(part, part)


def kind_word(kind: str) -> str:
    """What a file is."""
    return {
        "jsonl": "JSON Lines", "json": "JSON", "csv": "CSV", "tsv": "TSV", "parquet": "Parquet", "markdown": "Markdown",
        "pdf": "PDF",
        "xlsx": QCoreApplication.translate("Words", "Excel workbook"),
        "text": QCoreApplication.translate("Words", "text file"),
        "docx": QCoreApplication.translate("Words", "Word document"),
    }.get(kind, kind)


def speaker_word(role: str) -> str:
    """Who speaks in a chat."""
    return {
        "system": QCoreApplication.translate("Words", "System prompt"),
        "user": QCoreApplication.translate("Words", "Question"),
        "assistant": QCoreApplication.translate("Words", "Answer"),
        "tool": QCoreApplication.translate("Words", "Tool"),
    }.get(role, role)


def side_word(side: str) -> str:
    """What a row of a divided dataset is for."""
    return {
        "train": QCoreApplication.translate("Words", "training"),
        "held_out": QCoreApplication.translate("Words", "held out"),
    }.get(side, side)


def stale_words(age: Stale) -> str:
    """That an artifact is of another checkpoint than the run's newest."""
    return QCoreApplication.translate("Words", "Made from step {old}; the run is now at step {new}.").format(
        old=age.made_from, new=age.newest)
