"""What comes next for a learner: the one place where that is decided, wherever it is asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from lms.content.model import STAGES, Course, Lesson, StageName
from lms.learning.marks.marks import earnable
from lms.learning.practice.attempts import find_open_attempt
from lms.learning.progress.course_progress import CourseProgress, LessonMarks
from lms.learning.store.models import Learner


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
class EarnedBadge:
    """A badge that is earned and not claimed; ``lesson`` is None for the whole course's."""

    course: Course
    lesson: Lesson | None


@dataclass(frozen=True, slots=True)
class Ahead:
    """What comes next, seen from one lesson. A badge comes first; ``resume`` is then what comes after it.

    ``resume`` is None when nothing was begun, or all is done.
    """

    badge: EarnedBadge | None
    resume: Resume | None


def ahead_of_last(session: Session, learner: Learner | None, courses: tuple[CourseProgress, ...]) -> Ahead:
    """Seen from where she was last; for somebody who was nowhere yet there is nothing."""
    if learner is None or learner.last_course is None:
        return Ahead(None, None)
    place = (learner.last_course, learner.last_lesson or "")
    return ahead_of(session, learner.id, courses, place, learner.last_stage)


def ahead_of(
    session: Session,
    learner_id: str | None,
    courses: tuple[CourseProgress, ...],
    place: tuple[str, str],
    last: StageName | None = None,
    *,
    leaving: bool = False,
) -> Ahead:
    """Seen from the lesson at ``place``, (course, lesson), where she was last at the stage ``last``.

    ``leaving``: she is done with that lesson, marks or not.
    """
    course = next((one for one in courses if one.course.slug == place[0]), None)
    here = next((one for one in course.lessons if one.lesson.slug == place[1]), None) if course else None
    if here and here.claimable:
        badge = EarnedBadge(course.course, here.lesson)
    elif course and course.claimable:
        badge = EarnedBadge(course.course, None)
    else:
        badge = None
    found = _resume(session, learner_id, _in_turn(courses, place), here, last, leaving=leaving)
    if badge is None and found is None:
        badge = next((EarnedBadge(one.course, None) for one in courses if one.claimable), None)
    return Ahead(badge, found)


def stage_to_go_on(lesson: Lesson, earned: frozenset[StageName], last: str | None) -> StageName | None:
    """The one she was at last while it can still be earned, else the first such; None when there is none.

    Home, the lesson's page and the ends of its stages and of a class lead to one and the same.
    """
    left = earnable(lesson) - earned
    return last if last in left else next((stage for stage in STAGES if stage in left), None)


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
        stage = stage_to_go_on(lesson.lesson, lesson.earned, last if lesson is here else None)
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
