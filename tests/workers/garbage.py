"""Begins well, then writes bytes that are no message, and stays."""

import time

from speech import hello, write

hello()
write(b"\xff\xfe\x00 Segmentation of tokens {\n")
time.sleep(600)
