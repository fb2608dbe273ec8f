"""Dies and leaves a child that holds the pipe open; the child's id is in its last log line."""

import os
import subprocess
import sys

from speech import hello, say

hello()
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
say(type="log", level="info", text=str(child.pid))
os._exit(3)
