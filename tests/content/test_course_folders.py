"""Folders and files of courses: names, missing and damaged files, and what is ignored."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.content.course_folders import found, make_courses, make_lesson, read
from tests.content.finished_files import understand_text


@pytest.fixture
def courses(tmp_path: Path) -> Path:
    return make_courses(tmp_path / "courses")


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
def test_misnamed_files_and_folders_are_reported(courses, made, name, rule):
    path = courses / "vneid" / made
    path.parent.mkdir(exist_ok=True)
    path.write_text(understand_text("Hai"), "utf-8")
    assert (name, 1, "error", rule) in found(courses / "vneid")


@pytest.mark.parametrize(
    ("slug", "rule"), [("toi", "reserved-address"), ("on", "reserved-address"), ("Sổ khỏe", "course-folder")]
)
def test_a_course_needs_a_valid_slug(courses, slug, rule):
    (courses / "vneid").rename(courses / slug)
    assert found(courses) == [("course.md", 1, "error", rule)]


def test_a_course_without_lessons_and_one_without_a_page(courses):
    shutil.rmtree(courses / "vneid" / "01-mot")
    (courses / "vssid" / "course.md").unlink()
    assert found(courses) == [("course.md", 1, "error", "no-lessons"), ("course.md", 1, "error", "missing-file")]


def test_hidden_files_and_readmes_are_ignored(courses):
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
def test_invalid_bytes_are_a_problem_without_a_traceback(courses, data, problem):
    path = courses / "vneid" / "01-mot" / "hieu.md"
    path.write_bytes(data)
    assert problem in found(path)
    assert found(courses)


def test_a_file_in_a_legacy_encoding_is_one_problem(courses):
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


def test_a_folder_in_place_of_a_file_is_an_error(courses):
    path = courses / "vneid" / "01-mot" / "dung.md"
    path.unlink()
    path.mkdir()
    assert found(courses) == [("dung.md", 1, "error", "not-a-file")]


def test_a_pipe_in_place_of_a_file_does_not_block(courses):
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


@pytest.mark.skipif(os.name == "nt", reason="file names there are always text")
def test_a_file_name_that_is_not_utf_8_causes_no_traceback(courses):
    folder = os.fsencode(courses / "vneid" / "01-mot")
    with open(folder + b"/b\xff.md", "wb") as file:
        file.write(b"x")
    assert [rule for _, _, _, rule in found(courses)] == ["unknown-file"]
