"""Names of courses and of their files, as the workshop takes them: none that leads out of a folder."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from lms.content.files import FileKind, parse_file_name
from lms.content.hideable_parts import lesson_folder
from lms.content.links import COURSE_FOLDER, LESSON_FOLDER, PICTURE_KINDS, RESERVED_SLUGS
from lms.learning.errors import InvalidCourseFile
from lms.learning.store.models.workshop import COURSE_LENGTH, PATH_LENGTH
from lms.message_catalog import mark_for_translation

COURSE_FILE = "course.md"
PICTURES = "images"  # the folder of a lesson or course for them
_KINDS_IN_ORDER: tuple[FileKind, ...] = ("course", "understand", "practice", "use")
_PICTURE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*\Z")


def check_course_name(course: str) -> None:
    """Check the name of a course's folder.

    Raises:
        InvalidCourseFile: it can be none.
    """
    if not COURSE_FOLDER.match(course) or len(course) > COURSE_LENGTH:
        raise InvalidCourseFile(
            mark_for_translation("Tên khóa học chỉ dùng chữ không dấu, chữ số và dấu gạch ngắn, như vneid-co-ban.")
        )
    if course in RESERVED_SLUGS:
        raise InvalidCourseFile(
            mark_for_translation("Chọn tên khác: địa chỉ /{course} đã dành cho một trang của hệ thống."), course=course
        )


def check_file_name(path: str) -> None:
    """Check the path of a file in its course: "course.md", "01-quet-qr/hieu.md", "01-quet-qr/images/man-1.png".

    Raises:
        InvalidCourseFile: no course has a file there.
    """
    parts = path.split("/")
    if len(path) <= PATH_LENGTH and (_is_text(parts) or _is_picture(parts)):
        return
    raise InvalidCourseFile(
        mark_for_translation(
            "Tên tệp chưa đúng. Trong khóa có course.md; trong bài, như 01-ten-bai, có hieu.md, lam.md, dung.md;"
            " hình ở thư mục images."
        )
    )


def is_text(path: str) -> bool:
    """Whether the file is a text, not a picture."""
    return path.endswith(".md")


def reading_order(path: str) -> tuple[str, int, str]:
    """Sort key of a file in its course: the course's page, then lesson by lesson Hiểu, Làm, Dùng and the pictures."""
    file = parse_file_name(PurePosixPath(path).name)
    return lesson_folder(path), _KINDS_IN_ORDER.index(file.kind) if file else len(_KINDS_IN_ORDER), path


def _is_text(parts: list[str]) -> bool:
    file = parse_file_name(parts[-1])
    if file is None:
        return False
    if file.kind == "course":
        return len(parts) == 1
    return len(parts) == 2 and bool(LESSON_FOLDER.match(parts[0]))


def _is_picture(parts: list[str]) -> bool:
    *folders, name = parts
    if not _PICTURE_NAME.match(name) or PurePosixPath(name).suffix.lower() not in PICTURE_KINDS:
        return False
    return folders == [PICTURES] or (
        len(folders) == 2 and bool(LESSON_FOLDER.match(folders[0])) and folders[1] == PICTURES
    )
