"""Begins well, then dies of a segmentation fault in the middle of a line."""

import os
import signal
import sys

from speech import hello, say, write

hello()
say(type="phase", name="training")
print("a library's last words", file=sys.stderr, flush=True)
write(b'{"type":"progress","done":1,')
os.kill(os.getpid(), signal.SIGSEGV)
