"""The workshop (/soan): writing, history, review and publishing of course files; analytics and graphs of practices."""

from __future__ import annotations

from lms.web.workshop import (
    analytics,
    course_lessons,
    course_list,
    downloads,
    draft_stylesheet,
    draft_tryout,
    drawing,
    editor,
    file_history,
    graph,
    guide,
    lesson_pictures,
    lesson_report,
    new_course,
    publishing,
    question_import,
    recheck,
    rules,
    screenshots,
)
from lms.web.workshop.blueprint import bp

__all__ = ["bp"]

# Importing a module registers its routes on ``bp``.
_ROUTE_MODULES = (
    analytics,
    course_list,
    course_lessons,
    downloads,
    draft_stylesheet,
    draft_tryout,
    drawing,
    editor,
    file_history,
    graph,
    guide,
    lesson_pictures,
    lesson_report,
    new_course,
    publishing,
    question_import,
    recheck,
    rules,
    screenshots,
)
