"""A file as somebody is writing it: where it stands, and its course with the unsaved text in its place."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from flask import abort

from lms.content.authoring_advice.path_advice import advise_path
from lms.content.autofix import FixedText, fix_problem, fix_text, has_remedy
from lms.content.autofix.files import text_check
from lms.content.file_check import FileCheck, check_file
from lms.content.files import CourseFile, parse_file_name
from lms.content.overlay import overlaid_courses, overlaid_lesson
from lms.content.problems import Problem
from lms.learning.workshop.revision_saving import SaveResult, save_revision
from lms.learning.workshop.revisions import latest_files
from lms.web import clock
from lms.web.accounts.signed_in import require_account
from lms.web.database import session
from lms.web.request_context import settings


@dataclass(frozen=True, slots=True)
class Draft:
    """The text of ``path`` in the course ``course``; ``path`` is "course.md" or like "02-kich-hoat/lam.md".

    ``number``: the revision that it began from, 0 for the folder's. ``merged``: another one that is in it.
    """

    course: str
    path: str
    text: str
    number: int = 0
    merged: int | None = None

    @property
    def file(self) -> CourseFile:
        return parse_file_name(self.name) or abort(404)

    @property
    def name(self) -> str:
        return PurePosixPath(self.path).name

    @property
    def stem(self) -> str:
        """Which kind of file it is: "course", "hieu", "lam" or "dung"."""
        return self.name.partition(".")[0].partition("-")[0]

    @property
    def lesson_folder(self) -> str:
        """The name of the lesson's folder; "" for course.md."""
        return self.path.partition("/")[0] if "/" in self.path else ""

    @property
    def lesson_slug(self) -> str:
        return self.lesson_folder.partition("-")[2]

    @contextmanager
    def course_folder(self, *, whole: bool = False) -> Generator[Path]:
        """The folder of the course with this text, and the latest revisions of its other files, in it.

        Unless ``whole``, other lessons than this text's may be there as the folder has them: nothing reads them.
        """
        is_whole = whole or not self.lesson_folder
        files = latest_files(session(), self.course, pictures_of=None if is_whole else self.lesson_folder)
        files[self.path] = self.text.encode("utf-8", "replace")
        folder = settings().courses_dir
        if is_whole:
            overlay = overlaid_courses(folder, {self.course: files})
        else:
            overlay = overlaid_lesson(folder, self.course, self.lesson_folder, files)
        with overlay as root:
            yield root / self.course

    def check(self) -> FileCheck:
        with self.course_folder() as course:
            return check_file(course, self.path, today=clock.today())

    def advise(self) -> tuple[Problem, ...] | None:
        """What makes the file weak that is no error of the language; None while its lesson has errors."""
        with self.course_folder() as course:
            found = advise_path(course / self.path, today=clock.today())
        return found[0].advice if found else None

    def apply_remedies(self) -> FixedText:
        """The text after all safe remedies, and what they removed and left."""
        with self.course_folder() as course:
            return fix_text(self.text, text_check(course / self.path, today=clock.today()))

    def without_problem(self, rule: str, line: int) -> str | None:
        """The text after the safe remedy of one problem; None if there is none."""
        with self.course_folder() as course:
            # Whoever asks for the remedy of this one problem has read the translation.
            check = text_check(course / self.path, today=clock.today(), is_reviewed=True)
            return fix_problem(self.text, rule, line, check)

    def save(self, why: str) -> SaveResult:
        """Keep the text as a revision of the signed-in author.

        Raises:
            NotAllowed: the account may not write this course.
            InvalidCourseFile: this is no text of a course.
            NotFound: there is no such course, or no revision of the number that it began from.
        """
        return save_revision(
            session(), self.course, self.path, self.text, parent=self.number, merged=self.merged, why=why,
            by=require_account(), folder=settings().courses_dir, now=clock.now(),
        )  # fmt: skip


def problem_as_json(problem: Problem, text: str) -> dict[str, object]:
    """What the margin shows: "rule" has a page of its own, "fixable" problems have a safe remedy."""
    return {
        "line": problem.line,
        "column": problem.column,
        "level": problem.level,
        "rule": problem.rule,
        "sentence": problem.sentence,
        "fixable": has_remedy(problem, text),
    }


def typed_draft(known: Draft, form: Mapping[str, str]) -> Draft:
    """The draft that a form carries. ``known`` is the latest text of its file."""
    number = typed_number(form.get("parent", ""))
    return Draft(
        known.course,
        known.path,
        typed_text(form.get("text", "")),
        known.number if number is None else number,
        typed_number(form.get("merged", "")),
    )


def typed_text(value: str) -> str:
    """The text of a form as a file has it."""
    return value.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")


def typed_number(value: str) -> int | None:
    """A revision's or a line's number; None if it is none."""
    return int(value) if value.isascii() and value.isdigit() and len(value) < 8 else None
