"""``lms serve --watch``: what whoever saves a file is told. That a server says it: tests/live/test_serving.py."""

from __future__ import annotations

import re
import shutil
from datetime import date

import pytest

from lms.cli.watching import take_up
from lms.content.catalog import Shelf
from lms.content.templates import course_text, practice_text, understand_text, use_text

TODAY = date(2026, 11, 25)
SITE = "http://127.0.0.1:8000"


@pytest.fixture
def courses(tmp_path):
    for slug in ("vneid", "vssid"):
        lesson = tmp_path / "courses" / slug / "01-mot"
        lesson.mkdir(parents=True)
        (lesson / "hieu.md").write_text(understand_text("Bài"), "utf-8")
        (lesson / "lam.md").write_text(practice_text("Bài"), "utf-8")
        (lesson / "dung.md").write_text(use_text("Bài"), "utf-8")
        (lesson.parent / "course.md").write_text(course_text(slug, TODAY), "utf-8")
    return tmp_path / "courses"


@pytest.fixture
def save(courses):
    """Change files of the courses, as text or to nothing, and hear what is said."""
    shelf = Shelf(courses, lambda: TODAY)

    def save(files: dict[str, str | None]) -> list[str]:
        for name, text in files.items():
            path = courses / name
            path.unlink() if text is None else path.write_text(text, "utf-8")
        said = list(take_up(shelf, courses, [courses / name for name in files], SITE))
        assert not any(str(courses.parent) in line for line in said)
        return said

    return save


LAM = "vneid/01-mot/lam.md"
GOOD = practice_text("Bài")
BROKEN = GOOD.replace("[nút]", "[nútt]", 1)


def test_a_saved_file_is_on_the_air_with_its_address(save):
    assert save({LAM: GOOD + "\nThêm.\n"}) == [
        "Đang đọc lại vneid…",
        "Đã lên: khóa vneid.",
        f"Xem trang vừa sửa: {SITE}/vneid/mot/lam",
    ]


def test_an_error_says_that_the_page_is_still_the_one_before_and_what_to_do(save):
    said = save({LAM: BROKEN})
    assert said[1] == "Chưa lên: khóa vneid còn 1 lỗi, trang vẫn là bản trước."
    assert said[2].startswith("courses/vneid/01-mot/lam.md:")
    assert "lỗi unknown-role: Không có vai “nútt”; có phải bác muốn viết “nút”?" in said[2]
    assert said[3:] == [f"Xem trang vừa sửa: {SITE}/vneid/mot/lam"]
    assert save({"vssid/01-mot/lam.md": GOOD + "\nThêm.\n"})[1] == "Đã lên: khóa vssid."
    assert save({LAM: GOOD})[1:] == ["Hết lỗi, đã lên: khóa vneid.", f"Xem trang vừa sửa: {SITE}/vneid/mot/lam"]


def test_a_course_that_was_never_good_says_so(save, courses):
    (courses / "moi").mkdir()
    assert save({"moi/course.md": "---\n"})[1].startswith("Chưa lên: khóa moi còn ")
    assert save({"moi/course.md": "---\n"})[1].endswith("lỗi, và chưa có bản nào trước đó.")


def test_warnings_are_told_of_the_file_that_was_saved_and_counted_elsewhere(save):
    dung = use_text("Bài") + "\n\tMột.\n"
    [warning] = [line for line in save({"vneid/01-mot/dung.md": dung}) if "cảnh báo tab" in line]
    assert warning.startswith("courses/vneid/01-mot/dung.md:")
    said = save({LAM: GOOD + "\nThêm.\n"})
    assert not any("cảnh báo tab" in line for line in said)
    assert "Khóa này còn 1 cảnh báo khác. Xem hết: lms check" in said


def test_what_is_left_is_counted_by_its_right_name(save):
    many = GOOD.replace("[nút]", "[nútt]") + "".join(f"\n## Màn {number}\n\n\tMột.\n" for number in range(40))
    [counted] = [line for line in save({LAM: many}) if line.endswith("Xem hết: lms check")]
    assert re.fullmatch(r"Khóa này còn [0-9]+ lỗi, [0-9]+ cảnh báo khác\. .*", counted)
    only_errors = GOOD + "".join(f"\n## Màn {number}\n" for number in range(40))
    [counted] = [line for line in save({LAM: only_errors}) if line.endswith("Xem hết: lms check")]
    assert re.fullmatch(r"Khóa này còn [0-9]+ lỗi khác\. .*", counted)


def test_what_breaks_in_another_course_is_told_too(save, courses):
    link = understand_text("Bài") + "\nXem [bài kia](../../vneid/01-mot/dung.md).\n"
    save({"vssid/01-mot/hieu.md": link})
    said = save({"vneid/01-mot/dung.md": None})
    assert said[0] == "Đang đọc lại vneid…"
    assert "Chưa lên: khóa vssid còn 1 lỗi, trang vẫn là bản trước." in said
    assert any(line.startswith("courses/vssid/01-mot/hieu.md:") for line in said)


@pytest.mark.parametrize("name", ["README.md", "vneid/01-mot/.lam.md.swp", "_cu/course.md", ".git/index"])
def test_what_is_no_part_of_a_course_is_passed_over_in_silence(save, courses, name):
    (courses / name).parent.mkdir(exist_ok=True)
    assert save({name: "x"}) == []


def test_a_course_may_go(courses):
    shutil.rmtree(courses / "vssid")
    told = take_up(Shelf(courses, lambda: TODAY), courses, [courses / "vssid" / "course.md"], SITE)
    assert list(told) == []  # it was gone before anybody read it
    shelf = Shelf(courses, lambda: TODAY)
    shutil.rmtree(courses / "vneid")
    said = list(take_up(shelf, courses, [courses / "vneid" / "course.md"], SITE))
    assert said == ["Đang đọc lại vneid…", "Khóa vneid không còn trong thư mục courses."]


def test_a_folder_that_cannot_be_read_keeps_all_courses(courses):
    shelf = Shelf(courses, lambda: TODAY)
    shutil.rmtree(courses)
    [_, unreadable] = take_up(shelf, courses, [courses / "vssid" / "course.md"], SITE)
    assert len(shelf.library.courses) == 2
    assert unreadable.startswith("courses:1:1: lỗi unreadable: ")
