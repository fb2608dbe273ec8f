"""Says that it saves, and then nothing for longer than the usual silence; ends well."""

import time

from speech import finished, hello, say

hello()
say(type="phase", name="saving")
time.sleep(3)
finished()
