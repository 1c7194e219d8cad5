"""``lms serve`` reads the courses in processes of their own while it imports its libraries; so does ``lms check``."""

from __future__ import annotations

import multiprocessing
from datetime import date
from pathlib import Path

import pytest

from lms.content import course_reader, library, parallel_reading
from lms.content.catalog import Catalog
from lms.content.course_reader import CourseResult
from lms.content.library import check_path, read_library
from lms.content.parallel_reading import start_parallel_reading
from tests.real_courses import COURSES

TODAY = date(2026, 11, 28)


@pytest.fixture
def two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    if "fork" not in multiprocessing.get_all_start_methods():  # then there is nothing to read ahead
        pytest.fail("this machine has no fork")
    monkeypatch.setattr(parallel_reading, "_core_count", lambda: 2)


@pytest.mark.slow
@pytest.mark.usefixtures("two_cores")
def test_what_is_read_ahead_is_what_would_be_read(tmp_path: Path):
    folder = tmp_path / "courses"
    folder.mkdir()
    for slug in ("bat-dau", "thanh-toan"):
        (folder / slug).symlink_to(COURSES / slug)
    ahead = start_parallel_reading(folder, today=TODAY)
    assert ahead
    results = ahead.results()
    expected = read_library(folder, today=TODAY)
    assert results == expected.by_folder
    assert Catalog(folder, lambda: TODAY, already_read=results).library == expected.library


@pytest.mark.slow
@pytest.mark.usefixtures("two_cores")
def test_a_course_that_could_not_be_read_ahead_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def fail(folder: Path) -> None:
        raise OSError(folder)

    (tmp_path / "bat-dau").symlink_to(COURSES / "bat-dau")
    with monkeypatch.context() as broken:
        broken.setattr(course_reader, "course_files_digest", fail)
        ahead = start_parallel_reading(tmp_path, today=TODAY)
        assert ahead
        results = ahead.results()
    assert results == {}
    assert Catalog(tmp_path, lambda: TODAY, already_read=results).library.course("bat-dau")


@pytest.mark.usefixtures("two_cores")
def test_a_check_in_several_processes_finds_what_it_finds_in_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    texts = {"khoa-a": "# Khóa\n\n- (hoc) phần lạ", "khoa-b": "không có tiêu đề", "khoa-c": "# Khóa C"}
    for slug, text in texts.items():
        (tmp_path / slug).mkdir()
        (tmp_path / slug / "course.md").write_text(text, "utf-8")
    expected = check_path(tmp_path, today=TODAY)
    assert {Path(problem.path).parent.name for problem in expected} >= {"khoa-a", "khoa-b"}
    monkeypatch.setattr(library, "read_course_result", pytest.fail)  # nothing is left to read in this process
    assert check_path(tmp_path, today=TODAY, may_start_processes=True) == expected


@pytest.mark.usefixtures("two_cores")
def test_an_unreadable_folder_is_left_to_whoever_reports_it(tmp_path: Path):
    assert start_parallel_reading(tmp_path / "none", today=TODAY) is None


def test_one_core_reads_nothing_ahead(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(parallel_reading, "_core_count", lambda: 1)
    ahead = start_parallel_reading(COURSES, today=TODAY)
    assert ahead
    assert ahead.results() == {}


@pytest.mark.slow
@pytest.mark.usefixtures("two_cores")
def test_known_courses_are_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for slug in ("bat-dau", "thanh-toan"):
        (tmp_path / slug).symlink_to(COURSES / slug)
    known = {"bat-dau": CourseResult(None, ())}
    ahead = start_parallel_reading(tmp_path, today=TODAY, known=known)
    assert ahead
    results = ahead.results()
    assert results.keys() == {"bat-dau", "thanh-toan"}
    assert results["bat-dau"] is known["bat-dau"]
    monkeypatch.setattr(parallel_reading, "ProcessPoolExecutor", None)  # no process is started for nothing
    ahead = start_parallel_reading(tmp_path, today=TODAY, known=results)
    assert ahead
    assert ahead.results() == results
