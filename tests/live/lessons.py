"""Questions of the real courses with their right answers, for tests over HTTP."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from lms.content.model import Choice, Lesson, Practice
from tests.real_courses import library


@dataclass(frozen=True)
class QuestionAnswers:
    """A choice question: its path, the right keys, and a wrong one."""

    path: str
    right: tuple[str, ...]
    wrong: str


@cache
def sample_lesson() -> Lesson:
    """A lesson with a practice and at least two choice questions."""
    lessons = [lesson for course in library() for lesson in course.lessons]
    return next(one for one in lessons if one.practice and len(_choices(one)) > 1)


def questions(lesson: Lesson) -> list[QuestionAnswers]:
    address = f"/{lesson.course}/{lesson.slug}/hieu/"
    return [
        QuestionAnswers(
            address + choice.id,
            tuple(option.key for option in choice.options if option.right),
            next(option.key for option in choice.options if not option.right),
        )
        for choice in _choices(lesson)
    ]


def practice_of(lesson: Lesson) -> Practice:
    assert lesson.practice is not None
    return lesson.practice


def _choices(lesson: Lesson) -> list[Choice]:
    return [question for question in lesson.understand.graded_questions if isinstance(question, Choice)]
