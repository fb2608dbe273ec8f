"""What the hostile workers have in common: raw lines on fd 1, written without any code of Tanren."""

import json
import os
import time


def say(**message: object) -> None:
    """Writes one message as a line."""
    write(json.dumps({"time": time.time(), **message}).encode() + b"\n")


def write(data: bytes) -> None:
    """Writes bytes, all of them."""
    while data:
        data = data[os.write(1, data) :]


def hello(protocol: int = 1) -> None:
    """The line with which an honest worker begins."""
    say(type="hello", protocol=protocol, build="hostile", pid=os.getpid(), lock="none")


def finished() -> None:
    """The line with which an honest worker ends."""
    say(type="finished", state="succeeded", result={"answer": 42})
