"""What a learner should do next: decided here for all pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from lms.content.model import Course, Lesson, Library, Stage
from lms.learning.learners.learner_store import find_learner
from lms.learning.marks.marks import earnable_stages
from lms.learning.practice.attempts import find_open_attempt
from lms.learning.progress.course_progress import CourseProgress, LessonMarks, all_course_progress
from lms.learning.store.models import Learner


@dataclass(frozen=True, slots=True)
class StageToResume:
    """The stage to continue with. ``attempt_id``: an open attempt at its practice, with ``screens_left`` to do.

    ``started``: something is stored of the learner in the lesson, or the learner was there last.
    """

    course: Course
    lesson: Lesson
    stage: Stage
    started: bool
    attempt_id: str | None = None
    screens_left: int | None = None


@dataclass(frozen=True, slots=True)
class ClaimableBadge:
    """A badge that is earned and not yet awarded; ``lesson`` is None for the badge of the course."""

    course: Course
    lesson: Lesson | None


@dataclass(frozen=True, slots=True)
class NextActivity:
    """What comes next, as seen from one lesson: ``badge`` first, if there is one, then ``resume``.

    ``resume`` is None when nothing was started, or everything is done.
    """

    badge: ClaimableBadge | None
    resume: StageToResume | None


def activity_after_lesson(
    session: Session, learner_id: str | None, library: Library, course: str, lesson: str
) -> NextActivity:
    """What comes after this lesson, even if marks are missing in it. Two short statements.

    Course and lesson need not be in the library any more, and ``lesson`` may be "": then the rest of the course comes
    next, and then the other courses.
    """
    courses = all_course_progress(session, learner_id, library)
    return next_activity_from(session, learner_id, courses, (course, lesson), leaving=True)


def course_with_next_activity(
    session: Session, learner_id: str | None, library: Library, course: Course
) -> tuple[CourseProgress, NextActivity]:
    """The progress in one course, and what comes next in it, or after it when it is done.

    If the learner was last in this course, that is what the home page says.
    """
    learner = find_learner(session, learner_id) if learner_id else None
    courses = all_course_progress(session, learner_id, library)
    progress = next(other for other in courses if other.course.slug == course.slug)
    if learner and learner.last_course == course.slug:
        return progress, next_activity(session, learner, courses)
    unfinished = next((marks.lesson.slug for marks in progress.lessons if marks.started and not marks.done), "")
    return progress, next_activity_from(session, learner_id, courses, (course.slug, unfinished))


def next_activity(session: Session, learner: Learner | None, courses: tuple[CourseProgress, ...]) -> NextActivity:
    """What comes next from where the learner was last; nothing for a learner who was nowhere yet."""
    if learner is None or learner.last_course is None:
        return NextActivity(None, None)
    last_lesson = (learner.last_course, learner.last_lesson or "")
    return next_activity_from(session, learner.id, courses, last_lesson, learner.last_stage)


def next_activity_from(
    session: Session,
    learner_id: str | None,
    courses: tuple[CourseProgress, ...],
    lesson_key: tuple[str, str],
    last_stage: str | None = None,
    *,
    leaving: bool = False,
) -> NextActivity:
    """What comes next from one lesson, given as (course, lesson), where the learner was last at ``last_stage``.

    ``leaving``: the learner is done with that lesson, with or without its marks.
    """
    lesson_key = _present_key(courses, lesson_key)
    course = next((progress for progress in courses if progress.course.slug == lesson_key[0]), None)
    lesson = next((marks for marks in course.lessons if marks.lesson.slug == lesson_key[1]), None) if course else None
    if course and lesson and lesson.claimable:
        badge = ClaimableBadge(course.course, lesson.lesson)
    elif course and course.claimable:
        badge = ClaimableBadge(course.course, None)
    else:
        badge = None
    resume = _resume(session, learner_id, _lessons_from(courses, lesson_key), lesson, last_stage, leaving=leaving)
    if badge is None and resume is None:
        badge = next((ClaimableBadge(progress.course, None) for progress in courses if progress.claimable), None)
    return NextActivity(badge, resume)


def _present_key(courses: tuple[CourseProgress, ...], lesson_key: tuple[str, str]) -> tuple[str, str]:
    """The key of the lesson into which this one was merged, if it was."""
    lessons = (marks.lesson for progress in courses for marks in progress.lessons)
    return next(((each.course, each.slug) for each in lessons if lesson_key in each.former_keys), lesson_key)


def next_stage(lesson: Lesson, earned: frozenset[Stage], last_stage: str | None) -> Stage | None:
    """The stage where the learner was last, if it can still be earned, else the first that can; None if there is none.

    The home page, the page of the lesson, and the ends of its stages and of a class all lead to this stage.
    """
    left = earnable_stages(lesson) - earned
    return next((stage for stage in Stage if stage in left and stage == last_stage), None) or next(
        (stage for stage in Stage if stage in left), None
    )


def _lessons_from(
    courses: tuple[CourseProgress, ...], lesson_key: tuple[str, str]
) -> Iterator[tuple[CourseProgress, LessonMarks]]:
    """This lesson, those after it, those before it; then started courses, then the rest, in the library's order."""
    course_slug, lesson_slug = lesson_key
    for course in sorted(courses, key=lambda course: (course.course.slug != course_slug, not course.started)):
        slugs = [marks.lesson.slug for marks in course.lessons]
        first = slugs.index(lesson_slug) if course.course.slug == course_slug and lesson_slug in slugs else 0
        for lesson in course.lessons[first:] + course.lessons[:first]:
            yield course, lesson


def _resume(
    session: Session,
    learner_id: str | None,
    lessons: Iterable[tuple[CourseProgress, LessonMarks]],
    last_lesson: LessonMarks | None,
    last_stage: str | None,
    *,
    leaving: bool,
) -> StageToResume | None:
    """The first of ``lessons`` that is not done."""
    for course, lesson in lessons:
        is_last = lesson is last_lesson
        stage = next_stage(lesson.lesson, lesson.earned, last_stage if is_last else None)
        if stage is None or (leaving and is_last):
            continue
        attempt = None
        if stage == Stage.PRACTICE and learner_id:
            attempt = find_open_attempt(
                session, learner_id, course.course.slug, lesson.lesson.slug, lesson.lesson.practice
            )
        return StageToResume(
            course=course.course,
            lesson=lesson.lesson,
            stage=stage,
            started=lesson.started or (last_stage is not None and is_last),
            attempt_id=attempt.id if attempt else None,
            screens_left=attempt.screens_left if attempt else None,
        )
    return None
