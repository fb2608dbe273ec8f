"""Tokens to text, piece by piece: a character whose bytes are spread over several tokens comes out whole."""

import codecs


class TextPieces:
    """Collects the bytes of a reply; gives out text as soon as its characters are complete.

    `drop_space`: SentencePiece models begin a reply with a space that is not part of it.
    """

    def __init__(self, drop_space: bool = False) -> None:
        # bytes that can never become a character show as U+FFFD; the first bytes of one wait for the rest
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._drop_space = drop_space
        self.text = ""

    def feed(self, data: bytes) -> str:
        """The text that `data` completes; may be empty."""
        new = self._decoder.decode(data)
        if self._drop_space and new:
            new = new.removeprefix(" ")
            self._drop_space = False
        self.text += new
        return new
