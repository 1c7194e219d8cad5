"""A link from what learners read to what they cannot open yet."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from lms.content.catalog import Catalog
from lms.content.library import check_path
from tests.content.natural_course import TODAY, write_course

DRAFT = "---\nnháp: có\n"


@pytest.fixture
def courses(tmp_path: Path) -> Path:
    """Two courses; the first one has two lessons."""
    lesson = write_course(tmp_path)
    shutil.copytree(lesson, lesson.parent / "02-hai")
    shutil.copytree(lesson.parent, tmp_path / "khoa-hai")
    return tmp_path


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def add_link(courses: Path, address: str) -> None:
    path = courses / "goi-video" / "01-goi-video" / "hieu.md"
    replace(path, "Không gọi lại số lạ.", f"Không gọi lại số lạ.\nXem [bài kia]({address}).")


def found(courses: Path) -> list[tuple[str, str]]:
    return [(problem.rule, problem.level) for problem in check_path(courses, today=TODAY)]


LINKS = ["../02-hai/hieu.md", "../02-hai", "/goi-video/hai", "/goi-video/hai/lam", "../02-hai/dung.md#viec"]
OTHER_COURSE = ["../../khoa-hai/01-goi-video/hieu.md", "../../khoa-hai/course.md", "/khoa-hai", "/khoa-hai/hai/hieu"]


@pytest.mark.parametrize("address", LINKS)
def test_a_link_to_a_draft_is_told_at_its_place(courses, address):
    add_link(courses, address)
    assert found(courses) == []
    replace(courses / "goi-video" / "02-hai" / "hieu.md", "---\n", DRAFT)
    [problem] = check_path(courses / "goi-video" / "01-goi-video", today=TODAY)
    assert (problem.rule, problem.level) == ("link-to-draft", "warning")
    line = Path(problem.path).read_text("utf-8").split("\n")[problem.line - 1]
    assert line.startswith("Xem [bài kia]")
    assert line[problem.column - 1 :].startswith("[bài kia]")


@pytest.mark.slow
@pytest.mark.parametrize("address", OTHER_COURSE)
def test_a_link_to_a_draft_course_is_told(courses, address):
    add_link(courses, address)
    assert found(courses) == []
    replace(courses / "khoa-hai" / "course.md", "---\n", DRAFT)
    assert found(courses) == [("link-to-draft", "warning")]


@pytest.mark.parametrize("mark", ["01-goi-video/hieu.md", "course.md"])
def test_a_draft_may_link_to_a_draft(courses, mark):
    add_link(courses, "../02-hai/hieu.md")
    replace(courses / "goi-video" / "02-hai" / "hieu.md", "---\n", DRAFT)
    replace(courses / "goi-video" / mark, "---\n", DRAFT)
    assert found(courses) == []
    assert check_path(courses / "goi-video" / "01-goi-video" / "hieu.md", today=TODAY) == []


@pytest.mark.slow
def test_the_warning_ends_when_the_other_course_is_published(courses):
    add_link(courses, "/khoa-hai")
    replace(courses / "khoa-hai" / "course.md", "---\n", DRAFT)
    catalog = Catalog(courses, lambda: TODAY)
    assert [problem.rule for problem in catalog.problems] == ["link-to-draft"]
    replace(courses / "khoa-hai" / "course.md", DRAFT, "---\n")
    assert catalog.reload({"khoa-hai"}).problems == ()


def test_a_link_is_about_the_lesson_of_exactly_its_name(courses):
    add_link(courses, "/khoa-hai/video")
    replace(courses / "khoa-hai" / "01-goi-video" / "hieu.md", "---\n", DRAFT)
    assert found(courses) == []


@pytest.mark.parametrize("address", ["/khoa-hai/a**b", f"/{'a' * 300}/b"])
def test_an_address_that_no_folder_could_have_is_of_no_draft(courses, address):
    add_link(courses, address)
    assert found(courses) == []


@pytest.mark.parametrize("address", [f"../{'a' * 300}", f"www.{'a' * 300}"])
def test_a_link_to_a_name_longer_than_the_disk_allows_is_an_error(courses, address):
    add_link(courses, address)
    assert found(courses) == [("link", "error")]
