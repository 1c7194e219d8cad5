"""Reading what a learner did, as frozen values for the pages."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Float,
    Select,
    String,
    Text,
    bindparam,
    cast,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from lms.content.model import STAGES, Course, Lesson, Library, StageName
from lms.learning.answers import HieuProgress, hieu_progress
from lms.learning.attempts import find_open_attempt
from lms.learning.badges.awarding import REPLACED, is_course_done, is_done
from lms.learning.learners import find_learner
from lms.learning.models import Badge, Learner, Mark, PracticeAttempt, Response, Tick
from lms.learning.stages import earnable


@dataclass(frozen=True, slots=True)
class Resume:
    """Where to go on. ``attempt_id``: a practice that was begun and not ended, with so many screens still to come.

    ``begun``: something of hers is kept in the lesson, or she was there last.
    """

    course: Course
    lesson: Lesson
    stage: StageName
    begun: bool
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

    @property
    def started(self) -> bool:
        return any(lesson.started for lesson in self.lessons)


@dataclass(frozen=True, slots=True)
class Claim:
    """A badge that is earned and not claimed; ``lesson`` is None for the whole course's."""

    course: Course
    lesson: Lesson | None


@dataclass(frozen=True, slots=True)
class Ahead:
    """What comes next, seen from one lesson. A badge comes first; ``resume`` is then what comes after it.

    ``resume`` is None when nothing was begun, or all is done.
    """

    badge: Claim | None
    resume: Resume | None


@dataclass(frozen=True, slots=True)
class Home:
    name: str | None
    ahead: Ahead  # seen from where she was last
    courses: tuple[CourseProgress, ...]  # in the library's order

    @property
    def resume(self) -> Resume | None:
        return self.ahead.resume


@dataclass(frozen=True, slots=True)
class Given:
    """The last answer to a question; ``tries`` counts all of them."""

    given: tuple[str, ...]
    score: float
    tries: int


@dataclass(frozen=True, slots=True)
class TickedTask:
    """``witness``: who saw it; None when only the learner says so."""

    witness: str | None = None


@dataclass(frozen=True, slots=True)
class LessonProgress:
    earned: frozenset[StageName]
    answers: dict[str, Given]  # by question id
    hieu: HieuProgress
    attempt_id: str | None  # of the lesson's practice as it is now, begun and not ended; the latest
    ticked: dict[str, TickedTask]  # by task id
    begun: bool  # something of hers is kept, or she was here last
    next_stage: StageName | None  # the one she was at last while it has no mark, else the first without one
    done: bool
    badge_id: str | None
    claimable: bool


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
    courses = _courses(_overview(session, learner_id), library)
    return Home(learner.name if learner else None, _ahead_of(session, learner, courses), courses)


def ahead(session: Session, learner_id: str | None, library: Library, course: str, lesson: str) -> Ahead:
    """What comes after this lesson, whatever is still missing in it: two short statements.

    Either may have left the shelf, or ``lesson`` be "": then what is left of the course comes, and then the others.
    """
    courses = _courses(_overview(session, learner_id), library)
    return _ahead(session, learner_id, courses, (course, lesson), leaving=True)


def course_ahead(
    session: Session, learner_id: str | None, library: Library, course: Course
) -> tuple[CourseProgress, Ahead]:
    """One course with her marks, and what comes next in it, or after it when it is done.

    Where she was last in this very course it is what home says.
    """
    learner = find_learner(session, learner_id) if learner_id else None
    courses = _courses(_overview(session, learner_id), library)
    found = next(one for one in courses if one.course.slug == course.slug)
    if learner and learner.last_course == course.slug:
        return found, _ahead_of(session, learner, courses)
    begun = next((one.lesson.slug for one in found.lessons if one.started and not one.done), "")
    return found, _ahead(session, learner_id, courses, (course.slug, begun))


