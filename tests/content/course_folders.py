"""Small folders of courses without problems, for tests that then change them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from lms.content.library import LibraryResult, check_path, read_library
from lms.content.model import Library
from tests.content.finished_files import course_text, practice_text, understand_text, use_text

TODAY = date(2026, 11, 25)
PNG = bytes.fromhex(  # one grey pixel
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
    "0000000a49444154789c636800000082008177cd72b60000000049454e44ae426082"
)


def make_lesson(folder: Path, title: str = "Bài") -> Path:
    (folder / "images").mkdir(parents=True)
    (folder / "images" / "a.png").write_bytes(PNG)
    (folder / "hieu.md").write_text(understand_text(title), "utf-8")
    (folder / "lam.md").write_text(practice_text(title), "utf-8")
    (folder / "dung.md").write_text(use_text(title), "utf-8")
    return folder


def make_courses(folder: Path, *slugs: str, title: str = "Bài") -> Path:
    """A folder of courses with a lesson each; vneid and vssid if none are named."""
    for slug in slugs or ("vneid", "vssid"):
        make_lesson(folder / slug / "01-mot", title)
        (folder / slug / "course.md").write_text(course_text(slug.upper(), TODAY), "utf-8")
    return folder


def found(path: Path) -> list[tuple[str, int, str, str]]:
    return [(Path(p.path).name, p.line, p.level, p.rule) for p in check_path(path, today=TODAY)]


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text("utf-8") + text, "utf-8")


def read(courses: Path, previous: Library | None = None) -> LibraryResult:
    return read_library(courses, today=TODAY, previous=previous)
