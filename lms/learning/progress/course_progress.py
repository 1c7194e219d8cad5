"""Courses with a learner's marks: what is begun, earned and done in each of their lessons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, String, bindparam, cast, literal, null, or_, select, union_all
from sqlalchemy.orm import Session

from lms.content.model import Course, Lesson, Library, StageName
from lms.learning.badges.awarding import is_course_done, is_done, not_replaced
from lms.learning.marks.marks import earnable
from lms.learning.store.models import Badge, Mark, PracticeAttempt, Response, Tick


@dataclass(frozen=True, slots=True)
class LessonMarks:
    """``done``: every stage of the lesson that can be earned has its mark."""

    lesson: Lesson
    earned: frozenset[StageName]
    started: bool
    done: bool
    badge_id: str | None  # of the lesson
    claimable: bool  # done, and no badge claimed yet


@dataclass(frozen=True, slots=True)
class CourseProgress:
    course: Course
    lessons: tuple[LessonMarks, ...]
    marks: int
    marks_total: int
    lessons_done: int
    badge_id: str | None  # of the course
    claimable: bool

    @property
    def started(self) -> bool:
        return any(lesson.started for lesson in self.lessons)


def courses_with_marks(session: Session, learner_id: str | None, library: Library) -> tuple[CourseProgress, ...]:
    """All courses in the library's order: one statement."""
    overview = _overview(session, learner_id)
    return tuple(_course(overview, course) for course in library)


def course_with_marks(session: Session, learner_id: str | None, course: Course) -> CourseProgress:
    """One course: one statement."""
    return _course(_overview(session, learner_id, course.slug), course)


@dataclass(frozen=True, slots=True)
class _Overview:
    """By (course, lesson): stages earned, and badges held; the lessons where anything was begun."""

    earned: dict[tuple[str, str], frozenset[StageName]]
    badges: dict[tuple[str, str], str]
    begun: frozenset[tuple[str, str]]


def _overview(session: Session, learner_id: str | None, course: str | None = None) -> _Overview:
    rows = session.connection().execute(_OVERVIEW, {"learner_id": learner_id, "course": course}) if learner_id else ()
    earned: dict[tuple[str, str], set[StageName]] = {}
    badges, begun = {}, set()
    for kind, course_slug, lesson, value in rows:
        if kind == "mark":
            earned.setdefault((course_slug, lesson), set()).add(value)
        elif kind == "badge":
            badges[course_slug, lesson] = value
            continue
        begun.add((course_slug, lesson))
    return _Overview({place: frozenset(stages) for place, stages in earned.items()}, badges, frozenset(begun))


def _course(overview: _Overview, course: Course) -> CourseProgress:
    lessons = tuple(_lesson(overview, lesson) for lesson in course.lessons)
    badge_id = overview.badges.get((course.slug, ""))
    return CourseProgress(
        course=course,
        lessons=lessons,
        marks=sum(len(one.earned & earnable(one.lesson)) for one in lessons),
        marks_total=sum(len(earnable(one.lesson)) for one in lessons),
        lessons_done=sum(one.done for one in lessons),
        badge_id=badge_id,
        claimable=badge_id is None and is_course_done(course, overview.earned),
    )


def _lesson(overview: _Overview, lesson: Lesson) -> LessonMarks:
    place = (lesson.course, lesson.slug)
    badge_id = overview.badges.get(place)
    done = is_done(lesson, overview.earned)
    return LessonMarks(
        lesson=lesson,
        earned=overview.earned.get(place, frozenset()),
        started=place in overview.begun,
        done=done,
        badge_id=badge_id,
        claimable=done and badge_id is None,
    )


def _overview_statement() -> Any:
    def of(kind: str, table: Any, value: Any) -> Select[Any]:
        kinds = literal(kind, String).label("kind")
        return select(kinds, table.course, table.lesson, value.label("value")).where(
            table.learner_id == bindparam("learner_id"),
            or_(bindparam("course", type_=String).is_(None), table.course == bindparam("course", type_=String)),
        )

    nothing = cast(null(), String)
    return union_all(
        of("mark", Mark, Mark.stage),
        of("badge", Badge, Badge.id).where(not_replaced()),
        of("begun", Response, nothing).distinct(),
        of("begun", PracticeAttempt, nothing).distinct(),
        of("begun", Tick, nothing).distinct(),
    )


_OVERVIEW = _overview_statement()
