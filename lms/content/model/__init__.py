"""The domain model: courses, lessons, questions and practices as frozen dataclasses.

Every text that people read has one of two forms, named in the field's comment: *text* is plain Unicode that a template
must escape; *html* is rendered and sanitised and may be marked safe. A ``{{key}}`` of a practice's data stays as typed
in both forms until an attempt's drawn data fills it.
"""

from __future__ import annotations

from lms.content.model.lesson import Lesson, LessonTranslation
from lms.content.model.library import Course, CourseTranslation, Edition, EditionKey, LessonInClass, Library
from lms.content.model.practice import (
    FIELD_ROLES,
    GESTURE_ROLES,
    STATIC_ROLES,
    TAP_ACTIONS,
    TAP_ROLES,
    TRYOUT_NAME,
    Arrow,
    CompiledModel,
    Direction,
    Practice,
    Role,
    Screen,
    ScreenKind,
    Widget,
)
from lms.content.model.questions import QUESTION_KINDS, Choice, Matching, Option, Ordering, Pair, Poll, Question, Typed
from lms.content.model.stages import Mode, Stage
from lms.content.model.understand import (
    Callout,
    FacilitatorNote,
    FormerLesson,
    InlineScreen,
    Part,
    Prose,
    Section,
    Understand,
)
from lms.content.model.use import Task, Use

__all__ = [
    "FIELD_ROLES",
    "GESTURE_ROLES",
    "QUESTION_KINDS",
    "STATIC_ROLES",
    "TAP_ACTIONS",
    "TAP_ROLES",
    "TRYOUT_NAME",
    "Arrow",
    "Callout",
    "Choice",
    "CompiledModel",
    "Course",
    "CourseTranslation",
    "Direction",
    "Edition",
    "EditionKey",
    "FacilitatorNote",
    "FormerLesson",
    "InlineScreen",
    "Lesson",
    "LessonInClass",
    "LessonTranslation",
    "Library",
    "Matching",
    "Mode",
    "Option",
    "Ordering",
    "Pair",
    "Part",
    "Poll",
    "Practice",
    "Prose",
    "Question",
    "Role",
    "Screen",
    "ScreenKind",
    "Section",
    "Stage",
    "Task",
    "Typed",
    "Understand",
    "Use",
    "Widget",
]
