"""What a request may see: the courses on the air, and of what people did only the learner's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort, current_app, g

from lms.content.model import Course, Lesson, Library

if TYPE_CHECKING:
    from lms.config import Settings
    from lms.learning.badges.openbadges import Issuer


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
    """The course, or 404."""
    return library().course(slug) or abort(404)


def course_and_lesson(course: str, lesson: str) -> tuple[Course, Lesson]:
    """Both, or 404."""
    found = course_named(course)
    return found, found.lesson(lesson) or abort(404)
