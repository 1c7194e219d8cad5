"""A pull that is killed at any moment leaves the old courses or the new ones, and the next one works."""

from __future__ import annotations

import multiprocessing
import shutil
import signal
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lms.course_delivery import versions
from lms.course_delivery.pulling import pull
from lms.course_delivery.sources import Source
from lms.course_delivery.versions import CourseVersionStore, file_digests
from tests.content.course_folders import TODAY, make_courses
from tests.course_delivery.conftest import zip_of
from tests.course_delivery.killed_process import MOST_STEPS, kill_at_step

NOW = datetime(2026, 11, 25, 5, tzinfo=UTC)


def pull_until(number: int, courses: Path, archive: Path, *, force: bool) -> None:
    kill_at_step(number)
    pull(CourseVersionStore(courses), Source(str(archive)), force=force, now=NOW, today=TODAY)


def run_killed(number: int, courses: Path, archive: Path, *, force: bool = False) -> bool:
    """Whether the process was killed; else it has come to its end."""
    how = {"number": number, "courses": courses, "archive": archive, "force": force}
    process = multiprocessing.get_context("fork").Process(target=pull_until, kwargs=how)
    process.start()
    process.join()
    assert process.exitcode in (0, -signal.SIGKILL)
    return process.exitcode != 0


@pytest.fixture
def sources(tmp_path: Path) -> dict[str, Path]:
    made = {}
    for name in ("cu", "moi"):
        folder = make_courses(tmp_path / name, "vneid", title=name)
        shutil.rmtree(folder / "vneid" / "01-mot" / "images")
        made[name] = zip_of(folder, tmp_path / f"{name}.zip")
    return made


def title(courses: Path) -> str:
    """The title, if everything is there as the source has it."""
    text = (courses / "vneid" / "01-mot" / "hieu.md").read_text("utf-8")
    name = text.partition("tên: ")[2].partition("\n")[0]
    assert file_digests(courses) == file_digests(courses.parents[1] / name)
    return name


@pytest.mark.slow
def test_a_pull_that_is_killed_at_any_step_leaves_the_old_or_the_new_courses(tmp_path: Path, sources: dict[str, Path]):
    host = tmp_path / "host"
    host.mkdir()
    for name in ("moi", "cu", "moi", "cu"):  # so that an old version has to be deleted, too
        pull(CourseVersionStore(host / "courses"), Source(str(sources[name])), force=False, now=NOW, today=TODAY)
    seen = []
    for step in range(1, MOST_STEPS):
        courses = tmp_path / f"host{step}" / "courses"
        shutil.copytree(host, courses.parent, symlinks=True)
        was_killed = run_killed(step, courses, sources["moi"])
        seen.append(title(courses))
        run_killed(MOST_STEPS, courses, sources["moi"])
        assert title(courses) == "moi"
        assert not list((courses.parent / "courses.versions").glob(".draft-*"))
        shutil.rmtree(courses.parent)
        if not was_killed:
            break
    assert not was_killed
    assert seen.count("cu") > 10  # kills before the change, and after it
    assert seen.count("moi") > 5
    assert seen == sorted(seen)


def replace_folder(tmp_path: Path, sources: dict[str, Path], after_kill: Callable[[Path], None]) -> int:
    """Pull in place of a folder, killed at each step.

    Returns at how many steps the folder was not there until ``after_kill``.
    """
    gaps = 0
    for step in range(1, MOST_STEPS):
        courses = tmp_path / f"host{step}" / "courses"
        courses.parent.mkdir()
        shutil.copytree(tmp_path / "cu", courses)
        was_killed = run_killed(step, courses, sources["moi"], force=True)
        gaps += not courses.exists()
        after_kill(courses)
        assert title(courses) in ("cu", "moi")
        if title(courses) == "moi":  # what was there is kept
            with CourseVersionStore(courses).locked():
                kept = courses.parent / "courses.versions" / "before-pull"
            assert file_digests(kept) == file_digests(tmp_path / "cu")
        if not was_killed:
            assert title(courses) == "moi"
            return gaps
        shutil.rmtree(courses.parent)
    raise AssertionError("it never came to its end")


@pytest.mark.slow
def test_neither_is_there_a_moment_without_courses_when_a_folder_becomes_a_link(
    tmp_path: Path, sources: dict[str, Path]
):
    assert replace_folder(tmp_path, sources, after_kill=lambda _: None) == 0


@pytest.mark.slow
def test_where_two_names_cannot_be_exchanged_the_next_start_finishes(
    tmp_path: Path, sources: dict[str, Path], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(versions, "try_swap_paths", lambda *_: False)
    gaps = replace_folder(
        tmp_path, sources, after_kill=lambda courses: CourseVersionStore(courses).finish_interrupted()
    )
    assert gaps == 1
