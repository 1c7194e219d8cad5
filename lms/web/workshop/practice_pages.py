"""What the workshop's pages about one practice have in common: how it is found, and their addresses."""

from __future__ import annotations

from flask import abort

from lms.content.model import Course, Lesson, Practice
from lms.web.request_context import course_and_lesson_or_404


def practice_or_404(course_slug: str, lesson_slug: str, name: str) -> tuple[Course, Lesson, Practice]:
    """The practice with its course and lesson, or 404."""
    course, lesson = course_and_lesson_or_404(course_slug, lesson_slug)
    return course, lesson, lesson.practice_named(name) or abort(404)


def workshop_path(lesson: Lesson, practice: Practice) -> str:
    """The end of a practice's URLs in the workshop, after the page's own name."""
    return f"{lesson.course}/{lesson.slug}" + (f"/{practice.name}" if practice.name else "")
