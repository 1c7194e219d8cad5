"""A worker that is killed while it writes published files leaves the old course or the new one; the next goes on."""

from __future__ import annotations

import hashlib
import multiprocessing
import shutil
import signal
from pathlib import Path

import pytest

from lms.course_delivery.published_courses import PublishedCourses, PublishedDigests
from lms.course_delivery.versions import file_digests
from tests.content.course_folders import make_courses
from tests.course_delivery.killed_process import MOST_STEPS, kill_at_step

BODIES = {hashlib.sha256(body).hexdigest(): body for body in (b"mot", b"hai", b"ba")}
OLD, NEW = (
    dict(zip(("01-mot/hieu.md", "course.md"), pair, strict=True)) for pair in (list(BODIES)[:2], list(BODIES)[1:])
)


def update(folder: Path, published: PublishedDigests) -> Path:
    courses = PublishedCourses(folder / "base", folder / "published")
    with courses.locked():
        return courses.update(published, {}, lambda digests: {digest: BODIES[digest] for digest in digests})


def update_until(number: int, folder: Path) -> None:
    kill_at_step(number)
    update(folder, {"vneid": NEW})


def served_digests(folder: Path) -> dict[str, str]:
    """The digests of the two files, if all others are there as the base has them."""
    found, base = (file_digests(each / "vneid") for each in (folder / "published" / "courses", folder / "base"))
    assert {path: found[path] for path in found if path not in NEW} == {
        path: base[path] for path in base if path not in NEW
    }
    return {path: found[path] for path in NEW}


@pytest.mark.slow
def test_killed_at_any_step_the_course_is_the_old_or_the_new_one(tmp_path: Path):
    host = tmp_path / "host"
    make_courses(host / "base")
    update(host, {"vneid": OLD})
    seen = []
    for step in range(1, MOST_STEPS):
        folder = tmp_path / f"host{step}"
        shutil.copytree(host, folder, symlinks=True)
        process = multiprocessing.get_context("fork").Process(target=update_until, args=(step, folder))
        process.start()
        process.join()
        assert process.exitcode in (0, -signal.SIGKILL)
        assert served_digests(folder) in (OLD, NEW)
        seen.append(served_digests(folder) == NEW)
        assert update(folder, {"vneid": NEW}) == folder / "published" / "courses"
        assert served_digests(folder) == NEW
        assert len(list((folder / "published" / "versions").iterdir())) == 1
        shutil.rmtree(folder)
        if process.exitcode == 0:
            break
    assert process.exitcode == 0
    assert seen == sorted(seen)
    assert seen.count(False) > 5


def test_a_version_that_a_power_cut_left_half_is_written_again(tmp_path: Path):
    make_courses(tmp_path / "base")
    courses = update(tmp_path, {"vneid": NEW})
    (courses / "vneid" / "course.md").write_bytes(b"")
    update(tmp_path, {"vneid": NEW})
    assert served_digests(tmp_path) == NEW


def test_without_a_published_file_the_base_is_read_again(tmp_path: Path):
    make_courses(tmp_path / "base")
    courses = update(tmp_path, {"vneid": NEW})
    assert (courses / "vssid").resolve() == (tmp_path / "base" / "vssid").resolve()
    assert update(tmp_path, {}) == tmp_path / "base"
    assert not courses.exists()
