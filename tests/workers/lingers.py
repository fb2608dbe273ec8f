"""Finishes, and then does not go: goes on talking."""

import time

from speech import finished, hello, say

hello()
finished()
while True:
    say(type="alive", ram=1.0)
    time.sleep(0.05)
