"""The first moments of a worker, before any library is imported: claim stdout, lock the network.

Nothing here, nor in what it imports, needs more than the standard library: a test looks.
"""

import os
import sys
from typing import NamedTuple

from backend.network_lock import lock_network


class Begun(NamedTuple):
    """`wire` is the descriptor on which the worker speaks, `lock` the level of the network lock that holds."""

    wire: int
    lock: str


def begin_worker() -> Begun:
    """Claims stdout: whatever a library prints afterwards goes to stderr. Then locks the network."""
    wire = os.dup(1)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return Begun(wire, lock_network())
