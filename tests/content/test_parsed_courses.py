"""A start uses the courses as they were read at an earlier one, and only if it would read the same again."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from importlib import metadata
from pathlib import Path

import pytest

from lms.content import parsed_courses
from lms.content.course_reader import CourseResult
from lms.content.library import read_library
from lms.content.parsed_courses import LIBRARIES, ParsedCourses
from tests.content.finished_files import course_text, practice_text, understand_text, use_text
from tests.real_courses import COURSES, reading

TODAY = date(2026, 11, 25)
SECRET = "a secret key of a site, long enough"
RECHECK = timedelta(days=180)


@pytest.fixture
def courses(tmp_path: Path) -> Path:
    for slug in ("vneid", "vssid"):
        lesson = tmp_path / "courses" / slug / "01-mot"
        lesson.mkdir(parents=True)
        (lesson.parent / "course.md").write_text(course_text(slug.upper(), TODAY), "utf-8")
        (lesson / "hieu.md").write_text(understand_text("Bài"), "utf-8")
        (lesson / "lam.md").write_text(practice_text("Bài"), "utf-8")
        (lesson / "dung.md").write_text(use_text("Bài"), "utf-8")
    return tmp_path / "courses"


def opened(courses: Path, *, secret: str = SECRET) -> ParsedCourses:
    return ParsedCourses(courses.parent / "parsed-courses", secret, courses)


def read_and_keep(courses: Path, today: date = TODAY) -> dict[str, CourseResult]:
    """Read all courses and keep the results, which a first start does."""
    parsed = opened(courses)
    results = dict(read_library(courses, today=today).by_folder)
    parsed.keep(results, today)
    return results


def loaded(courses: Path, today: date = TODAY) -> dict[str, CourseResult]:
    return opened(courses).load(today)


@pytest.mark.slow
def test_what_is_loaded_is_what_was_read(tmp_path: Path):
    results = reading().by_folder
    ParsedCourses(tmp_path / "parsed-courses", SECRET, COURSES).keep(results, TODAY)
    assert ParsedCourses(tmp_path / "parsed-courses", SECRET, COURSES).load(TODAY) == results
    assert len(results) == len(list(COURSES.glob("*/course.md")))


def replace_byte(courses: Path) -> None:
    file = courses / "vneid" / "01-mot" / "hieu.md"
    before = file.stat()
    file.write_bytes(file.read_bytes().replace("Bài".encode(), "Bãi".encode(), 1))
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))  # as a copy with its dates


def change_line_endings(courses: Path) -> None:
    file = courses / "vneid" / "01-mot" / "hieu.md"
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))


CHANGES: dict[str, Callable[[Path], object]] = {
    "another byte, as long and as old as before": replace_byte,
    "other line endings": change_line_endings,
    "a file more": lambda courses: (courses / "vssid" / "01-mot" / "lam-thu.md").write_text(practice_text("Thử")),
    "a file more that no page shows": lambda courses: (courses / "vssid" / "_ghi-chu.txt").write_text("x"),
    "a file less": lambda courses: (courses / "vssid" / "01-mot" / "dung.md").unlink(),
    "a renamed lesson": lambda courses: (courses / "vssid" / "01-mot").rename(courses / "vssid" / "02-mot"),
    "a folder more": lambda courses: (courses / "vssid" / "02-hai").mkdir(),
    "a course more": lambda courses: shutil.copytree(courses / "vneid", courses / "etax"),
    "a course less": lambda courses: shutil.rmtree(courses / "vneid"),
    "a link in a course": lambda courses: (courses / "vneid" / "images").symlink_to(courses),
}


@pytest.mark.slow
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_after_a_change_of_the_courses_nothing_is_loaded(courses: Path, change: Callable[[Path], object]):
    results = read_and_keep(courses)
    assert loaded(courses) == results
    change(courses)
    assert loaded(courses) == {}


def test_courses_that_changed_while_they_were_read_are_not_taken_for_the_new_ones(courses: Path):
    parsed = opened(courses)
    results = read_library(courses, today=TODAY).by_folder
    replace_byte(courses)
    parsed.keep(results, TODAY)
    assert loaded(courses) == {}


def test_another_folder_with_the_same_courses_has_other_paths(courses: Path):
    read_and_keep(courses)
    shutil.copytree(courses, courses.parent / "khac" / "courses")
    shutil.copy(courses.parent / "parsed-courses", courses.parent / "khac")
    assert loaded(courses.parent / "khac" / "courses") == {}


def test_a_release_with_other_code_or_libraries_reads_again(courses: Path, monkeypatch: pytest.MonkeyPatch):
    code = courses.parent / "code"
    code.mkdir()
    (code / "reader.py").write_text("one = 1\n")
    monkeypatch.setattr(parsed_courses, "_CODE", code)
    read_and_keep(courses)
    assert len(loaded(courses)) == 2
    with monkeypatch.context() as newer:
        newer.setattr(metadata, "version", lambda _: "99.0")
        assert loaded(courses) == {}
    with monkeypatch.context() as newer:
        newer.setattr(sys, "version", "9.9")
        assert loaded(courses) == {}
    assert len(loaded(courses)) == 2
    (code / "reader.py").write_text("one = 2\n")
    assert loaded(courses) == {}


@pytest.mark.slow
def test_every_library_that_reads_a_course_counts():
    script = (
        "import sys; from datetime import date; from pathlib import Path\n"
        "from lms.content.course_reader import read_course_result\n"
        "read_course_result(Path(sys.argv[1]), today=date(2026, 11, 25))\n"
        "print(*{name.partition('.')[0] for name in sys.modules})"
    )
    command = [sys.executable, "-c", script, str(COURSES / "bat-dau")]
    modules = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    known = metadata.packages_distributions()
    used = {name.lower() for module in modules for name in known.get(module, ())}
    # Imported without taking part: by the interpreter's start, and for code in colours, which no course has.
    assert used - {"lms", "setuptools", "pygments"} <= set(LIBRARIES)
    assert {"bleach", "markdown", "nh3"} <= used


@pytest.mark.slow
def test_on_another_day_the_courses_are_the_same_until_one_is_due(courses: Path):
    results = read_and_keep(courses)
    assert loaded(courses, TODAY + RECHECK) == results
    assert loaded(courses, TODAY + RECHECK + timedelta(days=1)) == {}
    assert loaded(courses, TODAY - timedelta(days=1)) == {}  # a clock that was wrong
    due = TODAY + RECHECK + timedelta(days=1)
    assert {problem.rule for result in read_and_keep(courses, due).values() for problem in result.problems} == {"stale"}
    assert len(loaded(courses, due)) == 2
    assert loaded(courses, due + timedelta(days=1)) == {}  # the problem names the days


def test_a_practice_is_due_before_its_course(courses: Path):
    practice = courses / "vneid" / "01-mot" / "lam.md"
    checked = TODAY - timedelta(days=10)
    text = practice.read_text("utf-8")
    practice.write_text(text.replace("---\n", f"---\nkiểm tra ngày: {checked}\n", 1), "utf-8")
    read_and_keep(courses)
    assert len(loaded(courses, checked + RECHECK)) == 2
    assert loaded(courses, checked + RECHECK + timedelta(days=1)) == {}


def test_with_a_translation_which_has_a_date_of_its_own_only_today_is_certain(courses: Path):
    (courses / "vneid" / "course.en.md").write_text(course_text("VNeID", TODAY), "utf-8")
    read_and_keep(courses)
    assert len(loaded(courses)) == 2
    assert loaded(courses, TODAY + timedelta(days=1)) == {}


def test_a_course_with_errors_is_read_again_at_each_start(courses: Path):
    with (courses / "vneid" / "01-mot" / "hieu.md").open("a", encoding="utf-8") as file:
        file.write("\n::: hỏi\n")
    assert read_and_keep(courses)["vneid"].course is None
    assert list(loaded(courses)) == ["vssid"]


def test_the_file_of_another_site_is_not_read(courses: Path):
    read_and_keep(courses)
    assert opened(courses, secret="another secret key").load(TODAY) == {}


@pytest.mark.slow
def test_a_broken_file_counts_as_none(courses: Path):
    read_and_keep(courses)
    file = courses.parent / "parsed-courses"
    whole = file.read_bytes()
    for size in (0, 10, 32, 33, len(whole) // 2, len(whole) - 1):
        file.write_bytes(whole[:size])
        assert loaded(courses) == {}
    for place in (0, 40, len(whole) // 2, len(whole) - 1):
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert loaded(courses) == {}
    file.unlink()
    file.mkdir()
    assert loaded(courses) == {}


@pytest.mark.slow
def test_starts_at_the_same_time_leave_a_whole_file_and_nothing_else(courses: Path):
    results = read_and_keep(courses)
    (courses.parent / "parsed-courses.draft-0123abcd").write_bytes(b"of a start that was killed")

    def start(_: int) -> bool:
        read_and_keep(courses)
        return loaded(courses) == results

    with ThreadPoolExecutor(4) as workers:
        assert all(workers.map(start, range(12)))
    assert {path.name for path in courses.parent.iterdir()} == {"courses", "parsed-courses"}
    assert (courses.parent / "parsed-courses").stat().st_mode & 0o077 == 0


def test_what_was_loaded_is_not_written_again(courses: Path):
    read_and_keep(courses)
    file = courses.parent / "parsed-courses"
    before = file.stat().st_ino
    parsed = opened(courses)
    parsed.keep(read_library(courses, today=TODAY, unchanged=parsed.load(TODAY)).by_folder, TODAY)
    assert file.stat().st_ino == before


def test_a_disk_that_takes_nothing_stops_no_start(courses: Path, caplog: pytest.LogCaptureFixture):
    parsed = ParsedCourses(courses.parent / "none" / "parsed-courses", SECRET, courses)
    parsed.keep(read_library(courses, today=TODAY).by_folder, TODAY)
    assert "the parsed courses cannot be kept" in caplog.text
    assert parsed.load(TODAY) == {}


def test_without_a_courses_folder_nothing_is_kept(tmp_path: Path):
    parsed = opened(tmp_path / "courses")
    parsed.keep({}, TODAY)
    assert parsed.load(TODAY) == {}
    assert list(tmp_path.iterdir()) == []
