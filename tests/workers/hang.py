"""Says hello and a phase, then neither speaks nor ends."""

import time

from speech import hello, say

hello()
say(type="phase", name="training")
time.sleep(600)
