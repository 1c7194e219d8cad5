"""``chuyển từ`` of hieu.md: the lessons that were merged into this one, so that their addresses lead here."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from lms.content.front_matter import FrontMatter, Value
from lms.content.fuzzy_matching import slugify
from lms.content.links import COURSE_FOLDER, LESSON_FOLDER, RESERVED_SLUGS, find_lesson_folder
from lms.content.model import FormerLesson, Lesson
from lms.content.problems import Problem
from lms.content.source import Diagnostics

_SLUG = re.compile(r"(?!\d\d-)[a-z0-9]+(?:-[a-z0-9]+)*\Z")  # "06-cap-lai" is a folder's name
_SHAPE = "Viết địa chỉ của bài cũ: tên-bài, hoặc tên-khóa/tên-bài; không có số thứ tự và không có dấu / ở đầu."


def read_former_lessons(
    front_matter: FrontMatter, diagnostics: Diagnostics, folder: Path | None
) -> tuple[FormerLesson, ...]:
    """The former lessons that the front matter names. ``folder`` is the lesson's; None if only the text is known."""
    lesson = LESSON_FOLDER.match(folder.name) if folder else None
    own_course, own_slug = (folder.parent.name, lesson["slug"]) if folder and lesson else ("", "")
    former: dict[tuple[str, str], FormerLesson] = {}
    for value in front_matter.values.get("moved-from", []):
        course, slash, slug = value.text.rpartition("/")
        key = (course if slash else own_course, slug)
        if not _SLUG.match(slug) or (slash and not _is_course_slug(course)):
            diagnostics.error("moved-from", _SHAPE, value.line, value.column, _meant(value.text))
        elif key == (own_course, own_slug):
            message = "Bỏ địa chỉ này: đó là chính bài này."
            diagnostics.error("moved-from", message, value.line, value.column)
        elif key in former:
            message = "Bỏ bớt một dòng: địa chỉ này đã viết ở trên."
            diagnostics.error("moved-from", message, value.line, value.column)
        elif folder and lesson and (found := find_lesson_folder(folder.parent.parent / key[0], key[1])):
            message = f"Bài này vẫn còn: xóa thư mục {found} khi đã gộp xong, hoặc bỏ địa chỉ này."
            diagnostics.error("moved-from", message, value.line, value.column)
        else:
            former[key] = _former_lesson(diagnostics, value, *key)
    return tuple(former.values())


def report_lesson_moved_twice(lessons: Iterable[Lesson]) -> list[tuple[Lesson, Problem]]:
    """An error, with its lesson, for each former lesson that an earlier one of ``lessons`` names as well."""
    targets: dict[tuple[str, str], Lesson] = {}
    clashes: list[tuple[Lesson, Problem]] = []
    for lesson in lessons:
        for former in lesson.understand.former_lessons:
            other = targets.setdefault((former.course, former.slug), lesson)
            if other is not lesson:
                message = f"Bài “{former.slug}” đã chuyển vào bài {other.course}/{other.slug}; bác giữ lại ở một bài."
                path = lesson.understand.path
                problem = Problem(path, former.line, former.column, "error", "moved-twice", message)
                clashes.append((lesson, problem))
    return clashes


def _former_lesson(diagnostics: Diagnostics, value: Value, course: str, slug: str) -> FormerLesson:
    return FormerLesson(course, slug, *diagnostics.source.position(value.line, value.column))


def _is_course_slug(text: str) -> bool:
    return bool(COURSE_FOLDER.match(text)) and text not in RESERVED_SLUGS


def _meant(typed: str) -> str | None:
    """The nearest address of the right shape: the folder "06-cap-lai" is the lesson "cap-lai"."""
    parts = [part for part in typed.split("/") if part not in ("", "hieu.md", "hieu", ".", "..")][:2]
    if not parts:
        return None
    *course, lesson = parts
    slug = slugify(re.sub(r"\d+[-_. ]", "", lesson, count=1))
    if not slug or any(not _is_course_slug(each) for each in course):
        return None
    return "/".join([*course, slug])
