"""What the workshop calls courses, lessons and files: by their names, also before anything of them is published."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath

from lms.content.files import FileKind, parse_file_name
from lms.content.lesson_name import lesson_name
from lms.learning.workshop.draft_names import find_draft_names
from lms.learning.workshop.file_names import lesson_folder
from lms.web.database import session
from lms.web.request_context import catalog, settings

_PARTS: dict[FileKind, str] = {"course": "Khóa", "understand": "Hiểu", "practice": "Làm", "use": "Dùng"}


def find_names(wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """The names by course and lesson folder, "" for the course: as on the air, else as in the latest draft.

    Of what has no name the folder. Texts are read only of what is not published.
    """
    wanted = set(wanted)
    on_air = {each.slug: each for each in (*catalog().library.courses, *catalog().library.drafts)}
    known: dict[tuple[str, str], str] = {}
    for slug in {course for course, _ in wanted} & on_air.keys():
        course = on_air[slug]
        known[slug, ""] = course.name
        known |= {(slug, each.folder_name): each.name for each in (*course.drafts, *course.lessons)}
    left = wanted - known.keys()
    drafts = find_draft_names(session(), left) if left else {}
    for course, folder in left - drafts.keys():
        in_folder = lesson_name(settings().courses_dir / course / folder) if folder else None
        drafts[course, folder] = in_folder or folder or course
    return {key: known.get(key) or drafts[key] for key in wanted}


def find_file_titles(files: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """What files of courses are called, by course and path: "Kích hoạt tài khoản, phần Hiểu"."""
    files = list(files)
    names = find_names((course, lesson_folder(path)) for course, path in files)
    return {(course, path): _file_title(names[course, lesson_folder(path)], path) for course, path in files}


def part_name(file_name: str) -> str:
    """Which part of a lesson or course a file is: "Hiểu"; of a picture its own name."""
    file = parse_file_name(file_name)
    return _PARTS[file.kind] if file else file_name


def _file_title(name: str, path: str) -> str:
    file_name = PurePosixPath(path).name
    file = parse_file_name(file_name)
    if file is None:
        return f"{name}, hình {file_name}"
    words = f"{name}, {'trang khóa' if file.kind == 'course' else f'phần {_PARTS[file.kind]}'}"
    words += f" ({file.name})" if file.name else ""
    return f"{words}, bản dịch {file.language}" if file.language else words
