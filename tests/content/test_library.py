"""Folders: what becomes a course, what is reported, and what stays on the air when something breaks."""

from __future__ import annotations

import os
import shutil
from datetime import date
from pathlib import Path

import pytest

from lms.content.catalog import Shelf
from lms.content.library import NothingToCheck, check_path, read_library
from lms.content.links import find_picture
from lms.content.templates import course_text, practice_text, understand_text, use_text

TODAY = date(2026, 11, 25)
PNG = b"\x89PNG\r\n\x1a\n"


def make_lesson(folder: Path, title: str = "Bài") -> Path:
    (folder / "images").mkdir(parents=True)
    (folder / "images" / "a.png").write_bytes(PNG)
    (folder / "hieu.md").write_text(understand_text(title), "utf-8")
    (folder / "lam.md").write_text(practice_text(title), "utf-8")
    (folder / "dung.md").write_text(use_text(title), "utf-8")
    return folder


@pytest.fixture
def courses(tmp_path):
    for slug in ("vneid", "vssid"):
        make_lesson(tmp_path / "courses" / slug / "01-mot")
        (tmp_path / "courses" / slug / "course.md").write_text(course_text(slug.upper(), TODAY), "utf-8")
    return tmp_path / "courses"


def found(path: Path) -> list[tuple[str, int, str, str]]:
    return [(Path(p.path).name, p.line, p.level, p.rule) for p in check_path(path, today=TODAY)]


def read(courses: Path, previous=None):
    return read_library(courses, today=TODAY, previous=previous)


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text("utf-8") + text, "utf-8")


def test_a_library_is_in_order_and_its_addresses_follow_the_folders(courses):
    make_lesson(courses / "vneid" / "10-muoi")
    make_lesson(courses / "vneid" / "02-hai")
    (courses / "vssid" / "course.md").write_text(
        course_text("X", TODAY).replace("nguồn:", "thứ tự: 1\nnguồn:"), "utf-8"
    )
    library = read(courses).library
    assert [course.slug for course in library] == ["vssid", "vneid"]
    assert [lesson.slug for lesson in library.course("vneid").lessons] == ["mot", "hai", "muoi"]
    lesson = library.lesson("vneid", "hai")
    assert lesson.stages == ("hieu", "lam", "dung")
    assert lesson.course == "vneid"
    assert Path(lesson.folder) == courses / "vneid" / "02-hai"


def test_a_further_practice_has_its_own_name(courses):
    (courses / "vneid" / "01-mot" / "lam-iphone.md").write_text(practice_text("Khác"), "utf-8")
    lesson = read(courses).library.lesson("vneid", "mot")
    assert lesson.practice.name == ""
    assert lesson.practice_named("iphone").title == "Khác"


def test_digests_change_with_what_is_read_and_with_nothing_else(courses):
    before = read(courses).library
    assert read(courses).library.digest == before.digest
    append(courses / "vneid" / "01-mot" / "hieu.md", "\nThêm.\n")
    after = read(courses).library
    assert after.digest != before.digest
    assert after.course("vneid").digest != before.course("vneid").digest
    assert after.course("vssid").digest == before.course("vssid").digest


def test_a_broken_course_keeps_its_last_good_version(courses):
    shelf = Shelf(courses, lambda: TODAY)
    good = shelf.library
    append(courses / "vneid" / "01-mot" / "hieu.md", "\n:::\n")
    append(courses / "vssid" / "01-mot" / "hieu.md", "\nMới.\n")
    reading = shelf.reload()
    assert shelf.library.course("vneid") is good.course("vneid")
    assert shelf.library.course("vssid").digest != good.course("vssid").digest
    assert [problem.rule for problem in shelf.problems] == ["block-stray"]
    assert reading.left_out == ()
    shutil.rmtree(courses / "vssid")
    shelf.reload()
    assert [course.slug for course in shelf.library] == ["vneid"]


def test_a_shelf_reads_only_the_course_that_changed(courses):
    shelf = Shelf(courses, lambda: TODAY)
    before = shelf.library
    append(courses / "vneid" / "01-mot" / "hieu.md", "\nThêm.\n")
    append(courses / "vssid" / "01-mot" / "hieu.md", "\nNgoài cuộc.\n")
    shelf.reload({"vneid"})
    assert shelf.library.course("vneid").digest != before.course("vneid").digest
    assert shelf.library.course("vssid") is before.course("vssid")
    assert shelf.library.digest != before.digest
    shelf.reload()
    assert shelf.library.course("vssid") is not before.course("vssid")


