"""Tooltips for texts of any length."""

import html

LONGEST = 4_000


def whole_text(text: str) -> str:
    """`text` as a tooltip that wraps; without this Qt shows it on one line, and reads what a model wrote as markup."""
    shown = text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
    return f'<div style="white-space: pre-wrap">{html.escape(shown)}</div>' if shown.strip() else ""
