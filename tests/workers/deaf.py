"""Closes its end of stdout after hello and stays."""

import os
import time

from speech import hello

hello()
os.close(1)
time.sleep(600)