def test_a_course_that_broke_before_is_still_told_when_another_one_changes(courses):
    shelf = Shelf(courses, lambda: TODAY)
    append(courses / "vneid" / "01-mot" / "hieu.md", ":::\n")
    shelf.reload({"vneid"})
    append(courses / "vssid" / "01-mot" / "hieu.md", "\nThêm.\n")
    shelf.reload({"vssid"})
    [problem] = shelf.problems_of("vneid")
    assert (problem.path, problem.rule) == ("courses/vneid/01-mot/hieu.md", "block-stray")
    assert shelf.problems_of("vssid") == ()
    assert shelf.library.course("vneid")


def test_a_page_that_went_is_missed_by_the_courses_that_link_to_it(courses):
    append(courses / "vssid" / "01-mot" / "hieu.md", "\nXem [bài kia](../../vneid/01-mot/dung.md).\n")
    shelf = Shelf(courses, lambda: TODAY)
    assert shelf.problems_of("vssid") == ()
    (courses / "vneid" / "01-mot" / "dung.md").unlink()
    shelf.reload({"vneid"})
    assert [problem.rule for problem in shelf.problems_of("vssid")] == ["link"]


def test_a_new_day_is_new_for_all_courses(courses):
    today = [TODAY]
    shelf = Shelf(courses, lambda: today[0])
    today[0] = TODAY.replace(year=2028)
    shelf.reload({"vneid"})
    assert [problem.rule for problem in shelf.problems_of("vssid")] == ["stale"]


def test_a_course_that_was_never_good_is_left_out(courses):
    (courses / "vneid" / "course.md").unlink()
    reading = read(courses)
    assert reading.left_out == ("vneid",)
    assert [course.slug for course in reading.library] == ["vssid"]


def test_a_folder_that_is_gone_keeps_everything_and_says_so(courses):
    shelf = Shelf(courses, lambda: TODAY)
    courses.rename(courses.parent / "elsewhere")
    shelf.reload()
    assert len(shelf.library.courses) == 2
    assert [problem.rule for problem in shelf.problems] == ["unreadable"]


def test_an_error_in_a_translation_keeps_the_course_off_the_air(courses):
    lesson = courses / "vneid" / "01-mot"
    (lesson / "hieu.en.md").write_text("---\nname: One\nminutes: 5\n---\n\n## Why\n\nRead this.\n", "utf-8")
    assert found(courses) == []
    assert read(courses).library.lesson("vneid", "mot").name == "Bài"
    append(lesson / "hieu.en.md", ":::\n")
    assert found(courses) == [("hieu.en.md", 9, "error", "block-stray")]
    assert read(courses).left_out == ("vneid",)


def test_missing_stages_are_warnings_and_a_missing_hieu_is_an_error(courses):
    lesson = courses / "vneid" / "01-mot"
    for name in ("lam.md", "dung.md"):
        (lesson / name).unlink()
    assert found(lesson) == [("lam.md", 1, "warning", "missing-file"), ("dung.md", 1, "warning", "missing-file")]
    assert read(courses).library.lesson("vneid", "mot").stages == ("hieu",)
    (lesson / "hieu.md").unlink()
    assert ("hieu.md", 1, "error", "missing-file") in found(lesson)


@pytest.mark.parametrize(
    ("made", "name", "rule"),
    [
        ("01-mot/Hieu.md", "Hieu.md", "unknown-file"),
        ("01-mot/lam_hai.md", "lam_hai.md", "unknown-file"),
        ("01-mot/lam-Hai.md", "lam-Hai.md", "unknown-file"),
        ("gioi-thieu.md", "gioi-thieu.md", "unknown-file"),
        ("01-mot/lam-hai.en.md", "lam-hai.en.md", "missing-file"),
        ("hai/hieu.md", "hieu.md", "lesson-folder"),
        ("2-Hai/hieu.md", "hieu.md", "lesson-folder"),
        ("02-hải/hieu.md", "hieu.md", "lesson-folder"),
        ("02-mot/hieu.md", "hieu.md", "lesson-twice"),
        ("01-hai/hieu.md", "hieu.md", "lesson-number"),
    ],
)
def test_names_that_nobody_reads_are_reported(courses, made, name, rule):
    path = courses / "vneid" / made
    path.parent.mkdir(exist_ok=True)
    path.write_text(understand_text("Hai"), "utf-8")
    assert (name, 1, "error", rule) in found(courses / "vneid")


