"""What a request may see: the courses on the air, and of what people did only the learner's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort, current_app, g

from lms.content.model import Course, Lesson, Library

if TYPE_CHECKING:
    from lms.config import Settings
    from lms.learning.badges.openbadges import Issuer


class CourseMended(Exception):
    """A course has errors and no good version: it is there, and cannot be shown. The message is its slug."""


def settings() -> Settings:
    return current_app.extensions["settings"]


def issuer() -> Issuer:
    return current_app.extensions["issuer"]


def library() -> Library:
    """The courses that were on the air when this request first asked: no page is made out of two versions."""
    if "library" not in g:
        g.library = current_app.extensions["shelf"].library
    return g.library


def is_on_the_air() -> bool:
    """Whether the courses that this request sees are still the ones that the next request will see."""
    return library() is current_app.extensions["shelf"].library


def course_named(slug: str) -> Course:
    """The course, or 404.

    Raises:
        CourseMended: it has errors, and no version before them.
    """
    found = library().course(slug)
    if found is None and slug in current_app.extensions["shelf"].left_out:
        raise CourseMended(slug)
    return found or abort(404)


def course_and_lesson(course: str, lesson: str) -> tuple[Course, Lesson]:
    """Both, or 404."""
    found = course_named(course)
    return found, found.lesson(lesson) or abort(404)
