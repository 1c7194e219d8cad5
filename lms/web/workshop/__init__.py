"""The workshop (/soan): writing, history, review and publishing of course files; analytics of practices."""

from __future__ import annotations

from lms.web.workshop import (
    authors_guide,
    course_lessons,
    course_list,
    downloads,
    draft_stylesheet,
    draft_tryout,
    drawing,
    editor,
    file_history,
    hesitation_analytics,
    hiding,
    lesson_pictures,
    lesson_report,
    lesson_review,
    new_course,
    publishing,
    question_import,
    real_phone_checks,
    rule_pages,
    screenshots,
)
from lms.web.workshop.blueprint import bp

__all__ = ["bp"]

# Importing a module registers its routes on ``bp``.
_ROUTE_MODULES = (
    hesitation_analytics,
    hiding,
    course_list,
    course_lessons,
    downloads,
    draft_stylesheet,
    draft_tryout,
    drawing,
    editor,
    file_history,
    authors_guide,
    lesson_pictures,
    lesson_report,
    lesson_review,
    new_course,
    publishing,
    question_import,
    real_phone_checks,
    rule_pages,
    screenshots,
)
