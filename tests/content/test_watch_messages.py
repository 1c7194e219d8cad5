"""``lms serve --watch``: the messages after a file is saved. The server itself: tests/live/test_serving.py."""

from __future__ import annotations

import re
import shutil
from datetime import date

import pytest

from lms.cli.watching import reload_changed
from lms.content.catalog import Catalog
from tests.content.finished_files import course_text, practice_text, understand_text, use_text

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
    """Write files of the courses, or delete those whose text is None; returns the messages."""
    catalog = Catalog(courses, lambda: TODAY)

    def save(files: dict[str, str | None]) -> list[str]:
        for name, text in files.items():
            path = courses / name
            path.unlink() if text is None else path.write_text(text, "utf-8")
        messages = list(reload_changed(catalog, courses, [courses / name for name in files], SITE))
        assert not any(str(courses.parent) in line for line in messages)
        return messages

    return save


LAM = "vneid/01-mot/lam.md"
GOOD = practice_text("Bài")
BROKEN = GOOD.replace("[nút]", "[nútt]", 1)


def test_a_saved_file_is_published_and_its_url_is_printed(save):
    assert save({LAM: GOOD + "\nThêm.\n"}) == [
        "Đang đọc lại vneid…",
        "Đã lên: khóa vneid.",
        f"Xem trang vừa sửa: {SITE}/vneid/mot/lam",
    ]


def test_an_error_keeps_the_previous_version_and_says_what_to_do(save):
    messages = save({LAM: BROKEN})
    assert messages[1] == "Chưa lên: khóa vneid còn 1 lỗi, trang vẫn là bản trước."
    assert messages[2].startswith("courses/vneid/01-mot/lam.md:")
    assert "lỗi unknown-role: Máy không biết từ “nútt”; có phải bác muốn viết “nút”?" in messages[2]
    assert messages[3:] == [
        f"Vì sao, và ví dụ: {SITE}/soan/quy-tac/unknown-role",
        f"Xem trang vừa sửa: {SITE}/vneid/mot/lam",
    ]
    assert save({"vssid/01-mot/lam.md": GOOD + "\nThêm.\n"})[1] == "Đã lên: khóa vssid."
    assert save({LAM: GOOD})[1:] == ["Hết lỗi, đã lên: khóa vneid.", f"Xem trang vừa sửa: {SITE}/vneid/mot/lam"]


def test_a_course_without_a_good_version_says_so(save, courses):
    (courses / "moi").mkdir()
    assert save({"moi/course.md": "---\n"})[1].startswith("Chưa lên: khóa moi còn ")
    assert save({"moi/course.md": "---\n"})[1].endswith("lỗi, và chưa có bản nào trước đó.")


def test_warnings_are_listed_for_the_saved_file_and_counted_for_others(save):
    dung = use_text("Bài") + "\n\tMột.\n"
    [warning] = [line for line in save({"vneid/01-mot/dung.md": dung}) if "cảnh báo tab" in line]
    assert warning.startswith("courses/vneid/01-mot/dung.md:")
    messages = save({LAM: GOOD + "\nThêm.\n"})
    assert not any("cảnh báo tab" in line for line in messages)
    assert "Khóa này còn 1 cảnh báo khác. Xem hết: lms check" in messages


def test_remaining_problems_are_counted_by_level(save):
    many = GOOD.replace("[nút]", "[nútt]") + "".join(f"\n## Màn {number}\n\n\tMột.\n" for number in range(40))
    [counted] = [line for line in save({LAM: many}) if line.endswith("Xem hết: lms check")]
    assert re.fullmatch(r"Khóa này còn [0-9]+ lỗi, [0-9]+ cảnh báo khác\. .*", counted)
    only_errors = GOOD + "".join(f"\n## Màn {number}\n" for number in range(40))
    [counted] = [line for line in save({LAM: only_errors}) if line.endswith("Xem hết: lms check")]
    assert re.fullmatch(r"Khóa này còn [0-9]+ lỗi khác\. .*", counted)


def test_errors_caused_in_another_course_are_reported(save, courses):
    link = understand_text("Bài") + "\nXem [bài kia](../../vneid/01-mot/dung.md).\n"
    save({"vssid/01-mot/hieu.md": link})
    messages = save({"vneid/01-mot/dung.md": None})
    assert messages[0] == "Đang đọc lại vneid…"
    assert "Chưa lên: khóa vssid còn 1 lỗi, trang vẫn là bản trước." in messages
    assert any(line.startswith("courses/vssid/01-mot/hieu.md:") for line in messages)


@pytest.mark.parametrize("name", ["README.md", "vneid/01-mot/.lam.md.swp", "_cu/course.md", ".git/index"])
def test_files_outside_courses_are_ignored(save, courses, name):
    (courses / name).parent.mkdir(exist_ok=True)
    assert save({name: "x"}) == []


def test_a_course_may_be_deleted(courses):
    shutil.rmtree(courses / "vssid")
    messages = reload_changed(Catalog(courses, lambda: TODAY), courses, [courses / "vssid" / "course.md"], SITE)
    assert list(messages) == []  # deleted before it was ever read
    catalog = Catalog(courses, lambda: TODAY)
    shutil.rmtree(courses / "vneid")
    messages = list(reload_changed(catalog, courses, [courses / "vneid" / "course.md"], SITE))
    assert messages == ["Đang đọc lại vneid…", "Khóa vneid không còn trong thư mục courses."]


def test_a_folder_that_cannot_be_read_keeps_all_courses(courses):
    catalog = Catalog(courses, lambda: TODAY)
    shutil.rmtree(courses)
    [_, unreadable] = reload_changed(catalog, courses, [courses / "vssid" / "course.md"], SITE)
    assert len(catalog.library.courses) == 2
    assert unreadable.startswith("courses:1:1: lỗi unreadable: ")


def test_a_draft_is_announced_as_one(save):
    hieu = "vneid/01-mot/hieu.md"
    draft = understand_text("Bài").replace("phút:", "nháp: có\nphút:")
    assert save({hieu: draft}) == [
        "Đang đọc lại vneid…",
        "Bản nháp: khóa vneid. Chỉ bác thấy, ở trang này.",
        f"Xem trang vừa sửa: {SITE}/vneid/mot/hieu (bản nháp)",
    ]
    _, second, *_ = save({hieu: draft + "\n::: la-gi\n:::\n"})
    assert second == "Đã lên: khóa vneid, trừ bản nháp còn 1 lỗi."


def test_a_file_that_is_gone_gives_the_address_of_its_lesson(save):
    messages = save({LAM: None, "vneid/01-mot/dung.md": None})
    assert [line for line in messages if line.startswith("Xem trang")] == [f"Xem trang vừa sửa: {SITE}/vneid/mot"]