def course_progress(session: Session, learner_id: str | None, course: Course) -> CourseProgress:
    """One course with her marks: one statement."""
    return _course(_overview(session, learner_id, course.slug), course)


def lesson_progress(session: Session, learner_id: str | None, lesson: Lesson) -> LessonProgress:
    """All that a page of this lesson says about her: two statements."""
    place = {"learner_id": learner_id, "course": lesson.course, "lesson": lesson.slug}
    rows = session.connection().execute(_LESSON, place).all() if learner_id else ()
    earned = frozenset(row.key for row in rows if row.kind == "mark")
    answers: dict[str, Given] = {}
    for row in rows:
        if row.kind == "response":
            tries = answers[row.key].tries if row.key in answers else 0
            answers[row.key] = Given(tuple(json.loads(row.text)), row.score, tries + 1)
    scores = {question: given.score for question, given in answers.items()}
    attempt = find_open_attempt(session, learner_id, lesson.course, lesson.slug, lesson.practice)
    badge_id = next((row.key for row in rows if row.kind == "badge"), None)
    done = is_done(lesson, {(lesson.course, lesson.slug): earned})
    return LessonProgress(
        earned=earned,
        answers=answers,
        hieu=hieu_progress(lesson.understand, scores, earned="hieu" in earned),
        attempt_id=attempt.id if attempt else None,
        ticked={row.key: TickedTask(row.text) for row in rows if row.kind == "tick"},
        begun=bool(rows) or attempt is not None,
        next_stage=_stage_to_go_on(lesson, earned, next((row.key for row in rows if row.kind == "last"), None)),
        done=done,
        badge_id=badge_id,
        claimable=done and badge_id is None,
    )


def my_page(session: Session, learner_id: str | None, library: Library) -> MyPage:
    """Everything she has, in four short statements."""
    learner = find_learner(session, learner_id) if learner_id else None
    courses = _courses(_overview(session, learner_id), library)
    return MyPage(
        learner=learner,
        ahead=_ahead_of(session, learner, courses),
        courses=tuple(sorted(courses, key=lambda one: not one.started)),
        badges=_held(session, learner_id),
    )


def next_stage(lesson: Lesson, earned: frozenset[StageName]) -> StageName | None:
    """The first stage of the lesson that can be earned and is not."""
    can = earnable(lesson)
    return next((stage for stage in STAGES if stage in can and stage not in earned), None)


def _stage_to_go_on(lesson: Lesson, earned: frozenset[StageName], last: str | None) -> StageName | None:
    """Home, the lesson's page and the ends of its stages and of a class lead to one and the same."""
    return last if last in earnable(lesson) - earned else next_stage(lesson, earned)


# --- courses ---------------------------------------------------------------------------------------------------


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


def _courses(overview: _Overview, library: Library) -> tuple[CourseProgress, ...]:
    return tuple(_course(overview, course) for course in library)


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


def _ahead_of(session: Session, learner: Learner | None, courses: tuple[CourseProgress, ...]) -> Ahead:
    """Seen from where she was last; for somebody who was nowhere yet there is nothing."""
    if learner is None or learner.last_course is None:
        return Ahead(None, None)
    place = (learner.last_course, learner.last_lesson or "")
    return _ahead(session, learner.id, courses, place, learner.last_stage)


def _ahead(
    session: Session,
    learner_id: str | None,
    courses: tuple[CourseProgress, ...],
    place: tuple[str, str],
    last: StageName | None = None,
    *,
    leaving: bool = False,
) -> Ahead:
    """The one place where it is decided what comes next; ``leaving``: she is done with the lesson, marks or not."""
    course = next((one for one in courses if one.course.slug == place[0]), None)
    here = next((one for one in course.lessons if one.lesson.slug == place[1]), None) if course else None
    if here and here.claimable:
        badge = Claim(course.course, here.lesson)
    elif course and course.claimable:
        badge = Claim(course.course, None)
    else:
        badge = None
    found = _resume(session, learner_id, _in_turn(courses, place), here, last, leaving=leaving)
    if badge is None and found is None:
        badge = next((Claim(one.course, None) for one in courses if one.claimable), None)
    return Ahead(badge, found)