@pytest.mark.parametrize(("slug", "rule"), [("toi", "reserved-address"), ("Sổ khỏe", "course-folder")])
def test_a_course_needs_an_address_of_its_own(courses, slug, rule):
    (courses / "vneid").rename(courses / slug)
    assert found(courses) == [("course.md", 1, "error", rule)]


def test_a_course_without_lessons_and_one_without_a_page(courses):
    shutil.rmtree(courses / "vneid" / "01-mot")
    (courses / "vssid" / "course.md").unlink()
    assert found(courses) == [("course.md", 1, "error", "no-lessons"), ("course.md", 1, "error", "missing-file")]


def test_what_is_hidden_or_for_readers_is_passed_over(courses):
    for name in (".git", "_nhap"):
        (courses / "vneid" / name).mkdir()
    (courses / "vneid" / "README.md").write_text("x", "utf-8")
    (courses / "vneid" / "01-mot" / "ghi-chu.txt").write_text("x", "utf-8")
    assert found(courses) == []


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", ("hieu.md", 1, "error", "front-matter-missing")),
        ("---\ntên: a\nphút: 5\n---\nDòng \xe1.\n".encode("latin-1", "replace"), ("hieu.md", 2, "error", "not-utf-8")),
        ("tên: Bài".encode("utf-16"), ("hieu.md", 1, "error", "not-utf-8")),
        (b"\x00" * 50, ("hieu.md", 1, "error", "control-character")),
        (b"a" * 600_000, ("hieu.md", 1, "error", "too-large")),
        (b"---\n" + b"\n" * 15_000, ("hieu.md", 10001, "error", "too-large")),
    ],
)
def test_bytes_that_are_no_lesson_are_a_problem_and_no_traceback(courses, data, problem):
    path = courses / "vneid" / "01-mot" / "hieu.md"
    path.write_bytes(data)
    assert problem in found(path)
    assert found(courses)


def test_a_file_in_an_old_code_page_is_one_problem(courses):
    path = courses / "vneid" / "01-mot" / "hieu.md"
    path.write_bytes("---\ntên: Bài\nphút: 5\n---\n\n## Một\n\nĐã rõ.\n".encode("cp1258", "replace"))
    assert found(path) == [("hieu.md", 2, "error", "not-utf-8")]
    assert found(courses) == [("hieu.md", 2, "error", "not-utf-8")]


def test_a_damaged_letter_hides_only_its_own_line(courses):
    path = courses / "vneid" / "01-mot" / "hieu.md"
    path.write_bytes(understand_text("Bài").encode().replace("phút".encode(), b"ph\xfat") + b"\n:::\n")
    damaged, stray = found(path)
    assert damaged[1:] == (3, "error", "not-utf-8")
    assert stray[2:] == ("error", "block-stray")


def test_a_folder_in_the_place_of_a_file(courses):
    path = courses / "vneid" / "01-mot" / "dung.md"
    path.unlink()
    path.mkdir()
    assert found(courses) == [("dung.md", 1, "error", "not-a-file")]


def test_a_pipe_in_the_place_of_a_file_is_not_waited_for(courses):
    os.mkfifo(courses / "vneid" / "01-mot" / "lam-hai.md")
    assert found(courses) == [("lam-hai.md", 1, "error", "not-a-file")]


def test_links_out_of_the_course_are_not_followed(courses, tmp_path):
    outside = make_lesson(tmp_path / "02-ngoai")
    lesson = courses / "vneid" / "01-mot"
    (courses / "vneid" / "02-ngoai").symlink_to(outside)
    (lesson / "dung.md").unlink()
    (lesson / "dung.md").symlink_to(outside / "dung.md")
    (lesson / "lam-vong.md").symlink_to(lesson / "lam-vong.md")
    assert {rule for _, _, _, rule in found(courses)} == {"outside-folder", "unreadable"}


