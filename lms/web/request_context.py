"""The settings, the catalog and the courses that belong to the current request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort, current_app, g

from lms.content.model import Course, Lesson, Library
from lms.http.errors import CourseUnavailable

if TYPE_CHECKING:
    from lms.config import Settings
    from lms.content.catalog import Catalog
    from lms.content.problems import Problem
    from lms.learning.badges.openbadges import Issuer


def settings() -> Settings:
    return current_app.extensions["settings"]


def issuer() -> Issuer:
    return current_app.extensions["issuer"]


def catalog() -> Catalog:
    return current_app.extensions["catalog"]


def library() -> Library:
    """The courses as they were when the request first asked, so that no page mixes two versions."""
    if "library" not in g:
        g.library = catalog().library
    return g.library


def is_library_current() -> bool:
    """Whether the courses have not been reloaded since this request first asked for them."""
    return library() is catalog().library


def visible_problems() -> tuple[Problem, ...]:
    """All problems that pages may show; none unless the site runs for an author (``lms serve --watch``)."""
    return catalog().problems if catalog().authoring else ()


def course_or_404(slug: str) -> Course:
    """The course, or 404.

    Raises:
        CourseUnavailable: it has errors, and no earlier version.
    """
    found = library().course(slug)
    if found is None and slug in catalog().unavailable:
        raise CourseUnavailable(slug)
    return found or abort(404)


def course_and_lesson_or_404(course: str, lesson: str) -> tuple[Course, Lesson]:
    """Both, or 404."""
    found = course_or_404(course)
    return found, found.lesson(lesson) or abort(404)
