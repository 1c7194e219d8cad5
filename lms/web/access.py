"""What a request may see: the courses on the air, and of what people did only the learner's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort, current_app

from lms.content.model import Course, Lesson, Library

if TYPE_CHECKING:
    from lms.config import Settings
    from lms.learning.badges.openbadges import Issuer


def settings() -> Settings:
    return current_app.extensions["settings"]


def issuer() -> Issuer:
    return current_app.extensions["issuer"]


def library() -> Library:
    return current_app.extensions["shelf"].library


def course_named(slug: str) -> Course:
    """The course, or 404."""
    return library().course(slug) or abort(404)


def course_and_lesson(course: str, lesson: str) -> tuple[Course, Lesson]:
    """Both, or 404."""
    found = course_named(course)
    return found, found.lesson(lesson) or abort(404)
