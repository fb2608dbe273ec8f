"""Reports for ever, ignores stop messages, the end of stdin and every signal that can be ignored."""

import contextlib
import signal
import time

from speech import hello, say

for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGPIPE):
    signal.signal(number, signal.SIG_IGN)
hello()
step = 0
while True:
    step += 1
    with contextlib.suppress(OSError):
        say(type="progress", done=step, total=0, unit="steps")
    time.sleep(0.05)
