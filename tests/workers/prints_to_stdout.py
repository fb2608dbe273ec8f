"""Lets a library print on the wire: what the real worker's claimed stdout prevents."""

import time

from speech import hello

hello()
print("Loading checkpoint shards: 100%", flush=True)
time.sleep(600)
