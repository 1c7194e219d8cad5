"""All of a learner's progress, for the home page and for "Của tôi"."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.content.model import Library
from lms.learning.badges.awarding import is_not_replaced_badge
from lms.learning.learners.learner_store import find_learner
from lms.learning.progress.course_progress import CourseProgress, all_course_progress
from lms.learning.progress.next_activity import NextActivity, StageToResume, next_activity
from lms.learning.store.models import Badge, Learner


@dataclass(frozen=True, slots=True)
class Home:
    name: str | None
    is_known: bool  # something is stored of the learner
    next_activity: NextActivity  # from where the learner was last
    courses: tuple[CourseProgress, ...]  # in the library's order

    @property
    def resume(self) -> StageToResume | None:
        return self.next_activity.resume


@dataclass(frozen=True, slots=True)
class HeldBadge:
    id: str
    title: str  # as signed
    course: str
    lesson: str  # "" for the whole course
    awarded_at: datetime
    revoked: bool


@dataclass(frozen=True, slots=True)
class MyPage:
    """``courses``: started ones first. ``learner_store.learning_code`` has the learning code."""

    learner: Learner | None
    next_activity: NextActivity  # from where the learner was last
    courses: tuple[CourseProgress, ...]
    badges: tuple[HeldBadge, ...]

    @property
    def resume(self) -> StageToResume | None:
        return self.next_activity.resume


def home_of_learner(session: Session, learner_id: str | None, library: Library) -> Home:
    """The progress in all courses, and what comes next. Three short statements."""
    learner = find_learner(session, learner_id) if learner_id else None
    courses = all_course_progress(session, learner_id, library)
    name = learner.name if learner else None
    return Home(name, learner is not None, next_activity(session, learner, courses), courses)


def everything_of_learner(session: Session, learner_id: str | None, library: Library) -> MyPage:
    """Everything that a learner has. Four short statements."""
    learner = find_learner(session, learner_id) if learner_id else None
    courses = all_course_progress(session, learner_id, library)
    return MyPage(
        learner=learner,
        next_activity=next_activity(session, learner, courses),
        courses=tuple(sorted(courses, key=lambda course: not course.started)),
        badges=_held_badges(session, learner_id),
    )


def _held_badges(session: Session, learner_id: str | None) -> tuple[HeldBadge, ...]:
    if learner_id is None:
        return ()
    rows = session.connection().execute(
        select(Badge.__table__)
        .where(Badge.learner_id == learner_id, is_not_replaced_badge())
        .order_by(Badge.awarded_at.desc(), Badge.id)
    )
    return tuple(
        HeldBadge(row.id, row.document["name"], row.course, row.lesson, row.awarded_at, row.revoked_at is not None)
        for row in rows
    )
