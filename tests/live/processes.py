"""``lms serve`` as a process that a test stops, kills and restarts with the same data."""

from __future__ import annotations

import atexit
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.browser.site_process import (
    COURSES,
    LMS,
    SiteProcess,
    copy_migrated_store,
    copy_parsed_courses,
    site_env,
    start_site,
    wait_for_address,
)
from tests.live.lessons import sample_lesson

TIMEOUT_SECONDS = 120  # to wait for a process to end
WITHOUT_TIMEOUTS = {"PYTHONPATH": str(Path(__file__).with_name("patient"))}  # environment variables for ``serving``


@dataclass
class Server:
    url: str
    process: SiteProcess
    log: Path

    def kill(self) -> None:
        """Like a power cut: nothing is flushed or logged."""
        self.process.kill()
        self.process.wait(TIMEOUT_SECONDS)

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(TIMEOUT_SECONDS)

    def read_log(self) -> str:
        return self.log.read_text("utf-8", "replace")


@contextmanager
def serving(folder: Path, *options: str, courses: Path | None = None, **settings: str) -> Iterator[Server]:
    """A server with its data in ``folder``; a second one with the same folder is a restart.

    By default it has the course of ``sample_lesson`` alone, as read before, since reading all courses takes a third of
    a start.
    """
    if "LMS_DATABASE_URL" not in settings:
        copy_migrated_store(folder / "data")
    if courses is None:
        courses = sample_courses()
        (folder / "data").mkdir(mode=0o700, exist_ok=True)
        copy_parsed_courses(folder / "data", courses, settings.get("LMS_SECRET_KEY"))
    log = folder / "serve.log"
    command = [LMS, "serve", "--port", "0", "--courses", str(courses), *options]
    process = start_site(command, folder=folder, env=site_env(folder / "data") | settings, log=log)
    try:
        yield Server(wait_for_address(process, log), process, log)
    finally:
        process.kill()
        process.wait(TIMEOUT_SECONDS)


def serve_and_fail(folder: Path, *options: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run ``lms serve`` with something wrong; it is expected to exit. ``stderr`` is all that it printed."""
    command, log = [LMS, "serve", *options], folder / "refused.log"
    process = start_site(command, folder=folder, env=site_env(folder / "data") | settings, log=log)
    try:
        return subprocess.CompletedProcess(command, process.wait(TIMEOUT_SECONDS), stderr=log.read_text("utf-8"))
    finally:
        process.kill()


def copy_courses(folder: Path) -> Path:
    """A copy of the real courses that a test may break."""
    return Path(shutil.copytree(COURSES, folder / "courses"))


@cache
def sample_courses() -> Path:
    """A folder of courses with the one that has ``sample_lesson``. All servers of this process read it, and nobody
    writes to it."""
    folder = Path(tempfile.mkdtemp(prefix="lms-sample-courses-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return copy_sample_course(folder)


def copy_sample_course(folder: Path) -> Path:
    """A folder of courses with a copy of the one that has ``sample_lesson``."""
    course = sample_lesson().course
    shutil.copytree(COURSES / course, folder / "courses" / course, dirs_exist_ok=True)
    return folder / "courses"
