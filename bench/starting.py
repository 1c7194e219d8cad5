"""Start-up times: ``lms serve`` to its first page, ``lms check`` of 200 lessons, and reloading one saved file.

The start is one with the courses as they were at the start before, which is the discarded first run.

Each is measured beside a yardstick that runs in the same call on the same machine: importing the libraries alone, and
Python-Markdown alone over the same text. Runs of both take turns, so that a machine that slows down slows both.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from bench.figures import Figure, at_most
from bench.sites import COURSES, ROOT, clean_environment, our_site
from lms.content import catalog

LESSONS = 200
READY_BAR = 2.0  # seconds, on two idle cores
START_BAR, CHECK_BAR = 2.5, 2.5  # times the yardstick
SAVED_FILE_BAR = 300  # ms
_RUNS = 3

# What `lms serve` needs in any case: the web framework, the database toolkit, the server, the migrations, the keys.
_IMPORTS = (
    "import a2wsgi, alembic.command, argon2, bleach, brotli, click, cryptography.hazmat.primitives.asymmetric.ed25519,"
    " flask, flask_login, flask_sqlalchemy, flask_wtf, markdown, markdown_it, nh3, segno, sqlalchemy.orm, uvicorn,"
    " watchfiles"
)
_MARKDOWN = """
import sys
from pathlib import Path
import markdown
converter = markdown.Markdown(extensions=["tables", "sane_lists", "fenced_code"])
for path in Path(sys.argv[1]).rglob("*.md"):
    converter.reset()
    converter.convert(path.read_text("utf-8"))
"""


def measure() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        start, imports = _alternate(
            lambda: _start(Path(folder)), lambda: _seconds(lambda: _run_python(["-c", _IMPORTS]))
        )
    note = f"{start:.2f} s, the imports {imports:.2f} s; medians of {_RUNS}"
    yield at_most("lms serve to the first page", start, READY_BAR, "s", f"{os.cpu_count()} cores")
    yield at_most("lms serve to the first page, against its libraries' import", start / imports, START_BAR, "×", note)
    with tempfile.TemporaryDirectory() as folder:
        size = _repeat_lessons(Path(folder))
        check, markdown = _alternate(
            lambda: _seconds(lambda: _check(folder)), lambda: _seconds(lambda: _run_python(["-c", _MARKDOWN, folder]))
        )
        note = f"{check:.2f} s, Python-Markdown {markdown:.2f} s; {size / 1e6:.1f} MB of Markdown"
        yield at_most(
            f"lms check of {LESSONS} lessons, against Python-Markdown", check / markdown, CHECK_BAR, "×", note
        )
        yield at_most("a saved file, reloaded", _saved_file(Path(folder)), SAVED_FILE_BAR, "ms")


def _alternate(work: Callable[[], float], yardstick: Callable[[], float]) -> tuple[float, float]:
    """Run both in turn and return the medians of their seconds. The first run of each only fills the disk's caches."""
    times = [(work(), yardstick()) for _ in range(_RUNS + 1)][1:]
    return median(first for first, _ in times), median(second for _, second in times)


def _seconds(work: Callable[[], object]) -> float:
    started_at = time.perf_counter()
    work()
    return time.perf_counter() - started_at


def _run_python(arguments: list[str], *, check: bool = True) -> subprocess.CompletedProcess[str]:
    command, environment = [sys.executable, *arguments], clean_environment()
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=check)


def _start(folder: Path) -> float:
    """The seconds to the first page. How long the site takes to stop does not count."""
    started_at = time.perf_counter()
    with our_site(folder) as site:
        if site.request("/").status != 200:
            raise RuntimeError("the first page failed")
        return time.perf_counter() - started_at


def _check(folder: str) -> None:
    """Run ``lms check``. Exit code 1 only means that it has found problems in the lessons."""
    done = _run_python(["-m", "lms", "check", folder], check=False)
    if done.returncode == 2:
        raise RuntimeError(f"lms check could not run:\n{done.stderr}")


def _repeat_lessons(folder: Path) -> int:
    """Fill ``folder`` with courses that repeat the real lessons, ten to a course. Returns the bytes of Markdown."""
    lessons = sorted(path.parent for path in COURSES.glob("*/*/dung.md") if (path.parent / "lam.md").exists())
    for number in range(LESSONS):
        original = lessons[number % len(lessons)]
        course = folder / f"khoa-{number // 10}"
        if not course.exists():
            course.mkdir()
            shutil.copy(original.parent / "course.md", course)
        shutil.copytree(original, course / f"{number % 10 + 1:02}-bai-{number}")
    return sum(path.stat().st_size for path in folder.rglob("*.md"))


def _saved_file(folder: Path) -> float:
    """Return the median milliseconds of reloading a course of the 200 lessons after ``hieu.md`` was saved."""
    library = catalog.Catalog(folder, lambda: datetime.now(UTC).date())
    page = next(path for path in sorted(folder.glob("khoa-0/*/hieu.md")))
    times = []
    for _ in range(_RUNS):
        page.write_text(page.read_text("utf-8") + "\nThêm một câu.\n", "utf-8")
        times.append(_seconds(lambda: library.reload([page.parent.parent.name])))
    return median(times) * 1000
