"""``lms serve`` as a process that a test stops, kills and starts again on the same data."""

from __future__ import annotations

import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.browser.served import COURSES, LMS, environment, printed_address

PATIENCE = 120  # seconds until a process that should be gone is given up
PATIENT = {"PYTHONPATH": str(Path(__file__).with_name("patient"))}  # a setting of ``serving``: see there


@dataclass
class Server:
    url: str
    process: subprocess.Popen[bytes]
    log: Path

    def kill(self) -> None:
        """As a power cut does: nothing is flushed, nothing said."""
        self.process.kill()
        self.process.wait(PATIENCE)

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)

    def said(self) -> str:
        return self.log.read_text("utf-8", "replace")


@contextmanager
def serving(folder: Path, *options: str, courses: Path = COURSES, **settings: str) -> Iterator[Server]:
    """A server whose data lies in ``folder``; twice with one folder is a restart."""
    log = folder / "serve.log"
    command = [LMS, "serve", "--port", "0", "--courses", str(courses), *options]
    with log.open("wb") as printed:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment(folder / "data") | settings,
            stdout=printed,
            stderr=subprocess.STDOUT,
        )
    try:
        yield Server(printed_address(process, log), process, log)
    finally:
        process.kill()
        process.wait(PATIENCE)


def serve_in_vain(folder: Path, *options: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """``lms serve`` that is expected to say why it cannot, and to leave."""
    return subprocess.run(
        [LMS, "serve", *options],
        cwd=folder,
        env=environment(folder / "data") | settings,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def copied_courses(folder: Path) -> Path:
    """A copy of the real courses that a test may break."""
    return Path(shutil.copytree(COURSES, folder / "courses"))
