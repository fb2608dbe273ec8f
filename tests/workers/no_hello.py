"""Starts to report without saying hello."""

import time

from speech import say

say(type="phase", name="training")
time.sleep(600)
