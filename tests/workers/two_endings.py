"""Says that it failed after it said that it finished: the first word counts."""

from speech import finished, hello, say

hello()
finished()
say(type="failed", kind="internal", message="late", hint="late")
