"""Run ``lms serve`` in a process with a data folder of its own."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from lms.config import SECRET_KEY_FILE
from tests.browser.forked_site import ForkedSite
from tests.databases import migrated_sqlite_file
from tests.real_courses import COURSES, parsed_courses_file
from tests.slow_conditions import site_environment

ROOT = Path(__file__).parents[2]
LMS = str(Path(sys.executable).with_name("lms"))
START_SECONDS = 120
SECRET_KEY = "k" * 32
SiteProcess = ForkedSite | subprocess.Popen[bytes]


@dataclass
class Site:
    """A running site. ``url`` has no trailing slash; ``log`` is the file with the server's output."""

    url: str
    data_dir: Path
    log: Path

    def stored_bytes(self) -> bytes:
        """Return everything the site has written to disk: database, write-ahead log and output."""
        paths = sorted(path for path in self.data_dir.rglob("*") if path.is_file())
        return b"\n".join(path.read_bytes() for path in [*paths, self.log])


@contextmanager
def serve_site(
    folder: Path, *, courses: Path = COURSES, host: str = "127.0.0.1", inside: Sequence[str] = ()
) -> Iterator[Site]:
    """Serve ``courses`` on a free port until the block ends.

    ``inside`` is a command prefix such as ``("ip", "netns", "exec", "laptop")``. ``folder`` belongs to the test.

    Raises:
        RuntimeError: no URL was printed within ``START_SECONDS``; the message is the output.
    """
    data_dir = folder / "data"
    copy_migrated_store(data_dir)
    if courses == COURSES:
        copy_parsed_courses(data_dir)
    log = folder / "serve.log"
    command = [*inside, LMS, "serve", "--host", host, "--port", "0", "--courses", str(courses)]
    process = start_site(command, folder=folder, env=site_env(data_dir), log=log)
    try:
        yield Site(wait_for_address(process, log), data_dir, log)
    finally:
        stop_process(process)


def start_site(command: Sequence[str], *, folder: Path, env: Mapping[str, str], log: Path) -> SiteProcess:
    """Start ``command``, an ``lms serve``: forked, unless it runs inside another program or with other modules."""
    if command[0] == LMS and env.get("PYTHONPATH") == os.environ.get("PYTHONPATH"):
        return ForkedSite(command, folder=folder, env=env, log=log)
    with log.open("wb") as printed:
        return subprocess.Popen(command, cwd=folder, env=env, stdout=printed, stderr=subprocess.STDOUT)


def copy_migrated_store(data_dir: Path) -> None:
    """Give a new site its tables, which it would make at its first start in a tenth of the time of the start."""
    if not data_dir.exists():
        data_dir.mkdir(mode=0o700)
        shutil.copy(migrated_sqlite_file(), data_dir)


def copy_parsed_courses(data_dir: Path, courses: Path = COURSES, secret_key: str | None = None) -> None:
    """Give a new site its courses as read, which takes 2 s of the 3 s of a first start with the real ones.

    ``secret_key``: that of its settings; None: it gets one in its data folder.
    """
    if secret_key is None and not (data_dir / SECRET_KEY_FILE).exists():
        (data_dir / SECRET_KEY_FILE).write_text(SECRET_KEY)
    shutil.copy(parsed_courses_file(secret_key or SECRET_KEY, courses), data_dir)


def site_env(data_dir: Path) -> dict[str, str]:
    """Return the environment without ``LMS_*`` settings, plus those of the site and of the simulated conditions."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("LMS_")}
    # Commands of other tests are not told of this site.
    own["XDG_STATE_HOME"] = str(data_dir.parent / "state")
    return {**own, "LMS_DATA_DIR": str(data_dir), "PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1"} | site_environment()


def wait_for_address(process: SiteProcess, log: Path) -> str:
    """Wait until the server prints its URL, and return it. It accepts connections by then."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if found := re.search(r"^Mở trang: (http://\S+)\n", log.read_text("utf-8", "replace"), re.MULTILINE):
            return found[1]
        time.sleep(0.05)
    raise RuntimeError(f"lms serve printed no address:\n{log.read_text('utf-8', 'replace')}")


def stop_process(process: SiteProcess) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(timeout=60)
