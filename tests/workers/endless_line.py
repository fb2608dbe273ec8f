"""Sends a line that never ends."""

from speech import hello, write

hello()
while True:
    write(b"x" * 65536)