def _in_turn(
    courses: tuple[CourseProgress, ...], place: tuple[str, str]
) -> Iterator[tuple[CourseProgress, LessonMarks]]:
    """The lesson at ``place``, those after it, those before it; then courses begun, then the rest, as on the shelf."""
    for course in sorted(courses, key=lambda one: (one.course.slug != place[0], not one.started)):
        names = [one.lesson.slug for one in course.lessons]
        first = names.index(place[1]) if course.course.slug == place[0] and place[1] in names else 0
        for lesson in course.lessons[first:] + course.lessons[:first]:
            yield course, lesson


def _resume(
    session: Session,
    learner_id: str | None,
    in_turn: Iterable[tuple[CourseProgress, LessonMarks]],
    here: LessonMarks | None,
    last: StageName | None,
    *,
    leaving: bool,
) -> Resume | None:
    """The first of them that is not done."""
    for course, lesson in in_turn:
        stage = _stage_to_go_on(lesson.lesson, lesson.earned, last if lesson is here else None)
        if stage is None or (leaving and lesson is here):
            continue
        attempt = None
        if stage == "lam" and learner_id:
            attempt = find_open_attempt(
                session, learner_id, course.course.slug, lesson.lesson.slug, lesson.lesson.practice
            )
        return Resume(
            course=course.course,
            lesson=lesson.lesson,
            stage=stage,
            begun=lesson.started or (last is not None and lesson is here),
            attempt_id=attempt.id if attempt else None,
            screens_left=attempt.screens_left if attempt else None,
        )
    return None


def _held(session: Session, learner_id: str | None) -> tuple[HeldBadge, ...]:
    if learner_id is None:
        return ()
    rows = session.connection().execute(
        select(Badge.__table__)
        .where(Badge.learner_id == learner_id, _not_replaced())
        .order_by(Badge.awarded_at.desc(), Badge.id)
    )
    return tuple(
        HeldBadge(row.id, row.document["name"], row.course, row.lesson, row.awarded_at, row.revoked_at is not None)
        for row in rows
    )


def _not_replaced() -> ColumnElement[bool]:
    return or_(Badge.revoked_why.is_(None), Badge.revoked_why != REPLACED)


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
        of("badge", Badge, Badge.id).where(_not_replaced()),
        of("begun", Response, nothing).distinct(),
        of("begun", PracticeAttempt, nothing).distinct(),
        of("begun", Tick, nothing).distinct(),
    )


def _lesson_statement() -> Any:
    def of(kind: str, table: Any, key: Any, number: Any = None, text: Any = None, score: Any = None) -> Select[Any]:
        columns = (
            literal(kind, String).label("kind"),
            key.label("key"),
            (literal(0) if number is None else number).label("number"),
            (cast(null(), Text) if text is None else text).label("text"),
            (cast(null(), Float) if score is None else score).label("score"),
        )
        return select(*columns).where(
            table.learner_id == bindparam("learner_id"),
            table.course == bindparam("course"),
            table.lesson == bindparam("lesson"),
        )

    return union_all(
        of("mark", Mark, Mark.stage),
        of("tick", Tick, Tick.task_id, text=cast(Tick.witness, Text)),
        of("badge", Badge, Badge.id).where(_not_replaced()),
        of("response", Response, Response.question_id, Response.id, cast(Response.given, Text), Response.score),
        select(literal("last", String), Learner.last_stage, literal(0), cast(null(), Text), cast(null(), Float)).where(
            Learner.id == bindparam("learner_id"),
            Learner.last_course == bindparam("course"),
            Learner.last_lesson == bindparam("lesson"),
        ),
    ).order_by("number")


_OVERVIEW = _overview_statement()
_LESSON = _lesson_statement()
