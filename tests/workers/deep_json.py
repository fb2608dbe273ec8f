"""Sends an object nested a hundred thousand levels deep."""

import time

from speech import hello, write

hello()
write(b'{"type":"finished","state":"succeeded","result":' + b'{"a":' * 100_000 + b"1" + b"}" * 100_001 + b"\n")
time.sleep(600)
