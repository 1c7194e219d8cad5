"""The files below a path that the remedies may be applied to, and the check of a text in the place of such a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from lms.content.autofix import Check, FixedText, fix_text
from lms.content.course_page import read_course_page
from lms.content.course_reader import read_practices, recheck_period
from lms.content.files import original_of, parse_file_name, read_text
from lms.content.folders import (
    absolute_path,
    looks_like_course,
    looks_like_lesson,
    scan_course,
    scan_lesson,
    visible_entries,
)
from lms.content.practice.storyboard import read_practice
from lms.content.problems import Problem
from lms.content.translation.original_digest import check_original_digest
from lms.content.understand_stage import read_understand
from lms.content.use_stage import read_use


@dataclass(frozen=True, slots=True)
class FixedFile:
    """A file with safe remedies applied, which is not written yet."""

    path: Path
    before: bytes
    fixed: FixedText

    @property
    def after(self) -> bytes:
        return self.fixed.text.encode("utf-8")


def fix_files(path: Path, *, today: date) -> Iterator[FixedFile]:
    """The files below ``path`` that have safe remedies; none is written.

    Only a translation that ``path`` itself names is marked as made of the present original: its author has read it.
    """
    for file in _course_files(path):
        fixed = fix_file(file, today=today, is_reviewed=file == path)
        if fixed:
            yield fixed


def fix_file(path: Path, *, today: date, is_reviewed: bool = False) -> FixedFile | None:
    """The file with its safe remedies; None if it has none, or cannot be read as UTF-8.

    ``is_reviewed``: a translation says what its original says now.
    """
    text, problems = read_text(path)
    if text is None or problems:
        return None
    fixed = fix_text(text, text_check(path, today=today, is_reviewed=is_reviewed))
    return FixedFile(path, text.encode("utf-8"), fixed) if fixed.text != text else None


def text_check(path: Path, *, today: date, is_reviewed: bool = False) -> Check:
    """The checker of a text that stands, or will stand, at ``path``.

    ``is_reviewed``: a translation may be marked as made of the present original.
    """
    check = _text_check(path, today)
    return partial(_check_against_original, path, check) if is_reviewed else check


def _text_check(path: Path, today: date) -> Check:
    file = parse_file_name(path.name)
    folder = absolute_path(path).parent
    if file is None:
        return lambda _text: []
    if file.kind == "course":
        return lambda text: read_course_page(text, str(path), folder=folder, today=today)[2]
    days = recheck_period(folder.parent, today)
    if file.kind == "practice":
        return partial(_check_practice, path, file.name, folder, today, days)
    if file.kind == "use":
        return lambda text: read_use(text, str(path), folder=folder)[1]
    practices = read_practices(folder, today, days)
    return lambda text: read_understand(text, str(path), folder=folder, practices=practices)[1]


def _check_against_original(path: Path, check: Check, text: str) -> list[Problem]:
    original_path = original_of(path)
    original = read_text(original_path)[0] if original_path and original_path.is_file() else None
    if original_path is None or original is None:
        return list(check(text))
    return [*check(text), *check_original_digest(text, str(path), original, original_path.name)]


def _check_practice(path: Path, name: str, folder: Path, today: date, recheck_after: int, text: str) -> list[Problem]:
    read = read_practice(text, str(path), name=name, folder=folder, today=today, recheck_after=recheck_after)
    return read[1]


def _course_files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        if path.is_file() and parse_file_name(path.name):
            yield path
    elif looks_like_course(path):
        scan = scan_course(path)
        yield from (file for _, file in scan.files)
        yield from (file for lesson in scan.lessons for _, file in lesson.files)
    elif looks_like_lesson(path):
        yield from (file for _, file in scan_lesson(path).files)
    else:
        for child in visible_entries(path):
            if child.is_dir() and looks_like_course(child):
                yield from _course_files(child)
