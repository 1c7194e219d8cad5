"""``thứ tự bài`` of course.md: lessons stand as it says, and a program writes it without touching the rest."""

from __future__ import annotations

from pathlib import Path

import pytest

from lms.content.course_reader import read_course
from lms.content.lesson_order import read_lesson_order, write_lesson_order
from tests.content.course_folders import TODAY, make_courses, make_lesson


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """Lessons 01-mot, 02-hai, 03-ba."""
    folder = make_courses(tmp_path / "courses") / "vneid"
    for name in ("02-hai", "03-ba"):
        make_lesson(folder / name)
    return folder


def order(course: Path, *slugs: str) -> None:
    page = course / "course.md"
    text = write_lesson_order(page.read_text("utf-8"), slugs)
    assert text is not None
    page.write_text(text, "utf-8")


def lessons(course: Path) -> list[tuple[int, str]]:
    read, problems = read_course(course, today=TODAY)
    assert read, problems
    return [(lesson.number, lesson.slug) for lesson in read.lessons]


def messages(course: Path) -> list[str]:
    return [problem.sentence for problem in read_course(course, today=TODAY)[1] if problem.rule == "lesson-order"]


def test_lessons_stand_and_are_numbered_as_the_course_says(course):
    assert lessons(course) == [(1, "mot"), (2, "hai"), (3, "ba")]
    order(course, "ba", "mot", "hai")
    assert lessons(course) == [(1, "ba"), (2, "mot"), (3, "hai")]


def test_lessons_that_it_does_not_name_come_last_by_the_numbers_of_their_folders(course):
    order(course, "ba")
    assert lessons(course) == [(1, "ba"), (2, "mot"), (3, "hai")]


def test_a_draft_has_its_place_for_its_author_alone(course):
    hieu = course / "03-ba" / "hieu.md"
    hieu.write_text(hieu.read_text("utf-8").replace("---\n", "---\nnháp: có\n", 1), "utf-8")
    order(course, "hai", "ba", "mot")
    assert lessons(course) == [(1, "hai"), (2, "mot")]
    read = read_course(course, today=TODAY)[0]
    assert read and [(each.number, each.slug) for each in read.with_drafts().lessons] == [
        (1, "hai"), (2, "ba"), (3, "mot"),
    ]  # fmt: skip


def test_the_order_is_a_part_of_the_version_of_the_course(course):
    before = read_course(course, today=TODAY)[0]
    order(course, "hai", "mot", "ba")
    after = read_course(course, today=TODAY)[0]
    assert before and after and before.digest != after.digest


def test_a_lesson_that_is_not_there_is_a_warning_with_the_name_that_was_meant(course):
    order(course, "02-hai", "bon", "mot")
    assert messages(course) == [
        "Viết “hai”: chỉ tên trong địa chỉ, không có số ở đầu.",
        "Khóa này không có bài “bon”; bác sửa tên, hoặc bỏ dòng này.",
    ]
    assert lessons(course)[0] == (1, "mot")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("---\ntên: A\n---\nChữ", "---\ntên: A\nthứ tự bài:\n  - b\n  - a\n---\nChữ"),
        ("---\nthứ tự bài:\n  - a\n  - b\ntên: A\n---\nChữ", "---\nthứ tự bài:\n  - b\n  - a\ntên: A\n---\nChữ"),
        ("---\ntên: A\nlesson order: a, b, c\n---\n", "---\ntên: A\nthứ tự bài:\n  - b\n  - a\n---\n"),
        (
            "\n---\n%% ghi chú\nthứ tự bài:\n  %% bài dễ trước\n  - a\n  - b\nnguồn:\n  - N\n---\n\n---\nChữ",
            "\n---\n%% ghi chú\nthứ tự bài:\n  - b\n  - a\n  %% bài dễ trước\nnguồn:\n  - N\n---\n\n---\nChữ",
        ),
    ],
)
def test_the_order_is_written_and_the_rest_stays(before, after):
    written = write_lesson_order(before, ["b", "a"])
    assert written == after
    assert read_lesson_order(after) == ("b", "a")


@pytest.mark.parametrize("text", ["", "Chữ", "---\ntên: A\n", "tên: A\n---\n"])
def test_a_text_without_front_matter_gets_no_order(text):
    assert write_lesson_order(text, ["a"]) is None
