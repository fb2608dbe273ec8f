"""Sends one line of 2 MiB, correct but far too long."""

import time

from speech import hello, say

hello()
say(type="log", level="info", text="x" * (2 * 1024 * 1024))
time.sleep(600)
