"""Lists of words as they are read best: many on a line."""


def word_set(text: str) -> frozenset[str]:
    """The words of a text, separated by blanks and line breaks."""
    return frozenset(text.split())
