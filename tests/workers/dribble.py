"""Never says hello, but keeps the pipe busy with blank lines."""

import time

from speech import write

while True:
    write(b"\n \n")
    time.sleep(0.05)
