"""The copies of the served courses follow them, and only whole ones are used."""

from __future__ import annotations

import shutil
from pathlib import Path

from lms.content.catalog import Catalog
from lms.course_delivery.last_good_courses import LastGoodCourses
from tests.content.course_folders import TODAY, make_courses


def test_the_copies_follow_the_served_courses(tmp_path: Path):
    courses = make_courses(tmp_path / "courses")
    copies = LastGoodCourses(tmp_path / "copies")
    catalog = Catalog(courses, lambda: TODAY)
    copies.keep(catalog.library, catalog.folder_names)
    hieu = courses / "vneid" / "01-mot" / "hieu.md"
    hieu.write_text(hieu.read_text("utf-8").replace("tên: Bài", "tên: Bài sau"), "utf-8")
    shutil.rmtree(courses / "vssid")
    catalog.reload()
    copies.keep(catalog.library, catalog.folder_names)
    assert copies.read("vssid", TODAY) is None
    assert copies.read("vneid", TODAY).files_digest == catalog.library.course("vneid").files_digest
    (courses / "vneid" / "course.md").unlink()
    restarted = Catalog(courses, lambda: TODAY, last_good=lambda slug: copies.read(slug, TODAY))
    assert restarted.held_back == ("vneid",)
    assert restarted.library.course("vneid").lessons[0].understand.name == "Bài sau"


def test_a_course_may_have_any_name(tmp_path: Path):
    catalog = Catalog(make_courses(tmp_path / "courses", "lock"), lambda: TODAY)
    copies = LastGoodCourses(tmp_path / "copies")
    copies.keep(catalog.library, catalog.folder_names)
    assert copies.read("lock", TODAY)


def test_an_unreadable_courses_folder_costs_no_copy(tmp_path: Path):
    courses = make_courses(tmp_path / "courses", "vneid")
    copies = LastGoodCourses(tmp_path / "copies")
    catalog = Catalog(courses, lambda: TODAY)
    copies.keep(catalog.library, catalog.folder_names)
    shutil.rmtree(courses)
    catalog.reload()
    copies.keep(catalog.library, catalog.folder_names)
    assert copies.read("vneid", TODAY)
