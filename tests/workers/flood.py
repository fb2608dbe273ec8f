"""Sends messages as fast as the pipe takes them; ends after the number given, or never."""

import sys

from speech import finished, hello, write

hello()
block = b'{"type":"progress","time":1.0,"done":1,"total":0,"unit":"steps"}\n' * 1000
logs = b'{"type":"log","time":1.0,"level":"info","text":"' + b"x" * 200 + b'"}\n'
limit = int(sys.argv[2]) if len(sys.argv) > 2 else 0
blocks = 0
while not limit or blocks < limit:
    write(block + logs * 100)
    blocks += 1
finished()
