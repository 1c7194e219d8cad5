"""``lms serve`` in a process that is forked from one which has imported the program already.

The imports are three quarters of the processor time of a start. Tests whose subject is the start itself run the command
as a program of its own.
"""

from __future__ import annotations

import io
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

PROGRAM = ["lms.cli.serve", "lms.server"]  # imported once in each worker of the tests, by the library's fork server


class ForkedSite:
    """A running ``lms serve``, with what tests need of ``subprocess.Popen``."""

    def __init__(self, command: Sequence[str], *, folder: Path, env: Mapping[str, str], log: Path) -> None:
        """``command`` is that of the program, as ["…/bin/lms", "serve", …], run in ``folder``, printing to ``log``."""
        log.write_bytes(b"")
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(PROGRAM)
        self._process = context.Process(target=_serve, args=([*command], str(folder), dict(env), str(log)))
        self._process.start()

    @property
    def pid(self) -> int:
        assert self._process.pid
        return self._process.pid

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """The exit code; a signal that ended it is its negative number.

        Raises:
            subprocess.TimeoutExpired: it has not ended after ``timeout`` seconds.
        """
        self._process.join(timeout)
        code = self.poll()
        if code is None:
            raise subprocess.TimeoutExpired("lms serve", timeout or 0)
        return code

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


def _serve(command: list[str], folder: str, env: dict[str, str], log: str) -> None:
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(env)
    with open(log, "ab") as printed:
        for stream in (sys.stdout, sys.stderr):
            os.dup2(printed.fileno(), stream.fileno())
            assert isinstance(stream, io.TextIOWrapper)
            stream.reconfigure(encoding="utf-8", write_through=True)
    sys.argv = command
    from lms.cli import main

    try:
        main(command[1:], prog_name="lms")
    finally:
        # As at the end of a program: before the queues close by which processes are told to end that read courses.
        threading._shutdown()
