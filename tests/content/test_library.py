"""The library and the catalog: reading folders, problems, and keeping the last good version."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from lms.content.catalog import Catalog
from lms.content.library import NothingToCheck, check_path, may_link_to_other_courses
from lms.content.links import find_picture
from tests.content.course_folders import PNG, TODAY, append, found, make_courses, make_lesson, read
from tests.content.finished_files import course_text, practice_text


@pytest.fixture
def courses(tmp_path: Path) -> Path:
    return make_courses(tmp_path / "courses")


def test_a_library_is_sorted_and_its_slugs_come_from_folders(courses):
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


def test_an_additional_practice_has_a_name(courses):
    (courses / "vneid" / "01-mot" / "lam-iphone.md").write_text(practice_text("Khác"), "utf-8")
    lesson = read(courses).library.lesson("vneid", "mot")
    assert lesson.practice.name == ""
    assert lesson.practice_named("iphone").title == "Khác"


def test_digests_change_only_with_the_content(courses):
    before = read(courses).library
    assert read(courses).library.digest == before.digest
    append(courses / "vneid" / "01-mot" / "hieu.md", "\nThêm.\n")
    after = read(courses).library
    assert after.digest != before.digest
    assert after.course("vneid").digest != before.course("vneid").digest
    assert after.course("vssid").digest == before.course("vssid").digest


def test_a_broken_course_keeps_its_last_good_version(courses):
    catalog = Catalog(courses, lambda: TODAY)
    good = catalog.library
    append(courses / "vneid" / "01-mot" / "hieu.md", "\n:::\n")
    append(courses / "vssid" / "01-mot" / "hieu.md", "\nMới.\n")
    reading = catalog.reload()
    assert catalog.library.course("vneid") is good.course("vneid")
    assert catalog.library.course("vssid").digest != good.course("vssid").digest
    assert [problem.rule for problem in catalog.problems] == ["block-stray"]
    assert reading.unavailable == ()
    shutil.rmtree(courses / "vssid")
    catalog.reload()
    assert [course.slug for course in catalog.library] == ["vneid"]


def test_the_catalog_rereads_only_changed_courses(courses):
    catalog = Catalog(courses, lambda: TODAY)
    before = catalog.library
    append(courses / "vneid" / "01-mot" / "hieu.md", "\nThêm.\n")
    append(courses / "vssid" / "01-mot" / "hieu.md", "\nNgoài cuộc.\n")
    catalog.reload({"vneid"})
    assert catalog.library.course("vneid").digest != before.course("vneid").digest
    assert catalog.library.course("vssid") is before.course("vssid")
    assert catalog.library.digest != before.digest
    catalog.reload()
    assert catalog.library.course("vssid") is not before.course("vssid")


def test_problems_of_an_unchanged_course_are_kept(courses):
    catalog = Catalog(courses, lambda: TODAY)
    append(courses / "vneid" / "01-mot" / "hieu.md", ":::\n")
    catalog.reload({"vneid"})
    append(courses / "vssid" / "01-mot" / "hieu.md", "\nThêm.\n")
    catalog.reload({"vssid"})
    [problem] = catalog.course_problems("vneid")
    assert (problem.path, problem.rule) == ("courses/vneid/01-mot/hieu.md", "block-stray")
    assert catalog.course_problems("vssid") == ()
    assert catalog.library.course("vneid")


def test_deleting_a_page_breaks_links_from_other_courses(courses):
    append(courses / "vssid" / "01-mot" / "hieu.md", "\nXem [bài kia](../../vneid/01-mot/dung.md).\n")
    catalog = Catalog(courses, lambda: TODAY)
    assert catalog.course_problems("vssid") == ()
    (courses / "vneid" / "01-mot" / "dung.md").unlink()
    catalog.reload({"vneid"})
    assert [problem.rule for problem in catalog.course_problems("vssid")] == ["link"]


def test_a_new_lesson_has_only_courses_read_again_that_may_link_to_it(courses):
    append(courses / "vssid" / "01-mot" / "hieu.md", "\nXem [bài kia](../../vneid/02-hai/hieu.md).\n")
    make_lesson(courses / "etax" / "01-mot", "Bài")
    (courses / "etax" / "course.md").write_text(course_text("eTax", TODAY), "utf-8")
    catalog = Catalog(courses, lambda: TODAY)
    before = catalog.library
    assert [problem.rule for problem in catalog.course_problems("vssid")] == ["link"]
    make_lesson(courses / "vneid" / "02-hai", "Bài hai")
    catalog.reload()
    assert catalog.course_problems("vssid") == ()
    assert [lesson.slug for lesson in catalog.library.course("vneid").lessons] == ["mot", "hai"]
    assert catalog.library.course("etax") is before.course("etax")


@pytest.mark.parametrize("way", ["../../vneid", "..%2F../vneid", "%2E%2e/../vneid", "&#46;./../vneid", "\\../../vneid"])
def test_every_spelling_of_a_way_out_is_seen(courses, way):
    assert not may_link_to_other_courses(courses / "vssid")
    append(courses / "vssid" / "01-mot" / "hieu.md", f"\nXem [bài kia]({way}/01-mot/dung.md).\n")
    assert may_link_to_other_courses(courses / "vssid")


def test_on_a_new_day_all_courses_are_read_again(courses):
    today = [TODAY]
    catalog = Catalog(courses, lambda: today[0])
    today[0] = TODAY.replace(year=2028)
    catalog.reload({"vneid"})
    assert [problem.rule for problem in catalog.course_problems("vssid")] == ["stale"]


def test_a_course_without_a_good_version_is_unavailable(courses):
    (courses / "vneid" / "course.md").unlink()
    reading = read(courses)
    assert reading.unavailable == ("vneid",)
    assert [course.slug for course in reading.library] == ["vssid"]


def test_a_missing_courses_folder_keeps_the_library_and_is_reported(courses):
    catalog = Catalog(courses, lambda: TODAY)
    courses.rename(courses.parent / "elsewhere")
    catalog.reload()
    assert len(catalog.library.courses) == 2
    assert [problem.rule for problem in catalog.problems] == ["unreadable"]


def test_an_error_in_a_translation_makes_the_course_unavailable(courses):
    lesson = courses / "vneid" / "01-mot"
    (lesson / "hieu.en.md").write_text("---\nname: One\nminutes: 5\n---\n\n## Why\n\nRead this.\n", "utf-8")
    assert {level for _, _, level, _ in found(courses)} == {"warning"}
    assert read(courses).library.lesson("vneid", "mot").name == "Bài"
    append(lesson / "hieu.en.md", ":::\n")
    assert found(courses) == [("hieu.en.md", 9, "error", "block-stray")]
    assert read(courses).unavailable == ("vneid",)


def name_former_lessons(lesson: Path, *former: str) -> Path:
    """Write ``chuyển từ`` into line 3 of the lesson's hieu.md, the names from line 4 on."""
    hieu = lesson / "hieu.md"
    named = "\n".join(["chuyển từ:", *(f"  - {each}" for each in former)])
    hieu.write_text(hieu.read_text("utf-8").replace("\nphút:", f"\n{named}\nphút:", 1), "utf-8")
    return hieu