def test_a_picture_is_in_the_folder_spelt_as_it_is(courses):
    lesson = courses / "vneid" / "01-mot"
    (courses.parent / "secret.png").write_bytes(PNG)
    (lesson / "images" / "ra.png").symlink_to(courses.parent / "secret.png")
    good, *bad = (
        "images/a.png",
        "images/A.png",
        "images/ra.png",
        "../../../secret.png",
        "/etc/a.png",
        "https://a.vn/a.png",
    )
    append(lesson / "hieu.md", f"\n![Hình]({good})\n")
    assert found(courses) == []
    assert 'src="/vneid/mot/images/a.png"' in str(read(courses).library.lesson("vneid", "mot").understand)
    for address in bad:
        append(lesson / "hieu.md", f"\n![Hình]({address})\n")
    assert [rule for _, _, _, rule in found(courses)] == ["picture"] * len(bad)


def test_the_pages_get_only_pictures_of_the_folder(courses):
    lesson = courses / "vneid" / "01-mot"
    assert find_picture(lesson, "a.png") == lesson / "images" / "a.png"
    for name in (
        "b.png",
        "../hieu.md",
        "hieu.md",
        "../../01-mot/images/a.png/../../../x.png",
        "",
        "a.png\0",
        "/etc/passwd",
    ):
        assert find_picture(lesson, name) is None


def test_a_link_between_lessons_becomes_the_page(courses):
    make_lesson(courses / "vneid" / "02-hai")
    append(
        courses / "vneid" / "01-mot" / "hieu.md",
        "\n[a](../02-hai/lam.md) [b](../02-hai) [c](../../vssid/course.md#d)\n",
    )
    html = str(read(courses).library.lesson("vneid", "mot").understand)
    for address in ("/vneid/hai/lam", "/vneid/hai", "/vssid#d"):
        assert f'href="{address}"' in html
    append(courses / "vneid" / "01-mot" / "hieu.md", "\n[a](../03-ba/hieu.md)\n")
    assert [rule for _, _, _, rule in found(courses)] == ["link"]


def test_a_path_may_be_anything_between_a_file_and_all_courses(courses, monkeypatch):
    path = courses / "vneid" / "01-mot" / "hieu.md"
    append(path, "\n:::\n")
    for checked in (courses, courses / "vneid", courses / "vneid" / "01-mot", path):
        assert [Path(problem.path) for problem in check_path(checked, today=TODAY)] == [path]
    monkeypatch.chdir(courses / "vneid" / "01-mot")
    assert [problem.path for problem in check_path(Path("."), today=TODAY)] == ["hieu.md"]
    assert [problem.path for problem in check_path(Path("../../vneid"), today=TODAY)] == ["../../vneid/01-mot/hieu.md"]


def test_a_draft_outside_a_course_needs_no_address_yet(tmp_path):
    assert found(make_lesson(tmp_path / "Bài nháp")) == []


def test_nothing_is_not_checked(tmp_path):
    for path in (tmp_path / "nowhere", tmp_path):
        with pytest.raises(NothingToCheck):
            check_path(path, today=TODAY)


def test_a_practice_ages_with_its_course(courses):
    lesson = courses / "vneid" / "01-mot"
    lam = (lesson / "lam.md").read_text("utf-8")
    (lesson / "lam.md").write_text(lam.replace("bắt đầu:", "kiểm tra ngày: 2026-11-01\nbắt đầu:"), "utf-8")
    assert found(courses) == []
    course = courses / "vneid" / "course.md"
    course.write_text(course.read_text("utf-8").replace("nguồn:", "kiểm lại sau: 20\nnguồn:"), "utf-8")
    for checked in (courses, lesson, lesson / "lam.md"):
        assert found(checked) == [("lam.md", 3, "warning", "stale")]


@pytest.mark.skipif(os.name == "nt", reason="file names there are always text")
def test_a_file_name_that_is_no_text_is_no_traceback(courses):
    folder = os.fsencode(courses / "vneid" / "01-mot")
    with open(folder + b"/b\xff.md", "wb") as file:
        file.write(b"x")
    assert [rule for _, _, _, rule in found(courses)] == ["unknown-file"]
