"""A process that kills itself before one of its changes of the disk."""

from __future__ import annotations

import os
import signal
import sys

MOST_STEPS = 2_000
STEPS = (
    "os.rename",
    "os.mkdir",
    "os.symlink",
    "os.remove",
    "os.rmdir",
    "os.chmod",
    "ctypes.dlsym",
)  # and open to write


def kill_at_step(number: int) -> None:
    """From now on the process is killed before the ``number``-th change of the disk that Python asks for."""
    seen = 0

    def watch(event: str, args: tuple[object, ...]) -> None:
        nonlocal seen
        is_write = event == "open" and isinstance(args[2], int) and bool(args[2] & (os.O_WRONLY | os.O_RDWR))
        if event in STEPS or is_write:
            seen += 1
            if seen == number:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)