def test_a_lesson_names_those_that_were_merged_into_it(courses):
    name_former_lessons(courses / "vneid" / "01-mot", "cap-lai", "etax/quen-mat-khau")
    library = read(courses).library
    lesson = library.lesson("vneid", "mot")
    assert lesson.former_keys == (("vneid", "cap-lai"), ("etax", "quen-mat-khau"))
    assert library.merged_into("vneid", "cap-lai") is library.merged_into("etax", "quen-mat-khau") is lesson
    assert library.merged_into("vssid", "cap-lai") is library.merged_into("vneid", "mot") is None
    assert library.lesson_or_merged_into("vneid", "cap-lai") is library.lesson_or_merged_into("vneid", "mot")


def test_a_former_lesson_must_be_gone(courses):
    make_lesson(courses / "vneid" / "02-hai")
    name_former_lessons(courses / "vneid" / "02-hai", "mot", "hai", "vssid/mot", "vneid/hai", "cu", "cu")
    [first, itself, other, again, twice] = check_path(courses, today=TODAY)
    assert [(p.line, p.column, p.level, p.rule) for p in (first, itself, other, again, twice)] == [
        (line, 5, "error", "moved-from") for line in (4, 5, 6, 7, 9)
    ]
    assert "01-mot" in first.message
    assert "01-mot" in other.message


def test_two_lessons_cannot_both_have_one_merged_into_them(courses):
    make_lesson(courses / "vneid" / "02-hai")
    name_former_lessons(courses / "vneid" / "01-mot", "cu")
    name_former_lessons(courses / "vneid" / "02-hai", "moi", "vneid/cu")
    assert found(courses) == [("hieu.md", 5, "error", "moved-twice")]
    assert read(courses).unavailable == ("vneid",)


def test_nor_can_lessons_of_two_courses_and_mending_one_mends_the_other(courses):
    name_former_lessons(courses / "vneid" / "01-mot", "cu")
    hieu = name_former_lessons(courses / "vssid" / "01-mot", "vneid/cu")
    [problem] = check_path(courses, today=TODAY)
    assert (problem.path, problem.line, problem.rule) == (str(hieu), 4, "moved-twice")
    catalog = Catalog(courses, lambda: TODAY)
    assert catalog.unavailable == ("vssid",)
    assert [p.rule for p in catalog.course_problems("vssid")] == ["moved-twice"]
    other = courses / "vneid" / "01-mot" / "hieu.md"
    other.write_text(other.read_text("utf-8").replace("chuyển từ:\n  - cu\n", ""), "utf-8")
    assert catalog.reload({"vneid"}).problems == ()
    assert catalog.library.merged_into("vneid", "cu").course == "vssid"


def test_a_picture_must_be_in_the_folder_with_exact_spelling(courses):
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


def test_a_draft_outside_a_course_needs_no_slug(tmp_path):
    assert found(make_lesson(tmp_path / "Bài nháp")) == []


def test_a_path_without_courses_cannot_be_checked(tmp_path):
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
