"""The links from the editor of one file to the other files of its lesson."""

from __future__ import annotations

from dataclasses import dataclass

from lms.content.files import parse_file_name
from lms.content.folders import visible_entries
from lms.learning.workshop.revisions import find_heads
from lms.web.database import session
from lms.web.language import translate
from lms.web.request_context import settings
from lms.web.workshop.display_names import file_part_name
from lms.web.workshop.draft import Draft

STAGE_FILES = ("hieu.md", "lam.md", "dung.md")
NEW_TRANSLATION = "en"  # the language that every file offers


@dataclass(frozen=True, slots=True)
class FileLink:
    """A file beside the one on the page: "Hiểu", ": hieu.md" where it is wide. ``is_in_row``: in sight on phones."""

    path: str
    part: str
    rest: str = ""
    is_in_row: bool = False


def find_file_links(draft: Draft) -> list[FileLink]:
    """The texts of the same lesson and course.md, in the order of reading; those of a lesson that it lacks are new."""
    if not draft.lesson_folder:
        return [_file_link("course.md", is_in_row=True)]
    folder = settings().courses_dir / draft.course / draft.lesson_folder
    there = {path.name for path in visible_entries(folder)} if folder.is_dir() else set[str]()
    beginning = f"{draft.lesson_folder}/"
    paths = [head.path for head in find_heads(session(), draft.course)]
    there |= {path.removeprefix(beginning) for path in paths if path.startswith(beginning)}
    translation = f"{draft.name.removesuffix('.md')}.{NEW_TRANSLATION}.md"
    if draft.file.language is None and draft.name in there and translation not in there:
        new_translation = [FileLink(beginning + translation, translate("Tạo bản dịch {file}").format(file=translation))]
    else:
        new_translation = []
    names = sorted((name for name in there | set(STAGE_FILES) if parse_file_name(name)), key=_reading_order)
    return [
        _file_link("course.md"),
        *(
            _file_link(beginning + name, is_new=name not in there, is_in_row=name in STAGE_FILES or name == draft.name)
            for name in names
        ),
        *new_translation,
    ]


def _file_link(path: str, *, is_new: bool = False, is_in_row: bool = False) -> FileLink:
    name = path.rpartition("/")[2]
    part = file_part_name(name)
    label = f"{part}: {name}"
    if is_new:
        label = translate("{file} (mới)").format(file=label)
    # Others than the three need their names to be told apart from them.
    return FileLink(path, *((part, label.removeprefix(part)) if name in STAGE_FILES else (label, "")), is_in_row)


def _reading_order(name: str) -> tuple[int, str]:
    stems = [file.partition(".")[0] for file in STAGE_FILES]
    return stems.index(name.partition(".")[0].partition("-")[0]), name
