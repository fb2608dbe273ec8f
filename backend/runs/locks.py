"""A lock on a file that the operating system frees when its process dies, however it dies."""

import os
import time
from pathlib import Path

if os.name == "nt":  # not tested on Windows
    import msvcrt
else:
    import fcntl


ATTEMPTS = 10
ATTEMPT_SECONDS = 0.02


class FileLock:
    """Held from `acquire` until `release` or the end of the process."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    def acquire(self) -> bool:
        """True when the lock is now ours, False when another process holds it.

        Tries for ATTEMPTS x ATTEMPT_SECONDS: somebody who only looks (is_held) has the lock for a moment.
        """
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o644)
        for attempt in range(ATTEMPTS):
            try:
                _lock(descriptor)
            except OSError:
                if attempt < ATTEMPTS - 1:
                    time.sleep(ATTEMPT_SECONDS)
            else:
                self._descriptor = descriptor
                return True
        os.close(descriptor)
        return False

    def release(self) -> None:
        """Frees the lock; harmless when it is not held."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def is_held(path: Path) -> bool:
    """Whether a living process holds the lock on `path`. Looks by a shared lock, so that two looks do not meet."""
    if not path.exists():
        return False
    descriptor = os.open(path, os.O_RDONLY)
    try:
        _lock(descriptor, shared=True)
    except OSError:
        return True
    finally:
        os.close(descriptor)
    return False


def _lock(descriptor: int, shared: bool = False) -> None:
    if os.name == "nt":
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined, unused-ignore]
    else:
        fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
