"""Sends a well-formed object whose type nobody knows."""

import time

from speech import hello, say

hello()
say(type="confetti", amount=3)
time.sleep(600)
