"""A real ``lms serve`` with a data folder of its own, for as long as somebody looks at it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.real_courses import COURSES
from tests.weather import site_environment

ROOT = Path(__file__).parents[2]
LMS = str(Path(sys.executable).with_name("lms"))
START_SECONDS = 120


@dataclass
class Site:
    """``url`` has no slash at its end. ``log`` holds what the server printed."""

    url: str
    data_dir: Path
    log: Path

    def written(self) -> bytes:
        """Everything the site keeps: database, journals and log, as bytes on the disk."""
        kept = sorted(path for path in self.data_dir.rglob("*") if path.is_file())
        return b"\n".join(path.read_bytes() for path in [*kept, self.log])


@contextmanager
def served(
    folder: Path, *, courses: Path = COURSES, host: str = "127.0.0.1", inside: Sequence[str] = ()
) -> Iterator[Site]:
    """Serve ``courses``, usually the real ones, on a free port until the block ends.

    ``inside`` stands before the command, as in ``("ip", "netns", "exec", "hall")``. ``folder`` is the test's own.

    Raises:
        RuntimeError: no address was printed within ``START_SECONDS``; the message is what was.
    """
    data_dir = folder / "data"
    log = folder / "serve.log"
    command = [*inside, LMS, "serve", "--host", host, "--port", "0", "--courses", str(courses)]
    with log.open("wb") as printed:
        process = subprocess.Popen(
            command, cwd=folder, env=environment(data_dir), stdout=printed, stderr=subprocess.STDOUT
        )
    try:
        yield Site(printed_address(process, log), data_dir, log)
    finally:
        stop(process)


def environment(data_dir: Path) -> dict[str, str]:
    """The machine's own, less every setting of the site, and the weather of this run."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("LMS_")}
    return {**own, "LMS_DATA_DIR": str(data_dir), "PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1"} | site_environment()


def printed_address(process: subprocess.Popen[bytes], log: Path) -> str:
    """Where the site says it is. It listens before it says so: whoever connects is answered."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if found := re.search(r"^Mở trang: (http://\S+)\n", log.read_text("utf-8", "replace"), re.MULTILINE):
            return found[1]
        time.sleep(0.05)
    raise RuntimeError(f"lms serve printed no address:\n{log.read_text('utf-8', 'replace')}")


def stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(timeout=5)
