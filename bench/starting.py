"""From ``lms serve`` to the first answer, and ``lms check`` over 200 lessons."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.figures import Figure, at_most
from bench.sites import COURSES, ROOT, our_site

LESSONS = 200
_TRIES = 3


def measure() -> Iterator[Figure]:
    yield at_most("start of lms serve to the first page, warm", _start_seconds(), 2.0, "s", f"median of {_TRIES}")
    seconds, size = _check_seconds()
    yield at_most(f"lms check of {LESSONS} lessons", seconds, 5.0, "s", f"{size / 1e6:.1f} MB of Markdown")


def _start_seconds() -> float:
    times = []
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(_TRIES + 1):  # the first makes the database and warms the disk
            started = time.perf_counter()
            with our_site(Path(folder)) as site:
                if site.ask("/").status != 200:
                    raise RuntimeError("the first page failed")
                times.append(time.perf_counter() - started)
    return sorted(times[1:])[_TRIES // 2]


def _check_seconds() -> tuple[float, int]:
    """Time over courses that repeat the real lessons under other names, ten to a course."""
    lessons = sorted(path.parent for path in COURSES.glob("*/*/dung.md") if (path.parent / "lam.md").exists())
    with tempfile.TemporaryDirectory() as folder:
        for number in range(LESSONS):
            original = lessons[number % len(lessons)]
            course = Path(folder) / f"khoa-{number // 10}"
            if not course.exists():
                course.mkdir()
                shutil.copy(original.parent / "course.md", course)
            shutil.copytree(original, course / f"{number % 10 + 1:02}-bai-{number}")
        size = sum(path.stat().st_size for path in Path(folder).rglob("*.md"))
        started = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-m", "lms", "check", folder], cwd=ROOT, capture_output=True, text=True, check=False
        )
        seconds = time.perf_counter() - started
    if done.returncode == 2:
        raise RuntimeError(f"lms check could not run:\n{done.stderr}")
    return seconds, size
