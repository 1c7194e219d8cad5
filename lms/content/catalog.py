"""The catalog: the published courses, kept in memory and replaced atomically."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path, PurePosixPath

from lms.content.course_reader import CourseResult
from lms.content.digest import digest
from lms.content.files_digest import course_files_digest
from lms.content.library import LibraryResult, linkable_paths, may_link_to_other_courses, read_library
from lms.content.links import LESSON_FOLDER
from lms.content.model import Course, Edition, EditionKey, Library
from lms.content.problems import Problem


class Catalog:
    """The current library of a courses folder. Readers see the old or the new library, never a mixture.

    ``today`` returns the date that freshness is counted from. A course with errors keeps its last good version. If
    ``authoring``, the folder is being edited, and pages show its problems. ``already_read`` has courses by the name of
    their folder. ``last_good`` reads the copy of a course that has errors when the catalog is created, if there is one.
    """

    authoring = False

    def __init__(
        self,
        folder: Path,
        today: Callable[[], date],
        already_read: Mapping[str, CourseResult] | None = None,
        last_good: Callable[[str], Course | None] = lambda _slug: None,
    ) -> None:
        self._folder = self._own_folder = folder
        # Where the courses are to be read now: a site that has published files has them in another folder.
        self.find_folder: Callable[[], Path] = lambda: folder
        # Until readers see it, no course of it is a version to keep: it may have a lesson that was hidden since.
        self.is_serving = True
        self._today = today
        self._last_good = last_good
        self._reload_lock = threading.Lock()
        self._read_on = today()
        self._linkable_paths = linkable_paths(folder)
        self._result = read_library(folder, today=self._read_on, unchanged=already_read)
        self._result = self._with_last_good(self._result)

    @property
    def library(self) -> Library:
        return self._result.library

    @property
    def problems(self) -> tuple[Problem, ...]:
        return self._result.problems

    @property
    def results(self) -> Mapping[str, CourseResult]:
        """What was read of each course, by the name of its folder."""
        return self._result.by_folder

    @property
    def files_digest(self) -> str:
        """A digest of all files as they were read last, those with errors and drafts among them."""
        return digest(*(f"{name} {result.files_digest}" for name, result in sorted(self._result.by_folder.items())))[
            :32
        ]

    @property
    def unavailable(self) -> tuple[str, ...]:
        """Slugs of the courses that have errors and no earlier good version."""
        return self._result.unavailable

    @property
    def faulty_courses(self) -> tuple[str, ...]:
        """The folders of the courses that have errors: published in their last good version, or not at all."""
        results = self._result.by_folder.items()
        return tuple(sorted(name for name, result in results if result.course is None and not result.is_draft))

    @property
    def folder_names(self) -> tuple[str, ...]:
        """The names of the course folders, with or without errors; none if the courses folder cannot be read."""
        return tuple(self._result.by_folder)

    @property
    def held_back(self) -> tuple[str, ...]:
        """Slugs of the courses that have errors and are published in their last good version."""
        result = self._result
        return tuple(
            name for name, read in result.by_folder.items() if read.course is None and result.library.course(name)
        )

    def is_held_back(self, slug: str) -> bool:
        """Whether a course, published or a draft, has errors for which its last good version is shown."""
        result = self._result.by_folder.get(slug)
        return result is not None and result.course is None

    def preview(self, slug: str) -> Library | None:
        """The library with the drafts of one course, for its author; None for everybody else, and without drafts."""
        return self.library.with_drafts(slug) if self.authoring else None

    def course_problems(self, slug: str) -> tuple[Problem, ...]:
        """The problems of one course, with paths relative to the courses folder's parent."""
        result = self._result.by_folder.get(slug)
        return tuple(map(self.with_relative_path, result.problems)) if result else ()

    def errors(self, slug: str, lesson: str = "") -> tuple[Problem, ...]:
        """The errors of a course or of one lesson, with paths relative to the courses folder's parent."""
        errors = (problem for problem in self.course_problems(slug) if problem.level == "error")
        return tuple(error for error in errors if not lesson or _lesson_slug(error) == lesson)

    @property
    def faulty_draft_courses(self) -> tuple[str, ...]:
        """The slugs of the draft courses with errors and no earlier good version."""
        results = self._result.by_folder.items()
        drafts = (name for name, result in results if result.course is None and result.is_draft)
        return tuple(name for name in drafts if self.library.course_or_draft(name) is None)

    def unavailable_lessons(self, slug: str) -> tuple[str, ...]:
        """The slugs of the lessons that are not shown because of errors: new ones, and drafts."""
        course = self.library.course_or_draft(slug)
        readable = {lesson.slug for lesson in (*course.lessons, *course.drafts)} if course else set[str]()
        found = dict.fromkeys(map(_lesson_slug, self.errors(slug)))
        return tuple(lesson for lesson in found if lesson and lesson not in readable)

    def with_relative_path(self, problem: Problem) -> Problem:
        """The problem with its path relative to the courses folder's parent."""
        path = Path(problem.path)
        folders = (folder for folder in (self._folder, self._own_folder) if path.is_relative_to(folder))
        folder = next(folders, path.parent)
        return replace(problem, path=Path(self._own_folder.name, path.relative_to(folder)).as_posix())

    def reload(self, changed: Collection[str] | None = None) -> LibraryResult:
        """Read the folder again, or the one that is to be read now, and publish the result.

        ``changed``: names of the course folders with changed files; if None, the digests of their files tell. The other
        courses are read again only if a new day has begun, or if a linkable page was added or removed and they may have
        links to it. Editions of lessons that change stay in ``Library.former``, but for an author.
        """
        with self._reload_lock:
            self._folder = self.find_folder()
            today, paths, previous = self._today(), linkable_paths(self._folder), self._result
            unchanged: dict[str, CourseResult] = {}
            if today == self._read_on:
                unchanged = {
                    name: result
                    for name, result in previous.by_folder.items()
                    if not self._is_changed(name, result, changed)
                    and not _depends_on_others(result)
                    and (paths == self._linkable_paths or not may_link_to_other_courses(self._folder / name))
                }
            if self.is_serving:
                result = read_library(self._folder, today=today, previous=previous.library, unchanged=unchanged)
            else:
                result = self._with_last_good(read_library(self._folder, today=today, unchanged=unchanged))
            # An author who tries a class while writing wants to see what was just saved.
            former = {} if self.authoring else result.library.editions_gone_from(previous.library)
            self._result = replace(result, library=replace(result.library, former=former))
            self._read_on, self._linkable_paths = today, paths
            return self._result

    def change_former_editions(self, added: Mapping[EditionKey, Edition], dropped: Collection[EditionKey]) -> None:
        """Keep further editions of lessons, read elsewhere, for classes that need them; and let others go."""
        with self._reload_lock:
            library = self._result.library
            former = {key: edition for key, edition in library.former.items() if key not in dropped}
            former |= {key: edition for key, edition in added.items() if not library.has_published_edition(key)}
            self._result = replace(self._result, library=replace(library, former=former))

    def _with_last_good(self, result: LibraryResult) -> LibraryResult:
        """The result with the last good copies of its courses with errors."""
        copies = [copy for slug in result.unavailable if (copy := self._last_good(slug))]
        if not copies:
            return result
        previous = Library(tuple(copies))
        return read_library(self._folder, today=self._today(), previous=previous, unchanged=result.by_folder)

    def _is_changed(self, name: str, result: CourseResult, changed: Collection[str] | None) -> bool:
        if changed is not None:
            return name in changed
        return result.files_digest != course_files_digest(self._folder / name)


def _lesson_slug(problem: Problem) -> str:
    """The slug of the lesson that a problem is in, from its path in the courses folder's parent; "" for course.md."""
    parts = PurePosixPath(problem.path).parts
    folder = LESSON_FOLDER.match(parts[2]) if len(parts) > 2 else None
    return folder["slug"] if folder else ""


def _depends_on_others(result: CourseResult) -> bool:
    """Whether a change in another course can mend this one."""
    return any(problem.rule in ("moved-twice", "link-to-draft") for problem in result.problems)
