"""Reading what a learner did, as frozen values for the pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.content.model import Course, Lesson, Library, StageName
from lms.learning.answers import HieuProgress
from lms.learning.models import Learner


@dataclass(frozen=True, slots=True)
class Resume:
    """Where to go on. ``attempt_id``: a practice that was begun and not ended, with so many screens still to come."""

    course: Course
    lesson: Lesson
    stage: StageName
    attempt_id: str | None = None
    screens_left: int | None = None


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


@dataclass(frozen=True, slots=True)
class Home:
    name: str | None
    resume: Resume | None  # None when nothing was begun, or all is done
    courses: tuple[CourseProgress, ...]  # in the library's order


@dataclass(frozen=True, slots=True)
class Given:
    """The last answer to a question; ``tries`` counts all of them."""

    given: tuple[str, ...]
    score: float
    tries: int


@dataclass(frozen=True, slots=True)
class TickedTask:
    ticked_at: datetime
    witness: str | None = None  # who saw it; None: the learner says so


@dataclass(frozen=True, slots=True)
class LessonProgress:
    earned: frozenset[StageName]
    answers: dict[str, Given]  # by question id
    hieu: HieuProgress
    attempt_id: str | None  # of the lesson's practice, begun and not ended; the latest
    ticked: dict[str, TickedTask]  # by task id
    next_stage: StageName | None  # the first without a mark
    done: bool
    badge_id: str | None
    claimable: bool


@dataclass(frozen=True, slots=True)
class HeldBadge:
    id: str
    title: str  # text: the course's or the lesson's name as signed
    course: str
    lesson: str  # "" for the whole course
    awarded_at: datetime


@dataclass(frozen=True, slots=True)
class MyPage:
    """``courses``: those begun first, then the others. The learning code: learners.learning_code(learner, secret)."""

    learner: Learner | None
    resume: Resume | None
    courses: tuple[CourseProgress, ...]
    badges: tuple[HeldBadge, ...]


def version(session: Session, learner_id: str | None) -> int:
    """A number that goes up with every write of hers; 0 when nothing is kept. For ETags: one row read."""
    return session.scalar(select(Learner.version).where(Learner.id == learner_id)) or 0 if learner_id else 0


def home(session: Session, learner_id: str | None, library: Library) -> Home:
    raise NotImplementedError


def course_progress(session: Session, learner_id: str | None, course: Course) -> CourseProgress:
    raise NotImplementedError


def lesson_progress(session: Session, learner_id: str | None, lesson: Lesson) -> LessonProgress:
    raise NotImplementedError


def my_page(session: Session, learner_id: str | None, library: Library) -> MyPage:
    raise NotImplementedError
