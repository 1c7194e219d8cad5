"""Check the text of a translation as it stands in an editor, beside its original on the disk."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from lms.content.course_reader import read_practices, recheck_period
from lms.content.files import FileKind, original_of, parse_file_name, read_text
from lms.content.inline_screen import LessonPractices
from lms.content.practice.storyboard import read_practice
from lms.content.problems import Problem
from lms.content.translation.lesson import compare_with_original
from lms.content.translation.original_digest import check_original_digest
from lms.content.understand_stage import read_understand
from lms.content.use_stage import read_use


def check_translated_text(path: Path, text: str, *, today: date) -> list[Problem]:
    """What the translation at ``path`` lacks or has too much, and whether its original is newer.

    Nothing for a file that is no translation, or whose original is not there or cannot be read.
    """
    file, original_path = parse_file_name(path.name), original_of(path)
    if file is None or original_path is None or not original_path.is_file():
        return []
    original, _ = read_text(original_path)
    if original is None:
        return []
    problems: list[Problem] = []
    if file.kind != "course":
        days = recheck_period(path.parent.parent, today)
        practices: LessonPractices = {}
        if file.kind == "understand":
            practices = read_practices(path.parent, today, days)
        parts = [
            _read(file.kind, each, place, file.name, practices, today, days)
            for each, place in ((text, path), (original, original_path))
        ]
        problems = compare_with_original(path, *parts)[1] or []
    return [*problems, *check_original_digest(text, str(path), original, original_path.name)]


def _read(
    kind: FileKind, text: str, path: Path, name: str, practices: LessonPractices, today: date, recheck_after: int
) -> object:
    """The part of a lesson that a text is; None if it has errors."""
    if kind == "practice":
        return read_practice(text, str(path), name=name, folder=path.parent, today=today, recheck_after=recheck_after)[
            0
        ]
    if kind == "use":
        return read_use(text, str(path), folder=path.parent)[0]
    return read_understand(text, str(path), folder=path.parent, practices=practices)[0]
