"""Reading what a learner did, as frozen values for the pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.content.model import Course, Library
from lms.learning.badges.awarding import not_replaced
from lms.learning.learners.learner_store import find_learner
from lms.learning.progress.course_progress import CourseProgress, LessonMarks, course_with_marks, courses_with_marks
from lms.learning.progress.lesson_progress import Given, LessonProgress, TickedTask, lesson_progress
from lms.learning.progress.next_activity import Ahead, EarnedBadge, Resume, ahead_of, ahead_of_last
from lms.learning.store.models import Badge, Learner

__all__ = [
    "Ahead", "CourseProgress", "EarnedBadge", "Given", "HeldBadge", "Home", "LessonMarks", "LessonProgress", "MyPage",
    "Resume", "TickedTask", "ahead", "course_ahead", "course_progress", "home", "lesson_progress", "my_page",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Home:
    name: str | None
    known: bool  # something is kept of her
    ahead: Ahead  # seen from where she was last
    courses: tuple[CourseProgress, ...]  # in the library's order

    @property
    def resume(self) -> Resume | None:
        return self.ahead.resume


@dataclass(frozen=True, slots=True)
class HeldBadge:
    id: str
    title: str  # text, as signed
    course: str
    lesson: str  # "" for the whole course
    awarded_at: datetime
    revoked: bool


@dataclass(frozen=True, slots=True)
class MyPage:
    """``courses``: those begun first, then the others. The learning code: learners.learning_code(learner, secret)."""

    learner: Learner | None
    ahead: Ahead  # seen from where she was last
    courses: tuple[CourseProgress, ...]
    badges: tuple[HeldBadge, ...]

    @property
    def resume(self) -> Resume | None:
        return self.ahead.resume


def home(session: Session, learner_id: str | None, library: Library) -> Home:
    """Courses with her marks, and where to go on: three short statements."""
    learner = find_learner(session, learner_id) if learner_id else None
    courses = courses_with_marks(session, learner_id, library)
    return Home(
        learner.name if learner else None, learner is not None, ahead_of_last(session, learner, courses), courses
    )


def ahead(session: Session, learner_id: str | None, library: Library, course: str, lesson: str) -> Ahead:
    """What comes after this lesson, whatever is still missing in it: two short statements.

    Either may have left the shelf, or ``lesson`` be "": then what is left of the course comes, and then the others.
    """
    courses = courses_with_marks(session, learner_id, library)
    return ahead_of(session, learner_id, courses, (course, lesson), leaving=True)


def course_ahead(
    session: Session, learner_id: str | None, library: Library, course: Course
) -> tuple[CourseProgress, Ahead]:
    """One course with her marks, and what comes next in it, or after it when it is done.

    Where she was last in this very course it is what home says.
    """
    learner = find_learner(session, learner_id) if learner_id else None
    courses = courses_with_marks(session, learner_id, library)
    found = next(one for one in courses if one.course.slug == course.slug)
    if learner and learner.last_course == course.slug:
        return found, ahead_of_last(session, learner, courses)
    begun = next((one.lesson.slug for one in found.lessons if one.started and not one.done), "")
    return found, ahead_of(session, learner_id, courses, (course.slug, begun))


def course_progress(session: Session, learner_id: str | None, course: Course) -> CourseProgress:
    """One course with her marks: one statement."""
    return course_with_marks(session, learner_id, course)


def my_page(session: Session, learner_id: str | None, library: Library) -> MyPage:
    """Everything she has, in four short statements."""
    learner = find_learner(session, learner_id) if learner_id else None
    courses = courses_with_marks(session, learner_id, library)
    return MyPage(
        learner=learner,
        ahead=ahead_of_last(session, learner, courses),
        courses=tuple(sorted(courses, key=lambda one: not one.started)),
        badges=_held(session, learner_id),
    )


def _held(session: Session, learner_id: str | None) -> tuple[HeldBadge, ...]:
    if learner_id is None:
        return ()
    rows = session.connection().execute(
        select(Badge.__table__)
        .where(Badge.learner_id == learner_id, not_replaced())
        .order_by(Badge.awarded_at.desc(), Badge.id)
    )
    return tuple(
        HeldBadge(row.id, row.document["name"], row.course, row.lesson, row.awarded_at, row.revoked_at is not None)
        for row in rows
    )
