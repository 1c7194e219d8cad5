"""A learner's progress in courses: what is started, earned and done in each of their lessons."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CompoundSelect, Select, String, bindparam, cast, literal, null, or_, select, union_all
from sqlalchemy.orm import Session

from lms.content.model import Course, Lesson, Library, Stage
from lms.learning.badges.awarding import is_not_replaced_badge
from lms.learning.marks.marks import earnable_stages
from lms.learning.store.models import Badge, Mark, PracticeAttempt, Response, TaskTick


@dataclass(frozen=True, slots=True)
class LessonMarks:
    """``done``: every stage of the lesson that can be earned has its mark."""

    lesson: Lesson
    earnable: frozenset[Stage]
    earned: frozenset[Stage]
    started: bool
    done: bool
    badge_id: str | None  # of the lesson
    claimable: bool  # done, without a badge
    former_marks: int  # earned in lessons that were merged into this one


@dataclass(frozen=True, slots=True)
class CourseProgress:
    course: Course
    lessons: tuple[LessonMarks, ...]
    marks: int
    marks_total: int
    lessons_done: int
    badge_id: str | None  # of the course
    claimable: bool  # done, without a badge

    @property
    def has_marks(self) -> bool:
        """Whether something was earned in these lessons, or in those that were merged into them."""
        return self.marks > 0 or any(lesson.former_marks for lesson in self.lessons)

    @property
    def started(self) -> bool:
        return any(lesson.started for lesson in self.lessons)


def all_course_progress(session: Session, learner_id: str | None, library: Library) -> tuple[CourseProgress, ...]:
    """The progress in all courses, in the library's order. One statement."""
    stored = _read_stored(session, learner_id)
    return tuple(_course_progress(stored, course) for course in library)


def course_progress(session: Session, learner_id: str | None, course: Course) -> CourseProgress:
    """The progress in one course. One statement."""
    courses = {key[0] for lesson in course.lessons for key in lesson.former_keys} | {course.slug}
    return _course_progress(_read_stored(session, learner_id, course.slug if len(courses) == 1 else None), course)


def finished_lessons(courses: Iterable[CourseProgress]) -> tuple[Lesson, ...]:
    """The lessons that are done, in the order of the courses."""
    return tuple(marks.lesson for course in courses for marks in course.lessons if marks.done)


@dataclass(frozen=True, slots=True)
class _StoredProgress:
    """What is stored of a learner by (course, lesson): stages earned, badges held, and lessons with anything."""

    earned: dict[tuple[str, str], frozenset[Stage]]
    badges: dict[tuple[str, str], str]
    started: frozenset[tuple[str, str]]


def _read_stored(session: Session, learner_id: str | None, course: str | None = None) -> _StoredProgress:
    parameters = {"learner_id": learner_id, "course": course}
    rows = session.connection().execute(_STORED, parameters).all() if learner_id else ()
    earned: dict[tuple[str, str], set[Stage]] = {}
    badges: dict[tuple[str, str], str] = {}
    started: set[tuple[str, str]] = set()
    for kind, course_slug, lesson, value in rows:
        if kind == "mark":
            earned.setdefault((course_slug, lesson), set()).add(Stage(value))
        elif kind == "badge":
            badges[course_slug, lesson] = value
            continue
        started.add((course_slug, lesson))
    return _StoredProgress({lesson: frozenset(stages) for lesson, stages in earned.items()}, badges, frozenset(started))


def _course_progress(stored: _StoredProgress, course: Course) -> CourseProgress:
    lessons = tuple(_lesson_marks(stored, lesson) for lesson in course.lessons)
    badge_id = stored.badges.get((course.slug, ""))
    return CourseProgress(
        course=course,
        lessons=lessons,
        marks=sum(len(lesson.earned & lesson.earnable) for lesson in lessons),
        marks_total=sum(len(lesson.earnable) for lesson in lessons),
        lessons_done=sum(lesson.done for lesson in lessons),
        badge_id=badge_id,
        claimable=badge_id is None and bool(lessons) and all(lesson.done for lesson in lessons),
    )


def _lesson_marks(stored: _StoredProgress, lesson: Lesson) -> LessonMarks:
    key = (lesson.course, lesson.slug)
    badge_id, earned, earnable = stored.badges.get(key), stored.earned.get(key, frozenset()), earnable_stages(lesson)
    done = bool(earnable) and earnable <= earned
    return LessonMarks(
        lesson=lesson,
        earnable=earnable,
        earned=earned,
        started=key in stored.started,
        done=done,
        badge_id=badge_id,
        claimable=done and badge_id is None,
        former_marks=sum(len(stored.earned.get(former, ())) for former in lesson.former_keys),
    )


def _stored_statement() -> CompoundSelect[str, str, str, Any]:
    """Rows of (kind, course, lesson, value): value is the stage of a mark, the id of a badge, else NULL."""

    def rows_of(kind: str, model: Any, value: Any) -> Select[str, str, str, Any]:
        return select(literal(kind, String).label("kind"), model.course, model.lesson, value.label("value")).where(
            model.learner_id == bindparam("learner_id"),
            or_(bindparam("course", type_=String).is_(None), model.course == bindparam("course", type_=String)),
        )

    no_value = cast(null(), String)
    return union_all(
        rows_of("mark", Mark, Mark.stage),
        rows_of("badge", Badge, Badge.id).where(is_not_replaced_badge()),
        rows_of("started", Response, no_value).distinct(),
        rows_of("started", PracticeAttempt, no_value).distinct(),
        rows_of("started", TaskTick, no_value).distinct(),
    )


_STORED = _stored_statement()
