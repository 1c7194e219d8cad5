"""What the workshop calls courses, lessons and files: by their names, also before anything of them is published."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath

from markupsafe import Markup, escape

from lms.content.files import FileKind, parse_file_name
from lms.content.lesson_name import lesson_name
from lms.learning.workshop.draft_names import find_draft_names
from lms.learning.workshop.file_names import lesson_folder
from lms.message_catalog import mark_for_translation
from lms.web.database import session
from lms.web.language import mark_vietnamese, translate, translate_markup
from lms.web.request_context import catalog, settings
from lms.web.workshop.wording import language_name

_PARTS: dict[FileKind, str] = {
    "course": mark_for_translation("Khóa"),
    "understand": mark_for_translation("Hiểu"),
    "practice": mark_for_translation("Làm"),
    "use": mark_for_translation("Dùng"),
}


def find_course_and_lesson_names(wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """The names by course and lesson folder, "" for the course: as published, else as in the latest draft.

    Of what has no name the folder. Texts are read only of what is not published.
    """
    wanted = set(wanted)
    published = {each.slug: each for each in (*catalog().library.courses, *catalog().library.drafts)}
    known: dict[tuple[str, str], str] = {}
    for slug in {course for course, _ in wanted} & published.keys():
        course = published[slug]
        known[slug, ""] = course.name
        known |= {(slug, each.folder_name): each.name for each in (*course.drafts, *course.lessons)}
    left = wanted - known.keys()
    drafts = find_draft_names(session(), left) if left else {}
    for course, folder in left - drafts.keys():
        in_folder = lesson_name(settings().courses_dir / course / folder) if folder else None
        drafts[course, folder] = in_folder or folder or course
    return {key: known.get(key) or drafts[key] for key in wanted}


def find_file_titles(files: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Markup]:
    """What files of courses are called, by course and path: "Kích hoạt tài khoản, phần Hiểu"."""
    files = list(files)
    names = find_course_and_lesson_names((course, lesson_folder(path)) for course, path in files)
    return {(course, path): _file_title(names[course, lesson_folder(path)], path) for course, path in files}


def file_part_name(file_name: str) -> str:
    """Which part of a lesson or course a file is: "Hiểu"; of a picture its own name."""
    file = parse_file_name(file_name)
    return translate(_PARTS[file.kind]) if file else file_name


def _file_title(name: str, path: str) -> Markup:
    file_name, shown = PurePosixPath(path).name, mark_vietnamese(escape(name))
    file = parse_file_name(file_name)
    if file is None:
        return translate_markup("{name}, hình {file}").format(name=shown, file=file_name)
    if file.kind == "course":
        words = translate_markup("{name}, trang khóa").format(name=shown)
    else:
        words = translate_markup("{name}, phần {part}").format(name=shown, part=translate(_PARTS[file.kind]))
    words += f" ({file.name})" if file.name else ""
    if not file.language:
        return words
    return translate_markup("{file}, bản dịch {language}").format(file=words, language=language_name(file.language))
