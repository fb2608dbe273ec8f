"""Never says hello, but keeps the pipe busy with empty lines."""

import time

from speech import write

while True:
    write(b"\n")
    time.sleep(0.05)
