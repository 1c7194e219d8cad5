"""How soon every worker shows the courses of ``lms courses pull``: two workers on PostgreSQL, from the pull's end.

Once a title changes, and the other courses are kept; once a lesson comes, and all courses are read again.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median

from bench.databases import new_database
from bench.figures import Figure, at_most
from bench.servers import Server, running_servers
from bench.sites import COURSES, ROOT, Site, clean_environment

BAR = 2.0  # seconds
_WORKERS = 2
_PULLS = 3  # of each kind
_GIVE_UP_SECONDS = 30


def measure() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as name, new_database("postgresql", Path(name)) as database_url:
        folder = Path(name)
        source, place = folder / "source", folder / "courses"
        shutil.copytree(COURSES, source)
        _pull(source, place)
        with running_servers(folder, database_url, _WORKERS, courses=place) as servers:
            for what, change in (("a title", _change_title), ("a new lesson", _add_lesson)):
                delays, pulls = [], []
                for number in range(_PULLS):
                    path, text = change(source, number)
                    pulls.append(_pull(source, place))
                    delays.append(_seconds_until_shown(servers, path, text))
                note = f"median {median(delays):.2f} s of {_PULLS} pulls; the pull itself {median(pulls):.1f} s"
                name = f"{what} is pulled, until the last of {_WORKERS} workers shows it"
                yield at_most(name, max(delays), BAR, "s", note)


def _change_title(source: Path, number: int) -> tuple[str, str]:
    """Returns the path of a page, and what it shows afterwards."""
    file = sorted(source.glob("*/*/hieu.md"))[0]
    title = f"Tên vừa đổi {number}"
    file.write_text(re.sub(r"(?m)^tên:.*$", f"tên: {title}", file.read_text("utf-8"), count=1), "utf-8")
    return _page_of(file.parent), title


def _add_lesson(source: Path, number: int) -> tuple[str, str]:
    lesson = sorted(source.glob("*/*/dung.md"))[0].parent
    added = lesson.with_name(f"{90 + number}-bai-them-{number}")
    shutil.copytree(lesson, added)
    file = added / "hieu.md"
    title = f"Bài thêm {number}"
    file.write_text(re.sub(r"(?m)^tên:.*$", f"tên: {title}", file.read_text("utf-8"), count=1), "utf-8")
    return _page_of(added), title


def _page_of(lesson: Path) -> str:
    return f"/{lesson.parent.name}/{lesson.name.partition('-')[2]}"


def _pull(source: Path, place: Path) -> float:
    """The seconds that it took."""
    archive = place.with_name("courses.zip")
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted(source.rglob("*")):
            packed.write(path, path.relative_to(source))
    command = [sys.executable, "-m", "lms", "courses", "pull", str(archive)]
    began = time.perf_counter()
    environment = clean_environment(LMS_COURSES=str(place))
    subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True)
    return time.perf_counter() - began


def _seconds_until_shown(servers: list[Server], path: str, text: str) -> float:
    """Until the last worker shows the text at the path; infinite if one never does."""
    began = time.perf_counter()

    def wait(server: Server) -> float:
        site = Site(server.port, Path())
        while time.perf_counter() - began < _GIVE_UP_SECONDS:
            if text in site.request(path).body.decode():
                return time.perf_counter() - began
            time.sleep(0.02)
        return float("inf")

    with ThreadPoolExecutor(len(servers)) as threads:
        return max(threads.map(wait, servers))
