"""Speaks another version of the protocol."""

import time

from speech import hello

hello(protocol=999)
time.sleep(600)
